"""Who may do what with a mediation case: role, node and item, checked here and nowhere trusted (domain §3.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.errors import Forbidden, NotFound
from chassis.identity import Principal
from chassis.store import expect, take
from kernel.codes import Role
from services.mediation import conflicts
from services.mediation.tables import Agreement, Case

READING = (Role.MEDIATOR, Role.COMMUNITY, Role.GRID, Role.STREET)
"""May see a case of their place. Helpers and parties see nothing here: they get paper, notices and a seat."""

ASKING = (Role.MEDIATOR, Role.COMMUNITY, Role.GRID)
"""May take down who the parties are and whether they are willing: often the grid worker asks at the door."""

MEDIATING = (Role.MEDIATOR, Role.COMMUNITY)
"""May run the case: sessions, agreement, signatures, seal, performance, end."""

APPOINTING = (Role.COMMUNITY, Role.MEDIATOR, Role.STREET)
"""May appoint a mediator, or take down whom the parties chose (人民调解法 art. 19)."""

Command = dict[str, Any]


def case_for(session: Session, who: Principal, key: UUID, roles: tuple[Role, ...], version: int | None = None) -> Case:
    """The case, locked. Errors: NotFound; Forbidden for the wrong role or place, or a party; VersionMismatch."""
    case = take(session, Case, key)
    require(session, who, case, roles)
    return expect(case, version)


def case_of(session: Session, who: Principal, command: Command, roles: tuple[Role, ...]) -> Case:
    """The case a command names. Errors: as `case_for`."""
    return case_for(session, who, command["case_id"], roles, command.get("expected_version"))


def agreement_of(session: Session, who: Principal, command: Command, roles: tuple[Role, ...]) -> Agreement:
    """The agreement a command names, its case locked. The version expected is the case's. Errors: as `case_for`."""
    key = session.get(Agreement, command["agreement_id"])
    if key is None:
        raise NotFound("没有找到对应的记录")
    case_for(session, who, key.case_id, roles, command.get("expected_version"))
    session.refresh(key)
    return key


def require(session: Session, who: Principal, case: Case, roles: tuple[Role, ...]) -> None:
    """Errors: NotFound for who may not see the case; Forbidden, naming role and place; also for somebody whose own
    dispute it is (domain §3.6 inv. 7).
    """
    if not any(who.holds(role, at=case.area_path) for role in READING):
        raise NotFound("没有找到对应的记录")
    who.require(*roles, at=case.area_path)
    if conflicts.is_party(session, case, who):
        raise Forbidden("不能办理本人或近亲属为当事人的案件", case_id=str(case.id))


def staff(who: Principal) -> dict[str, str]:
    """Who took something down, by display name."""
    return {"id": who.id, "name": who.name}


def taken_down(who: Principal, now: datetime) -> dict[str, Any]:
    return {"recorded_by": staff(who), "at": now}
