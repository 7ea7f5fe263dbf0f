"""Care rounds 红色星期五 (domain §2 A9): opened by the clock, closed by people when everybody has been found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint, exists, false, func, select
from sqlalchemy.orm import Mapped, Session, column_property, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.sealing import Sealed, SealedJson
from chassis.standing import Standing, standing_of
from chassis.store import Root
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import care_rounds as say
from contracts.notify.care_profiles import READERS, CareProfileState
from contracts.notify.care_rounds import CareCallState as C
from contracts.notify.care_rounds import CareRoundState as R
from kernel.calendar import at, end_of, load_calendar, local_day
from kernel.codes import AreaLevel
from kernel.numbering import next_number
from services.notify import call_times, saying
from services.notify.areas import area4
from services.notify.care_profiles import CareProfile
from services.notify.rules import policy
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
ROUND, NO_ANSWER = "care.friday_round", "care.no_answer"
AT_ONCE = 20
GREETED_DAYS = 7
"""Until the next call: whoever has a birthday by then is congratulated."""
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
SETTLED = frozenset({C.TALKED, C.SEEN, C.REACHED, C.HELPED})
OVER = SETTLED | {C.CALLED_OFF}
CALLERS = ("role:COMMUNITY", "role:CARE")
VISITORS = ("role:GRID", "role:STEWARD", "role:COMMUNITY")
OFFICE = ("role:COMMUNITY",)
WAITS = {C.PLANNED: CALLERS, C.CALLING: CALLERS, C.VISITING: VISITORS, C.ASKING: OFFICE, C.SEARCHING: OFFICE}


class CareCall(Clocked, Root, Base):
    """One old person in one round. What was said and seen lies sealed; `needing` stays when the words are gone.

    `on_sheet`: the place on the call sheets, the latest week first, in it by when each wants to be phoned.
    """

    __tablename__ = "care_call"
    state: Mapped[str]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("care_round.id"), index=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("care_profile.id"))
    round_number: Mapped[str] = mapped_column(index=True)
    birthday: Mapped[str | None] = mapped_column(Sealed)
    tries: Mapped[int] = mapped_column(default=0)
    on_sheet: Mapped[int] = mapped_column(index=True)
    needing: Mapped[bool] = mapped_column(default=False, server_default=false())
    news_told: Mapped[bool | None]
    difficulties: Mapped[str | None] = mapped_column(Sealed)
    advice: Mapped[str | None] = mapped_column(Sealed)
    found: Mapped[str | None] = mapped_column(Sealed)
    witnesses: Mapped[list[str]] = mapped_column(SealedJson, default=list)
    profile: Mapped[CareProfile] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (Index("ix_care_call_area", "area_path", postgresql_using="gist"),)

    masked_name = property(lambda call: call.profile.masked_name)
    profile_number = property(lambda call: call.profile.number)
    dialect = property(lambda call: call.profile.dialect)
    preferred_time = property(lambda call: call.profile.preferred_time)


class CareRound(Clocked, Root, Base):
    """One week of one community: `week` is its Friday, also where the round was moved to another day."""

    __tablename__ = "care_round"
    state: Mapped[str]
    week: Mapped[date] = mapped_column(Date)
    day: Mapped[date] = mapped_column(Date)
    place: Mapped[str]
    __table_args__ = (
        UniqueConstraint("area_path", "week"),
        Index("ix_care_round_area", "area_path", postgresql_using="gist"),
    )


_CALLS = select(func.count(CareCall.id)).where(CareCall.round_id == CareRound.id).correlate_except(CareCall)
CareRound.planned = column_property(_CALLS.where(CareCall.state != C.CALLED_OFF).scalar_subquery())
CareRound.settled = column_property(_CALLS.where(CareCall.state.in_(SETTLED)).scalar_subquery())


def _unsettled(row: Any, name: str) -> Conflict | None:
    """A round ends when everybody has been found (domain §3.6 inv. 17)."""
    left = row.planned - row.settled
    return Conflict(f"还有{left}位老人没有着落", open=left) if left else None


CALL: Life[CareCall, C] = Life(
    CareCall,
    C.PLANNED,
    {
        say.RecordCareTalk: Move({C.PLANNED, C.CALLING}, C.TALKED),
        say.RecordNoAnswer: Move({C.PLANNED, C.CALLING}, C.CALLING),
        "unanswered": Move({C.CALLING}, C.VISITING),
        say.RecordCareVisit: Move({C.VISITING}, C.ASKING),
        "seen": Move({C.VISITING}, C.SEEN),
        say.RecordFamilyAsked: Move({C.ASKING}, C.SEARCHING),
        "reached": Move({C.ASKING}, C.REACHED),
        say.RecordSearch: Move({C.SEARCHING}, C.HELPED),
        "called_off": Move({C.PLANNED, C.CALLING}, C.CALLED_OFF),
    },
    Rules(by_number(CareCall), READERS, unknown_number, saying.say, approaching=NotifyDeadlineApproaching),
    answers=(say.GetCareCall,),
)
LIFE: Life[CareRound, R] = Life(
    CareRound,
    R.OPEN,
    {say.CloseCareRound: Move({R.OPEN}, R.CLOSED, say.CareRoundClosed)},
    Rules(by_number(CareRound), READERS, unknown_number, saying.say, refusal=_unsettled),
    answers=(say.GetCareRound, say.ListCareRounds),
)


@every(seconds=5)
def open_rounds(session: Session, who: Principal, now: datetime) -> None:
    """A round for each community with somebody to phone, once a week (policy key care.friday_round).

    A place in another replica's hands is passed over; a service that was away opens the round later in the week.
    """
    for friday in due_weeks(now):
        someone = exists().where(CareProfile.state == CareProfileState.ACTIVE, CareProfile.area_path.within(Area.path))
        held = exists().where(CareRound.area_path == Area.path, CareRound.week == friday)
        places = (
            select(Area).where(Area.level == AreaLevel.COMMUNITY, someone, ~held).order_by(Area.path).limit(AT_ONCE)
        )
        for place in session.scalars(places.with_for_update(skip_locked=True)):
            _open(session, who, place, friday, now)


def due_weeks(now: datetime) -> Iterator[date]:
    """The Fridays whose round has begun and whose week is not over: on a day off the working day before it counts."""
    rule, calendar = policy(now).value(ROUND), load_calendar(policy(now).region)
    today = local_day(now)
    this_week = today - timedelta(days=today.weekday()) + timedelta(days=WEEKDAYS.index(rule["weekday"]))
    for told in (this_week, this_week + timedelta(weeks=1)):
        day = told if calendar.is_working(told) else calendar.previous_working(told)
        if at(day, time.fromisoformat(rule["from"])) <= now <= end_of(told + timedelta(days=6 - told.weekday())):
            yield told


def _open(session: Session, who: Principal, place: Area, week: date, now: datetime) -> None:
    """The round and a call for each who is old enough on the day; a place where nobody is has none this week."""
    day, oldest = local_day(now), policy(now).value(ROUND)["min_age"]
    listed = select(CareProfile).where(CareProfile.state == CareProfileState.ACTIVE)
    people = session.scalars(listed.where(CareProfile.area_path.within(place.path)).order_by(CareProfile.id))
    called = [one for one in people if one.age_on(day) >= oldest]
    if not called:
        return
    row = CareRound(week=week, day=day, place=place.name, area_path=place.path)
    row.case_number = next_number(session, NumberCounter, "R", area4(session, place.path), now)
    row.until(end_of(day), now)
    LIFE.started(session, who, row, now, say.CareRoundOpened, planned=len(called))
    for one in called:
        call = CareCall(round_id=row.id, round_number=row.number, profile=one, area_path=one.area_path)
        call.birthday, call.on_sheet = one.birthday_within(day, GREETED_DAYS), _on_sheet(week, one)
        call.case_number = next_number(session, NumberCounter, "T", area4(session, one.area_path), now)
        call.until(end_of(day), now)
        CALL.started(session, who, call, now, say.CareCallPlanned)


def _on_sheet(week: date, one: CareProfile) -> int:
    return call_times.minute_of(one.preferred_time) - week.toordinal() * call_times.A_DAY


@asked(say.ListCareCalls)
def call_sheets(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The latest week first, in it whom to phone first."""
    return CALL.page(session, who, command, now, order=(CareCall.on_sheet, CareCall.id))


