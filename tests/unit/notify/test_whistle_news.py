"""Who is told when a whistle is drafted, blown, late or done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts import samples
from contracts.dispatch.tasks import WhistleTaskAssigned, WhistleTaskOverdue
from contracts.dispatch.whistles import WhistleBlown, WhistleCancelled, WhistleClosed, WhistleDrafted, WhistleReturned
from tests.unit.notify.facts import NOW, fact, messages, registered, tell, told

EMERGENCY = {"kind": "EMERGENCY"}


def assigned(store, **data):
    tell(store, fact(WhistleTaskAssigned, data, subject=samples.TASK), NOW)


def overdue(store, **data):
    event = fact(WhistleTaskOverdue, data, version=len(messages(store)) + 2, subject=samples.TASK)
    tell(store, event, NOW)


def test_given_a_drafted_whistle_when_heard_then_the_approvers_of_the_street_are_told(store):
    tell(store, fact(WhistleDrafted, subject=samples.WHISTLE), NOW)
    assert {("whistle_to_approve", "street-lijingjie")} == told(store)
    assert samples.JUDICIAL["name"] in messages(store)[0].body


@pytest.mark.parametrize("end", [WhistleBlown, WhistleReturned, WhistleCancelled])
@pytest.mark.parametrize("last", [False, True], ids=["draft-first", "draft-last"])
def test_given_a_decided_whistle_when_heard_in_any_order_then_nobody_is_asked_to_approve_it(store, end, last):
    contracts = (end, WhistleDrafted) if last else (WhistleDrafted, end)
    for contract in contracts:
        tell(store, fact(contract, subject=samples.WHISTLE), NOW)
    assert [] == messages(store)


def test_given_an_emergency_when_a_task_is_assigned_then_its_receiver_is_told_at_any_hour(store):
    assigned(store, **EMERGENCY)
    (row,) = messages(store)
    assert (samples.RECEIVER["id"], True, NOW) == (row.recipient_id, row.breaks_quiet, row.send_after)


def test_given_an_ordinary_whistle_when_a_task_is_assigned_then_the_night_stays_quiet(store):
    assigned(store)
    assert [False] == [row.breaks_quiet for row in messages(store)]


def test_given_no_named_receiver_when_a_task_is_assigned_then_its_unit_is_told(store):
    assigned(store, receiver=None)
    assert {("whistle_task_assigned", samples.JUDICIAL["code"])} == told(store, "whistle_task_assigned")


@pytest.mark.parametrize(
    ("level", "receiver", "told_to"),
    [
        ("RECEIVER_B", {"id": "u-b", "name": "B岗"}, "u-b"),
        ("DEPT_HEAD", None, samples.JUDICIAL["code"]),
        ("STREET", None, "street-lijingjie"),
        ("DISTRICT", None, "district-xingqing"),
        ("STREET", {"id": "u-street", "name": "街道"}, "u-street"),
    ],
)
def test_given_an_overdue_task_when_raised_then_the_holder_of_the_level_is_told(store, level, receiver, told_to):
    overdue(store, level=level, notify_receiver=receiver)
    assert {("whistle_task_overdue", told_to)} == told(store)


def test_given_two_levels_and_stages_when_raised_then_each_is_told_once(store):
    for stage, level in (("SIGN", "STREET"), ("SIGN", "STREET"), ("SIGN", "DISTRICT"), ("REPORT", "STREET")):
        overdue(store, stage=stage, level=level, notify_receiver=None)
    assert 3 == len(messages(store))


def test_given_an_emergency_task_when_overdue_then_that_too_is_told_at_any_hour(store):
    assigned(store, **EMERGENCY)
    overdue(store)
    assert [True, True] == [row.breaks_quiet for row in messages(store)]


def test_given_a_closed_whistle_when_heard_then_whoever_works_on_the_appeal_is_told(store):
    registered(store, reporter=None)
    tell(store, fact(WhistleClosed, subject=samples.WHISTLE, version=9), NOW)
    assert {("whistle_closed", "u-lishan")} == told(store)


def test_given_a_hazards_whistle_when_closed_then_the_community_is_told(store):
    source = {"kind": "HAZARD", "id": samples.HAZARD, "number": samples.HAZARD_NO}
    event = fact(WhistleClosed, {"source": source}, version=9, time=NOW + timedelta(hours=1))
    tell(store, event, NOW)
    assert {("whistle_closed", "community-yinhong")} == told(store)


@pytest.mark.parametrize("cancelled_first", [False, True])
def test_given_a_cancelled_whistle_when_heard_before_or_after_its_tasks_then_nobody_is_asked_to_sign(
    store, cancelled_first
):
    events = [
        fact(WhistleDrafted, subject=samples.WHISTLE),
        fact(WhistleTaskAssigned, {"receiver": None}, subject=samples.TASK),
        fact(WhistleTaskOverdue, version=2, subject=samples.TASK),
        fact(WhistleCancelled, version=3, subject=samples.WHISTLE),
    ]
    for event in reversed(events) if cancelled_first else events:
        tell(store, event)
    assert [] == messages(store)
