"""Parties and helpers hear of sessions and of what becomes of the mediation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts import samples
from contracts.mediation.agreements import AgreementTookEffect
from contracts.mediation.breaches import AgreementBreached, AgreementTermDue, PerformanceUrged
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated
from contracts.mediation.extensions import MediationExtended
from contracts.mediation.sessions import MediationSessionScheduled
from services.notify import sessions
from tests.unit.notify.facts import NIGHT, NOW, fact, messages, shanghai, tell, told

CLAIMANT = samples.CLAIMANT["person_id"]
COMMUNITY = "community-yinhong"
HELPERS = MediationSessionScheduled.example["helper_units"][0]
MEETING = shanghai(9, 15)  # domain A1 step 5: 9 July 15:00


def hear(store, contract, version, now=NOW, **data):
    tell(store, fact(contract, data, version, subject=samples.CASE), now)


def opened(store):
    hear(store, MediationCaseOpened, 1)


def scheduled(store, starts_at=MEETING, now=NOW, **data):
    moment = starts_at.isoformat()
    hear(store, MediationSessionScheduled, 5, now, starts_at=moment, **data)


def terminated(store):
    hear(store, MediationTerminated, 6)


def test_given_a_session_when_scheduled_then_parties_and_helpers_get_notice_and_reminders(store):
    opened(store)
    scheduled(store)
    assert {
        ("mediation_session", CLAIMANT),
        ("mediation_reminder", CLAIMANT),
        ("mediation_session_helper", HELPERS),
        ("mediation_reminder_helper", HELPERS),
        ("tell_in_person", COMMUNITY),
    } == told(store)


def test_given_a_session_when_scheduled_then_it_is_called_to_mind_two_hours_before_and_never_after_it_began(store):
    opened(store)
    scheduled(store, starts_at=MEETING + timedelta(days=1))
    reminders = messages(store, "mediation_reminder")
    assert [shanghai(9, 15), shanghai(10, 13)] == sorted(row.send_after for row in reminders)
    assert {shanghai(10, 15)} == {row.send_before for row in reminders}


def test_given_little_time_when_scheduled_then_only_the_reminder_still_ahead_is_queued(store):
    opened(store)
    scheduled(store, starts_at=NOW + timedelta(hours=3))
    assert [NOW + timedelta(hours=1)] == [row.send_after for row in messages(store, "mediation_reminder")]


@pytest.mark.parametrize(
    ("starts_at", "two_hours"),
    [
        (shanghai(10, 15), shanghai(10, 13)),
        (shanghai(10, 9, 30), shanghai(10, 8)),
        (shanghai(10, 9), shanghai(10, 8)),
        (shanghai(10, 8, 30), shanghai(9, 20, 30)),
    ],
    ids=["by-day", "after-quiet", "an-hour-left", "evening-before"],
)
def test_given_quiet_hours_when_reminding_then_the_reminder_moves_out_of_them(starts_at, two_hours):
    assert two_hours == sessions.reminders(starts_at, NOW)["2h"]


def test_given_a_session_heard_before_its_parties_when_they_are_known_then_they_are_told(store):
    scheduled(store)
    assert {"mediation_session_helper", "mediation_reminder_helper"} == {row.template for row in messages(store)}
    opened(store)
    assert {("mediation_session", CLAIMANT)} == told(store, "mediation_session")


def test_given_a_party_known_by_name_only_when_scheduled_then_the_community_is_asked_to_tell_them(store):
    opened(store)
    scheduled(store)
    (notice, *_) = messages(store, "tell_in_person")
    assert (True, True) == (samples.RESPONDENT["masked_name"] in notice.body, "7月9日（周二）15:00" in notice.body)


def test_given_a_refusal_when_terminated_then_every_party_hears_of_the_other_ways_and_reminders_fall_away(store):
    opened(store)
    scheduled(store)
    terminated(store)
    assert {("mediation_remedies", CLAIMANT), ("tell_in_person", COMMUNITY)} == told(store)
    assert [1, 1] == [row.body.count("诉讼、仲裁、行政途径") for row in messages(store)]


def test_given_a_terminated_case_when_a_session_is_heard_late_then_nobody_is_invited(store):
    opened(store)
    terminated(store)
    scheduled(store)
    assert {"mediation_remedies", "tell_in_person"} == {row.template for row in messages(store)}
    assert [] == messages(store, "mediation_session", "mediation_session_helper")


@pytest.mark.rule("16")
@pytest.mark.parametrize(
    ("until", "said"),
    [
        (shanghai(9, 0) + timedelta(days=31), "可在8月8日（周四）24:00前共同"),
        (shanghai(9, 0), "期限已于7月8日（周一）24:00届满"),
        (None, "的和解协议已于2024年7月8日生效"),
    ],
    ids=["open", "lapsed", "no-committee"],
)
def test_given_an_agreement_when_it_takes_effect_then_each_party_hears_until_when_the_court_may_confirm(
    store, until, said
):
    effective = {"effective_at": shanghai(8, 17).isoformat(), "judicial_until": until and until.isoformat()}
    event = fact(AgreementTookEffect, effective, 8, subject=samples.CASE, time=shanghai(9, 17))
    tell(store, event, NOW)
    assert [True, True] == [said in row.body for row in messages(store)]


def test_given_an_agreement_when_it_takes_effect_then_no_further_session_is_called_to_mind(store):
    opened(store)
    scheduled(store)
    hear(store, AgreementTookEffect, 8)
    assert {"agreement_took_effect", "tell_in_person"} == {row.template for row in messages(store)}


@pytest.mark.parametrize(
    ("old", "loud"), [(shanghai(9, 0), True), (shanghai(12, 0), False)], ids=["ends tonight", "ends later"]
)
def test_given_more_time_when_told_then_every_party_hears_it_before_the_old_limit_ends(store, old, loud):
    opened(store)
    later = old + timedelta(days=30)
    hear(store, MediationExtended, 7, NIGHT, old_due_at=old.isoformat(), new_due_at=later.isoformat())
    assert {("mediation_extended", CLAIMANT), ("tell_in_person", COMMUNITY)} == told(store)
    assert {loud} == {row.breaks_quiet for row in messages(store)}


@pytest.mark.parametrize(
    ("when", "keys"),
    [
        ("SOON", {("tell_in_person", COMMUNITY)}),
        ("LATE", {("tell_in_person", COMMUNITY), ("agreement_term_to_check", samples.COMMUNITY_MEDIATOR["id"])}),
    ],
)
def test_given_a_term_when_it_is_called_to_mind_then_the_party_hears_and_once_late_the_mediator_too(store, when, keys):
    opened(store)
    for version in (7, 8):
        hear(store, AgreementTermDue, version, when=when)
    assert keys == told(store)
    assert len(keys) == len(messages(store))


def test_given_an_agreement_not_kept_when_told_then_the_other_side_hears_what_it_may_do(store):
    opened(store)
    hear(store, AgreementBreached, 7, ways=["CONFIRMATION", "SUIT"])
    (notice,) = messages(store, "agreement_breached")
    assert (CLAIMANT, True) == (notice.recipient_id, "共同申请司法确认、向人民法院起诉" in notice.body)


def test_given_a_party_that_was_urged_when_told_then_it_hears_until_when(store):
    opened(store)
    hear(store, PerformanceUrged, 7, obligor=samples.CLAIMANT)
    (notice,) = messages(store, "performance_urged")
    assert (CLAIMANT, True) == (notice.recipient_id, "24:00前履行" in notice.body)
