"""What decides the named rights of dispatch's commands (`by`), and what is shown of a whistle or a task to whom.

What somebody may not see does not exist for them: NotFound. Forbidden is for those who see it and may not act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, object_session

from chassis.errors import NotFound
from chassis.identity import Principal
from contracts.dispatch.base import OFFICES, UNIT
from kernel.codes import Role, TaskState, WhistleKind
from kernel.rights import Tests
from services.dispatch.tables import Receiver, Task

ROSTERS = "rosters"
LAST_REJECTION = 3
"""The whistler rejects twice; the third rejection goes to the district, which alone decides from then on."""


@dataclass(frozen=True)
class Concern:
    """A unit, and perhaps a person of it, as what somebody asks about."""

    session: Session
    unit_code: str
    area_path: str = ""
    person_id: str = ""


def rosters(session: Session, who: Principal) -> frozenset[str]:
    """The units whose roster names `who` today and where `who` holds the role of receiver; asked once a session."""
    known: dict[Principal, frozenset[str]] = session.info.setdefault(ROSTERS, {})
    found = known.get(who)
    if found is None:
        listed = select(Receiver.unit_code).where(Receiver.person_id == who.id, Receiver.active.is_(True))
        units = session.scalars(listed) if who.holds(Role.RECEIVER) else ()
        found = known[who] = frozenset(unit for unit in units if who.holds(Role.RECEIVER, unit=unit))
    return found


def _receives(who: Principal, item: Any) -> bool:
    session = item.session if isinstance(item, Concern) else object_session(item)
    return session is not None and item.unit_code in rosters(session, who)


def _is_danger(who: Principal, item: Any) -> bool:
    whistle = item.whistle if isinstance(item, Task) else item
    return bool(whistle.kind == WhistleKind.EMERGENCY or whistle.drafted_by["id"] == who.id)


def _is_own_side(who: Principal, task: Task) -> bool:
    return task.unit_code in who.units or (task.receiver is not None and task.receiver["id"] == who.id)


TESTS: Tests = {
    "receiver": _receives,
    "head": lambda who, item: who.holds(Role.DEPT_HEAD, unit=item.unit_code),
    "called": lambda who, whistle: any(UNIT.allows(who, task, TESTS) for task in whistle.tasks),
    "danger": _is_danger,
    "own_side": _is_own_side,
    "escalated": lambda who, task: task.rejections >= LAST_REJECTION,
    "rater": lambda who, task: task.rating is not None and task.rating.rater["id"] == who.id,
    "unattended": lambda who, task: task.state in (TaskState.ASSIGNED, TaskState.SIGNED),
}


def unknown(asked: Any = None) -> NotFound:
    """What is answered for a whistle or a task that does not exist, or not for the asker."""
    return NotFound("没有找到对应的记录")


def in_sight(who: Principal, place: Any) -> ColumnElement[bool]:
    """The condition that a row lies where `who` answers for things."""
    nodes = sorted({grant.node for grant in who.grants if grant.role in OFFICES.roles})
    return or_(*(place.within(node) for node in nodes))
