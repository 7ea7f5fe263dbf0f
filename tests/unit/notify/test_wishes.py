"""A wish is reviewed, granted by one volunteer and confirmed by others; nobody reads more than the work needs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.notify import wishes as say
from kernel.numbers import check
from services.notify.wishes import LIFE, Wish
from tests.support.events import names_said, said
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE, messages, told
from tests.unit.notify.wishing import (
    CLERK,
    FAR_HELPER,
    HELPER,
    OTHER_HELPER,
    RESIDENT,
    SOON,
    STEWARD,
    do,
    posted,
    state_of,
)

ARROWS = """
POSTED open_wish OPEN | POSTED refuse_wish REFUSED | OPEN claim_wish CLAIMED | CLAIMED release_wish OPEN
CLAIMED fulfil_wish FULFILLED | FULFILLED confirm_wish CONFIRMED | OPEN expired EXPIRED
POSTED withdraw_wish WITHDRAWN | OPEN withdraw_wish WITHDRAWN | CLAIMED withdraw_wish WITHDRAWN
"""
"""Domain §3.4."""


def instant(written):
    return datetime.fromisoformat(written)


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_wish_when_it_goes_its_way_then_every_step_is_told(store):
    number = posted(store, "FULFILLED")
    do(store, "confirm_wish", number=number)
    steps = ["wish_posted", "wish_opened", "wish_claimed", "wish_fulfilled", "wish_confirmed"]
    with store.transaction() as session:
        assert (steps, True, "CONFIRMED") == (names_said(session), check(number), state_of(store, number))


def test_given_each_state_when_told_then_it_waits_for_whose_turn_it_is(store):
    posted(store, "FULFILLED")
    with store.transaction() as session:
        waits = [each["waits"] for each in said(session)]
    clerks = "role:COMMUNITY"
    assert [clerks, "role:VOLUNTEER", "person:u-helper", f"{clerks} person:u-steward"] == waits


def test_given_a_wish_when_told_then_nothing_that_was_written_is_on_the_bus(store):
    posted(store, "FULFILLED")
    with store.transaction() as session:
        told = str(said(session))
    assert [] == [word for word in ("老花镜", "马奶奶", "101室") if word in told]


def test_given_a_wish_when_stored_then_its_words_are_sealed(store):
    posted(store)
    with store.transaction() as session:
        row = session.execute(text("select content, for_whom, place_text from wish")).one()
    assert [bytes] * 3 == [type(value) for value in row]


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("agreed", {"agreed": False}),
        ("cost", {"cost": "500.01"}),
        ("area_path", {"area_path": "nowhere"}),
    ],
)
def test_given_what_no_wish_may_be_when_posted_then_the_field_says_why(store, field, given):
    with pytest.raises(Invalid) as refused:
        do(store, "post_wish", **given)
    assert [field] == list(refused.value.details["fields"])


def test_given_a_place_that_is_not_hers_when_a_steward_posts_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        do(store, "post_wish", area_path=COMMUNITY)


def test_given_her_own_wish_when_reviewed_by_who_posted_it_then_it_is_forbidden(store):
    number = do(store, "post_wish", CLERK)["number"]
    with pytest.raises(Forbidden):
        do(store, "open_wish", number=number)


@pytest.mark.parametrize("promise", [NOW, NOW + timedelta(days=40)])
def test_given_a_promise_in_the_past_or_too_far_when_claimed_then_it_is_refused(store, promise):
    number = posted(store, "OPEN")
    with pytest.raises(Invalid) as refused:
        do(store, "claim_wish", number=number, promise_at=promise.isoformat())
    assert (["promise_at"], "OPEN") == (list(refused.value.details["fields"]), state_of(store, number))


def test_given_an_open_wish_when_two_claim_at_once_then_one_has_it(store):
    number = posted(store, "OPEN")
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(do, store, "claim_wish", who, number=number) for who in (HELPER, OTHER_HELPER)]
        failed = [one.exception() for one in tries if one.exception()]
    with store.transaction() as session:
        assert ([Conflict], 1) == ([type(error) for error in failed], len(said(session, "wish_claimed")))


def test_given_a_claim_when_released_then_another_may_have_it(store):
    number = posted(store, "CLAIMED")
    do(store, "release_wish", number=number)
    claimed = do(store, "claim_wish", OTHER_HELPER, number=number)
    assert ("CLAIMED", "u-other", SOON) == (claimed["state"], claimed["claimer"]["id"], instant(claimed["due_at"]))


def test_given_a_wish_she_fulfilled_when_confirmed_by_the_volunteer_then_it_is_forbidden(store):
    number = posted(store, "FULFILLED")
    with pytest.raises(Forbidden):
        do(store, "confirm_wish", HELPER, number=number)


@pytest.mark.parametrize(("days", "warned"), [((46,), []), ((47, 47, 75), [50, 80]), ((75,), [80]), ((100,), [])])
def test_given_a_wish_on_the_wall_when_its_time_passes_then_each_warning_is_told_once_while_there_is_time(
    store, days, warned
):
    posted(store, "OPEN")
    for day in days:
        with store.transaction() as session:
            LIFE.warn(session, SERVICE, NOW + timedelta(days=day, seconds=1))
    with store.transaction() as session:
        told = said(session, "notify_deadline_approaching")
        assert warned == [fact["data"]["percent"] for fact in told]


def test_given_a_claim_that_approaches_its_promise_when_warned_then_the_volunteer_is_told(store):
    posted(store, "CLAIMED")
    with store.transaction() as session:
        LIFE.warn(session, SERVICE, NOW + timedelta(days=2))
    assert ("notify_deadline_approaching", "u-helper") in told(store)


def test_given_a_wish_nobody_claimed_when_its_time_is_over_then_it_comes_off_the_wall_once(store):
    number = posted(store, "OPEN")
    for _ in range(2):
        with store.transaction() as session:
            LIFE.end_due(session, SERVICE, NOW + timedelta(days=100))
    with store.transaction() as session:
        assert ("EXPIRED", 1) == (state_of(store, number), len(said(session, "wish_expired")))


HIDDEN = ["content", "for_whom", "place_text", "posted_by"]


def test_given_an_open_wish_when_a_volunteer_reads_it_then_who_it_is_for_stays_hidden_until_she_claims_it(store):
    number = posted(store, "OPEN")
    before = do(store, "get_wish", HELPER, number=number)
    do(store, "claim_wish", number=number)
    after, other = (do(store, "get_wish", who, number=number) for who in (HELPER, OTHER_HELPER))
    shown = [[name for name in HIDDEN if view[name]] for view in (before, after, other)]
    assert [[], HIDDEN, []] == shown


def test_given_a_wish_nobody_reviewed_when_looked_for_then_volunteers_and_strangers_find_none(store):
    number = posted(store)
    for who in (HELPER, FAR_HELPER):
        with pytest.raises(NotFound):
            do(store, "get_wish", who, number=number)
    assert [] == do(store, "list_wishes", HELPER)["items"]


@pytest.mark.parametrize("who", [CLERK, STEWARD, HELPER, FAR_HELPER, RESIDENT])
@pytest.mark.parametrize("state", ["POSTED", "OPEN", "CLAIMED"])
def test_given_anybody_when_listing_then_the_list_is_what_may_be_read(store, who, state):
    number = posted(store, state)
    listed = [row["number"] for row in do(store, "list_wishes", who)["items"]]
    try:
        expected = [do(store, "get_wish", who, number=number)["number"]]
    except NotFound:
        expected = []
    assert expected == listed


def test_given_wishes_when_the_wall_is_read_then_it_shows_reviewed_words_and_no_name(store):
    posted(store)
    number = posted(store, "CLAIMED")
    wall = do(store, "list_wall", SERVICE, area_path=COMMUNITY)["items"]
    expected = {"number": number, "state": "CLAIMED", "wall_text": "一位独居老人想要一副老花镜", "thanks": None}
    assert [expected] == wall


def test_given_words_with_a_telephone_when_put_on_the_wall_then_they_are_refused():
    assert ["wall_text"] == list(say.OpenWish().validate({"number": "X" + "0" * 18, "wall_text": "电话13900000000"}))


def test_given_a_posted_wish_when_told_then_the_community_is_asked_to_review_until_somebody_did(store):
    number = posted(store)
    before = [row.recipient_id for row in messages(store)]
    do(store, "open_wish", number=number)
    assert (["community-yinhong"], []) == (before, messages(store))


def test_given_every_step_of_a_wish_when_told_then_no_blank_stays_empty(store):
    do(store, "confirm_wish", number=posted(store, "FULFILLED"))
    do(store, "refuse_wish", number=posted(store))
    do(store, "release_wish", number=posted(store, "CLAIMED"))
    told = messages(store)
    steps = {"wish_claimed", "wish_fulfilled", "wish_confirmed", "wish_refused", "wish_released"}
    assert (steps, []) == ({row.template for row in told}, [row.body for row in told if "{" in row.body + row.title])


def test_given_a_refusal_when_told_then_who_posted_it_hears_of_it(store):
    do(store, "refuse_wish", number=posted(store))
    assert [("wish_refused", "u-steward")] == [(row.template, row.recipient_id) for row in messages(store)]


def test_given_a_resident_s_wish_when_refused_then_the_community_tells_her_in_person(store):
    do(store, "refuse_wish", number=do(store, "post_wish", RESIDENT)["number"])
    assert [("tell_in_person", "community-yinhong")] == [(row.template, row.recipient_id) for row in messages(store)]


def test_given_a_wish_nobody_claimed_when_all_but_its_claimer_are_looked_for_then_the_store_finds_it_too(store):
    posted(store, "OPEN")
    others = say.INSIDERS.but(say.CLAIMER)
    with store.transaction() as session:
        assert 1 == len(session.scalars(select(Wish).where(others.where(Wish, CLERK))).all())
