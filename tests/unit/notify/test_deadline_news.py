"""A deadline approaches: whoever it waits for is reminded, as the owner says in the envelope."""

from __future__ import annotations

import pytest

from chassis.standing import Standing
from contracts import samples
from contracts.deadlines import DispatchDeadlineApproaching, IntakeDeadlineApproaching, MediationDeadlineApproaching
from tests.unit.notify.facts import NOW, fact, messages, tell, told


def approaching(contract, *waits, urgency="", **data):
    standing = Standing("APPEAL", "ASSIGNED", samples.APPEAL_NO, waits=waits, urgency=urgency)
    return fact(contract, {"percent": 80, **data}, standing=standing)


@pytest.mark.parametrize(
    ("waits", "to"),
    [
        (("person:u-lishan",), "u-lishan"),
        (("unit:sifasuo",), "sifasuo"),
        (("role:GRID", "role:COMMUNITY", "role:STREET"), "community-yinhong"),
        (("role:STREET", "role:DISTRICT"), "street-lijingjie"),
        (("role:STREET", "person:u-lishan"), "u-lishan"),
    ],
)
def test_given_for_whom_it_waits_when_a_warning_is_heard_then_they_are_told_and_of_groups_the_nearest(store, waits, to):
    tell(store, approaching(IntakeDeadlineApproaching, *waits), NOW)
    assert {("intake_deadline_approaching", to)} == told(store)


@pytest.mark.parametrize("contract", [DispatchDeadlineApproaching, MediationDeadlineApproaching])
def test_given_a_warning_of_any_service_when_heard_twice_then_it_is_told_once(store, contract):
    event = approaching(contract, "person:u-lishan")
    for _ in range(2):
        tell(store, event, NOW)
    assert 1 == len(messages(store))


@pytest.mark.parametrize(("urgency", "loud"), [("EMERGENCY", True), ("NORMAL", False)])
def test_given_an_emergency_when_it_approaches_then_quiet_hours_do_not_hold_the_warning(store, urgency, loud):
    tell(store, approaching(IntakeDeadlineApproaching, "person:u-lishan", urgency=urgency), NOW)
    assert [loud] == [row.breaks_quiet for row in messages(store)]


def test_given_nobody_it_waits_for_when_heard_then_nobody_is_told(store):
    tell(store, approaching(IntakeDeadlineApproaching), NOW)
    assert [] == messages(store)


def test_given_both_warnings_when_heard_then_each_is_told(store):
    for percent in (50, 80):
        tell(store, approaching(IntakeDeadlineApproaching, "person:u-lishan", percent=percent), NOW)
    assert ["50%", "80%"] == sorted(row.title[-3:] for row in messages(store))
