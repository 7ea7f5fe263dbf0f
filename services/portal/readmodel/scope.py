"""Who sees which case: those who answer for its place, the units that were called to it, whom it waits for, and who
has it in hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, exists, false, func, not_, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased, with_expression

from chassis.errors import NotFound
from chassis.identity import Principal
from kernel.areas import is_within
from kernel.codes import Role
from kernel.numbers import normalise
from services.portal.readmodel.kinds import MEDIATION, TASK, WALKED
from services.portal.readmodel.tables import Matter

OF_PLACE = frozenset(
    {Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.WHISTLER, Role.FOLLOWUP, Role.AUDITOR}
)
"""See every case of their place (the services' own readers)."""

OF_DISPUTES = frozenset({Role.MEDIATOR})
"""See a case of their place once it is in mediation."""

OF_SEALED = frozenset({Role.COMMUNITY, Role.STREET})
"""See a sealed case of their place, beside who has it in hand (mediation's own readers)."""

OF_UNIT = frozenset({Role.RECEIVER, Role.DEPT_HEAD})
"""See the cases their unit was whistled for, wherever those lie."""

OF_STAIRWELL = frozenset({Role.STEWARD})
"""Open what is walked at their stairwell (`kinds.WALKED`)."""

AWAITED = OF_UNIT | {Role.CARE}
"""See what waits for their unit: a care station is sent for as a department is."""

UNITS = "units"
"""In the tally of a root: the units that take part in it to its end, such as those that pay for what a council
resolved, also while it does not wait for them; their codes with commas between."""

SEALED = "sealed"
"""In the tally of a sealed mediation: who mediates it."""
NONE = text("'{}'")  # written out, not bound: by it the planner knows the partial indexes
PART: Any = aliased(Matter)
"""Another matter of the same case."""


def nodes(who: Principal, roles: frozenset[Role]) -> list[str]:
    """The areas where `who` holds one of the roles."""
    return sorted({grant.node for grant in who.grants if grant.role in roles})


def units(who: Principal, roles: frozenset[Role] = OF_UNIT) -> list[str]:
    """The units whose tasks `who` works on or answers for."""
    return sorted({grant.unit for grant in who.grants if grant.role in roles and grant.unit})


def within(column: Any, places: list[str]) -> ColumnElement[bool]:
    return or_(false(), *(column.within(place) for place in places))


def in_sight(who: Principal) -> ColumnElement[bool]:
    """The condition on a root that `who` answers for its place, or was called to it."""
    called = select(PART.case_number).where(_called(who))
    return or_(*_placed(who), *([Matter.case_number.in_(called)] if units(who) else []))


def _placed(who: Principal) -> list[ColumnElement[bool]]:
    """A sealed root is for few of its place, and what is sealed in a case opens it to no mediator but its own."""
    openly = Matter.tally[SEALED].astext.is_(None)
    ways = [and_(openly, within(Matter.area_path, nodes(who, OF_PLACE)))]
    if places := nodes(who, OF_SEALED):
        ways.append(within(Matter.area_path, places))
    if places := nodes(who, OF_DISPUTES):
        disputed = _has(and_(PART.kind == MEDIATION, PART.tally[SEALED].astext.is_(None)))
        ways.append(and_(within(Matter.area_path, places), disputed))
    return ways


def _called(who: Principal) -> ColumnElement[bool]:
    return and_(PART.kind == text(f"'{TASK}'"), PART.tally["unit"].astext.in_(units(who)))


def waiting(who: Principal, matter: Any = Matter) -> ColumnElement[bool]:
    """The condition on a matter that it waits for `who`: in person, as her unit, or in a role at its place or above."""
    awaited: ColumnElement[bool] = matter.desks.overlap(awaited_as(who))
    return awaited


def awaited_as(who: Principal) -> list[str]:
    """In whose names things wait for `who`, as `Matter.desks` has them."""
    return [*in_person(who), *sorted({f"role:{grant.role}@{grant.node}" for grant in who.grants})]


def in_person(who: Principal) -> list[str]:
    """What stands in `waits` for who is meant and nobody else."""
    return [f"person:{who.id}", *(f"unit:{unit}" for unit in units(who, AWAITED))]


def unconcerned(who: Principal) -> ColumnElement[bool]:
    """The condition on any matter that its case complains of neither `who` nor a unit of hers (domain §3.6 inv. 6)."""
    concerned = select(PART.case_number).where(PART.against != NONE, PART.against.overlap(sorted(who.sides)))
    return not_(Matter.case_number.in_(concerned))


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a matter of the root's case is so."""
    return exists().where(PART.case_number == Matter.case_number, condition)


def seen(session: Session, who: Principal, number: str) -> Matter | None:
    """The root of that number, for whoever has it in sight, has it in hand or is awaited somewhere in its case."""
    query = select(Matter).where(Matter.case_number == number, _open_to(who))
    return session.scalars(query.options(with_expression(Matter.mediated, _has(PART.kind == MEDIATION)))).one_or_none()


def seen_of(session: Session, who: Principal, numbers: Sequence[str]) -> set[str]:
    """Those of these numbers whose roots are seen."""
    return set(session.scalars(select(Matter.number).where(Matter.case_number.in_(numbers), _open_to(who))))


def _open_to(who: Principal) -> ColumnElement[bool]:
    in_hand = [Matter.tally[each].astext == who.id for each in ("handler", "first", SEALED)]
    if own := units(who, AWAITED):
        taking_part = func.string_to_array(Matter.tally[UNITS].astext, ",", type_=ARRAY(Text))
        in_hand.append(taking_part.overlap(cast(own, ARRAY(Text))))
    if places := nodes(who, OF_STAIRWELL):
        around = or_(*(Matter.area_path.op("@>", is_comparison=True)(place) for place in places))
        in_hand.append(and_(Matter.kind.in_(sorted(WALKED)), around))
    awaited = _has(or_(_called(who), waiting(who, PART)))
    return and_(Matter.root, or_(*_placed(who), *in_hand, awaited), unconcerned(who))


def find(session: Session, who: Principal, number: str) -> Matter:
    """The root of that number, however it is typed.

    Errors: NotFound, whether there is no such case or it is out of sight.
    """
    root = seen(session, who, normalise(number))
    if root is None:
        raise NotFound("没有找到此件，或不在您的查看范围之内")
    return root


def of_place(who: Principal, root: Matter) -> bool:
    """Whether `who` answers for the place; others, who were called for help, read nobody's name in it."""
    places = nodes(who, OF_PLACE | (OF_DISPUTES if root.mediated else frozenset()))
    return any(is_within(root.area_path, place) for place in places)
