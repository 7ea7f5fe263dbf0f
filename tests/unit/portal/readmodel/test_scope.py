"""Who is complained of finds nothing of the case: no page, no row of a desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from chassis.errors import NotFound
from chassis.identity import Grant, Principal
from chassis.standing import Standing
from chassis.store import Store
from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.working import AppealResultReported
from contracts.mediation.cases import MediationCaseOpened
from contracts.notify.follow_ups import FollowUpOpened
from kernel.numbers import case_number
from services.portal.readmodel import lists, scope, sights
from services.portal.readmodel.tables import Matter
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import COMMUNITY, Teller, at, uid

DISTRICT = "yinchuan.xingqing"
ROLES = ("DISTRICT", "FOLLOWUP")


def clerk(key: str, unit: str) -> Principal:
    return Principal(key, "职员", tuple(Grant(role, DISTRICT, unit) for role in ROLES))


INSIDE, HERSELF, OUTSIDE = clerk("u-1", "yinhong"), clerk("u-lishan", "huifang"), clerk("u-2", "huifang")


def complaint(store: Store, against: list[str]) -> str:
    """A complaint with a result, whose follow-up is due."""
    told = Teller(area=f"{DISTRICT}.lijingjie")
    appeal, follow_up = uid("complaint"), uid("follow-up")
    told.say(0, AppealRegistered, appeal, against=against, secret=True, reporter=None)
    told.say(1, AppealResultReported, appeal, resident=None, handler_unit="lijingjie")
    about = {"kind": "APPEAL", "id": appeal, "number": told.number}
    told.say(2, FollowUpOpened, follow_up, subject=about, follow_up_id=follow_up, handler_unit="lijingjie")
    tell(store, told.events)
    return told.number


@pytest.mark.rule("1")
@pytest.mark.parametrize(
    ("who", "seen"), [(INSIDE, False), (HERSELF, False), (OUTSIDE, True)], ids=["her unit", "herself", "others"]
)
def test_given_a_complaint_when_looked_for_then_only_others_find_it(store: Store, who: Principal, seen: bool) -> None:
    number = complaint(store, ["u-lishan", "yinhong"])
    with store.transaction() as session:
        rows, _ = lists.cases(session, who, {}, at(3))
        waiting, _ = lists.desk(session, who, {}, at(3))
        found = [row.number for row in rows], [row.case_number for row in waiting]
        assert (([number], [number]) if seen else ([], [])) == found
        if seen:
            assert number == scope.find(session, who, number).number
        else:
            with pytest.raises(NotFound):
                scope.find(session, who, number)


@pytest.mark.rule("1")
def test_given_a_case_against_nobody_when_looked_for_then_all_of_the_place_find_it(store: Store) -> None:
    number = complaint(store, [])
    with store.transaction() as session:
        assert [number] * 3 == [scope.find(session, who, number).number for who in (INSIDE, HERSELF, OUTSIDE)]
    assert samples.APPEAL_NO == number


def sealed(store: Store) -> str:
    """A mediation of violence at home that is its own root, with its mediator."""
    number = case_number("M", at(0).date(), "0101", 9)
    told = Teller(number=number, area=COMMUNITY)
    case = uid("sealed")
    event = told.say(0, MediationCaseOpened, case, source={"kind": "MEDIATION", "id": case, "number": number})
    stands = Standing("MEDIATION", "MEDIATING", number, waits=("person:u-shi",), tally={"sealed": "u-shi"})
    tell(store, [replace(event, standing=stands)])
    return number


def of_place(key: str, role: str) -> Principal:
    return Principal(key, "职员", (Grant(role, COMMUNITY),))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (of_place("u-wang", "COMMUNITY"), True),
        (of_place("u-liu", "STREET"), True),
        (of_place("u-shi", "MEDIATOR"), True),
        (of_place("u-ma", "MEDIATOR"), False),
        (of_place("u-li", "GRID"), False),
        (of_place("u-zhou", "WINDOW"), False),
    ],
    ids=lambda one: str(getattr(one, "id", one)),
)
def test_given_a_sealed_mediation_when_looked_for_then_few_of_the_place_find_it(
    store: Store, who: Principal, sees: bool
) -> None:
    number = sealed(store)
    with store.transaction() as session:
        rows, _ = lists.cases(session, who, {}, at(3))
        seen = scope.seen(session, who, number) is not None
        searched = number in session.scalars(select(Matter.number).where(sights.seen_by(who)))
        listed = number in [row.number for row in rows]
        assert (sees, sees, sees and who.id != "u-shi") == (seen, searched, listed)
