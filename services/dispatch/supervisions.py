"""Supervision 督办: ordered, answered, decided by the level over the unit, lifted.

A task's lock comes before its orders': whoever orders holds the task, so there is one order a task, cause and cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import DispatchDeadlineApproaching
from contracts.department_codes import TaskChange
from contracts.dispatch import supervisions as say
from contracts.dispatch.supervisions import SupervisionCause as Cause
from contracts.dispatch.supervisions import SupervisionLevel as Level
from contracts.dispatch.supervisions import SupervisionState as S
from kernel.calendar import due_words
from kernel.codes import Role, TaskState, UnitKind
from kernel.numbering import area_of, next_number
from services.dispatch import access, assignment, clocks, departments, facts, locks, states
from services.dispatch.supervision_tables import OPEN, Supervision, SupervisionReply
from services.dispatch.tables import NumberCounter, Task, Unit, Whistle

Command = dict[str, Any]
NOT_ASKED = frozenset({TaskState.REASSIGNED, TaskState.CANCELLED, TaskState.WAIVED})
"""Tasks the unit does not answer for any more."""
LEVELS = "levels of supervision"


class Wanted(NamedTuple):
    """What is to be answered for: a task, by which of its cycles, and what is demanded."""

    task: Task
    cycle: str
    demand: str


def _hold(session: Session, asked: Mapping[str, Any]) -> Supervision | None:
    """Locked behind its task where something changes."""
    query = select(Supervision).where(Supervision.case_number == asked["number"])
    row = session.scalars(query).one_or_none()
    if row is None or "expected_version" not in asked:
        return row
    locks.hold_task(session, row.task_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


LIFE: Life[Supervision, S] = Life(
    Supervision,
    S.ISSUED,
    {
        say.ReplySupervision: Move({S.ISSUED}, S.REPLIED),
        say.AcceptSupervision: Move({S.REPLIED}, S.ACCEPTED),
        say.ReturnSupervision: Move({S.REPLIED}, S.ISSUED),
        say.LiftSupervision: Move(OPEN, S.LIFTED),
        "moot": Move(OPEN, S.LIFTED),
    },
    Rules(
        _hold, say.READERS, unknown_number, outbox.record, access.TESTS, due=clocks.due,
        approaching=DispatchDeadlineApproaching,
    ),
    clocks={S.ISSUED: "supervision.reply", S.REPLIED: "supervision.decide"},
    answers=(say.GetSupervision, say.ListSupervisions),
)  # fmt: skip


@asked(say.IssueSupervision)
def issue(session: Session, who: Principal, command: Command, now: datetime) -> Supervision:
    """Errors: NotFound; Forbidden below the level over the unit; Invalid for a unit that was not called, or one that is
    not late; Conflict for a task that is asked of it no more, or beside an open order of the same cause."""
    task = _task(session, who, command)
    row = _written(session, task, Cause(command["cause"]), "", command["demand"])
    permit(who, say.IssueSupervision, row)
    late = task.escalations or task.next_due <= now
    Invalid.where(cause=row.cause == Cause.OVERDUE and not late and "这件哨令没有超时")
    if task.state in NOT_ASKED:
        raise Conflict("这件哨令已不要求该单位办理", state=task.state)
    orders = select(Supervision).where(Supervision.task_id == task.id, Supervision.cause == row.cause)
    earlier = session.scalars(orders).all()
    if still := next((one for one in earlier if one.state in OPEN), None):
        raise Conflict(f"同一原因的督办单{still.number}还没有办结", number=still.number)
    row.level = row.level if who.holds(Role.STREET, at=task.area_path) else Level.DISTRICT
    row.cycle, row.reason = f"HAND{len(earlier) + 1}", command["reason"]
    row.issued_by_id, row.issued_by_name = who.id, who.name
    return _begun(session, who, task, row, now)


def order(session: Session, who: Principal, cause: Cause, wanted: Iterable[Wanted], now: datetime) -> list[Supervision]:
    """By the platform: once a task, cause and cycle, and not beside an open order of the same cause; the new ones.

    Volunteers are not supervised. The caller holds the locks of the tasks.
    """
    asked = [one for one in wanted if one.task.unit.kind != UnitKind.VOLUNTEER_TEAM]
    known = select(Supervision.task_id, Supervision.cycle, Supervision.state).where(Supervision.cause == cause)
    rows = session.execute(known.where(Supervision.task_id.in_([one.task.id for one in asked]))).all() if asked else []
    done, still = {(task, cycle) for task, cycle, _ in rows}, {task for task, _, state in rows if state in OPEN}
    found: list[Supervision] = []
    with session.no_autoflush:  # all of them are one statement a table
        for task, cycle, demand in asked:
            if (task.id, cycle) not in done and task.id not in still:
                still.add(task.id)
                row = _written(session, task, cause, cycle, demand)
                found.append(_begun(session, who, task, row, now))
    return found


def _task(session: Session, who: Principal, command: Command) -> Task:
    """The unit's latest task of the whistle, held. Errors: NotFound; Invalid for a unit that was not called."""
    query = select(Task.id).join(Whistle).where(Whistle.number == command["whistle"])
    called = session.scalars(query.order_by(Task.unit_code == command["unit"], Task.created_at, Task.id)).all()
    if not called:
        raise access.unknown()
    task = locks.hold_task(session, called[-1])
    if not states.TASK.sees(who, task):
        raise access.unknown()
    Invalid.where(unit=task.unit_code != command["unit"] and "这张哨单没有请这个单位")
    return task


