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
NOT_FOR_RESIDENTS = {
    "appeal_joined", "appeal_awaits_departments", "whistle_task_cancelled",
    "whistle_drafted", "whistle_returned", "whistle_task_assigned", "whistle_task_objected",
    "whistle_task_objection_decided", "whistle_task_progressed", "whistle_task_rated", "whistle_task_rating_waived",
    "whistle_task_overdue", "whistle_cancelled", "whistle_closed", "party_willingness_recorded", "party_refused",
    "helper_consented", "agreement_signed", "message_sent", "message_failed", "dissatisfaction_recorded",
    "follow_up_superseded", "hazard_owner_named", "handover_offered", "handover_declined", "post_left_empty",
    "campaign_opened", "visit_recorded", "visit_led_to", "data_change_proposed",
    "data_change_decided", "campaign_concluded", "campaign_withdrawn",
    "intake_deadline_approaching", "dispatch_deadline_approaching", "mediation_deadline_approaching",
    "notify_deadline_approaching",
}  # fmt: skip


def test_given_the_words_when_read_then_what_residents_do_not_read_is_said_outright() -> None:
    assert NOT_FOR_RESIDENTS == {fact.name for _, fact in EVENTS if fact.for_resident is None}


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
