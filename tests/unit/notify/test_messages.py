"""The list of a case's messages."""

from __future__ import annotations

import pytest

from chassis.errors import Forbidden
from contracts import samples
from contracts.intake.triage import AppealDeclined
from contracts.notify.messages import ListMessages
from services.notify import messages as capability
from tests.unit.notify.facts import (
    HE_JING,
    NEIGHBOUR_STAFF,
    NIGHT,
    NOW,
    NUMBER,
    RESIDENT,
    WANG_FANG,
    fact,
    registered,
    shanghai,
    tell,
)


def listed(store, who=WANG_FANG, now=NOW, number=NUMBER):
    with store.transaction() as session:
        answer = capability.list_of_case(session, who, {"case_number": number}, now)
        return ListMessages.answer().dump(answer)["items"]


def test_given_messages_when_listed_then_recipients_are_masked(store):
    registered(store)
    (item,) = listed(store)
    assert {"id": samples.RESIDENT, "name": "陈*"} == item["recipient"]
    assert ("appeal_receipt", "QUEUED", 0) == (item["template"], item["state"], item["attempts"])


def test_given_a_secret_reporter_when_listed_then_neither_name_nor_id_shows(store):
    registered(store, secret=True)
    assert [{"id": "secret", "name": "保密"}] == [item["recipient"] for item in listed(store)]


def test_given_a_secret_registration_heard_late_when_listed_then_it_is_kept_too(store):
    tell(store, fact(AppealDeclined, version=2), NOW)
    registered(store, secret=True)
    assert [{"id": "secret", "name": "保密"}] == [item["recipient"] for item in listed(store)]


def test_given_the_night_when_listed_then_what_may_not_leave_shows_as_held_until_eight(store):
    registered(store, urgency="NORMAL")
    assert [("HELD", "2024-07-09T00:00:00Z")] == [
        (item["state"], item["send_after"]) for item in listed(store, now=NIGHT)
    ]


def test_given_an_emergency_at_night_when_listed_then_it_is_not_held(store):
    registered(store, now=NIGHT)
    assert ["QUEUED"] == [item["state"] for item in listed(store, now=NIGHT)]


def test_given_the_morning_when_listed_then_nothing_is_held(store):
    registered(store, urgency="NORMAL", now=NIGHT)
    assert ["QUEUED"] == [item["state"] for item in listed(store, now=shanghai(9, 8))]


def test_given_a_clerk_of_the_district_when_listed_then_they_see_it(store):
    registered(store)
    assert 1 == len(listed(store, HE_JING))


@pytest.mark.rule("4")
def test_given_staff_of_another_place_when_asking_then_it_is_as_if_there_were_none(store):
    registered(store)
    assert [] == list(listed(store, NEIGHBOUR_STAFF))


def test_given_no_member_of_staff_when_asking_then_forbidden(store):
    registered(store)
    with pytest.raises(Forbidden):
        listed(store, RESIDENT)


def test_given_a_case_without_messages_when_listed_then_the_list_is_empty(store):
    assert [] == listed(store)
