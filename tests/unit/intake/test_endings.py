"""Merging (A1 variant d) and withdrawing."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Invalid, NotFound
from contracts.intake.endings import MergeAppeal, WithdrawAppeal
from services.intake import endings
from services.intake.tables import Deadline
from tests.unit.intake.world import (
    CHEN,
    LISHAN,
    OTHER,
    STRANGER,
    WANG,
    ZHANG,
    do,
    facts_of,
    names,
    register,
    state,
    stored,
)

AUDIO = [{**WithdrawAppeal.example["evidence"][0]}]


def merge(store, number, into, who=WANG):
    return do(store, endings.merge_appeal, MergeAppeal, who, number=number, into_number=into)


def withdraw(store, number, who, **more):
    return do(store, endings.withdraw_appeal, WithdrawAppeal, who, number=number, **more)


def husband(store):
    return register(store, ZHANG, channel="HOTLINE", reporter={"name": "陈先生", "phone": "13900000003"})["number"]


def test_given_a_second_call_when_merged_then_it_follows_the_first_which_keeps_its_first_responder(store):
    first, second = register(store)["number"], husband(store)
    view = merge(store, second, first)
    assert ("MERGED", first, ["unmerge_appeal"]) == (view["state"], view["merged_into"], view["allowed_commands"])
    (fact,) = facts_of(store, "appeal_merged")
    assert (first, second) == (fact["data"]["into_number"], fact["data"]["number"])
    with stored(store, first) as survivor:
        assert (LISHAN.id, "IN_PROGRESS") == (survivor.first_responder_id, survivor.state)


def test_given_a_merged_call_when_its_survivor_is_merged_too_then_it_follows_on(store):
    first, second, third = register(store)["number"], husband(store), register(store, WANG)["number"]
    merge(store, second, third)
    merge(store, third, first)
    with stored(store, second) as appeal:
        assert first == appeal.merged_into_number


def test_given_a_merged_call_when_looked_at_then_only_the_survivors_clocks_run(store):
    first, second = register(store)["number"], husband(store)
    merge(store, second, first)
    with stored(store, first) as survivor, store.transaction() as session:
        assert {survivor.id} == {row.subject_id for row in session.query(Deadline) if row.is_open}


def test_given_an_appeal_when_merged_into_itself_then_it_is_invalid(store):
    number = register(store)["number"]
    with pytest.raises(Invalid):
        merge(store, number, number)


def test_given_an_ended_case_when_something_is_merged_into_it_then_it_is_a_conflict(store):
    first, second = register(store)["number"], husband(store)
    withdraw(store, first, WANG)
    with pytest.raises(Conflict):
        merge(store, second, first)


@pytest.mark.rule("4")
def test_given_another_community_when_merging_then_there_is_no_such_case(store):
    first, second = register(store)["number"], husband(store)
    with pytest.raises(NotFound):
        merge(store, second, first, OTHER)


def test_given_the_complainant_when_withdrawing_then_no_paper_is_needed(store):
    number = register(store, CHEN, channel="WEB")["number"]
    assert "WITHDRAWN" == withdraw(store, number, CHEN, evidence=[])["state"]
    assert "appeal_withdrawn" == names(store)[-1]


def test_given_staff_when_withdrawing_on_behalf_then_the_evidence_is_kept(store):
    number = register(store)["number"]
    assert "WITHDRAWN" == withdraw(store, number, WANG)["state"]
    with stored(store, number) as appeal:
        assert "AUDIO" == appeal.ending.evidence[0]["kind"]


def test_given_staff_when_withdrawing_without_evidence_then_it_is_invalid(store):
    number = register(store)["number"]
    with pytest.raises(Invalid):
        withdraw(store, number, WANG, evidence=[])
    assert "IN_PROGRESS" == state(store, number)


@pytest.mark.rule("4")
def test_given_another_resident_when_withdrawing_then_there_is_no_such_case(store):
    number = register(store, CHEN, channel="WEB")["number"]
    with pytest.raises(NotFound):
        withdraw(store, number, STRANGER)


def test_given_a_withdrawn_case_when_withdrawn_again_then_it_is_a_conflict(store):
    number = register(store)["number"]
    withdraw(store, number, WANG)
    with pytest.raises(Conflict):
        withdraw(store, number, WANG)
