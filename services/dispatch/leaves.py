"""Leave of receivers: recorded, listed, ended; what was sent to somebody who is away goes on to who is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import leaves
from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked, every
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.store import take
from contracts.dispatch.leaves import EndReceiverLeave, ListReceiverLeaves, RecordReceiverLeave
from contracts.dispatch.tasks import WhistleTaskAssigned
from kernel.codes import TaskState
from services.dispatch import access, assignment, facts, rosters
from services.dispatch.rosters import ReceiverLeave
from services.dispatch.tables import Receiver, Task, Unit

Command = dict[str, Any]
View = dict[str, Any]
BATCH = 100
"""Most tasks handed over in one transaction."""


@asked(RecordReceiverLeave)
def record(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Away from `from_at` to `until`: new whistles go to the deputy, unsigned ones too from then on. Audited.

    Errors: NotFound (unit); Forbidden for others than the person, the unit's head, and the community, street or
    district at the unit's place; Invalid (nobody of the roster, times); Conflict (already away then).
    """
    unit = _unit(session, who, command["unit"], command["person_id"])
    receiver = session.get(Receiver, (unit.code, command["person_id"]))
    if receiver is None or not receiver.active:
        raise Invalid.because({"person_id": ["此人不在该单位的接哨员名册上"]})
    span = leaves.span(session, ReceiverLeave, receiver.person_id, command, now)
    row = ReceiverLeave(**span, recorded_by=facts.person(who))
    session.add(row)
    session.flush()
    _note(session, who, now, "receiver_leave_recorded", unit, row)
    hand_over(session, who, now)
    return _view(row, receiver)


@asked(EndReceiverLeave)
def end(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Back earlier, or a leave that is not taken (then it ends as it begins). Errors: NotFound, Forbidden, Conflict."""
    row = take(session, ReceiverLeave, command["leave_id"])
    unit = _unit(session, who, command["unit"], row.person_id)
    receiver = session.get(Receiver, (unit.code, row.person_id))
    if receiver is None:
        raise Invalid.because({"unit": ["此人不在该单位的接哨员名册上"]})
    row.end(now)
    session.flush()
    _note(session, who, now, "receiver_leave_ended", unit, row)
    return _view(row, receiver)


@asked(ListReceiverLeaves)
def listing(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Leaves of a unit's receivers that have not ended. Errors: NotFound, Forbidden as for `record`."""
    unit = _unit(session, who, command["unit"], who.id)
    query = (
        select(ReceiverLeave, Receiver)
        .join(Receiver, Receiver.person_id == ReceiverLeave.person_id)
        .where(Receiver.unit_code == unit.code, ReceiverLeave.until > now)
        .order_by(ReceiverLeave.from_at, ReceiverLeave.id)
    )
    return {"items": [_view(row, receiver) for row, receiver in session.execute(query)], "next_cursor": None}


@every(seconds=30)
def hand_over(session: Session, who: Principal, now: datetime) -> int:
    """Tasks not yet signed whose receiver is away go to who of the unit is there, up to a batch. How many.

    Their clocks run on. Where nobody else is there, the task stays named as it is, and the ladder goes on.
    """
    waiting = (
        select(Task)
        .where(Task.state == TaskState.ASSIGNED, Task.receiver["id"].astext.in_(leaves.away(ReceiverLeave, now)))
        .order_by(Task.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return sum(_passed_on(session, who, task, now) for task in session.scalars(waiting).all())


def _passed_on(session: Session, who: Principal, task: Task, now: datetime) -> bool:
    was = task.receiver or {}
    next_one = rosters.receiver_for(session, task.unit_code, task.whistle.kind, now)
    next_one = next_one or rosters.deputy_for(session, task.unit_code, now)
    if next_one is None:
        return False
    task.receiver = next_one
    assignment.log(session, task, None, now, f"{was.get('name')}请假，由{next_one['name']}接哨，时限不变")
    facts.tell_task(session, WhistleTaskAssigned, task, who, now, **assignment.order(session, task))
    return True


def _unit(session: Session, who: Principal, code: str, person_id: str) -> Unit:
    unit = take(session, Unit, code)
    concern = access.Concern(session, code, unit.area_path, person_id)
    permit(who, RecordReceiverLeave, concern, access.TESTS)
    return unit


def _note(session: Session, who: Principal, now: datetime, act: str, unit: Unit, row: ReceiverLeave) -> None:
    span = {"person": row.person_id, "from_at": row.from_at.isoformat(), "until": row.until.isoformat()}
    audit.note(session, who, now, act, f"unit:{unit.code}", "接哨员请假", **span)


def _view(row: ReceiverLeave, receiver: Receiver) -> View:
    who = rosters.person(receiver)
    return {"id": row.id, "person": who, "from_at": row.from_at, "until": row.until, "recorded_by": row.recorded_by}
