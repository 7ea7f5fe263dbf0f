"""Pairings 结对 (domain §3.3): every household has one who comes; a visit that did not happen is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked, every
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, new_id, person_ref
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import pairings as say
from contracts.notify.pairings import PairingState as S
from contracts.notify.pairings import Rhythm
from kernel.attachments import Attachments, Files
from kernel.calendar import end_of, last_day, local_day
from kernel.masking import mask_name
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.care_profiles import person_key
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
AT_ONCE = 100
WEEK = timedelta(weeks=1)


class PairingVisit(Base):
    """What somebody found at the household's door."""

    __tablename__ = "pairing_visit"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    pairing_id: Mapped[UUID] = mapped_column(ForeignKey("pairing.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    found: Mapped[str] = mapped_column(Sealed)
    photos: Mapped[Attachments] = mapped_column(Files, default=list)


class Pairing(Clocked, Root, Base):
    """What tells who lives there lies sealed."""

    __tablename__ = "pairing"
    state: Mapped[str]
    rhythm: Mapped[str]
    carer_id: Mapped[str]
    carer_name: Mapped[str]
    name: Mapped[str] = mapped_column(Sealed)
    masked_name: Mapped[str]
    person_key: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None] = mapped_column(Sealed)
    place_text: Mapped[str] = mapped_column(Sealed)
    wants: Mapped[str] = mapped_column(Sealed)
    end_reason: Mapped[str | None] = mapped_column(Sealed)
    carer = person_ref("carer")
    visits: Mapped[list[PairingVisit]] = relationship(order_by=PairingVisit.day, lazy="selectin")

    __table_args__ = (
        Index("ix_pairing_area", "area_path", postgresql_using="gist"),
        Index("ix_pairing_due", "due_at"),
    )


LIFE: Life[Pairing, S] = Life(
    Pairing,
    S.ACTIVE,
    {
        say.RecordPairingVisit: Move({S.ACTIVE}, S.ACTIVE),
        say.PassPairingOn: Move({S.ACTIVE}, S.ACTIVE),
        say.EndPairing: Move({S.ACTIVE}, S.ENDED, say.PairingEnded),
    },
    Rules(by_number(Pairing), say.READERS, unknown_number, saying.say, approaching=NotifyDeadlineApproaching),
    answers=(say.GetPairing, say.ListPairings, say.RevealPairingContact),
)


@asked(say.OpenPairing)
def open_pairing(session: Session, who: Principal, command: Command, now: datetime) -> Pairing:
    """Errors: Forbidden; Invalid for an unknown place, or without consent."""
    place = command["area_path"]
    Invalid.where(
        agreed=not command["agreed"] and "要先征得本人（或家人）同意",
        area_path=session.get(Area, place) is None and "没有这个地方",
    )
    row = Pairing(**{name: command[name] for name in ("area_path", "rhythm", "name", "phone", "place_text", "wants")})
    row.masked_name, row.person_key = mask_name(row.name), row.phone and person_key(row.name, row.phone)
    row.carer_id, row.carer_name = command["carer"]["id"], command["carer"]["name"]
    row.case_number = next_number(session, NumberCounter, "JE", area4(session, place), now)
    row.until(_next(row, local_day(now)), now)
    return LIFE.start(session, who, say.OpenPairing, row, now, say.PairingOpened)


@asked(say.RecordPairingVisit)
def visit(session: Session, who: Principal, command: Command, now: datetime) -> Pairing:
    """Errors: as `Life.begin`; Invalid for a day yet to come, or before the last visit."""
    row, day = LIFE.begin(session, who, say.RecordPairingVisit, command), command["day"]
    last = row.visits[-1].day if row.visits else date.min
    Invalid.where(day=(day > local_day(now) and "不能晚于今天") or (day < last and f"{last}以后的走访已经记过"))
    row.visits.append(PairingVisit(day=day, found=command["found"], photos=command["photos"]))
    row.until(_next(row, day), now)
    return LIFE.done(session, who, row, now, say.PairingVisited, day=day)


@asked(say.PassPairingOn)
def pass_on(session: Session, who: Principal, command: Command, now: datetime) -> Pairing:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.PassPairingOn, command)
    row.carer_id, row.carer_name = command["carer"]["id"], command["carer"]["name"]
    return LIFE.done(session, who, row, now, say.PairingPassedOn)


@every(seconds=15)
def find_missed_visits(session: Session, who: Principal, now: datetime) -> None:
    """Told once a missed visit, the oldest first; then the next one's clock begins."""
    late = select(Pairing).where(Pairing.due_at <= now).order_by(Pairing.due_at, Pairing.id).limit(AT_ONCE)
    for row in session.scalars(late.with_for_update(skip_locked=True)):
        row.until(_next(row, last_day(row.due_at or now)), now)
        saying.say(session, say.CareVisitOverdue, row, who, now)


def _next(row: Pairing, day: date) -> datetime:
    """The end of the week, or month, after the one in which a visit was due or made."""
    if row.rhythm == Rhythm.WEEK:
        return end_of(day + WEEK + timedelta(days=6 - day.weekday()))
    year, month = divmod(day.year * 12 + day.month + 1, 12)
    return end_of(date(year, month + 1, 1) - timedelta(days=1))


@standing_of.register
def _stands(row: Pairing) -> Standing:
    open_ = row.state == S.ACTIVE
    return Standing(
        kind=say.PairingView.about.kind, state=row.state, number=row.number, due=row.due_at if open_ else None,
        waits=(f"person:{row.carer_id}",) if open_ else (), tally={"handler": row.carer_id},
    )  # fmt: skip
