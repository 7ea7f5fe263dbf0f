"""Rows that are published 公示: for some days everybody may read them, and whoever it concerns may object.

A publication ends when its days are over and every objection is answered; `ended` finds such rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.clocked import Clocked
from chassis.errors import Conflict, Invalid
from chassis.sealing import SealedJson
from chassis.store import Moment, new_id

AT_ONCE = 100


class Published(Clocked):
    """From when until when it is published, and what was said against it. Words are sealed: they may name people.

    The row's clock is the next answer that is due, else the end of the publication.
    """

    published_from: Mapped[datetime | None] = mapped_column(Moment)
    published_until: Mapped[datetime | None] = mapped_column(Moment)
    filed: Mapped[list[dict[str, Any]]] = mapped_column(SealedJson, default=list)
    unanswered: Mapped[int] = mapped_column(default=0)

    @property
    def objections(self) -> list[dict[str, Any]]:
        """As `contracts.publishing.ObjectionView` shows them, the oldest first."""
        return [{**each, **{name: _moment(each[name]) for name in ("at", "due_at")}} for each in self.filed or ()]

    def publish(self, until: datetime, now: datetime) -> None:
        self.published_from, self.published_until = now, until
        self.until(until, now)

    def object(self, words: str, due: datetime, who: str, now: datetime) -> UUID:
        """An objection, to be answered by `due`; its id. Errors: Conflict once the days of publication are over."""
        if self.published_until is None or now > self.published_until:
            raise Conflict("公示期已过，不能再提异议", published_until=self.published_until)
        one = {"id": str(new_id()), "at": now.isoformat(), "due_at": due.isoformat(), "words": words, "by": who}
        self._file([*(self.filed or ()), {**one, "reply": None, "upheld": None}], now)
        return UUID(one["id"])

    def reply(self, objection_id: UUID, words: str, upheld: bool, who: str, now: datetime) -> None:
        """Errors: Invalid for an unknown objection; Conflict for one answered already."""
        found = next((each for each in self.filed or () if each["id"] == str(objection_id)), None)
        if found is None:
            raise Invalid.because({"objection_id": ["没有这条异议"]})
        if found["reply"] is not None:
            raise Conflict("这条异议已经答复", objection_id=str(objection_id))
        given = {**found, "reply": words, "upheld": upheld, "answered_by": who}
        self._file([given if each is found else each for each in self.filed], now)

    def _file(self, filed: list[dict[str, Any]], now: datetime) -> None:
        waiting = [_moment(each["due_at"]) for each in filed if each["reply"] is None]
        self.filed, self.unanswered = filed, len(waiting)
        self.until(min(waiting, default=self.published_until), now)


def ended(session: Session, model: Any, states: Collection[str], now: datetime) -> Iterable[Any]:
    """Rows in these states whose publication is over, locked, the oldest first; others come with the next tick."""
    over = (model.state.in_(states), model.published_until <= now, model.unanswered == 0)
    first = select(model).where(*over).order_by(model.published_until, model.id).limit(AT_ONCE)
    return session.scalars(first.with_for_update(skip_locked=True))


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
