"""Looking things up in the read model: whistles, mediations, and clocks of first contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from chassis.identity import Principal
from services.portal.readmodel import kinds, lists, names, scope
from services.portal.readmodel.tables import Matter

MOST = 50


def whistles(session: Session, who: Principal, *, states: Iterable[str]) -> Sequence[Matter]:
    """Whistles of the cases `who` answers for, the newest first; the first responder's too, wherever blown."""
    mine = scope.within(Matter.area_path, scope.nodes(who, scope.OF_PLACE))
    seen = _numbers(lists.sighted(who).where(or_(mine, Matter.tally["first"].astext == who.id)))
    query = select(Matter).where(Matter.kind == kinds.WHISTLE, Matter.case_number.in_(seen))
    query = query.where(Matter.state.in_(list(states)))
    return session.scalars(query.order_by(Matter.updated_at.desc()).limit(MOST * 2)).all()


def _numbers(roots: Select[Matter]) -> Any:
    found: Any = aliased(Matter, roots.subquery())
    return select(found.number)


def asked_in(session: Session, found: Iterable[Matter], units: dict[str, str]) -> list[dict[str, Any]]:
    """Whistles as lists show them: whom they call to do what, and who drafted them."""
    told = [matter for matter in found if matter.kind == kinds.WHISTLE]
    known = {**names.of_units(session, told, units), **names.of_people(session, told)}
    return [
        {
            "whistle_number": each.number,
            "case_number": each.case_number,
            "area_path": each.area_path,
            "state": each.state,
            "kind": each.tally.get("kind"),
            "asked_action": each.tally.get("action"),
            "asked_time": each.due_at,
            "units": "、".join(known.get(code, code) for code in names.codes_of(each)),
            "drafted_by": known.get(each.tally.get("drafter", "")),
        }
        for each in told
    ]


def in_mediation(session: Session, who: Principal) -> Sequence[Matter]:
    """Mediations that go on in cases in sight, at the places where `who` mediates, the oldest first."""
    mine = scope.within(Matter.area_path, scope.nodes(who, scope.OF_DISPUTES))
    seen = _numbers(lists.sighted(who).where(mine))
    going = (Matter.kind == kinds.MEDIATION, Matter.desks.is_not(None), Matter.case_number.in_(seen))
    return session.scalars(select(Matter).where(*going).order_by(Matter.opened_at).limit(MOST)).all()
