"""What dispatch holds about a person: words about the person's cases, and no name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.holdings import Held, Holding, Kept, Subject
from chassis.erased import GONE
from contracts.dispatch.holdings import CopyFromDispatch, DispatchErased
from contracts.intake.erasures import ErasureOrdered
from kernel.codes.holdings import Keeping
from services.dispatch import states
from services.dispatch.department_tables import DepartmentReply
from services.dispatch.supervision_tables import OPEN, Supervision, SupervisionReply
from services.dispatch.tables import Note, Task, Whistle


def _whistles(session: Session, subject: Subject) -> Iterable[Whistle]:
    return session.scalars(select(Whistle).where(Whistle.case_number.in_(subject.numbers)))


def _tasks(session: Session, subject: Subject) -> Iterable[Task]:
    return session.scalars(select(Task).join(Task.whistle).where(Whistle.case_number.in_(subject.numbers)))


def _parts(model: Any) -> Any:
    """Rows of the tasks of the person's cases."""

    def rows(session: Session, subject: Subject) -> Iterable[Any]:
        ended = Whistle.state.in_(states.WHISTLE.terminal)
        tasks = select(Task.id).join(Task.whistle).where(Whistle.case_number.in_(subject.numbers), ended)
        return session.scalars(select(model).where(model.task_id.in_(tasks)))

    return rows


def _orders(session: Session, subject: Subject) -> Iterable[Supervision]:
    theirs = select(Supervision).join(Supervision.task).join(Task.whistle)
    return session.scalars(theirs.where(Whistle.case_number.in_(subject.numbers)))


def _replies(session: Session, subject: Subject) -> Iterable[SupervisionReply]:
    return (reply for order in _orders(session, subject) if order.state not in OPEN for reply in order.replies)


def _runs(whistle: Whistle, now: datetime) -> Kept | None:
    return None if whistle.state in states.WHISTLE.terminal else Kept(Keeping.RUNNING)


HOLDINGS = (
    Holding(
        "哨单", _whistles, {"为什么吹哨": "reason", "请做什么": "asked_action_text", "地点": "asked_place_text"},
        {"reason": GONE, "asked_action_text": GONE, "asked_place_text": GONE, "decision_reason": GONE},
        _runs, lambda whistle: whistle.number,
    ),
    Holding(
        "哨令", _tasks, {"结果": "result_text"}, {"result_text": GONE, "geo": None},
        lambda task, now: _runs(task.whistle, now), lambda task: task.whistle.number,
    ),
    Holding("办理记录", _parts(Note), {"内容": "text"}, {"text": GONE}, number=lambda note: ""),
    Holding(
        "督办单", _orders, {"要求": "demand", "理由": "reason", "结论": "ending"},
        {"demand": GONE, "reason": GONE, "ending": GONE},
        lambda order, now: Kept(Keeping.RUNNING) if order.state in OPEN else None, lambda order: order.number,
    ),
    Holding("督办回复", _replies, {"内容": "text"}, {"text": None, "returned": GONE}, number=lambda reply: ""),
    Holding("部门回哨原文", _parts(DepartmentReply), {}, {"body": None}, number=lambda reply: ""),
)  # fmt: skip

HELD = Held(CopyFromDispatch, ErasureOrdered, DispatchErased, HOLDINGS)
