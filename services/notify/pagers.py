"""Pagers 呼叫器 (domain §2 A10): whose device it is, its token, and the check of one that has fallen silent."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed, SealedJson, keyed_hash
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, person_ref
from contracts.notify import pagers as say
from contracts.notify.pagers import PagerState as S
from kernel.masking import mask_name
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.care_profiles import person_key
from services.notify.rules import due
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]


class Pager(Clocked, Root, Base):
    """What tells whose it is lies sealed. Its clock ends when it has been silent for too long."""

    __tablename__ = "pager"
    state: Mapped[str]
    name: Mapped[str] = mapped_column(Sealed)
    masked_name: Mapped[str]
    person_key: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(Sealed)
    place_text: Mapped[str] = mapped_column(Sealed)
    geo: Mapped[dict[str, float] | None] = mapped_column(SealedJson)
    advice: Mapped[str | None] = mapped_column(Sealed)
    emergency: Mapped[dict[str, str] | None] = mapped_column(SealedJson)
    token_hash: Mapped[str | None]
    last_seen_at: Mapped[datetime | None] = mapped_column(Moment)
    registerer_id: Mapped[str]
    registerer_name: Mapped[str]
    found: Mapped[str | None]
    retired_reason: Mapped[str | None]
    registered_by = person_ref("registerer")
    __table_args__ = (Index("ix_pager_area", "area_path", postgresql_using="gist"),)


LIFE: Life[Pager, S] = Life(
    Pager,
    S.ACTIVE,
    {
        say.RecordPagerCheck: Move({S.CHECKING}, S.ACTIVE, say.PagerChecked),
        say.RetirePager: Move({S.ACTIVE, S.CHECKING}, S.RETIRED, say.PagerRetired),
        "silent": Move({S.ACTIVE}, S.CHECKING, say.PagerDeviceSilent, when_due=True),
        "heard_again": Move({S.CHECKING}, S.ACTIVE),
    },
    Rules(by_number(Pager), say.READERS, unknown_number, saying.say, due=due),
    clocks={S.ACTIVE: "pager.silent"},
    answers=(say.GetPager, say.ListPagers, say.RevealPagerContact),
)


@asked(say.RegisterPager)
def register(session: Session, who: Principal, command: Command, now: datetime) -> Pager:
    """Errors: Forbidden; Invalid for an unknown place or without consent."""
    Invalid.where(
        agreed=not command["agreed"] and "要先征得本人（或家人）同意",
        area_path=session.get(Area, command["area_path"]) is None and "没有这个地方",
    )
    kept = ("name", "phone", "place_text", "area_path", "geo", "advice", "emergency")
    row = Pager(**{name: command[name] for name in kept}, registerer_id=who.id, registerer_name=who.name)
    row.masked_name, row.person_key = mask_name(row.name), person_key(row.name, row.phone)
    row.case_number = next_number(session, NumberCounter, "HE", area4(session, row.area_path), now)
    return LIFE.start(session, who, say.RegisterPager, row, now, say.PagerRegistered)


@asked(say.IssuePagerToken)
def issue_token(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, str]:
    """The former token ends. Errors: NotFound, Forbidden; Conflict for a retired device."""
    row = LIFE.allow(who, say.IssuePagerToken, LIFE.hold(session, {**command, "expected_version": None}), command)
    if row.state == S.RETIRED:
        raise Conflict("呼叫器已停用，不能发口令")
    token = secrets.token_urlsafe(24)
    row.token_hash = keyed_hash(token)
    audit.note(session, who, now, "issue_pager_token", row.number, "发设备口令", case=row.number)
    return {"token": token}


def seen(session: Session, number: str, now: datetime, token: str | None = None) -> Pager | None:
    """A sign of life: the clock of its silence begins anew. The device in use that has this number, and this token
    where one is asked for, locked: found and noted by one statement, for every press of every device comes here.
    """
    until = Clocked()
    until.until(due(LIFE.clocks[S.ACTIVE], now, now), now)
    told = {"now": now, "due": until.due_at, "warn": until.warn_at, "number": number}
    if token is None:
        return session.scalars(_SEEN, told).one_or_none()
    return session.scalars(_SEEN_BY_TOKEN, {**told, "token": keyed_hash(token)}).one_or_none()


_SEEN = (
    update(Pager)
    .where(Pager.case_number == bindparam("number"), Pager.state != S.RETIRED)
    .values(
        last_seen_at=bindparam("now"), clock_from=bindparam("now"), due_at=bindparam("due"), warn_at=bindparam("warn")
    )
    .returning(Pager)
    .execution_options(synchronize_session=False, populate_existing=True)
)
_SEEN_BY_TOKEN = _SEEN.where(Pager.token_hash == bindparam("token"))
"""Made once: of a press, making them is a good part of the work."""


def heard_again(session: Session, who: Principal, row: Pager, now: datetime) -> None:
    """Nobody has to look after one that speaks."""
    if row.state == S.CHECKING:
        LIFE.move(row, "heard_again")
        LIFE.done(session, who, row, now, say.PagerHeardAgain)


@standing_of.register
def _stands(row: Pager) -> Standing:
    waits = ("role:CARE", "role:COMMUNITY") if row.state == S.CHECKING else ()
    return Standing(kind=say.PagerView.about.kind, state=row.state, number=row.number, waits=waits)
