"""Diagnosis rooms 民情诊断室: a rota across organisations, and a register of who comes in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from capability.terms import Cleared
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake import clinics as say
from contracts.intake.clinics import ConsultationState as S
from contracts.intake.clinics import TurnState
from kernel.areas import ancestors
from kernel.calendar import hours_words, is_open
from kernel.codes import Channel, Source
from kernel.numbering import next_number
from services.intake import areas, bookings, facts, policy, raising, residents
from services.intake.rota import Turn
from services.intake.tables import NumberCounter, Person
from services.intake.tables.base import Base

Command = dict[str, Any]


class Consultation(Clocked, Cleared, Root, Base):
    """One who came in. The words are ciphertext."""

    __tablename__ = "consultation"
    state: Mapped[str]
    room: Mapped[str]
    matter: Mapped[str] = mapped_column(Sealed)
    asker_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    contact_preference: Mapped[str | None]
    receiver_id: Mapped[str]
    receiver_name: Mapped[str]
    org_name: Mapped[str]
    result: Mapped[str | None] = mapped_column(Sealed)
    raised: Mapped[str | None]
    receiver = person_ref("receiver")
    person: Mapped[Person | None] = relationship(viewonly=True, lazy="selectin")
    __table_args__ = (
        Index("uq_consultation_number", "case_number", unique=True),
        Index("ix_consultation_area", "area_path", postgresql_using="gist"),
    )

    @property
    def reporter_id(self) -> UUID | None:
        """Whose `contact_preference` it is."""
        return self.asker_id

    @property
    def asker(self) -> dict[str, Any] | None:
        return {**self.person.masked, "contact_preference": self.contact_preference} if self.person else None


LIFE: Life[Consultation, S] = Life(
    Consultation,
    S.RECEIVED,
    {
        say.SettleConsultation: Move({S.RECEIVED}, S.SETTLED),
        say.RaiseConsultation: Move({S.RECEIVED}, S.RAISED),
    },
    Rules(
        by_number(Consultation), say.READERS, unknown_number, facts.tell, due=policy.due,
        approaching=IntakeDeadlineApproaching,
    ),
    clocks={S.RECEIVED: "clinic.finish"},
    answers=(say.GetConsultation, say.ListConsultations),
)  # fmt: skip


@asked(say.ReceiveConsultation)
def receive(session: Session, who: Principal, command: Command, now: datetime) -> Consultation:
    """Errors: Forbidden; Invalid for a place without a room, or a booking elsewhere; Conflict while nobody sits there,
    or for who is not in the rota; as `Life.begin` for the booking."""
    permit(who, say.ReceiveConsultation, SimpleNamespace(**command))
    turn = _turn_of(session, who, command["area_path"], now)
    person, preference = _asker(session, who, command, turn, now)
    row = Consultation(
        area_path=turn.area_path, room=turn.room, org_name=turn.org_name, matter=command["matter"],
        asker_id=person and person.id, contact_preference=preference,
        receiver_id=who.id, receiver_name=who.name,
    )  # fmt: skip
    set_committed_value(row, "person", person)
    area4 = areas.find(session, turn.area_path, now).area4
    row.case_number = next_number(session, NumberCounter, "SD", area4, now)
    return LIFE.start(session, who, say.ReceiveConsultation, row, now, say.ConsultationReceived)


def _asker(
    session: Session, who: Principal, command: Command, turn: Turn, now: datetime
) -> tuple[Person | None, str | None]:
    """Who came, and how to be reached: as booked, as told, or nobody named."""
    if number := command["booking"]:
        booking = bookings.arrive(session, who, number, turn.room, now)
        return booking.asker, booking.contact_preference
    if asker := command["asker"]:
        (person,) = residents.keep_reachable(session, {"asker": {**asker, "area_path": turn.area_path}}, now)
        return person, str(asker["contact_preference"])
    return None, None


def _turn_of(session: Session, who: Principal, place: str, now: datetime) -> Turn:
    """The turn of `who`: her own hour, else any of hers while somebody sits, since they swap among themselves."""
    rota = session.scalars(select(Turn).where(Turn.area_path == place).order_by(Turn.hours)).all()
    Invalid.where(area_path=not rota and "这里没有民情诊断室")
    sitting = [turn for turn in rota if is_open(turn.hours, now, policy.calendar(now))]
    mine = [turn for turn in rota if turn.person_id == who.id]
    if not sitting:
        raise Conflict("诊断室现在没有人坐诊，请直接登记诉求", area_path=place)
    if not mine:
        names = "、".join(turn.person_name for turn in sitting)
        raise Conflict(f"坐诊安排里没有您，现在坐诊的是{names}", area_path=place)
    return next((turn for turn in sitting if turn in mine), mine[0])


@asked(say.SettleConsultation)
def settle(session: Session, who: Principal, command: Command, now: datetime) -> Consultation:
    """Errors: as `Life.begin`; Invalid where whoever came does not agree that it is settled."""
    row = LIFE.begin(session, who, say.SettleConsultation, command)
    Invalid.where(agreed=not command["agreed"] and "来访人不认可的，请转为诉求")
    row.result = command["result"]
    return LIFE.done(session, who, row, now, say.ConsultationSettled)


@asked(say.RaiseConsultation)
def to_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Consultation:
    """Whoever gave name and telephone is not asked for them again. Errors: as `Life.begin`, `register_appeal`."""
    row = LIFE.begin(session, who, say.RaiseConsultation, command)
    given = {**command, "reporter": command["reporter"] or _known(row)}
    place = command["area_path"] or row.area_path
    row.raised = raising.appeal(session, who, say.RaiseConsultation, given, place, Channel.WINDOW, now, Source.RESIDENT)
    return LIFE.done(session, who, row, now, say.ConsultationRaised)


def _known(row: Consultation) -> dict[str, Any] | None:
    if row.person is None:
        return None
    return {"name": row.person.name, "phone": row.person.phone, "contact_preference": row.contact_preference}


@asked(say.ListTurns)
def turns(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    place, calendar = command["area_path"], policy.calendar(now)
    near = or_(Turn.area_path.within(place), Turn.area_path.in_(ancestors(place)))
    rota = session.scalars(select(Turn).where(near).order_by(Turn.area_path, Turn.hours, Turn.person_id))
    shown = [_shown(turn, is_open(turn.hours, now, calendar)) for turn in rota]
    return {"items": sorted(shown, key=lambda turn: turn["state"] != TurnState.SITTING), "next_cursor": None}


def _shown(turn: Turn, sits: bool) -> dict[str, Any]:
    named = {"room": turn.room, "name": turn.person_name, "org_name": turn.org_name, "hours": hours_words(turn.hours)}
    return {**named, "state": TurnState.SITTING if sits else TurnState.LATER}


def of_person(session: Session, person_id: UUID) -> Iterable[Consultation]:
    mine = select(Consultation).where(Consultation.asker_id == person_id)
    return session.scalars(mine.order_by(Consultation.id.desc()).limit(200))


residents.BELONGINGS.append(residents.Belonging(of_person, say.READERS, say.REVEALED_TO))


@standing_of.register
def _stands(row: Consultation) -> Standing:
    waits = (f"person:{row.receiver_id}",) if row.state == S.RECEIVED else ()
    return Standing(
        kind=say.ConsultationView.about.kind, state=row.state, number=row.number, due=row.due_at, waits=waits,
        tally={"first": row.receiver_id},
    )  # fmt: skip
