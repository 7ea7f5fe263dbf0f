"""Who sees which case: those who answer for its place, and the units that were called to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.identity import Principal
from kernel.areas import is_within
from kernel.codes import Role
from kernel.numbers import normalise
from services.portal.readmodel.tables import CasePage, TaskRow

OF_PLACE = frozenset(
    {Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.WHISTLER, Role.FOLLOWUP, Role.AUDITOR}
)
"""See every case of their place (the services' own readers)."""

OF_DISPUTES = frozenset({Role.MEDIATOR})
"""See a case of their place once it is in mediation."""

OF_UNIT = frozenset({Role.RECEIVER, Role.DEPT_HEAD})
"""See the cases their unit was whistled for, wherever those lie."""


def nodes(who: Principal, roles: frozenset[Role]) -> list[str]:
    """The areas where `who` holds one of the roles."""
    return sorted({grant.node for grant in who.grants if grant.role in roles})


def units(who: Principal) -> list[str]:
    """The units whose tasks `who` works on or answers for."""
    return sorted({grant.unit for grant in who.grants if grant.role in OF_UNIT and grant.unit})


def within(column: Any, places: list[str]) -> ColumnElement[bool]:
    return or_(false(), *(column.within(place) for place in places))


def visible(who: Principal) -> ColumnElement[bool]:
    """The condition on case_page that `who` may see the row: never one that complains of her or her unit."""
    called = select(TaskRow.case_number).where(TaskRow.unit.in_(units(who)))
    ways = [
        within(CasePage.area_path, nodes(who, OF_PLACE)),
        and_(CasePage.mediation_state.is_not(None), within(CasePage.area_path, nodes(who, OF_DISPUTES))),
    ]
    seen = or_(*ways, CasePage.number.in_(called)) if units(who) else or_(*ways)
    return and_(seen, not_(complaining_of(who)))


def complaining_of(who: Principal) -> ColumnElement[bool]:
    """The condition on case_page that the case complains of `who` or of a unit of hers (domain §3.6 inv. 6)."""
    concerned: ColumnElement[bool] = CasePage.against.overlap(sorted(who.sides))
    return concerned


def unconcerned(who: Principal, number: Any) -> ColumnElement[bool]:
    """The condition on a row of a desk that its case does not complain of `who`."""
    concerned: ColumnElement[bool] = number.in_(select(CasePage.number).where(complaining_of(who)))
    return not_(concerned)


def numbers(who: Principal, number: str) -> Select[str]:
    """The number itself where `who` may see its case."""
    return select(CasePage.number).where(CasePage.number == number, visible(who))


def find(session: Session, who: Principal, number: str) -> CasePage:
    """The case of that number, however it is typed.

    Errors: NotFound, whether there is no such case or it is out of sight.
    """
    row = session.scalars(select(CasePage).where(CasePage.number == normalise(number), visible(who))).one_or_none()
    if row is None:
        raise NotFound("没有找到此件，或不在您的查看范围之内")
    return row


def of_place(who: Principal, page: CasePage) -> bool:
    """Whether `who` answers for the place; others, who were called for help, read nobody's name in it."""
    places = nodes(who, OF_PLACE | (OF_DISPUTES if page.mediation_state else frozenset()))
    return any(is_within(page.area_path, place) for place in places)
