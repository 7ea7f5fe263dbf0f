"""Pager alarms 呼叫 (domain §2 A10): answered, classified, sent to the nearest station, followed until the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, lazyload, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import AT_ONCE, Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Moment, Root, person_ref
from contracts.notify import pager_alarms as say
from contracts.notify.pager_alarms import PagerAlarmKind as K
from contracts.notify.pager_alarms import PagerAlarmState as S
from kernel.codes import Role, Urgency
from kernel.numbering import area_of, next_number
from services.notify import areas, recipients, saying
from services.notify.areas import Recipient
from services.notify.care_stations import nearest
from services.notify.files import Heard
from services.notify.pagers import Pager
from services.notify.rules import due
from services.notify.tables import Base, NumberCounter

Command = dict[str, Any]
SERIOUS = frozenset({K.EMERGENCY, K.HELP})
"""Somebody has to go there."""
SEATS = ("role:CARE",)


class PagerAlarm(Clocked, Root, Base):
    """One incident: everything a device said within policy key pager.same_incident."""

    __tablename__ = "pager_alarm"
    state: Mapped[str]
    pager_id: Mapped[UUID] = mapped_column(ForeignKey("pager.id"), index=True)
    raised_at: Mapped[datetime] = mapped_column(Moment)
    presses: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str | None]
    called: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    family_told: Mapped[bool | None]
    station_code: Mapped[str | None]
    station_name: Mapped[str | None]
    tried: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    answerer_id: Mapped[str | None]
    answerer_name: Mapped[str | None]
    accepter_id: Mapped[str | None]
    accepter_name: Mapped[str | None]
    who_came: Mapped[str | None]
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None]
    told: Mapped[str | None] = mapped_column(Sealed)
    level: Mapped[int] = mapped_column(default=0)
    pager: Mapped[Pager] = relationship(lazy="joined", innerjoin=True)
    answerer, accepter = person_ref("answerer"), person_ref("accepter")
    __table_args__ = (
        Index("ix_pager_alarm_area", "area_path", postgresql_using="gist"),
        Index("ix_pager_alarm_due", "due_at"),
    )

    masked_name = property(lambda alarm: alarm.pager.masked_name)
    place_text = property(lambda alarm: alarm.pager.place_text)
    advice = property(lambda alarm: alarm.pager.advice)
    pager_number = property(lambda alarm: alarm.pager.number)

    @property
    def station(self) -> dict[str, str | None] | None:
        return {"code": self.station_code, "name": self.station_name} if self.station_code else None


def _nobody_came(row: Any, name: str) -> Conflict | None:
    """An outcome of what is serious needs somebody who was there."""
    waited_for = name == say.ResolvePagerAlarm.method and row.kind in SERIOUS and row.arrived_at is None
    return Conflict("紧急和求助要有人到场才能记结果") if waited_for else None


LIFE: Life[PagerAlarm, S] = Life(
    PagerAlarm,
    S.RAISED,
    {
        say.AnswerPagerAlarm: Move({S.RAISED}, S.ANSWERED, say.PagerAlarmAnswered, by="answerer"),
        say.ClassifyPagerAlarm: Move({S.ANSWERED, S.CLASSIFIED, S.ASSIGNED, S.ACCEPTED}, S.CLASSIFIED),
        "assigned": Move({S.CLASSIFIED, S.ASSIGNED}, S.ASSIGNED),
        say.AcceptPagerAlarm: Move({S.ASSIGNED}, S.ACCEPTED),
        say.RecordPagerArrival: Move(
            {S.CLASSIFIED, S.ASSIGNED, S.ACCEPTED}, S.ARRIVED, say.PagerAlarmArrived, at="arrived_at"
        ),
        say.ResolvePagerAlarm: Move({S.CLASSIFIED, S.ARRIVED}, S.RESOLVED, say.PagerAlarmResolved),
    },
    Rules(by_number(PagerAlarm), say.READERS, unknown_number, saying.say, refusal=_nobody_came, due=due),
    clocks={
        S.RAISED: "pager.answer", S.ANSWERED: "pager.classify", S.CLASSIFIED: "pager.outcome",
        S.ASSIGNED: "pager.accept", S.ARRIVED: "pager.outcome",
    },
    answers=(say.GetPagerAlarm, say.ListPagerAlarms),
)  # fmt: skip


_NEWEST = (
    select(PagerAlarm)
    .where(PagerAlarm.pager_id == bindparam("pager"), PagerAlarm.state != S.RESOLVED)
    .options(lazyload(PagerAlarm.pager))
    .order_by(PagerAlarm.raised_at.desc())
    .limit(1)
    .with_for_update(of=PagerAlarm)
)


def ring(session: Session, who: Principal, pager: Pager, now: datetime) -> PagerAlarm:
    """The alarm of a press: a new one, or the open one that the same device raised just now. `pager` is locked."""
    last = session.scalars(_NEWEST, {"pager": pager.id}).first()
    if last is not None and now < due("pager.same_incident", last.raised_at, now):
        last.presses += 1
        saying.say(session, say.PagerPressedAgain, last, who, now, presses=last.presses)
        return last
    alarm = PagerAlarm(pager=pager, area_path=pager.area_path, raised_at=now, presses=1, level=0)
    alarm.case_number = next_number(session, NumberCounter, "HJ", area_of(pager.number), now)
    return LIFE.started(session, who, alarm, now, say.PagerAlarmRaised, pager_number=pager.number)


@asked(say.ClassifyPagerAlarm)
def classify(session: Session, who: Principal, command: Command, now: datetime) -> PagerAlarm:
    """Errors: as `Life.begin`; Invalid for an emergency nobody has called a rescue line for."""
    alarm, kind = LIFE.begin(session, who, say.ClassifyPagerAlarm, command), command["kind"]
    Invalid.where(called=kind == K.EMERGENCY and not command["called"] and "紧急的先打 120 或 119，再填在这里")
    alarm.kind, alarm.called, alarm.family_told = str(kind), list(map(str, command["called"])), command["family_told"]
    alarm.station_code = alarm.station_name = alarm.accepter_id = alarm.accepter_name = None
    alarm.tried = []
    LIFE.done(session, who, alarm, now, say.PagerAlarmClassified, kind=kind)
    return send(session, who, alarm, now) if kind in SERIOUS else alarm


def send(session: Session, who: Principal, alarm: PagerAlarm, now: datetime) -> PagerAlarm:
    """Asks the nearest station on duty that was not asked yet; where all were, or none is manned, it is overdue and
    the round begins anew."""
    station = nearest(session, alarm.area_path, alarm.pager.geo, now, alarm.tried)
    if station is None:
        alarm.tried = []
        return remind(session, who, alarm, now, "pager.accept")
    alarm.station_code, alarm.station_name = station.code, station.name
    alarm.tried = [*alarm.tried, station.code]
    LIFE.move(alarm, "assigned")
    LIFE.wind(alarm, now)
    told = {"station_code": station.code, "station_name": station.name, "due_at": alarm.due_at}
    return LIFE.done(session, who, alarm, now, say.PagerAlarmAssigned, **told)


def remind(session: Session, who: Principal, alarm: PagerAlarm, now: datetime, again: str) -> PagerAlarm:
    """Tells the next level up, and will do so again after the limit of policy key `again`: no alarm is forgotten."""
    alarm.level += 1
    alarm.until(due(again, now, now), now)
    return LIFE.done(session, who, alarm, now, say.PagerAlarmOverdue, level=alarm.level)


@asked(say.AcceptPagerAlarm)
def accept(session: Session, who: Principal, command: Command, now: datetime) -> PagerAlarm:
    """The time to arrive counts from the press. Errors: as `Life.begin`."""
    alarm = LIFE.begin(session, who, say.AcceptPagerAlarm, command)
    alarm.accepter_id, alarm.accepter_name = who.id, who.name
    LIFE.advance(alarm)
    alarm.until(due("pager.arrive", alarm.raised_at, now), now)
    return LIFE.done(session, who, alarm, now, say.PagerAlarmAccepted)


@every(seconds=1)
def follow_pager_alarms(session: Session, who: Principal, now: datetime) -> None:
    """What is over its time: an alarm for which somebody has to go is offered to the next station, any other is told
    to the next level up."""
    query = select(PagerAlarm).where(PagerAlarm.due_at <= now, PagerAlarm.state != S.RESOLVED)
    first = query.order_by(PagerAlarm.due_at, PagerAlarm.id).limit(AT_ONCE)
    for alarm in session.scalars(first.with_for_update(of=PagerAlarm, skip_locked=True)):
        if alarm.kind in SERIOUS and alarm.state in (S.CLASSIFIED, S.ASSIGNED):
            send(session, who, alarm, now)
        else:
            remind(session, who, alarm, now, "pager.overdue_again")


def station(heard: Heard) -> Iterable[Recipient]:
    """Whoever sits at the station that is asked."""
    return [areas.unit(heard.session, heard.data["station_code"], heard.data["station_name"])]


def next_level(heard: Heard) -> Iterable[Recipient]:
    """The community first, then the district."""
    return recipients.duty(Role.COMMUNITY if heard.data["level"] == 1 else Role.DISTRICT, heard)


def _waits(alarm: PagerAlarm) -> tuple[str, ...]:
    if alarm.state == S.ASSIGNED:
        return (f"unit:{alarm.station_code}",)
    if alarm.state in (S.ACCEPTED, S.ARRIVED):
        return (f"person:{alarm.accepter_id}", *SEATS) if alarm.accepter_id else SEATS
    return SEATS if alarm.state != S.RESOLVED else ()


@standing_of.register
def _stands(alarm: PagerAlarm) -> Standing:
    serious = alarm.kind in (None, *SERIOUS) and alarm.state != S.RESOLVED
    return Standing(
        kind=say.PagerAlarmView.about.kind, state=alarm.state, number=alarm.number, due=alarm.due_at,
        waits=_waits(alarm), urgency=str(Urgency.EMERGENCY) if serious else "",
        tally={
            "kind": alarm.kind or "", "station": alarm.station_code or "", "pager": alarm.pager.number,
            "first": alarm.answerer_id or "", "handler": alarm.accepter_id or "",
        },
    )  # fmt: skip
