"""Stewards 楼门管家 (domain §3.4, A13): one active a stairwell, evaluated monthly; who leaves hands everything over."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.erased import GONE
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, new_id
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import stewards as say
from contracts.notify.stewards import StewardState as S
from kernel.calendar import local_day
from kernel.codes import AreaLevel
from kernel.masking import mask_name
from kernel.numbering import next_number
from services.notify import saying, seats, wishes
from services.notify.areas import area4, public_place
from services.notify.rules import due
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
OFFICES = ("role:COMMUNITY",)
WAITING = {S.NOMINATED, S.REVIEWED, S.ACTIVE}


class Evaluation(Base):
    """What was thought of a steward's month."""

    __tablename__ = "steward_evaluation"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    steward_id: Mapped[UUID] = mapped_column(ForeignKey("steward.id"))
    month: Mapped[str]
    score: Mapped[int]
    reasons: Mapped[str] = mapped_column(Sealed)
    __table_args__ = (UniqueConstraint("steward_id", "month"),)


class Steward(Clocked, Root, Base):
    """Who is nominated for a stairwell, or looks after it."""

    __tablename__ = "steward"
    state: Mapped[str]
    place: Mapped[str]
    name: Mapped[str] = mapped_column(Sealed)
    masked_name: Mapped[str]
    phone: Mapped[str] = mapped_column(Sealed)
    nomination: Mapped[str]
    reasons: Mapped[str] = mapped_column(Sealed)
    nominator_id: Mapped[str]
    account: Mapped[str | None]
    appointed_at: Mapped[datetime | None] = mapped_column(Moment)
    refusal: Mapped[str | None] = mapped_column(Sealed)
    care_note: Mapped[str | None] = mapped_column(Sealed)
    equipment: Mapped[str | None]
    thanks: Mapped[str | None]
    removal: Mapped[str | None] = mapped_column(Sealed)
    evaluations: Mapped[list[Evaluation]] = relationship(order_by=Evaluation.month, lazy="selectin")
    __table_args__ = (
        Index("ix_steward_area", "area_path", postgresql_using="gist"),
        Index("uq_steward_active", "area_path", unique=True, postgresql_where=text("state = 'ACTIVE'")),
        Index("ix_steward_due", "state", "due_at"),
    )

    @property
    def steward(self) -> dict[str, str] | None:
        """The account as events name one."""
        return {"id": self.account, "name": self.masked_name} if self.account else None


def blank_evaluations(session: Session, row: Steward, now: datetime) -> None:
    for each in row.evaluations:
        each.reasons = GONE


LIFE: Life[Steward, S] = Life(
    Steward,
    S.NOMINATED,
    {
        say.ApproveSteward: Move({S.NOMINATED}, S.REVIEWED, say.StewardApproved),
        say.RefuseSteward: Move({S.NOMINATED, S.REVIEWED}, S.REFUSED, say.StewardRefused),
        say.AppointSteward: Move({S.REVIEWED}, S.ACTIVE),
        say.EvaluateSteward: Move({S.ACTIVE}, S.ACTIVE),
        say.CareForSteward: Move({S.ACTIVE}, S.ACTIVE, say.StewardCaredFor),
        say.EquipSteward: Move({S.ACTIVE}, S.ACTIVE, say.StewardEquipped),
        say.RetireSteward: Move({S.ACTIVE}, S.RETIRED),
        say.RemoveSteward: Move({S.ACTIVE}, S.REMOVED),
        "missed": Move({S.ACTIVE}, S.ACTIVE, say.StewardEvaluationMissed, when_due=True),
    },
    Rules(by_number(Steward), say.READERS, unknown_number, saying.say, due=due, approaching=NotifyDeadlineApproaching),
    clocks={S.NOMINATED: "steward.review", S.REVIEWED: "steward.review", S.ACTIVE: "steward.evaluation"},
    answers=(say.GetSteward, say.ListStewards, say.RevealStewardContact),
)


