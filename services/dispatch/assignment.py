"""A unit gets its task 哨令: made with its clocks, told to everybody, and sent to the department's own queue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from chassis.identity import Principal
from chassis.store import new_id
from contracts.department_codes import TaskChange
from contracts.dispatch.tasks import WhistleTaskAssigned
from kernel.codes import TaskRole
from services.dispatch import clocks, departments, duties, facts, rosters, states, task_links
from services.dispatch.catalogue_tables import DutyItem
from services.dispatch.tables import Note, Recipient, Task, Unit, Whistle
from services.dispatch.task_tables import TaskPart


def made(session: Session, whistle: Whistle, asked: Recipient, now: datetime) -> Task:
    """The task of one recipient of a whistle that is being blown."""
    return _new(session, whistle, asked.unit, asked.role, asked.finish_within, now)


def reassigned(session: Session, old: Task, unit: Unit, now: datetime) -> Task:
    """A new task in place of an old one, with clocks of its own: they start now. Who called the old one waits on."""
    return _new(session, old.whistle, unit, old.role, old.finish_within, now, old)


def chained(session: Session, parent: Task, unit: Unit, finish: str | None, now: datetime) -> Task:
    """The task of a further body that the unit of `parent` calls: it assists, the lead stays where it is."""
    return _new(session, parent.whistle, unit, TaskRole.ASSIST, finish, now, parent=parent)


def _new(
    session: Session,
    whistle: Whistle,
    unit: Unit,
    role: str,
    finish: str | None,
    now: datetime,
    old: Task | None = None,
    parent: Task | None = None,
) -> Task:
    task = Task(
        id=new_id(),
        whistle=whistle,
        unit=unit,
        unit_code=unit.code,
        role=role,
        finish_within=finish,
        replaces_id=old.id if old else None,
        caller=parent or (old.caller if old else None),
        state=states.TASK.initial,
        receiver=rosters.receiver_for(session, unit.code, whistle.kind, now),
        area_path=whistle.area_path,
        case_number=whistle.case_number,
        **dict.fromkeys(("sign_due", "report_due", "next_due", "created_at", "updated_at"), now),
        rejections=0,
    )
    many = ("notes", "evidence", "escalations", "parts", "further")
    without_parts(task, many, ("objection", "rating", "rating_appeal", "waiver"))
    if role == TaskRole.LEAD:
        task.parts.extend(TaskPart(no=no, name=name, photos=[]) for no, name in enumerate(whistle.parts, 1))
    session.add(task)
    clocks.start(session, task, whistle, now)
    return task


def without_parts(row: Whistle | Task, collections: Iterable[str], parts: Iterable[str] = ()) -> None:
    """A new row has none of these yet: saying so spares asking the store."""
    for name in collections:
        set_committed_value(row, name, [])
    for name in parts:
        set_committed_value(row, name, None)


def tell(session: Session, task: Task, who: Principal, now: datetime, duty: DutyItem | None = None) -> None:
    """Says whistle_task_assigned, puts the order on the department's own queue, and tells who called it further."""
    if duty is not None and task.unit.kind in duties.COMMUNITY_BODIES and duty.terms:
        log(session, task, None, now, _terms(duty))
    facts.tell_task(session, WhistleTaskAssigned, task, who, now, **order(session, task))
    departments.send(session, task, now)
    departments.tell_caller(session, task, TaskChange.FURTHER_CALLED, now)


def order(session: Session, task: Task) -> dict[str, Any]:
    """What whistle_task_assigned says of a task: who is asked for what, and until when."""
    whistle = task.whistle
    dues = {stage: getattr(task, stage) for stage in ("sign_due", "report_due", "finish_due")}
    asked = {"asked_action": whistle.asked_action, "asked_time": whistle.asked_time}
    by_link = task.receiver is not None and task_links.works_by_mail(session, task.unit)
    return {"kind": whistle.kind, "role": task.role, "receiver": task.receiver, "by_link": by_link, **asked, **dues}


def _terms(duty: DutyItem) -> str:
    """A community is asked for an admitted item only together with the terms of its admission (scenario A16)."""
    return f"准入事项 {duty.code} {duty.item}（清单 {duty.catalogue} 第 {duty.line} 行）的准入条件：{duty.terms}"


def log(session: Session, task: Task, who: Principal | None, now: datetime, text: str) -> None:
    """A line in the task's log, which is not read for it."""
    note = Note(task_id=task.id, at=now, by=facts.person(who) if who else None, text=text)
    if "notes" in vars(task):
        task.notes.append(note)
    else:
        session.add(note)
