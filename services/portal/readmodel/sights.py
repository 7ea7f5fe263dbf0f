"""Who sees a matter, as terms an index can hold: what each matter opens of its case, and what a person may open.

Together the matters of a case say who sees it (scope.seen): all of them carry what any of them opens.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, not_

from chassis.identity import Principal
from chassis.standing import Standing
from kernel.areas import ancestors
from services.portal.readmodel import scope
from services.portal.readmodel.kinds import MEDIATION, TASK
from services.portal.readmodel.tables import Matter

SECRET, PLACE, DISPUTE, FEW = "secret", "@", "dispute@", "sealed@"
HANDS = ("handler", "first", scope.SEALED)
READING = tuple(f"role:{role}@" for role in scope.OF_PLACE)


def opened(stands: Standing, place: str, desks: Iterable[str], root: bool) -> list[str]:
    """What this matter opens of its case: a root to its place, to who has it in hand and to the units that take part;
    a mediation to the mediators of the place, a sealed one to its own and of the place to few; a task to its unit;
    anything to whom it waits for."""
    found, nodes = {desk for desk in desks if not desk.startswith(READING)}, (*ancestors(place), place)
    sealed = scope.SEALED in stands.tally
    if root:
        found |= {(FEW if sealed else PLACE) + node for node in nodes}
        found |= {f"person:{stands.tally[hand]}" for hand in HANDS if stands.tally.get(hand)}
        found |= {f"unit:{code}" for code in stands.tally.get(scope.UNITS, "").split(",") if code}
        found |= {SECRET} if SECRET in stands.hidden else set()
    if stands.kind == TASK and stands.tally.get("unit"):
        found.add(f"unit:{stands.tally['unit']}")
    if stands.kind == MEDIATION:
        found |= {f"person:{stands.tally[scope.SEALED]}"} if sealed else {DISPUTE + node for node in nodes}
    return sorted(found)


def seen_by(who: Principal) -> ColumnElement[bool]:
    """The condition on any matter that `who` sees its case."""
    posts = {f"role:{grant.role}@{grant.node}" for grant in who.grants if grant.role not in scope.OF_PLACE}
    return _any({*posts, *scope.in_person(who), *_answered_for(who)})


def named_to(who: Principal) -> ColumnElement[bool]:
    """The condition on any matter that `who` may read residents' masked names in its case."""
    return and_(_any(_answered_for(who)), not_(Matter.sights.contains([SECRET])))


def placed(places: Iterable[str]) -> ColumnElement[bool]:
    """The condition on any matter that its case lies in one of these areas."""
    return _any(PLACE + place for place in places)


def _any(sights: Iterable[str]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = Matter.sights.overlap(sorted(sights))
    return found


def _answered_for(who: Principal) -> set[str]:
    ways = {PLACE: scope.OF_PLACE, DISPUTE: scope.OF_DISPUTES, FEW: scope.OF_SEALED}
    return {way + node for way, roles in ways.items() for node in scope.nodes(who, roles)}
