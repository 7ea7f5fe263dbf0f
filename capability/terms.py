"""Terms of keeping 保存期限 (domain §4.8): what ended so long ago that its words about people go.

A service declares its kinds; the count before (`due`) and the clearing (`clear_due`) ask the same question of each.
Counts, states and times stay, and an audit row, which stands for what is gone.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import permit
from chassis import audit
from chassis.entrypoints import Answers, Entrypoint, Provider, Ticks
from chassis.identity import Principal
from chassis.settings import read
from chassis.store import Moment
from kernel.calendar import at, local_day
from kernel.deadlines.limits import Unit
from kernel.policy import DEFAULT, pack

AT_ONCE = 200
"""Rows of one kind in one run; the next run goes on."""

SECONDS = 600
ACT = "retention"
CLOSED, DOSSIER = "person.keep_closed", "person.keep_dossier"
Item = dict[str, Any]


def nothing_more(session: Session, row: Any, now: datetime) -> None:
    """Where no other row tells of it."""


class Cleared:
    """Of a table whose words are all sealed, so that the database cannot see what is left of them: when they went."""

    cleared_at: Mapped[datetime | None] = mapped_column(Moment)


@dataclass(frozen=True)
class Term:
    """Rows that are `over` since `ended`, longer than the policy key says. Then `clears` stands in their columns, where
    those told something; a value may be made of the row. `parts(session, row, now)` does so to what belongs to it.
    Without `clears`, `over` itself says what is left to do. What went on after it was cleared is cleared once more.
    """

    what: str
    key: str
    model: Any
    ended: Any
    over: ColumnElement[bool]
    clears: Mapping[str, Any]
    parts: Callable[[Session, Any, datetime], None] = nothing_more
    besides: Sequence[str] = field(default_factory=tuple)
    """Columns of `clears` the database does not look at: sealed ones are never alike, empty lists tell nothing."""

    def rows(self, now: datetime) -> Select[Any] | None:
        """Those whose term is over; None where the place keeps them for ever."""
        before = ended_before(self.key, now)
        return select(self.model).where(self.over, self.ended < before, self._tells()) if before else None

    def _tells(self) -> ColumnElement[bool]:
        if issubclass(self.model, Cleared):
            return or_(self.model.cleared_at.is_(None), self.model.cleared_at < self.ended)
        if not self.clears:
            return true()
        seen = [(getattr(self.model, name), to) for name, to in self.clears.items() if name not in self.besides]
        return or_(false(), *(_still(column, to) for column, to in seen))

    def clear(self, session: Session, row: Any, now: datetime) -> None:
        for name, made in self.clears.items():
            value = made(row) if callable(made) else made
            if getattr(row, name) not in (None, value):
                setattr(row, name, value)
        if isinstance(row, Cleared):
            row.cleared_at = now
        self.parts(session, row, now)


def _still(column: Any, value: Any) -> ColumnElement[bool]:
    tells: ColumnElement[bool] = column.is_not(None)
    return tells if value is None else and_(tells, column != value)


def ended_before(key: str, moment: datetime) -> datetime | None:
    """What ended before this has been kept for the months or days of a policy key, counted from day to day.

    None where the place's pack sets no limit. Errors: ValueError for a limit in other units.
    """
    day = local_day(moment)
    limit = pack(read("POLICY_PACK", DEFAULT), day).limit_or_none(key)
    if limit is None:
        return None
    if limit.unit is Unit.DAYS:
        return at(day - timedelta(days=limit.amount), time())
    if limit.unit is not Unit.MONTHS:
        raise ValueError(f"{key}: 保存期限应以月或天计")
    year, month = divmod(day.year * 12 + day.month - 1 - limit.amount, 12)
    return at(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])), time())


def due(session: Session, terms: Sequence[Term], now: datetime) -> list[Item]:
    """A dry run: what the next would clear, by kind; clears nothing."""
    return [_counted(session, term, now) for term in terms]


def _counted(session: Session, term: Term, now: datetime) -> Item:
    query = term.rows(now)
    rows = 0 if query is None else session.scalar(select(func.count()).select_from(query.subquery()))
    return {"what": term.what, "key": term.key, "ended_before": ended_before(term.key, now), "rows": rows}


def clear_due(session: Session, who: Principal, terms: Sequence[Term], now: datetime) -> None:
    """AT_ONCE rows of each kind; what was cleared leaves one audit row. Run again, it finds nothing left to clear."""
    for term in terms:
        query = term.rows(now)
        if query is None:
            continue
        rows = session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True, of=term.model)).all()
        for row in rows:
            term.clear(session, row, now)
        if rows:
            audit.note(session, who, now, ACT, term.key, "保存期满", what=term.what, cleared=len(rows))


@dataclass(frozen=True)
class Retention(Provider):
    """The terms of one store: intake asks with `count` what would go, and the clock clears it."""

    count: Any
    terms: Sequence[Term]

    def entrypoints(self) -> Iterator[Entrypoint]:
        yield Answers(self.count.method, self.preview, self.count)
        yield Ticks("clear_due", self.clear_due, SECONDS, True)

    def preview(self, session: Session, who: Principal, command: Item, now: datetime) -> Item:
        """Errors: Forbidden for all but intake."""
        permit(who, self.count, None)
        return {"items": due(session, self.terms, now)}

    def clear_due(self, session: Session, who: Principal, now: datetime) -> None:
        clear_due(session, who, self.terms, now)
