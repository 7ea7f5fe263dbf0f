"""Who may do what with a whistle or a task: role, node and item, checked here and nowhere trusted (domain §3.2).

What somebody may not see does not exist for them: NotFound. Forbidden is for those who see it and may not act.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from chassis.errors import Forbidden, NotFound
from chassis.identity import Principal
from kernel.codes import Role, WhistleKind
from services.dispatch.tables import Receiver, Task, Whistle

WHISTLING = (Role.COMMUNITY, Role.WHISTLER, Role.STREET, Role.DISTRICT)
"""Roles that stand on the whistler's side of a whistle, at its place or above."""

APPROVING = (Role.STREET, Role.DISTRICT)
READING = (*WHISTLING, Role.GRID, Role.AUDITOR)


def rosters(session: Session, who: Principal) -> frozenset[str]:
    """The units whose roster names `who` today and where `who` holds the role of receiver."""
    if not who.holds(Role.RECEIVER):
        return frozenset()
    listed = select(Receiver.unit_code).where(Receiver.person_id == who.id, Receiver.active.is_(True))
    return frozenset(unit for unit in session.scalars(listed) if who.holds(Role.RECEIVER, unit=unit))


def require_receiver(session: Session, who: Principal, task: Task) -> None:
    """Errors: Forbidden for anybody who is not on the roster of the task's unit; NotFound for who may not see it."""
    if task.unit_code not in rosters(session, who):
        require_task_reader(session, who, task)
        raise Forbidden("只有该单位名册上的接哨员可以办理此哨令", roles=[Role.RECEIVER], unit=task.unit_code)


def is_whistler(who: Principal, whistle: Whistle) -> bool:
    """Those at its place or above; the grid worker too for a danger, or for a whistle of their own."""
    own = whistle.drafted_by["id"] == who.id or whistle.kind == WhistleKind.EMERGENCY
    roles = (*WHISTLING, Role.GRID) if own else WHISTLING
    return _any(who, roles, whistle.area_path)


def require_whistler(who: Principal, whistle: Whistle) -> None:
    """Errors: NotFound for who may not see it; Forbidden, naming the roles and the place."""
    if not is_whistler(who, whistle):
        _require_sight(who, whistle)
        who.require(*WHISTLING, at=whistle.area_path)


def is_approver(who: Principal, whistle: Whistle) -> bool:
    """The street above the whistle's place, or the district."""
    return _any(who, APPROVING, whistle.area_path)


def require_approver(who: Principal, whistle: Whistle) -> None:
    """Errors: NotFound for who may not see it; Forbidden, naming the roles and the place."""
    _require_sight(who, whistle)
    who.require(*APPROVING, at=whistle.area_path)


def belongs(who: Principal, task: Task) -> bool:
    """Whether `who` is of the task's unit, or is the one who received it."""
    return task.unit_code in who.units or (task.receiver is not None and task.receiver["id"] == who.id)


def refuse_own_unit(who: Principal, task: Task) -> None:
    """Nobody checks, rates or decides on their own unit (domain §3.6 inv. 7). Errors: Forbidden."""
    if belongs(who, task):
        raise Forbidden("不能核实、裁定或评价本单位的哨令", unit=task.unit_code)


def may_read_at(who: Principal, place: str) -> bool:
    return _any(who, READING, place)


def of_unit(session: Session, who: Principal, unit_code: str) -> bool:
    """Whether `who` works on the unit's tasks: on its roster, or its head."""
    return who.holds(Role.DEPT_HEAD, unit=unit_code) or unit_code in rosters(session, who)


def require_task_reader(session: Session, who: Principal, task: Task) -> None:
    """The unit itself, and those who answer for the place. Errors: NotFound for everybody else."""
    if not reads_whole(session, who, task):
        raise unknown()


def reads_whole(session: Session, who: Principal, task: Task) -> bool:
    """Whether `who` reads what the task says of its unit's work: its ratings, notes, evidence and objection too."""
    return may_read_at(who, task.area_path) or of_unit(session, who, task.unit_code)


def unknown() -> NotFound:
    """What is answered for a whistle or a task that does not exist, or not for the asker."""
    return NotFound("没有找到对应的记录")


def require_whistle_reader(session: Session, who: Principal, whistle: Whistle) -> None:
    """Those who answer for the place, and the units that were called. Errors: NotFound for everybody else."""
    called = (task.unit_code for task in whistle.tasks)
    if not may_read_at(who, whistle.area_path) and not any(of_unit(session, who, unit) for unit in called):
        raise unknown()


def _require_sight(who: Principal, whistle: Whistle) -> None:
    """Errors: NotFound for who neither answers for the place nor is of a unit called."""
    if not may_read_at(who, whistle.area_path) and not any(belongs(who, task) for task in whistle.tasks):
        raise unknown()


def in_sight(who: Principal, place: Any) -> ColumnElement[bool]:
    """The condition that a row lies where `who` answers for things. Errors: Forbidden for those who answer nowhere."""
    nodes = sorted({grant.node for grant in who.grants if grant.role in READING})
    if not nodes:
        raise Forbidden("您没有查看哨单哨令的权限", roles=list(READING))
    return or_(*(place.within(node) for node in nodes))


def _any(who: Principal, roles: Iterable[str], place: str) -> bool:
    return any(who.holds(role, at=place) for role in roles)
