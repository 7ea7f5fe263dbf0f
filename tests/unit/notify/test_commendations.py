"""Every month the best stewards, within the quota, drafted by one and published by another, by masked name."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identity import Grant, Principal
from services.notify import commendations
from tests.support.events import names_said
from tests.unit.notify.stewarding import DOOR, OFFICER, OTHER_DOOR, STREET, active, drafted, furnish, step
from tests.unit.notify.wishing import RESIDENT, do

COLLEAGUE = Principal("u-colleague", "街道同事", (Grant("STREET", STREET, "lijingjie"),))


def scored(store, door, name, score):
    number = active(store, area_path=door, name=name)
    step(store, number, "evaluate_steward", score=score)
    return number


@pytest.mark.row("S4.19")
def test_given_scores_when_drafted_then_the_best_stand_first_by_masked_name(store):
    scored(store, DOOR, "肖兰", 90), scored(store, OTHER_DOOR, "马建国", 95)
    view = do(store, "get_commendation", OFFICER, number=drafted(store))
    named = [(one["masked_name"], one["score"]) for one in view["stewards"]]
    assert ([("马*国", 95), ("肖*", 90)], ["银虹社区第3网格5号楼2单元"]) == (named, view["stairwells"])


@pytest.mark.row("S4.19")
def test_given_a_quota_when_drafted_then_no_more_stand_on_the_list(store, monkeypatch):
    monkeypatch.setattr(commendations, "policy", lambda now: Quota)
    scored(store, DOOR, "肖兰", 90), scored(store, OTHER_DOOR, "马建国", 95)
    assert ["马*国"] == [
        one["masked_name"] for one in do(store, "get_commendation", OFFICER, number=drafted(store))["stewards"]
    ]


class Quota:
    """One steward, one stairwell a month."""

    @staticmethod
    def value(key):
        return {"stewards": 1, "stairwells": 1}


def test_given_a_month_with_its_list_when_drafted_again_then_its_number_is_named(store):
    furnish(store)
    first = drafted(store)
    with pytest.raises(Conflict) as refused:
        drafted(store)
    assert first == refused.value.details["number"]


def test_given_a_discarded_list_when_drafted_again_then_there_is_a_new_one(store):
    furnish(store)
    first = drafted(store)
    do(store, "discard_commendation", OFFICER, number=first)
    assert first != drafted(store)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("month", {"month": "2024-08"}),
        ("stairwells", {"stairwells": [{"area_path": STREET}]}),
        ("area_path", {"area_path": "yinchuan.nowhere", "stairwells": []}),
    ],
)
def test_given_something_wrong_when_drafted_then_it_is_named(store, field, given):
    furnish(store)
    who = Principal("u-city", "市里", (Grant("DISTRICT", "yinchuan"),))
    with pytest.raises(Invalid) as refused:
        drafted(store, who, **given)
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.row("S4.19")
def test_given_a_draft_when_published_then_by_another_and_everybody_may_read_it(store):
    furnish(store)
    number = drafted(store)
    board = {"area_path": STREET, "cursor": None, "limit": 20}
    assert [] == do(store, "list_commended", RESIDENT, **board)["items"]
    with pytest.raises(Forbidden):
        do(store, "publish_commendation", OFFICER, number=number)
    do(store, "publish_commendation", COLLEAGUE, number=number)
    assert [number] == [one["number"] for one in do(store, "list_commended", RESIDENT, **board)["items"]]
    with store.transaction() as session:
        assert ["commendation_drafted", "commendation_published"] == names_said(session)
