"""A desk is what waits for me: in person, as my unit, or in a role I hold at its place or above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chassis.envelope import Event
from chassis.errors import NotFound
from chassis.identity import Grant, Principal
from chassis.standing import Standing
from chassis.store import Store
from contracts.intake.appeals import AppealRegistered
from services.portal.readmodel import kinds, lists, scope, sights
from services.portal.readmodel.tables import Matter
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import Teller, at, uid

STREET = "yinchuan.xingqing.lijingjie"
PLACE, NUMBER = f"{STREET}.yinhong", "O202407060104000018"


def council(waits: Sequence[str] = (), number: str = NUMBER, key: str = "council", **more: object) -> Event:
    """A root of a kind this portal has no word for."""
    told = Teller(NUMBER, PLACE)
    event = told.say(0, AppealRegistered, uid(key))
    stands = Standing("PARLIAMENT", "CONVENED", number, due=at(9), waits=tuple(waits), tally={"unit": "yinhong"})
    return replace(event, id=uid(f"fact {key}"), standing=replace(stands, **more))


def desk(store: Store, who: Principal) -> list[str]:
    with store.transaction() as session:
        return [each.id for each in lists.desk(session, who, {}, at(1))[0]]


def who(role: str, node: str, unit: str | None = None, key: str = "u-1") -> Principal:
    return Principal(key, "职员", (Grant(role, node, unit),))


@pytest.mark.parametrize(
    ("waits", "viewer", "found"),
    [
        (["role:STREET"], who("STREET", STREET), True),
        (["role:STREET"], who("STREET", "yinchuan"), True),
        (["role:STREET"], who("STREET", f"{PLACE}.g3"), False),
        (["role:STREET"], who("STREET", "yinchuan.xingqing.lijing"), False),
        (["role:STREET"], who("GRID", STREET), False),
        (["role:GUILD", "role:STREET"], who("GUILD", STREET), True),
        (["person:u-1"], who("GRID", "yinchuan.elsewhere"), True),
        (["person:u-2"], who("GRID", PLACE), False),
        (["unit:fire"], who("RECEIVER", "yinchuan", "fire"), True),
        (["unit:fire"], who("GRID", PLACE, "fire"), False),
        ([], who("STREET", STREET), False),
    ],
)
def test_given_what_a_matter_waits_for_when_a_desk_is_looked_at_then_only_theirs_has_it(
    store: Store, waits: list[str], viewer: Principal, found: bool
) -> None:
    tell(store, [council(waits)])
    assert [uid("council")] * found == desk(store, viewer)


@pytest.mark.parametrize("waits", ["role:GUILD", "person:u-1"])
def test_given_a_case_on_a_desk_when_opened_then_it_is_found_wherever_it_lies(store: Store, waits: str) -> None:
    tell(store, [council([waits])])
    viewer = who("GUILD", STREET)
    with store.transaction() as session:
        root = scope.find(session, viewer, NUMBER)
        assert (uid("council"), False) == (root.id, scope.of_place(viewer, root))


def test_given_a_kind_nobody_knows_when_listed_then_it_has_a_number_a_state_and_a_general_name(store: Store) -> None:
    tell(store, [council(["role:STREET"])])
    with store.transaction() as session:
        asked = {"open": True, "kind": "PARLIAMENT", "state": ["CONVENED"]}
        (root,), _ = lists.cases(session, who("STREET", STREET), asked, at(1))
    assert (NUMBER, "事项", "CONVENED", "事项") == (
        root.number, kinds.about(root.kind).name, kinds.about(root.kind).state(root.state),
        kinds.todo(root.kind, root.state, root.waits, []),
    )  # fmt: skip


@pytest.mark.rule("1")
@pytest.mark.parametrize("against", ["u-1", "yinhong"])
def test_given_a_case_that_complains_of_somebody_when_she_looks_then_nothing_of_it_waits_for_her(
    store: Store, against: str
) -> None:
    part = council(["role:STREET", "person:u-1"], number="", key="part", kind="ERRAND", parent=uid("council"))
    tell(store, [council(hidden=("secret", f"against:{against}")), part])
    viewer = who("STREET", STREET, "yinhong")
    assert [] == desk(store, viewer)
    assert [uid("part")] == desk(store, who("STREET", STREET, "huifang", key="u-2"))
    with store.transaction() as session, pytest.raises(NotFound):
        scope.find(session, viewer, NUMBER)


@pytest.mark.parametrize("kind", lists.JUDGED)
@pytest.mark.parametrize(("unit", "found"), [("yinhong", False), ("huifang", True)])
def test_given_work_of_a_unit_when_its_own_people_look_then_they_do_not_judge_it(
    store: Store, kind: str, unit: str, found: bool
) -> None:
    part = council(["role:STREET"], number="W1", key="part", kind=kind, state="FINISHED", parent=uid("council"))
    tell(store, [council(), part])
    assert [uid("part")] * found == desk(store, who("STREET", STREET, unit))


@pytest.mark.parametrize(
    ("units", "seen"), [("fire", True), ("police,fire", True), ("police", False), ("firemen", False), ("", False)]
)
def test_given_units_that_take_part_when_it_does_not_wait_for_them_then_they_see_it_all_the_same_and_nobody_else(
    store: Store, units: str, seen: bool
) -> None:
    tell(store, [council(tally={"units": units})])
    viewer = who("RECEIVER", "yinchuan", "fire")
    with store.transaction() as session:
        found = (scope.seen(session, viewer, NUMBER) is not None, scope.seen_of(session, viewer, [NUMBER]) == {NUMBER})
        indexed = session.query(Matter).where(sights.seen_by(viewer)).count() == 1
    assert (seen, seen, seen) == (*found, indexed)
