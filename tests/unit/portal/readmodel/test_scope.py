"""Who is complained of finds nothing of the case: no page, no row of a desk."""

from __future__ import annotations

import pytest

from chassis.errors import NotFound
from chassis.identity import Grant, Principal
from chassis.store import Store
from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.working import AppealResultReported
from contracts.notify.follow_ups import FollowUpOpened
from services.portal.readmodel import lists, scope
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import Teller, at, uid

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
