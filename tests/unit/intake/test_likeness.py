"""Near-duplicates are suggested with their reasons; a person merges, and takes a merge back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from chassis.errors import Conflict, Forbidden, NotFound
from contracts.intake.endings import MergeAppeal
from contracts.intake.likeness import FindAlike, ListAlike, UnmergeAppeal
from kernel.grams import grams, phrases
from services.intake import endings, likeness
from tests.unit.intake.world import (
    AUDITOR,
    CHEN,
    COMMUNITY,
    ELSEWHERE,
    GRID,
    LISHAN,
    NOW,
    STAIRWELL,
    WANG,
    WINDOW,
    ZHANG,
    do,
    facts_of,
    names,
    register,
    state,
    stored,
)

HUSBAND = {"name": "陈先生", "phone": "13900000003"}
CALM = {"damage_ongoing": False, "danger_flags": []}
SEWAGE = {"title": "污水倒灌", "content": "卫生间下水道堵塞，污水倒灌到楼道", **CALM}
AGAIN = {"title": "下水道堵了", "content": "楼里下水道堵塞，污水倒灌，味道很大", **CALM}
DAY = timedelta(days=1)


def listed(store, number, who=WANG, now=NOW):
    return do(store, likeness.list_alike, ListAlike, who, now, number=number)["items"]


def found(store, content, place=STAIRWELL, who=WANG, now=NOW, category="housing.drain.blocked"):
    given = {"content": content, "area_path": place, "category": category}
    return do(store, likeness.find_alike, FindAlike, who, now, **given)["items"]


def merge(store, number, into, who=WANG, now=NOW):
    return do(store, endings.merge_appeal, MergeAppeal, who, now, number=number, into_number=into)


def unmerge(store, number, who=WANG, **more):
    return do(store, likeness.unmerge, UnmergeAppeal, who, number=number, reason="两户各有各的堵点", **more)


def pair(store):
    first = register(store, **SEWAGE)
    second = register(store, ZHANG, NOW + DAY, reporter=HUSBAND, **AGAIN)
    return first, second


def test_given_two_reports_of_one_matter_when_looked_at_then_the_other_is_named_with_its_reasons_in_words(store):
    first, second = pair(store)
    (other,) = listed(store, second["number"])
    words = other["reasons"][-1]
    assert (first["number"], ["同一楼门单元", "相隔1天", "同一类别“housing.drain.blocked”"]) == (
        other["number"],
        other["reasons"][:3],
    )
    assert {"下水道堵塞", "污水倒灌"} <= set(words.removeprefix("都提到“").removesuffix("”").split("”“"))


def test_given_a_call_when_not_yet_registered_then_what_may_be_the_same_is_found_and_nothing_is_kept(store):
    first = register(store, **SEWAGE)
    before = names(store)
    (other,) = found(store, "下水道又堵塞了，污水倒灌")
    assert (first["number"], before) == (other["number"], names(store))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"place": f"{ELSEWHERE}.g1"}, "another community"),
        ({"content": "楼道灯坏了，晚上看不见"}, "other words"),
        ({"now": NOW + 31 * DAY}, "too long ago"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_given_what_differs_in_place_words_or_time_when_looked_for_then_it_is_not_suggested(store, told, reason):
    register(store, **SEWAGE)
    who = WINDOW if reason == "another community" else WANG
    assert [] == found(store, **{"content": "下水道堵塞，污水倒灌", "who": who, **told}), reason


def test_given_the_same_words_in_a_neighbouring_grid_when_looked_for_then_the_same_stairwell_comes_first(store):
    far = register(store, WANG, area_path=COMMUNITY, **SEWAGE)
    near = register(store, **SEWAGE)
    scores = {one["number"]: one["score"] for one in found(store, "下水道堵塞，污水倒灌到楼道")}
    assert [near["number"], far["number"]] == list(scores)
    assert scores[near["number"]] > scores[far["number"]]


def test_given_another_category_when_looked_for_then_the_points_of_the_category_are_missing(store):
    register(store, **SEWAGE)
    (same,), (other,) = found(store, SEWAGE["content"]), found(store, SEWAGE["content"], category="old.lift")
    assert 15 == same["score"] - other["score"]


@pytest.mark.parametrize("ended", ["merged", "secret", "of_staff"])
def test_given_what_has_ended_or_is_not_for_the_asker_when_looked_for_then_it_is_not_suggested(store, ended):
    if ended == "merged":
        first, second = pair(store)
        merge(store, second["number"], first["number"])
        assert [first["number"]] == [one["number"] for one in found(store, AGAIN["content"])]
        return
    more = {"secret": {"secret": True}, "of_staff": {"against_units": ["gongshui"]}}[ended]
    register(store, **SEWAGE, **more)
    assert [] == found(store, SEWAGE["content"])


def test_given_a_resident_when_asking_for_the_like_then_it_is_forbidden(store):
    first = register(store, CHEN, channel="APP", **SEWAGE)
    for refused in (lambda: listed(store, first["number"], CHEN), lambda: found(store, "下水道", who=CHEN)):
        with pytest.raises(Forbidden):
            refused()


def test_given_a_stranger_when_asking_then_the_number_does_not_exist(store):
    first = register(store, **SEWAGE)
    with pytest.raises(NotFound):
        listed(store, first["number"], WINDOW)


def test_given_a_wrong_merge_when_taken_back_then_both_go_on_and_both_are_told(store):
    first, second = pair(store)
    merge(store, second["number"], first["number"])
    unmerge(store, second["number"])
    with stored(store, second["number"]) as appeal:
        told = (appeal.state, appeal.merged_into, appeal.due_at)
        kept = (appeal.endings[-1].kind, appeal.endings[-1].words, appeal.endings[-1].resumed_at)
    assert ("ASSIGNED", None, second["due_at"]) == told
    assert ("MERGED", "两户各有各的堵点", NOW) == kept
    assert ["appeal_resumed", "appeal_accepted", "appeal_assigned", "appeal_parted"] == names(store)[-4:]
    assert first["number"] == facts_of(store, "appeal_parted")[0]["data"]["number"]


def test_given_a_merge_taken_back_when_merged_again_then_it_follows_once_more(store):
    first, second = pair(store)
    for hours in (1, 2):
        merge(store, second["number"], first["number"], now=NOW + timedelta(hours=hours))
        unmerge(store, second["number"])
    assert ("IN_PROGRESS", "ASSIGNED") == (state(store, first["number"]), state(store, second["number"]))


def test_given_what_was_never_merged_when_taken_back_then_the_conflict_names_the_state_that_would_do(store):
    first = register(store, **SEWAGE)
    with pytest.raises(Conflict) as refused:
        unmerge(store, first["number"])
    assert ["MERGED"] == refused.value.details["allowed_states"]


@pytest.mark.parametrize("crossed", [False, True])
def test_given_two_staff_when_they_merge_one_pair_at_once_then_one_wins_and_the_other_gets_a_named_conflict(
    store, crossed
):
    first, second = pair(store)
    one = (second["number"], first["number"])
    ways = [(one, WANG), (tuple(reversed(one)) if crossed else one, ZHANG)]

    def tried(way):
        try:
            return merge(store, *way[0], who=way[1])["state"]
        except Conflict as conflict:
            return conflict.message

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(tried, ways))
    assert 1 == answers.count("MERGED")
    assert 1 == len([said for said in answers if said != "MERGED" and ("已并单" in said or "已经结束" in said)])
    assert 1 == names(store).count("appeal_merged")


@given(any_of.text("下水道堵塞污水倒灌了，我的 ", max_size=40), any_of.text("下水道堵塞污水倒灌了，我的 ", max_size=40))
def test_given_any_two_texts_when_compared_then_every_shared_phrase_stands_in_the_first_and_says_something(one, other):
    both = grams(one) & grams(other)
    told = phrases(one, both)
    assert all(phrase in one and grams(phrase) <= both for phrase in told)
    assert bool(both) == bool(told)


def test_given_an_auditor_when_merging_is_suggested_then_it_is_not_for_who_only_reads(store):
    first = register(store, area_path=GRID, **SEWAGE)
    with pytest.raises(Forbidden):
        listed(store, first["number"], AUDITOR)
    assert [] == listed(store, first["number"], LISHAN)