@asked(say.RecordCareTalk)
def talk(session: Session, who: Principal, command: Command, now: datetime) -> CareCall:
    """A difficulty becomes an appeal (`CareNeedFound`), advice a topic (`CareAdviceGiven`).

    Errors: as `Life.begin`; Invalid for a difficulty without category.
    """
    call = CALL.begin(session, who, say.RecordCareTalk, command)
    told, category = command["difficulties"], command["category"]
    Invalid.where(category=bool(told) and not category and "请选困难是哪一类")
    call.news_told, call.difficulties, call.advice = command["news_told"], told, command["advice"]
    call.needing = told is not None
    call.until(None, now)
    CALL.done(session, who, call, now, say.CareCallTalked)
    if told:
        saying.say(session, say.CareNeedFound, call, who, now, category=category, found_by=_by(who))
    if call.advice:
        saying.say(session, say.CareAdviceGiven, call, who, now, heard_by=_by(who))
    return call


@asked(say.RecordNoAnswer)
def no_answer(session: Session, who: Principal, command: Command, now: datetime) -> CareCall:
    """After the tries of policy key care.no_answer somebody has to go there the same day. Errors: as `Life.begin`."""
    call = CALL.begin(session, who, say.RecordNoAnswer, command)
    call.tries += 1
    CALL.advance(call)
    if call.tries < policy(now).value(NO_ANSWER)["tries_same_day"]:
        return CALL.done(session, who, call, now, say.CareCallTried)
    CALL.move(call, "unanswered")
    return CALL.done(session, who, call, now, say.CareCallUnanswered)


