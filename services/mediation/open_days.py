"""Open days 开放日 (domain §2 A15): planned from the recurrences of an organisation, opened and ended by the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.mediation import open_days as say
from contracts.mediation.open_days import DayOffRule
from contracts.mediation.open_days import OpenDayState as S
from contracts.mediation.visits import RegisterVisit
from kernel.calendar import WorkCalendar, at, local, local_day
from kernel.numbering import NO_AREA, next_number
from services.mediation.rules import due, rules
from services.mediation.tables import Member, NumberCounter, OpenDay, Org

Command = dict[str, Any]
AHEAD, A_DAY = "open_day.ahead", timedelta(days=1)
MOVED = "逢休息日，{0:%m月%d日}的改到这天"

LIFE: Life[OpenDay, S] = Life(
    OpenDay,
    S.PLANNED,
    {
        say.MoveOpenDay: Move({S.PLANNED}, None),
        say.ChangeHost: Move({S.PLANNED, S.OPEN}, None),
        say.CallOffOpenDay: Move({S.PLANNED}, S.CALLED_OFF, say.OpenDayCalledOff),
        RegisterVisit: Move({S.OPEN}, None),
        "opened": Move({S.PLANNED}, S.OPEN),
        "ended": Move({S.OPEN}, S.ENDED),
    },
    Rules(by_number(OpenDay), say.READERS, unknown_number, outbox.record),
    answers=(say.GetOpenDay, say.ListOpenDays),
)


@every(seconds=5)
def plan(session: Session, who: Principal, now: datetime) -> None:
    """Every recurrence of every organisation, each day once, as far ahead as policy key open_day.ahead says.

    An organisation in another replica's hands is passed over.
    """
    last = local_day(due(AHEAD, now, now))
    told = select(Org).where(Org.active, func.jsonb_array_length(Org.open_days) > 0).order_by(Org.code)
    for org in session.scalars(told.with_for_update(skip_locked=True)):
        query = select(OpenDay.occasion, OpenDay.told_day).where(OpenDay.org_code == org.code)
        known = {
            (row.occasion, row.told_day)
            for row in session.execute(query.where(OpenDay.day >= local_day(now) - A_DAY * 14))
        }
        for rule in org.open_days:
            for day, told_day in held(rule, local_day(now), last, rules(now).calendar).items():
                if (rule["name"], told_day) not in known and _until(rule, day) > now:
                    _plan(session, who, org, rule, told_day, day, now)


def held(rule: dict[str, Any], first: date, last: date, calendar: WorkCalendar) -> dict[date, date]:
    """The days of a recurrence as told, by the day they are held on, from `first` to `last`.

    Of several that would be held on one day there is one: its own, else the last that is moved there.
    """
    found: dict[date, date] = {}
    around = (first + A_DAY * no for no in range(-14, (last - first).days + 15))
    for told in (day for day in around if _recurs(rule, day)):
        day = _moved(told, rule["on_day_off"], calendar)
        if day is not None and first <= day <= last and found.get(day) != day:
            found[day] = told
    return found


def _recurs(rule: dict[str, Any], day: date) -> bool:
    """By day of the week, or of the month."""
    return day.isoweekday() in rule.get("weekdays", ()) or day.day in rule.get("month_days", ())


def _moved(day: date, rule: str, calendar: WorkCalendar) -> date | None:
    if rule == DayOffRule.HELD or calendar.is_working(day):
        return day
    if rule == DayOffRule.CALLED_OFF:
        return None
    return calendar.next_working(day) if rule == DayOffRule.NEXT_WORKING_DAY else calendar.previous_working(day)


def _plan(
    session: Session, who: Principal, org: Org, rule: dict[str, Any], told_day: date, day: date, now: datetime
) -> None:
    account = org.rota.get(str(told_day.isoweekday()))
    host = next((one for one in org.members if one.account == account and one.active), None)
    row = OpenDay(
        org_code=org.code, org=org, occasion=rule["name"], told_day=told_day, place=rule["place"],
        area_path=org.area_path, note=MOVED.format(told_day) if day != told_day else None,
        host_id=host and host.account, host_name=host and host.name,
    )  # fmt: skip
    _put(row, day, rule["from"], rule["to"])
    row.case_number = next_number(session, NumberCounter, "KO", org.area4 or NO_AREA, now)
    LIFE.started(session, who, row, now, say.OpenDayPlanned, host=row.host)


def _put(row: OpenDay, day: date, opens: str, closes: str) -> None:
    row.day, row.opens_at, row.closes_at = day, at(day, time.fromisoformat(opens)), at(day, time.fromisoformat(closes))


def _until(rule: dict[str, Any], day: date) -> datetime:
    return at(day, time.fromisoformat(rule["to"]))


@every(seconds=5)
def keep_hours(session: Session, who: Principal, now: datetime) -> None:
    """Opens what should be open and ends what is over; after a long absence both in one go."""
    for key, moment, fact in (
        ("opened", OpenDay.opens_at, say.OpenDayOpened),
        ("ended", OpenDay.closes_at, say.OpenDayEnded),
    ):
        come = select(OpenDay).where(OpenDay.state.in_(LIFE.moves[key].sources), moment <= now).order_by(moment)
        for row in session.scalars(come.limit(100).with_for_update(of=OpenDay, skip_locked=True)):
            LIFE.move(row, key)
            told = {"received": row.received} if key == "ended" else {"host": row.host}  # type: ignore[attr-defined]
            LIFE.done(session, who, row, now, fact, **told)
        session.flush()


@asked(say.MoveOpenDay)
def move(session: Session, who: Principal, command: Command, now: datetime) -> OpenDay:
    """Errors: as `Life.begin`; Invalid for a day that has passed."""
    row = LIFE.begin(session, who, say.MoveOpenDay, command)
    Invalid.where(day=command["day"] < local_day(now) and "要在今天以后")
    opens, closes = (f"{local(moment):%H:%M}" for moment in (row.opens_at, row.closes_at))
    _put(row, command["day"], opens, closes)
    row.note = command["note"]
    return LIFE.done(session, who, row, now, say.OpenDayMoved, host=row.host)


@asked(say.ChangeHost)
def change_host(session: Session, who: Principal, command: Command, now: datetime) -> OpenDay:
    """Errors: as `Life.begin`; Conflict for somebody who is no member."""
    row = LIFE.begin(session, who, say.ChangeHost, command)
    member = session.get(Member, (row.org_code, command["host_id"]))
    if member is None or not member.active:
        raise Conflict("主持人应为该组织的成员", host_id=command["host_id"], org=row.org_code)
    row.host_id, row.host_name = member.account, member.name
    return LIFE.done(session, who, row, now, say.OpenDayHostChanged, host=row.host)


@asked(say.ListOpenDayBoard)
def board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The soonest first."""
    place = command["area_path"]
    near = or_(OpenDay.area_path.within(place), OpenDay.area_path.op("@>")(func.text2ltree(place)))
    query = select(OpenDay).where(near, say.ON_BOARD.where(OpenDay, who))
    return paging.page(session, query, command, partial(LIFE.view, session, who), OpenDay.opens_at, OpenDay.id)


@standing_of.register
def _stands(row: OpenDay) -> Standing:
    open_ = row.state == S.OPEN
    waits = (f"person:{row.host_id}",) if row.host_id else ("role:MEDIATOR", "role:COMMUNITY")
    return Standing(
        kind=say.OpenDayView.about.kind, state=row.state, number=row.number,
        due=row.closes_at if open_ else None, waits=waits if open_ else (), tally={"org": row.org_code},
    )  # fmt: skip
