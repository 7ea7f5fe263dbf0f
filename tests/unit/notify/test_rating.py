"""Rating is waited for: reminded after the limit, again and again, until rated or excused; never made by itself."""

from __future__ import annotations

from itertools import permutations

import pytest

from contracts import samples
from contracts.dispatch.ratings import WhistleTaskConfirmed, WhistleTaskRated, WhistleTaskRatingWaived
from contracts.dispatch.tasks import WhistleTaskAssigned
from contracts.dispatch.whistles import WhistleCancelled
from tests.unit.notify.facts import NOW, fact, messages, shanghai, tell

pytestmark = pytest.mark.rule("20")


def hear(store, *contracts):
    for contract in contracts:
        subject = samples.WHISTLE if contract is WhistleCancelled else samples.TASK
        tell(store, fact(contract, subject=subject), NOW)


def reminders(store):
    return messages(store, "rating_due")


def test_given_a_confirmed_task_when_five_working_days_have_passed_then_the_whistler_is_reminded(store):
    hear(store, WhistleTaskConfirmed)
    first = min(reminders(store), key=lambda row: row.send_after)
    assert (samples.LI_SHAN["id"], shanghai(16, 0, 1)) == (first.recipient_id, first.send_after)


def test_given_no_rating_when_the_limit_passes_again_then_the_street_is_told_too(store):
    hear(store, WhistleTaskConfirmed)
    second = sorted(reminders(store), key=lambda row: row.send_after)[1:3]
    assert {(samples.LI_SHAN["id"], shanghai(23, 0, 1)), ("street-lijingjie", shanghai(23, 0, 1))} == {
        (row.recipient_id, row.send_after) for row in second
    }


def test_given_a_confirmed_task_when_reminding_then_it_is_so_often_as_the_policy_says_and_no_rating_is_made(store):
    hear(store, WhistleTaskConfirmed)
    assert 12 + 11 == len(reminders(store))
    assert "不会自动记满分" in reminders(store)[0].body


@pytest.mark.parametrize(
    "order",
    [
        order
        for end in (WhistleTaskRated, WhistleTaskRatingWaived, WhistleCancelled)
        for order in permutations((WhistleTaskConfirmed, end))
    ],
)
def test_given_an_end_when_heard_before_or_after_the_confirmation_then_nobody_is_reminded(store, order):
    hear(store, *order)
    assert [] == reminders(store)


def test_given_nobody_of_the_unit_at_work_when_assigned_then_the_unit_is_told_and_the_street_alarmed(store):
    event = fact(WhistleTaskAssigned, {"receiver": None, "kind": "EMERGENCY"}, subject=samples.TASK)
    tell(store, event, NOW)
    assert {"whistle_task_assigned": samples.JUDICIAL["code"], "whistle_unmanned": "street-lijingjie"} == {
        row.template: row.recipient_id for row in messages(store) if row.breaks_quiet
    }
