"""Councils are convened with notice, held in the courtyard, voted in by way of advice, and never lose a word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from contracts.mediation.council_views import ADVISORY, CouncilKind
from services.mediation.council_life import LIFE
from tests.support.events import said
from tests.unit.mediation.meeting import (
    AFTER,
    LAN,
    OTHER_OWNER,
    OUTSIDER,
    OWNER,
    QINGHE,
    SERVICE,
    STARTS,
    ZHENG,
    council,
    do,
    done,
    held,
    published,
    state_of,
)
from tests.unit.mediation.people import NOW

ARROWS = """
QUORUM_FAILED reconvene_council CONVENED | NO_CONSENSUS reconvene_council CONVENED
CONVENED call_off_council CALLED_OFF | QUORUM_FAILED call_off_council CALLED_OFF
NO_CONSENSUS call_off_council CALLED_OFF | CONVENED take_roll CONVENED | HELD take_roll HELD
CONVENED count_heads CONVENED
CONVENED record_minutes HELD | HELD too_few_came QUORUM_FAILED | HELD cast_vote HELD | HELD count_votes HELD
HELD end_item HELD | HELD conclude_council CLOSED | CLOSED tasks_given IMPLEMENTING | HELD draft_resolution HELD
HELD confirm_share HELD | HELD resolve_council RESOLVED | HELD record_no_consensus NO_CONSENSUS
RESOLVED publish_council PUBLISHED | PUBLISHED object_to_council PUBLISHED
PUBLISHED answer_council_objection PUBLISHED | PUBLISHED objection_upheld HELD
PUBLISHED publication_ended IMPLEMENTING | IMPLEMENTING finish_work IMPLEMENTING
IMPLEMENTING accept_work IMPLEMENTING | IMPLEMENTING return_work IMPLEMENTING | IMPLEMENTING all_accepted DONE
DONE review_council DONE | DONE approved REVIEWED | DONE disapproved IMPLEMENTING | REVIEWED close_council CLOSED
CLOSED look_back_at_council CLOSED
"""
"""Domain §3.4."""


@pytest.fixture
def store(world):
    return world.store


def signed(first: int, count: int, **more):
    return [{"sign_id": str(UUID(int=no)), "name": "业主", **more} for no in range(first, first + count)]


def at_once(*acts):
    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.exception() for done in [pool.submit(act) for act in acts]]


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S0.1")
def test_given_a_council_in_the_courtyard_when_convened_then_place_and_mode_stand_on_the_board(store):
    number = council(store)
    (shown,) = do(store, "list_council_board", SERVICE, area_path=QINGHE)["items"]
    assert (number, "MOBILE", "金茂花园院内", ["发出通知"]) == (
        shown["number"],
        shown["mode"],
        shown["place_text"],
        [each["what"] for each in shown["steps"]],
    )


@pytest.mark.parametrize(("days", "fits"), [(2, False), (3, False), (4, True)])
def test_given_the_notice_of_the_policy_when_convened_earlier_then_the_field_says_from_when(store, days, fits):
    """Three days end at 24:00 of the third; 5 July 2024 is a Friday, so the third day is a Monday."""
    starts = (NOW + timedelta(days=days)).isoformat()
    if fits:
        assert "CONVENED" == do(store, "convene_council", starts_at=starts)["state"]
        return
    with pytest.raises(Invalid) as refused:
        council(store, starts_at=starts)
    assert ["starts_at"] == list(refused.value.details["fields"])


@pytest.mark.row("S0.1")
def test_given_a_roll_and_more_heads_when_recorded_then_all_104_count_and_walk_ins_are_told_apart(store):
    number = council(store)
    do(store, "take_roll", number=number, people=signed(1, 60), now=STARTS)
    do(store, "take_roll", number=number, people=signed(61, 12, walk_in=True), now=STARTS)
    seen = do(store, "record_minutes", number=number, now=AFTER)
    assert (104, 72, 12) == (seen["head_count"], seen["signed_in"], seen["walk_ins"])
    assert 72 == len(do(store, "get_roll", number=number)["people"])


def test_given_a_roll_that_is_sent_again_later_when_taken_then_nobody_counts_twice(store):
    number = council(store)
    do(store, "take_roll", number=number, people=signed(1, 5))
    assert 7 == do(store, "take_roll", number=number, people=signed(3, 5))["signed_in"]


def test_given_a_roll_of_5000_when_taken_from_four_phones_at_once_then_nobody_is_lost(store):
    number = council(store)
    acts = [lambda first=first: do(store, "take_roll", number=number, people=signed(first, 200))
            for first in range(1, 5001, 200)]  # fmt: skip
    assert [None] * 25 == [error for start in range(0, 25, 4) for error in at_once(*acts[start : start + 4])]
    assert 5000 == do(store, "get_council", number=number)["signed_in"]


def test_given_fewer_heads_than_signatures_when_recorded_then_it_is_refused(store):
    number = council(store)
    do(store, "take_roll", number=number, people=signed(1, 105))
    with pytest.raises(Invalid) as refused:
        do(store, "record_minutes", number=number, now=AFTER)
    assert ["head_count"] == list(refused.value.details["fields"])


def test_given_minutes_before_the_hour_when_recorded_then_they_are_refused(store):
    with pytest.raises(Invalid):
        do(store, "record_minutes", number=council(store), now=NOW)


@pytest.mark.row("S3.7")
@pytest.mark.parametrize("kind", [kind for kind in CouncilKind if kind != CouncilKind.GRID])
def test_given_each_kind_when_held_then_it_must_bring_forth_what_the_policy_says(store, kind):
    number = council(store, kind=kind.value)
    with pytest.raises(Invalid) as refused:
        do(store, "record_minutes", number=number, now=AFTER, opinions=[], options=["只有一个方案"])
    needed = {"CONSULT": "options", "DEMOCRATIC": "options", "BUILDING": "options"}.get(kind, "opinions")
    assert [needed] == list(refused.value.details["fields"])


@pytest.mark.row("S3.7")
@pytest.mark.parametrize(("kind", "resolves"), [("DEMOCRATIC", True), ("CONSULT", True), ("TALK", False)])
def test_given_a_kind_when_it_ends_without_a_resolution_then_only_those_may_that_need_none(store, kind, resolves):
    number = held(store, kind=kind)
    if not resolves:
        assert "CLOSED" == do(store, "conclude_council", number=number, now=AFTER)["state"]
        return
    with pytest.raises(Conflict):
        do(store, "conclude_council", number=number, now=AFTER)


def test_given_fewer_people_than_the_quorum_when_recorded_then_it_is_convened_anew_with_its_history(store):
    number = held(store, quorum=105)
    before = state_of(store, number)
    do(store, "reconvene_council", number=number, now=AFTER)
    steps = [each["what"] for each in do(store, "get_council", number=number)["steps"]]
    assert ("QUORUM_FAILED", ["发出通知", "人数不足", "再次召开"]) == (before, steps)


def test_given_two_minutes_at_once_when_recorded_then_one_stands_and_the_other_meets_a_conflict(store):
    number = council(store)
    acts = [
        lambda words=words: do(store, "record_minutes", number=number, now=AFTER, minutes=words) for words in "甲乙"
    ]
    failed = [error for error in at_once(*acts) if error]
    with store.transaction() as session:
        assert ([Conflict], 1) == ([type(error) for error in failed], len(said(session, "council_held")))


def test_given_two_drafts_seen_at_one_version_when_sent_then_the_second_meets_a_named_conflict(store):
    number = held(store)
    seen = do(store, "get_council", number=number)["version"]
    do(store, "draft_resolution", number=number, now=AFTER, expected_version=seen)
    with pytest.raises(VersionMismatch):
        do(store, "draft_resolution", LAN, number=number, now=AFTER, expected_version=seen, cost="1")


def test_given_hands_and_phones_when_voted_then_both_count_and_every_vote_is_called_advice(store):
    number = held(store)
    do(store, "count_votes", number=number, now=AFTER)
    do(store, "count_votes", number=number, now=AFTER, counts=[{"option_no": 3, "votes": 97}])
    seen = do(store, "cast_vote", number=number, now=AFTER)
    assert ([0, 0, 98], ADVISORY) == ([each["votes"] for each in seen["options"]], seen["vote_note"])


def test_given_a_voter_when_she_votes_twice_at_once_then_one_vote_counts(store):
    number = held(store)
    failed = [error for error in at_once(*[lambda: do(store, "cast_vote", number=number, now=AFTER)] * 2) if error]
    votes = do(store, "get_council", number=number)["options"][2]["votes"]
    assert ([Conflict], 1) == ([type(error) for error in failed], votes)


def test_given_a_vote_at_the_moment_of_closing_when_sent_then_it_counts_or_is_refused_by_name(store):
    number = held(store)
    do(store, "draft_resolution", number=number, now=AFTER, shares=[], cost=None)
    errors = at_once(
        lambda: do(store, "cast_vote", OTHER_OWNER, number=number, now=AFTER),
        lambda: do(store, "resolve_council", number=number, now=AFTER),
    )
    votes = do(store, "get_council", number=number)["options"][2]["votes"]
    refused = [type(error) for error in errors if error]
    assert ("RESOLVED", (votes, refused)) == (state_of(store, number), (1, []) if not refused else (0, [Conflict]))


def test_given_an_option_nobody_offered_when_voted_for_then_the_field_says_so(store):
    with pytest.raises(Invalid) as refused:
        do(store, "cast_vote", number=held(store), option_no=4, now=AFTER)
    assert {"option_no": ["没有第4个方案"]} == refused.value.details["fields"]


def test_given_more_hands_than_heads_when_counted_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "count_votes", number=held(store), now=AFTER, counts=[{"option_no": 1, "votes": 105}])


@pytest.mark.parametrize(("touches", "shown"), [(True, True), (False, False)])
def test_given_owners_rights_when_a_council_is_read_then_article_278_is_shown(store, touches, shown):
    warning = do(store, "get_council", number=council(store, owners_rights=touches))["owners_warning"]
    assert shown == bool(warning and "第二百七十八条" in warning)


def test_given_somebody_from_elsewhere_when_she_looks_then_there_is_no_council(store):
    number = council(store)
    with pytest.raises(NotFound):
        do(store, "get_council", OUTSIDER, number=number)
    with pytest.raises(Forbidden):
        do(store, "record_minutes", OWNER, number=number, now=AFTER)


def test_given_what_people_said_when_a_neighbour_reads_then_names_minutes_and_drafts_are_hidden(store):
    number = held(store)
    do(store, "draft_resolution", number=number, now=AFTER)
    seen, own = do(store, "get_council", OWNER, number=number), do(store, "get_council", ZHENG, number=number)
    hidden = ("minutes", "dissent", "opinions", "sheets", "resolution", "works", "agenda", "objections")
    assert [] == [name for name in hidden if seen[name]]
    assert (True, True) == (bool(own["minutes"]), bool(own["resolution"]))


def test_given_a_finished_council_when_the_public_page_is_read_then_every_step_is_there_and_no_word_of_the_room(store):
    number = done(store)
    shown = do(store, "get_council_record", SERVICE, number=number)
    steps = [each["what"] for each in shown["steps"]]
    assert ("发出通知", "公示", "公示期满", "全部完成") == (steps[0], steps[-9], steps[-8], steps[-1])
    assert [] == [word for word in ("一户主张", "怕孩子", "业主与微网格长", "u-") if word in str(shown)]


def test_given_a_whole_council_when_told_then_nothing_that_was_said_in_the_room_is_on_the_bus(store):
    number = published(store)
    do(store, "object_to_council", number=number, now=AFTER)
    with store.transaction() as session:
        told = str(said(session))
        row = session.execute(text("select minutes, dissent, opinions, filed from council")).one()
    words = ("主张修补", "怕孩子", "栅栏高度", "一起商议", "48000")
    assert ([], [bytes] * 4) == ([word for word in words if word in told], [type(each) for each in row])
