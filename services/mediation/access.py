"""What decides the named rights of mediation's commands (`by`), and who took something down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, object_session

from chassis.errors import NotFound
from chassis.identity import Principal
from kernel.codes import Role
from kernel.rights import Tests
from services.mediation import conflicts
from services.mediation.facts import ruler
from services.mediation.tables import Agreement, Case


def _is_party(who: Principal, case: Case) -> bool:
    session = object_session(case)
    return session is not None and conflicts.is_party(session, case, who)


def _decides(who: Principal, case: Case) -> bool:
    """On a challenge: the head of the organisation, else the street."""
    decides = ruler(case)
    return who.id == decides if decides else who.holds(Role.STREET, at=case.area_path)


TESTS: Tests = {"party": _is_party, "head": _decides}


def hold(session: Session, asked: Mapping[str, Any]) -> Case | None:
    """The case a command names, itself or by its agreement, locked until commit."""
    key = asked.get("case_id")
    if "agreement_id" in asked:
        agreement = session.get(Agreement, asked["agreement_id"])
        key = agreement and agreement.case_id
    return session.get(Case, key, with_for_update=True) if key else None


def unknown(asked: Any = None) -> NotFound:
    return NotFound("没有找到对应的记录")


def staff(who: Principal) -> dict[str, str]:
    """Who took something down, by display name."""
    return {"id": who.id, "name": who.name}


def taken_down(who: Principal, now: datetime) -> dict[str, Any]:
    return {"recorded_by": staff(who), "at": now}