@asked(say.NominateSteward)
def nominate(session: Session, who: Principal, command: Command, now: datetime) -> Steward:
    """Errors: Forbidden; Invalid for a place that is no stairwell, or without the person's consent."""
    place = session.get(Area, command["area_path"])
    Invalid.where(
        area_path=(place is None or place.level != AreaLevel.STAIRWELL) and "请选到楼门（单元）",
        agreed=not command["agreed"] and "要先征得本人同意",
    )
    kept = ("area_path", "nomination", "name", "phone", "reasons")
    row = Steward(**{name: command[name] for name in kept}, place=public_place(session, command["area_path"])[1])
    row.masked_name, row.nominator_id = mask_name(row.name), who.id
    row.case_number = next_number(session, NumberCounter, "GJ", area4(session, row.area_path), now)
    LIFE.start(session, who, say.NominateSteward, row, now, say.StewardNominated)
    seats.of_stairwell(session, who, row.area_path, row.place, now)
    return row


@asked(say.AppointSteward)
def appoint(session: Session, who: Principal, command: Command, now: datetime) -> Steward:
    """Who comes second meets a Conflict. Errors: as `Life.begin`; Conflict while the stairwell has a steward."""
    row = LIFE.begin(session, who, say.AppointSteward, command)
    seat = seats.of_stairwell(session, who, row.area_path, row.place, now)
    if seat.steward_number:
        raise Conflict("这个楼门已经有管家，先办荣退或解聘", steward=seat.steward_number)
    row.account, row.appointed_at = command["account"], now
    seats.fill(session, who, seat, row.number, now)
    return LIFE.done(session, who, row, now, say.StewardAppointed)


@asked(say.EvaluateSteward)
def evaluate(session: Session, who: Principal, command: Command, now: datetime) -> Steward:
    """Once a month; the next month's clock begins. Errors: as `Life.begin`; Conflict for a month that has its score;
    Invalid for one before the appointment or yet to come."""
    row = LIFE.begin(session, who, say.EvaluateSteward, command)
    month, first = command["month"], f"{local_day(row.appointed_at or now):%Y-%m}"
    Invalid.where(month=not first <= month <= f"{local_day(now):%Y-%m}" and f"要在{first}到本月之间")
    if any(one.month == month for one in row.evaluations):
        raise Conflict(f"{month}已经评过", month=month)
    row.evaluations.append(Evaluation(month=month, score=command["score"], reasons=command["reasons"]))
    LIFE.done(session, who, row, now, say.StewardEvaluated, month=month, score=command["score"])
    LIFE.wind(row, now)
    return row


@asked(say.RetireSteward)
def retire(session: Session, who: Principal, command: Command, now: datetime) -> Steward:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.RetireSteward, command)
    row.thanks = command["thanks"]
    return _leave(session, who, row, now, say.StewardRetired)


@asked(say.RemoveSteward)
def remove(session: Session, who: Principal, command: Command, now: datetime) -> Steward:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.RemoveSteward, command)
    row.removal = command["removal"]
    return _leave(session, who, row, now, say.StewardRemoved)


def _leave(session: Session, who: Principal, row: Steward, now: datetime, fact: Any) -> Steward:
    """The seat is vacant again; what the account had begun goes on with whoever records it."""
    taken = wishes.hand_over(session, who, row.account, now) if row.account else 0
    LIFE.done(session, who, row, now, fact, handed_over=taken)
    seats.vacate(session, who, seats.of_stairwell(session, who, row.area_path, row.place, now), now)
    return row


@standing_of.register
def _steward(row: Steward) -> Standing:
    at_work = row.state in WAITING
    return Standing(
        kind=say.StewardView.about.kind, state=row.state, number=row.number, due=row.due_at if at_work else None,
        waits=OFFICES if at_work else (), tally={"first": row.nominator_id, "handler": row.account or ""},
    )  # fmt: skip
