"""Every event has words: for staff always, for residents where they may know."""

from __future__ import annotations

import re

import pytest

from contracts import registry
from contracts.schema import EventSchema
from kernel.masking import find_personal
from services.portal.readmodel import words
from services.portal.readmodel.saying import spoken

EVENTS = sorted(registry.EVENTS.items())


def test_given_an_event_when_read_then_it_says_outright_whether_residents_read_it() -> None:
    assert [] == [fact.name for _, fact in EVENTS if not hasattr(fact, "for_resident")]


@pytest.mark.parametrize(("event_type", "contract"), EVENTS, ids=[event_type for event_type, _ in EVENTS])
def test_given_an_event_when_told_then_sentences_are_whole_and_in_chinese(
    event_type: str, contract: type[EventSchema]
) -> None:
    source = event_type.split(".")[2]
    staff = words.for_staff(source, contract.name, contract.example, {"lijingjie-chengguan": "丽景街城管中队"})
    resident = words.for_resident(source, contract.name, contract.example, {})
    for sentence in filter(None, (staff, resident)):
        assert ("。", []) == (sentence[-1], [mark for mark in "{}[]_" if mark in sentence])
        assert [] == find_personal(sentence.replace(str(contract.example.get("into_number")), ""))
    assert 2 <= len(words.label(source, contract.name)) <= 6


@pytest.mark.parametrize(("event_type", "contract"), EVENTS, ids=[event_type for event_type, _ in EVENTS])
def test_given_an_event_that_tells_nothing_when_told_then_there_is_a_sentence_still(
    event_type: str, contract: type[EventSchema]
) -> None:
    assert words.for_staff(event_type.split(".")[2], contract.name, {}, {}).endswith("。")


def test_given_an_event_of_a_newer_service_when_told_then_the_timeline_says_so() -> None:
    told = words.label("intake", "appeal_sung"), words.for_staff("intake", "appeal_sung", {}, {})
    assert ("进展", words.NEW, None) == (*told, words.for_resident("intake", "appeal_sung", {}, {}))


def test_given_an_empty_field_when_filled_then_its_part_is_left_out() -> None:
    template = "办结[，佐证{count}件][，{who}说]。"
    assert ["办结，佐证2件。", "办结。"] == [spoken(template, {"count": count, "who": ""}) for count in ("2", "0")]


@pytest.mark.rule("47")
def test_given_steps_for_residents_when_read_then_none_names_a_date_that_a_later_step_could_contradict() -> None:
    dated = [fact.name for _, fact in EVENTS if re.search(r"\{(promise|due|new_due)_at", fact.for_resident or "")]
    assert [] == dated