@asked(say.RecordCareVisit)
def visit(session: Session, who: Principal, command: Command, now: datetime) -> CareCall:
    """Errors: as `Life.begin`."""
    call = CALL.begin(session, who, say.RecordCareVisit, command)
    return _found(session, who, call, command, now, "seen", say.CareVisitMade)


@asked(say.RecordFamilyAsked)
def ask_family(session: Session, who: Principal, command: Command, now: datetime) -> CareCall:
    """Errors: as `Life.begin`."""
    call = CALL.begin(session, who, say.RecordFamilyAsked, command)
    return _found(session, who, call, command, now, "reached", say.CareFamilyAsked)


def _found(
    session: Session, who: Principal, call: CareCall, command: Command, now: datetime, well: str, fact: Any
) -> CareCall:
    """A rung of the ladder: `well`, a flag of the command and the move of its name, says whether it ends here."""
    call.found = command["found"]
    if command[well]:
        CALL.move(call, well)
        call.until(None, now)
    return CALL.done(session, who, call, now, fact, by=_by(who), **{well: command[well]})


@asked(say.RecordSearch)
def search(session: Session, who: Principal, command: Command, now: datetime) -> CareCall:
    """The last rung. Errors: as `Life.begin`; Invalid where both witnesses are one."""
    call = CALL.begin(session, who, say.RecordSearch, command)
    witnesses = [command["first_witness"], command["second_witness"]]
    Invalid.where(second_witness=len(set(witnesses)) < len(witnesses) and "要有两位见证人")
    call.found, call.witnesses = command["found"], witnesses
    call.until(None, now)
    return CALL.done(session, who, call, now, say.CareSearchMade, by=_by(who))


def _by(who: Principal) -> dict[str, str]:
    return {"id": who.id, "name": who.name}


@standing_of.register
def _round(row: CareRound) -> Standing:
    open_ = row.state == R.OPEN
    return Standing(
        kind=say.CareRoundView.about.kind, state=row.state, number=row.number,
        due=row.due_at if open_ else None, waits=CALLERS if open_ else (),
    )  # fmt: skip


@standing_of.register
def _call(row: CareCall) -> Standing:
    return Standing(
        kind=say.CareCallView.about.kind, state=row.state, number=row.number, due=row.due_at,
        waits=WAITS.get(C(row.state), ()), tally={"round": row.round_number, "tries": str(row.tries)},
    )  # fmt: skip
