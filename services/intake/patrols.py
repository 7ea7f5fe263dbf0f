"""Patrols 巡查 (domain §1.2 rows 12 and 22): opened by the clock, done on a phone, told of when missed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake import patrols as say
from contracts.intake.patrol_plans import PatrolPlanState
from contracts.intake.patrols import PatrolResult as R
from contracts.intake.patrols import PatrolState as S
from contracts.intake.raising import CameOf
from kernel.calendar import at, end_of, local_day
from kernel.codes import Channel
from kernel.numbering import next_number
from services.intake import areas, courtyards, facts, patrol_findings, policy, posts, raising
from services.intake.patrol_plans import PatrolPlan
from services.intake.tables import NumberCounter, Patrol, PatrolPoint

Command = dict[str, Any]
AT_ONCE, NOTE = 50, 500
GRID = ("role:GRID", "role:COMMUNITY")


def _with_the_day(key: str, start: datetime, now: datetime) -> datetime:
    """A patrol is for its day; no working days are counted."""
    return end_of(local_day(start))


LIFE: Life[Patrol, S] = Life(
    Patrol,
    S.OPEN,
    {
        say.RecordPatrol: Move({S.OPEN, S.MISSED}, None),
        say.PatrolToAppeal: Move({S.OPEN, S.MISSED}, None),
        say.PatrolToHazard: Move({S.OPEN, S.MISSED}, None),
        say.CallOffPatrol: Move({S.OPEN}, S.CALLED_OFF, say.PatrolCalledOff),
        "settled": Move({S.OPEN, S.MISSED}, S.DONE),
        "missed": Move({S.OPEN}, S.MISSED, say.PatrolMissed, when_due=True),
    },
    Rules(
        by_number(Patrol),
        say.READERS,
        unknown_number,
        facts.tell,
        due=_with_the_day,
        approaching=IntakeDeadlineApproaching,
    ),
    clocks={S.OPEN: "patrol.from"},
    answers=(say.GetPatrol, say.ListPatrols),
)


@every(seconds=5)
def open_patrols(session: Session, who: Principal, now: datetime) -> None:
    """Today's patrol of every plan that has one today, from the hour of policy key patrol.from on.

    A plan in another replica's hands is passed over. A day on which nothing ran has no patrols: nobody could go.
    """
    today = local_day(now)
    if now < at(today, time.fromisoformat(policy.rules(now).value("patrol.from"))):
        return
    unseen = or_(PatrolPlan.looked_on.is_(None), PatrolPlan.looked_on < today)
    plans = select(PatrolPlan).where(PatrolPlan.state == PatrolPlanState.ACTIVE, unseen).order_by(PatrolPlan.id)
    for plan in session.scalars(plans.limit(AT_ONCE).with_for_update(skip_locked=True)):
        plan.looked_on = today
        if plan.falls_on(today):
            _open(session, who, plan, today, now)


def _open(session: Session, who: Principal, plan: PatrolPlan, day: date, now: datetime) -> None:
    walkers = _sent(session, plan, day, now)
    names = policy.rules(now).value("patrol.checklists")[plan.theme]
    patrol = Patrol(
        plan_id=plan.id, plan_number=plan.number, day=day, theme=plan.theme, area_path=plan.area_path,
        walker_ids=[key for key, _ in walkers], walker_names=[name for _, name in walkers],
        created_at=now,
        points=[PatrolPoint(place=place, name=name, photos=[]) for place, name in enumerate(names)],
    )  # fmt: skip
    area = areas.find(session, plan.area_path, now)
    patrol.case_number = next_number(session, NumberCounter, "P", area.area4, now)
    LIFE.started(session, who, patrol, now, say.PatrolOpened, checklist=len(names), walkers=patrol.walkers)


def _sent(session: Session, plan: PatrolPlan, day: date, now: datetime) -> list[tuple[str, str]]:
    """Those of the team who stand in its rota; else who holds the post nearest to the place and is there."""
    if plan.team_number:
        return courtyards.in_rota(session, plan.team_number, day)
    post = posts.responsible(session, plan.area_path)
    holder = post.present(now) if post else None
    return [(holder.person_id, holder.name)] if holder else []


@asked(say.RecordPatrol)
def record_patrol(session: Session, who: Principal, command: Command, now: datetime) -> Patrol:
    """Errors: as `Life.begin`; Conflict when it is too late; Invalid for a point not open, or one found unexplained."""
    patrol, result = _begun(session, who, say.RecordPatrol, command, now), str(command["result"])
    names = list(dict.fromkeys(command["open_points"]))
    looked_at = [one for one in patrol.points if one.name in names and one.is_open]
    Invalid.where(
        open_points=len(looked_at) != len(names) and "有的检查点不在检查表上，或者已经记过",
        note=result == R.FOUND and not command["note"] and "请写明发现了什么问题",
    )
    for point in looked_at:
        _see(point, who, result, command["note"], command, now)
    LIFE.done(session, who, patrol, now, say.PatrolRecorded, looked_at=len(names), result=result)
    return _settled(session, who, patrol, now)


@asked(say.PatrolToAppeal)
def to_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Patrol:
    """Errors: as `Life.begin`, `register_appeal`; Invalid for a point that is not open."""
    patrol, point = _at_point(session, who, say.PatrolToAppeal, command, command["content"], now)
    number = raising.appeal(session, who, say.PatrolToAppeal, command, patrol.area_path, Channel.PATROL, now)
    return _came_of(session, who, patrol, point, CameOf.APPEAL, number, now)


@asked(say.PatrolToHazard)
def to_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Patrol:
    """Errors: as `Life.begin`, `report_hazard`; Invalid for a point that is not open."""
    patrol, point = _at_point(session, who, say.PatrolToHazard, command, command["description"], now)
    number = raising.hazard(session, who, say.PatrolToHazard, command, patrol.area_path, now)
    return _came_of(session, who, patrol, point, CameOf.HAZARD, number, now)


def _begun(session: Session, who: Principal, contract: Any, command: Command, now: datetime) -> Patrol:
    patrol = LIFE.begin(session, who, contract, command)
    if now > policy.due("patrol.late", end_of(patrol.day), now):
        raise Conflict("这次巡查过去太久，不能再补了", day=patrol.day.isoformat())
    return patrol


def _see(point: PatrolPoint, who: Principal, result: str, note: str | None, command: Command, now: datetime) -> None:
    point.result, point.note, point.place_text = result, note, command["place_text"]
    point.photos, point.at, point.by_id, point.by_name = command.get("photos", []), now, who.id, who.name


def _at_point(
    session: Session, who: Principal, contract: Any, command: Command, words: str, now: datetime
) -> tuple[Patrol, PatrolPoint]:
    """An open point; what nobody has recorded there is recorded with the words it is raised with."""
    patrol = _begun(session, who, contract, command, now)
    point = next((one for one in patrol.points if one.name == command["found_point"] and one.is_open), None)
    if point is None:
        raise Invalid.because({"found_point": ["这个检查点不在检查表上，或者已经记过"]})
    if point.result is None:
        _see(point, who, R.FOUND, words[:NOTE], command, now)
    return patrol, point


def _came_of(
    session: Session, who: Principal, patrol: Patrol, point: PatrolPoint, kind: CameOf, number: str, now: datetime
) -> Patrol:
    point.came_of = number
    LIFE.done(session, who, patrol, now, say.PatrolLedTo, kind=kind, raised=number)
    return _settled(session, who, patrol, now)


def _settled(session: Session, who: Principal, patrol: Patrol, now: datetime) -> Patrol:
    """Done when every point was seen and everything found was raised."""
    if patrol.settled < patrol.total:
        return patrol
    patrol.late = patrol.state == S.MISSED
    LIFE.move(patrol, "settled")
    LIFE.wind(patrol, now)
    facts.tell(session, say.PatrolDone, patrol, who, now)
    patrol_findings.watch(session, who, patrol, now)
    return patrol


@standing_of.register
def _stands(patrol: Patrol) -> Standing:
    return Standing(
        kind=say.PatrolView.about.kind, state=patrol.state, number=patrol.number, due=patrol.due_at,
        waits=_waits(patrol) if patrol.state == S.OPEN else (),
        tally={"theme": patrol.theme, "found": str(patrol.found), "plan": patrol.plan_number},
    )  # fmt: skip


def _waits(patrol: Patrol) -> tuple[str, ...]:
    """What is found waits for the grid as well: volunteers raise no cases. A patrol that is nobody's is the grid's."""
    walkers = tuple(f"person:{each}" for each in patrol.walker_ids)
    return (*walkers, *GRID) if not walkers or any(one.to_raise for one in patrol.points) else walkers
