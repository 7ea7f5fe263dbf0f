"""Objections 派单异议: with the legal basis, once, in time; the street decides (domain §3.4, §3.6 inv. 3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.department_codes import TaskChange
from contracts.dispatch.objections import DecideObjection, ObjectTask, WhistleTaskObjected, WhistleTaskObjectionDecided
from kernel.calendar import due_words
from kernel.codes import ObjectionDecision, OverdueStage, TaskRole, TaskState, WhistleKind
from services.dispatch import (
    assignment,
    clocks,
    departments,
    duties,
    facts,
    locks,
    states,
    supervisions,
    task_links,
    units,
)
from services.dispatch.stages import WORK_DONE
from services.dispatch.tables import Objection, Task, Unit

Command = dict[str, Any]


_TAKES_ON = frozenset(
    {TaskState.ASSIGNED, TaskState.SIGNED, TaskState.OBJECTED, TaskState.REPORTED_IN, TaskState.FINISHED}
)
_GIVEN_UP = frozenset({TaskState.REASSIGNED, TaskState.CANCELLED})


@asked(ObjectTask)
def raise_objection(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """Not our duty. In an emergency the work goes on meanwhile; otherwise the unit's clocks stand.

    Errors: as `Life.begin`; Conflict (too late, a second time); Invalid (proposed unit).
    """
    task = states.begin(session, who, ObjectTask, command)
    _refuse_repeated(session, task)
    works_on = task.whistle.kind == WhistleKind.EMERGENCY
    _refuse_late(task, now)
    task.objection = _written(session, who, task, command, now)
    if not works_on:
        task.receiver = facts.person(who)
        clocks.met(session, task, OverdueStage.SIGN, now)
        clocks.stand(session, task, now)
    said = {"reason_code": command["reason_code"], "proposed_unit": command.get("proposed_unit")}
    return states.done(session, who, task, now, WhistleTaskObjected, **said, work_continues=works_on)


@asked(DecideObjection)
def decide(session: Session, who: Principal, command: Command, now: datetime) -> Task:
    """The street or the district settles whose duty it is. Upheld: another unit, a new task, clocks of its own.

    A unit that was called already gets no second task: its own takes the share.

    Errors: as `Life.begin`; Invalid (new unit).
    """
    task = states.begin(session, who, DecideObjection, command)
    objection = task.objection
    assert objection is not None  # `states` rules the command out where there is none
    objection.decision, objection.decision_reason = command["decision"], command["reason"]
    objection.decided_by, objection.decided_at = facts.person(who), now
    if command["decision"] == ObjectionDecision.REJECTED:
        _rejected(session, who, task, now)
    else:
        _upheld(session, who, task, _designated(session, task, command, now), now)
    return task


def _refuse_repeated(session: Session, task: Task) -> None:
    origin, unit = task.whistle.source_id, task.unit_code
    locks.take_turns(session, "objection", origin, unit)
    earlier = select(Objection.task_id).where(Objection.origin_id == origin, Objection.unit_code == unit)
    if session.scalar(earlier) is not None:
        raise Conflict("该单位对同一事项已提过异议，不得再提", unit=unit)


def _refuse_late(task: Task, now: datetime) -> None:
    due = clocks.objection_due(task, task.whistle.kind, now)
    if now > due:
        raise Conflict(f"提出异议的时限（{due_words(due)}）已过", due_at=due.isoformat())


def _written(session: Session, who: Principal, task: Task, command: Command, now: datetime) -> Objection:
    proposed = command.get("proposed_unit")
    if proposed is not None:
        units.callable_units(session, [proposed], "proposed_unit")
        if proposed == task.unit_code:
            raise Invalid.because({"proposed_unit": ["应为其他单位"]})
    return Objection(
        task_id=task.id,
        origin_id=task.whistle.source_id,
        unit_code=task.unit_code,
        reason_code=command["reason_code"],
        legal_basis=command["legal_basis"],
        proposed_unit=proposed,
        objected_by=facts.person(who),
        objected_at=now,
    )


def _rejected(session: Session, who: Principal, task: Task, now: datetime) -> None:
    was_waiting = task.state == TaskState.OBJECTED
    states.move(task, "dismiss")
    if was_waiting:
        task.signed_at = now
        clocks.go_on(session, task, now)
    _tell(session, who, task, now, None)


def _upheld(session: Session, who: Principal, task: Task, unit: Unit, now: datetime) -> None:
    """Work already done stays with who did it, to be confirmed and rated; the decision is for the record then."""
    if task.state in WORK_DONE:
        states.move(task, "uphold_late")
        states.done(
            session, who, task, now, WhistleTaskObjectionDecided,
            decision=ObjectionDecision.UPHELD, new_task_id=None, new_unit=unit.code,
        )  # fmt: skip
        _tell_unit(session, task, TaskChange.OBJECTION_UPHELD, now)
        return
    duty = duties.gate(session, task.whistle.duty_item, [unit], now)
    states.move(task, "uphold")
    clocks.stop_all(session, task, now)
    supervisions.moot(session, who, task, now, "异议成立，改由其他单位办理")
    known = _called_already(task, unit.code)
    if known is not None:
        _take_share(session, known, task, now)
        _tell(session, who, task, now, known)
        departments.tell_change(session, known, TaskChange.SHARE_ADDED, now, _share(task))
        return
    fresh = assignment.reassigned(session, task, unit, now)
    _tell(session, who, task, now, fresh)
    assignment.tell(session, fresh, who, now, duty)


def _called_already(task: Task, code: str) -> Task | None:
    """The named unit's own task of this whistle that can still take the share on."""
    return next((other for other in task.whistle.tasks if other.unit_code == code and other.state in _TAKES_ON), None)