def _written(session: Session, task: Task, cause: Cause, cycle: str, demand: str) -> Supervision:
    receiver = (task.receiver or {}).get("id")
    return Supervision(
        task=task, cause=cause, cycle=cycle, demand=demand, level=over(session, task.unit), whistle=task.whistle.number,
        unit_code=task.unit_code, sides=[task.unit_code, *([receiver] if receiver else [])], area_path=task.area_path,
        returns=0, late=False, replies=[],
    )  # fmt: skip


def over(session: Session, unit: Unit) -> Level:
    """The street over units that work within one; over all others the district. Asked once a session."""
    known: dict[str, Level] = session.info.setdefault(LEVELS, {})
    if unit.code not in known:
        known[unit.code] = _over(session, unit)
    return known[unit.code]


def _over(session: Session, unit: Unit) -> Level:
    holds = Unit.area_path.op("@>", is_comparison=True)(unit.area_path)
    streets = select(Unit.code).where(Unit.kind == UnitKind.STREET, Unit.active.is_(True), holds)
    return Level.STREET if session.scalar(streets.limit(1)) else Level.DISTRICT


def _begun(session: Session, who: Principal, task: Task, row: Supervision, now: datetime) -> Supervision:
    row.case_number = next_number(session, NumberCounter, "SO", area_of(row.whistle), now)
    row.created_at = row.updated_at = now
    LIFE.started(session, who, row, now, say.SupervisionOrdered, holder=task.receiver)
    due: Any = row.due_at
    told = f"督办单{row.number}，{due_words(due)}前回复：{row.demand}"
    assignment.log(session, task, who if row.issued_by else None, now, told)
    said = {"order": row.number, "cause": row.cause, "answer_due": due}
    facts.tell_task(session, say.WhistleTaskSupervised, task, who, now, **said)
    departments.tell_change(session, task, TaskChange.SUPERVISED, now, told, order=row.number, answer_due=due)
    return row


