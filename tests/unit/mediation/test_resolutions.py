"""No resolution with money before every payer confirmed; published with a window for objections; step after step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chassis.errors import Conflict, Forbidden, Invalid
from services.mediation import resolutions
from tests.support.events import said
from tests.unit.mediation.meeting import (
    AFTER,
    JINMAO,
    LIJIN,
    OVER,
    PROOF,
    ZHENG,
    do,
    done,
    held,
    implementing,
    moment,
    published,
    state_of,
    tick,
)
from tests.unit.mediation.test_councils import at_once

CENT = Decimal("0.01")


@pytest.fixture
def store(world):
    return world.store


def drafted(store, **more):
    number = held(store)
    do(store, "draft_resolution", number=number, now=AFTER, **more)
    return number


@given(
    some.decimals("0.01", "999999999.99", places=2),
    some.lists(some.integers(1, 9999), min_size=1, max_size=19, unique=True),
)
def test_given_any_cost_and_any_shares_of_100_percent_when_split_then_the_parts_are_the_cost_to_the_cent(cost, cuts):
    edges = [0, *sorted(cuts), 10000]
    shares = [{"payer": str(no), "percent": (end - start) * CENT}
              for no, (start, end) in enumerate(pairwise(edges))]  # fmt: skip
    parts = resolutions.shared(cost, shares)
    off = [
        abs(Decimal(part["amount"]) - cost * each["percent"] / 100) for part, each in zip(parts, shares, strict=True)
    ]
    assert (cost, True) == (sum(Decimal(part["amount"]) for part in parts), max(off) < CENT)


@pytest.mark.parametrize(
    "shares",
    [
        [("a", "50"), ("b", "49.99")],
        [("a", "50"), ("b", "50.01")],
        [("a", "50"), ("a", "50")],
        [("a", "100"), ("b", "0")],
        [],
    ],
)
def test_given_shares_that_are_not_the_whole_when_drafted_then_the_field_says_so(store, shares):
    with pytest.raises(Invalid) as refused:
        drafted(store, shares=[{"payer": payer, "percent": percent} for payer, percent in shares])
    assert ["shares"] == list(refused.value.details["fields"])


@pytest.mark.row("S0.3")
def test_given_two_payers_when_both_confirm_at_once_then_both_count_once_and_only_then_it_is_resolved(store):
    number = drafted(store)
    with pytest.raises(Conflict) as early:
        do(store, "resolve_council", number=number, now=AFTER)
    acts = [lambda who=who: do(store, "confirm_share", who, number=number, now=AFTER) for who in (JINMAO, LIJIN)]
    assert [None, None] == at_once(*acts)
    with store.transaction() as session:
        told = [(each["data"]["payer"], each["data"]["left"]) for each in said(session, "cost_share_confirmed")]
    assert (["jinmao-wuye", "lijinyuan-wuye"], {1, 0}) == (sorted(dict(told)), set(dict(told).values()))
    assert (2, "RESOLVED") == (
        len(early.value.details["payers"]),
        do(store, "resolve_council", number=number, now=AFTER)["state"],
    )


def test_given_one_payer_when_it_confirms_twice_at_once_then_one_is_a_conflict(store):
    number = drafted(store)
    failed = [error for error in at_once(*[lambda: do(store, "confirm_share", number=number, now=AFTER)] * 2) if error]
    assert [Conflict] == [type(error) for error in failed]


def test_given_a_share_when_somebody_else_confirms_it_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        do(store, "confirm_share", ZHENG, number=drafted(store), now=AFTER)


def test_given_a_new_draft_when_sent_then_every_payer_confirms_anew(store):
    number = drafted(store)
    do(store, "confirm_share", number=number, now=AFTER)
    again = do(store, "draft_resolution", number=number, now=AFTER, cost="60000")
    assert [None, None] == [each["confirmed_at"] for each in again["shares"]]


def test_given_no_draft_when_resolved_then_it_is_a_conflict(store):
    with pytest.raises(Conflict):
        do(store, "resolve_council", number=held(store), now=AFTER)


@pytest.mark.parametrize(("days", "state"), [(7, "PUBLISHED"), (8, "IMPLEMENTING")])
def test_given_a_publication_when_its_seven_days_are_over_then_the_first_step_begins_once(store, days, state):
    number = published(store)
    for _ in range(2):
        tick(store, resolutions.end_publications, AFTER + timedelta(days=days))
    with store.transaction() as session:
        begun = [each["data"]["work_no"] for each in said(session, "council_task_assigned")]
    assert (state, [1] if state == "IMPLEMENTING" else []) == (state_of(store, number), begun)


def test_given_an_objection_when_nobody_has_answered_it_then_the_publication_does_not_end(store):
    number = published(store)
    seen = do(store, "object_to_council", number=number, now=AFTER)
    tick(store, resolutions.end_publications, OVER)
    before = state_of(store, number)
    (objection,) = do(store, "get_council", number=number)["objections"]
    do(store, "answer_council_objection", number=number, objection_id=objection["id"], now=OVER)
    tick(store, resolutions.end_publications, OVER)
    assert ("PUBLISHED", "IMPLEMENTING") == (before, state_of(store, number))
    assert timedelta(days=3) <= moment(objection["due_at"]) - AFTER < timedelta(days=5)
    assert objection["due_at"] == seen["due_at"]


def test_given_an_objection_that_is_upheld_when_answered_then_the_council_resolves_anew(store):
    number = published(store)
    do(store, "object_to_council", number=number, now=AFTER)
    (objection,) = do(store, "get_council", number=number)["objections"]
    answered = do(
        store, "answer_council_objection", number=number, objection_id=objection["id"], upheld=True, now=AFTER
    )
    assert ("HELD", [None, None]) == (answered["state"], [each["confirmed_at"] for each in answered["shares"]])


def test_given_an_answered_objection_when_answered_again_then_it_is_a_conflict(store):
    number = published(store)
    do(store, "object_to_council", number=number, now=AFTER)
    (objection,) = do(store, "get_council", number=number)["objections"]
    given = {"number": number, "objection_id": objection["id"], "now": AFTER}
    do(store, "answer_council_objection", **given)
    with pytest.raises(Conflict):
        do(store, "answer_council_objection", **given)


def test_given_the_days_are_over_when_somebody_objects_then_it_is_a_conflict(store):
    number = published(store)
    with pytest.raises(Conflict):
        do(store, "object_to_council", number=number, now=OVER)


def test_given_ordered_steps_when_the_second_is_reported_before_the_first_is_accepted_then_it_is_a_conflict(store):
    number = implementing(store)
    do(store, "finish_work", JINMAO, number=number, work_no=1, now=OVER)
    with pytest.raises(Conflict) as early:
        do(store, "finish_work", LIJIN, number=number, work_no=2, now=OVER)
    do(store, "accept_work", number=number, work_no=1, now=OVER)
    seen = do(store, "finish_work", LIJIN, number=number, work_no=2, now=OVER)
    assert ("WAITING", ["ACCEPTED", "FINISHED"]) == (
        early.value.details["work_state"],
        [each["state"] for each in seen["works"]],
    )


def test_given_a_step_when_the_doer_accepts_its_own_work_then_it_is_forbidden(store):
    number = implementing(store)
    do(store, "finish_work", JINMAO, number=number, work_no=1, now=OVER)
    with pytest.raises(Forbidden):
        do(store, "accept_work", JINMAO, number=number, work_no=1, now=OVER)


def test_given_a_step_that_is_no_good_when_returned_then_it_is_open_again(store):
    number = implementing(store)
    do(store, "finish_work", JINMAO, number=number, work_no=1, now=OVER)
    seen = do(store, "return_work", number=number, work_no=1, now=OVER)
    assert ["OPEN", "WAITING"] == [each["state"] for each in seen["works"]]


@pytest.mark.parametrize(("satisfied", "state"), [(19, "IMPLEMENTING"), (20, "REVIEWED"), (40, "REVIEWED")])
def test_given_the_residents_review_when_half_are_satisfied_then_it_may_be_closed_else_it_is_done_again(
    store, satisfied, state
):
    number = done(store)
    seen = do(store, "review_council", number=number, satisfied=satisfied, now=OVER)
    works = [each["state"] for each in seen["works"]]
    assert (state, ["ACCEPTED", "ACCEPTED" if state == "REVIEWED" else "OPEN"]) == (seen["state"], works)


def test_given_no_review_when_closed_then_it_is_a_conflict(store):
    with pytest.raises(Conflict):
        do(store, "close_council", number=done(store), now=OVER)


def test_given_a_closed_council_when_looked_back_at_after_30_days_then_its_clock_ends(store):
    number = done(store)
    do(store, "review_council", number=number, now=OVER)
    closed = do(store, "close_council", number=number, now=OVER)
    seen = do(store, "look_back_at_council", number=number, proof=PROOF, now=OVER + timedelta(days=31))
    assert timedelta(days=30) <= moment(closed["due_at"]) - OVER < timedelta(days=33)
    assert ("KEPT", None) == (seen["look_back"], seen["due_at"])
    with pytest.raises(Conflict):
        do(store, "look_back_at_council", number=number, now=OVER + timedelta(days=32))
