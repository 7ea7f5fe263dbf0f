"""Who is told when a unit appeals against a rating, and when that is decided."""

from __future__ import annotations

from contracts.dispatch import rating_appeals as say
from tests.unit.notify.facts import NOW, fact, tell, told


def hear(store, contract, version=1, **data):
    tell(store, fact(contract, data, version), NOW)


def test_given_an_appeal_when_heard_twice_then_the_street_is_asked_once_to_decide(store):
    for version in (1, 2):
        hear(store, say.WhistleTaskRatingAppealed, version)
    assert {("rating_appeal_to_decide", "street-lijingjie")} == told(store)


def test_given_a_decision_when_heard_then_the_unit_is_told_and_nobody_is_asked_any_more(store):
    hear(store, say.WhistleTaskRatingAppealed)
    hear(store, say.WhistleTaskRatingAppealDecided, 2)
    assert {("whistle_task_rating_appeal_decided", "lijingjie-sifasuo")} == told(store)