@asked(say.ReplySupervision)
def reply(session: Session, who: Principal, command: Command, now: datetime) -> Supervision:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.ReplySupervision, command)
    in_time = row.due_at is None or now <= row.due_at
    row.late = row.late or not in_time
    given = {"text": command["text"], "attachments": command["attachments"]}
    by = {"by_id": who.id, "by_name": who.name}
    row.replies.append(SupervisionReply(no=len(row.replies) + 1, at=now, in_time=in_time, **given, **by))
    told = {"replied_by": facts.person(who), "in_time": in_time, "issued_by": row.issued_by}
    return LIFE.done(session, who, row, now, say.SupervisionAnswered, **told)


@asked(say.AcceptSupervision)
def accept(session: Session, who: Principal, command: Command, now: datetime) -> Supervision:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.AcceptSupervision, command)
    _decided(row, who, now)
    return _ended(session, who, row, command["ending"], now, say.SupervisionAccepted)


@asked(say.ReturnSupervision)
def give_back(session: Session, who: Principal, command: Command, now: datetime) -> Supervision:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.ReturnSupervision, command)
    _decided(row, who, now, command["returned"])
    row.returns += 1
    LIFE.advance(row)
    LIFE.wind(row, now)
    told = {"decided_by": facts.person(who), "holder": row.task.receiver}
    LIFE.done(session, who, row, now, say.SupervisionReturned, **told)
    if row.level == Level.STREET and row.returns >= clocks.policy(now).value("supervision.returns"):
        row.level = Level.DISTRICT
        LIFE.done(session, who, row, now, say.SupervisionRaised)
    return row


@asked(say.LiftSupervision)
def lift(session: Session, who: Principal, command: Command, now: datetime) -> Supervision:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.LiftSupervision, command)
    row.decided_by_id, row.decided_by_name = who.id, who.name
    return _ended(session, who, row, command["ending"], now, say.SupervisionLifted, decided_by=row.decided_by)


def moot(session: Session, who: Principal, task: Task, now: datetime, ending: str) -> None:
    """The task, held by the caller, is asked of the unit no more: nor is an answer."""
    theirs = select(Supervision).where(Supervision.task_id == task.id, Supervision.state.in_(OPEN))
    for row in session.scalars(theirs.order_by(Supervision.id).with_for_update()):
        LIFE.move(row, "moot")
        _ended(session, who, row, ending, now, say.SupervisionLifted, decided_by=None)


def _decided(row: Supervision, who: Principal, now: datetime, returned: str | None = None) -> None:
    last = row.replies[-1]
    last.decided_by_id, last.decided_by_name, last.decided_at, last.returned = who.id, who.name, now, returned
    row.decided_by_id, row.decided_by_name = who.id, who.name


def _ended(
    session: Session, who: Principal, row: Supervision, ending: str | None, now: datetime, fact: Any, **data: Any
) -> Supervision:
    row.ending = ending
    LIFE.advance(row)
    LIFE.wind(row, now)
    LIFE.done(session, who, row, now, fact, **data)
    said = {"order": row.number, "result": row.state}
    facts.tell_task(session, say.WhistleTaskSupervisionEnded, row.task, who, now, **said)
    how = f"督办单{row.number}{S(row.state).label}"
    departments.tell_change(session, row.task, TaskChange.SUPERVISION_ENDED, now, how, order=row.number)
    return row


def _waits(row: Supervision) -> tuple[str, ...]:
    if row.state == S.ISSUED:
        return (f"unit:{row.unit_code}",)
    deciders = ("role:STREET", "role:DISTRICT") if row.level == Level.STREET else ("role:DISTRICT",)
    return deciders if row.state == S.REPLIED else ()


@standing_of.register
def _stands(row: Supervision) -> Standing:
    """Who ordered and who answered keep it in sight."""
    people = {"first": row.issued_by_id or "", "handler": row.replies[-1].by_id if row.replies else ""}
    return Standing(
        kind=say.SupervisionView.about.kind, state=row.state, number=row.number, parent=str(row.task_id),
        due=row.due_at, waits=_waits(row),
        tally={"unit": row.unit_code, "cause": row.cause, "level": row.level, **people},
    )  # fmt: skip
