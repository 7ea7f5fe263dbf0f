"""What is counted in the courtyard stays when the minutes are written; a second meeting begins anew."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.dispatch.whistles import WhistleBlown
from services.mediation import helpers
from tests.support.events import hear, said
from tests.unit.mediation.meeting import AFTER, OVER, OWNER, SERVICE, STARTS, ZHENG, council, do, done, held
from tests.unit.mediation.people import NOW

PEOPLE = [{"name": "业主", "walk_in": True}]


@pytest.fixture
def store(world):
    return world.store


@pytest.mark.row("S0.1")
def test_given_a_count_in_the_courtyard_when_the_desk_writes_the_minutes_then_heads_hands_and_options_stand(store):
    number = council(store)
    do(store, "count_heads", number=number, now=STARTS)
    seen = do(store, "record_minutes", number=number, now=AFTER, head_count=None, options=["重建", "修补"])
    assert (104, [("修补", 6), ("拆除后设栅栏", 98), ("重建", 0)]) == (
        seen["head_count"],
        [(each["option"], each["votes"]) for each in seen["options"]],
    )


def test_given_two_counts_when_sent_then_the_later_one_stands(store):
    number = council(store)
    do(store, "count_heads", number=number, now=STARTS)
    seen = do(store, "count_heads", number=number, now=STARTS, head_count=105, hands=[])
    assert (105, []) == (seen["head_count"], seen["options"])


def test_given_minutes_that_stand_when_a_count_comes_late_then_it_meets_a_named_conflict(store):
    with pytest.raises(Conflict) as refused:
        do(store, "count_heads", number=held(store), now=AFTER)
    assert ["CONVENED"] == refused.value.details["allowed_states"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"now": NOW}, "head_count"),
        ({"head_count": 103}, "hands"),
        ({"hands": [{"option": "修补", "votes": 1}] * 2}, "hands"),
    ],
    ids=("before its hour", "more hands than heads", "one option twice"),
)
def test_given_a_count_that_cannot_be_when_sent_then_the_field_says_why(store, asked, field):
    with pytest.raises(Invalid) as refused:
        do(store, "count_heads", number=council(store), **{"now": STARTS, **asked})
    assert [field] == list(refused.value.details["fields"])


def test_given_no_count_at_all_when_the_minutes_leave_it_out_then_the_field_says_so(store):
    with pytest.raises(Invalid) as refused:
        do(store, "record_minutes", number=council(store), now=AFTER, head_count=None)
    assert {"head_count": ["要填到会人数"]} == refused.value.details["fields"]


def test_given_a_resident_when_she_counts_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        do(store, "count_heads", OWNER, number=council(store), now=STARTS)


@pytest.mark.row("S0.1")
def test_given_no_consensus_when_convened_again_then_roll_and_votes_begin_anew_and_the_first_meeting_is_kept(store):
    number = council(store)
    do(store, "take_roll", number=number, people=PEOPLE * 3)
    do(store, "record_minutes", number=number, now=AFTER)
    do(store, "cast_vote", number=number, now=AFTER)
    do(store, "draft_resolution", number=number, now=AFTER)
    do(store, "record_no_consensus", number=number, now=AFTER)
    do(store, "reconvene_council", number=number, now=AFTER)
    do(store, "take_roll", number=number, people=PEOPLE, now=OVER)
    do(store, "record_minutes", number=number, now=OVER, head_count=2, minutes="再次商议")
    seen = do(store, "cast_vote", number=number, now=OVER, option_no=1)
    own = do(store, "get_council", number=number)
    assert ([1, 0, 0], 1, 1, None) == (
        [each["votes"] for each in seen["options"]],
        len(do(store, "get_roll", number=number)["people"]),
        own["signed_in"],
        own["resolution"],
    )
    (first,) = own["meetings"]
    told = [first[name] for name in ("meeting", "head_count", "signed_in", "minutes", "reason")]
    assert [1, 104, 3, "业主与微网格长、党员一起商议", "费用没谈拢"] == told
    assert [] == do(store, "get_council", OWNER, number=number)["meetings"]


def test_given_a_first_draft_when_the_second_meeting_has_none_then_nothing_is_resolved(store):
    number = held(store)
    do(store, "draft_resolution", number=number, now=AFTER, cost=None, shares=[])
    do(store, "record_no_consensus", number=number, now=AFTER)
    do(store, "reconvene_council", number=number, now=AFTER)
    do(store, "record_minutes", number=number, now=OVER)
    with pytest.raises(Conflict, match="还没有拟决议"):
        do(store, "resolve_council", ZHENG, number=number, now=OVER)


@pytest.mark.parametrize(("made", "whistled"), [(council, False), (held, True), (done, True)])
def test_given_a_council_when_dispatch_asks_where_it_is_then_only_once_it_has_met(store, made, whistled):
    number = made(store)
    if whistled:
        assert number == do(store, "locate_council", SERVICE, number=number)["number"]
        return
    with pytest.raises(NotFound):
        do(store, "locate_council", SERVICE, number=number)


def test_given_a_whistle_for_what_was_talked_over_when_it_is_heard_twice_then_the_council_shows_it_once(store):
    number = held(store)
    about = {"kind": "COUNCIL", "id": do(store, "get_council", number=number)["id"], "number": number}
    event = hear(WhistleBlown, {"source": about})
    for _ in range(2):
        with store.transaction() as session:
            helpers.whistle_blown(session, SERVICE, event, AFTER)
    with store.transaction() as session:
        assert 1 == len(said(session, "council_whistled"))
    assert [event.data["whistle_number"]] == do(store, "get_council", OWNER, number=number)["whistles"]