def _take_share(session: Session, known: Task, old: Task, now: datetime) -> None:
    """One unit, one task: the share is told on it, the lead passes to it, and a limit to finish it did not have."""
    assignment.log(session, known, None, now, _share(old))
    if old.role == TaskRole.LEAD:
        known.role = TaskRole.LEAD
    if known.finish_within is None and old.finish_within is not None:
        known.finish_within = old.finish_within
        clocks.start_finish(session, known, known.whistle, now)
        known.next_due = clocks.waited_for(known)


def _share(old: Task) -> str:
    reason = old.objection.decision_reason if old.objection else None
    return f"{old.unit.name}的异议成立，其承办部分由本单位一并办理：{reason}"


def _designated(session: Session, task: Task, command: Command, now: datetime) -> Unit:
    code = command.get("new_unit") or (task.objection.proposed_unit if task.objection else None)
    if code is None:
        raise Invalid.because({"new_unit": ["异议成立时必须指定承办单位"]})
    unit = units.callable_units(session, [code], "new_unit")[code]
    if code == task.unit_code:
        raise Invalid.because({"new_unit": ["应为其他单位"]})
    if any(other.unit_code == code and other.state in _GIVEN_UP for other in task.whistle.tasks):
        raise Invalid.because({"new_unit": ["该单位在此哨单中的哨令已改派或取消"]})
    return unit


def _tell(session: Session, who: Principal, task: Task, now: datetime, fresh: Task | None) -> None:
    decision = ObjectionDecision.UPHELD if fresh else ObjectionDecision.REJECTED
    new = {"new_task_id": fresh.id if fresh else None, "new_unit": fresh.unit_code if fresh else None}
    heard = {"decision": decision, "written_to": task_links.written_to(session, task)}
    states.done(session, who, task, now, WhistleTaskObjectionDecided, **heard, **new)
    _tell_unit(session, task, TaskChange.OBJECTION_UPHELD if fresh else TaskChange.OBJECTION_REJECTED, now)


def _tell_unit(session: Session, task: Task, change: TaskChange, now: datetime) -> None:
    departments.tell_change(session, task, change, now, task.objection.decision_reason if task.objection else None)
