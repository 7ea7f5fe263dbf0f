"""Agreements: drafted after accord, binding with the last signature, open to the court for thirty days, performed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import update

from chassis.errors import Conflict, Invalid, NotFound, VersionMismatch
from services.mediation.tables import Org
from tests.unit.mediation.people import ELSEWHERE, HEARING, LISHAN, RECEIVER, STATION_AREA, number, refusal, staff

ORDERS = list(permutations(("chen", "zhao", "mediator", "seal")))


def agreement(world, look):
    return world.see(lambda case: look(case.agreements[-1]))


def test_given_an_accord_when_drafted_then_the_case_is_agreed_and_it_is_told_without_a_word_of_content(world):
    world.drafted()
    (told,) = world.said("agreement_drafted")
    assert ("AGREED", "DRAFT") == (world.state(), agreement(world, lambda one: one.state))
    assert {"case_id", "mediation_number", "source", "agreement_id", "agreement_number", "form", "copies"} == set(told)
    assert (number(1, "M"), "WRITTEN", 3) == (told["agreement_number"], told["form"], told["copies"])


def test_given_no_accord_when_drafted_then_conflict(world):
    world.mediating()
    world.name(world.chen, "陈桂兰")
    world.name(world.zhao, "赵建国")
    world.schedule()
    world.now = HEARING
    world.record("NO_AGREEMENT")
    with pytest.raises(Conflict):
        world.draft()


def test_given_a_party_without_a_name_when_drafted_then_conflict_tells_who_masked(world):
    world.mediating()
    world.name(world.chen, "陈桂兰")
    world.schedule()
    world.now = HEARING
    world.record("AGREED")
    with pytest.raises(Conflict) as refused:
        world.draft()
    assert ["赵*"] == refused.value.details["missing"]


def test_given_terms_between_strangers_or_with_oneself_when_drafted_then_invalid_by_row(world):
    world.accord()
    own = world.term(obligee_party_id=str(world.zhao))
    stranger = world.term(obligor_party_id=str(world.chen_person))
    with pytest.raises(Invalid) as refused:
        world.draft(terms=[world.term(), own, stranger])
    assert ["1", "2"] == list(refused.value.details["fields"]["terms"])


def test_given_too_few_copies_when_drafted_then_invalid(world):
    world.accord()
    with pytest.raises(Invalid) as refused:
        world.draft(copies=2)
    assert ["copies"] == list(refused.value.details["fields"])


def test_given_a_half_signed_draft_when_drafted_anew_then_the_old_one_and_its_signatures_are_void(world):
    first = world.drafted()
    world.sign(first, party=world.chen)
    second = world.draft(terms=[world.term(amount="5000.00")])
    assert ["REPLACED", "DRAFT"] == world.see(lambda case: [one.state for one in case.agreements])
    with pytest.raises(Conflict):
        world.sign(first, party=world.zhao)
    world.sign(second, party=world.chen)


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_given_the_four_marks_when_set_in_any_order_then_the_last_one_makes_it_binding(world, order):
    key = world.drafted()
    marks = world.signatures(key)
    for name in order[:-1]:
        marks[name]()
        world.now += timedelta(hours=1)
        assert ("SIGNING", None, "AGREED") == (
            *agreement(world, lambda one: (one.state, one.effective_at)), world.state(),
        )  # fmt: skip
    marks[order[-1]]()
    (told,) = world.said("agreement_took_effect")
    assert ("EFFECTIVE", world.now, "PERFORMING") == (
        *agreement(world, lambda one: (one.state, one.effective_at)), world.state(),
    )  # fmt: skip
    assert world.now == datetime.fromisoformat(told["effective_at"])


def test_given_effect_on_9_july_when_told_then_the_court_may_be_asked_until_8_august(world):
    world.effective()
    (told,) = world.said("judicial_confirmation_window_opened")
    assert datetime(2024, 8, 8, 16, 0, tzinfo=UTC) == datetime.fromisoformat(told["until"])
    assert told["until"] == agreement(world, lambda one: one.judicial_until.isoformat().replace("+00:00", "Z"))


def test_given_effect_when_the_thirtieth_day_is_a_day_off_then_the_window_rolls_to_the_next_working_day(world):
    key = world.drafted()
    world.now = datetime(2026, 1, 16, 2, 0, tzinfo=UTC)
    for mark in world.signatures(key).values():
        mark()
    (told,) = world.said("judicial_confirmation_window_opened")
    assert datetime(2026, 2, 24, 16, 0, tzinfo=UTC) == datetime.fromisoformat(told["until"])


def test_given_a_body_that_is_no_committee_when_its_accord_takes_effect_then_no_window_opens(world):
    yang = staff("u-yanggendi", "杨根娣", "MEDIATOR", STATION_AREA)
    world.open_case(area_path=f"{STATION_AREA}.g1")
    for party, name in ((world.chen, "刘小光"), (world.zhao, "周大海")):
        world.willing(party, who=yang)
        world.name(party, name, who=yang)
    world.assign("u-yanggendi", who=yang)
    world.hear_rights(who=yang)
    world.schedule(who=yang)
    world.now = HEARING
    world.record("AGREED", who=yang)
    key = world.draft(who=yang)
    for mark in world.signatures(key).values():
        mark(who=yang)
    assert ("PERFORMING", None, []) == (
        world.state(), agreement(world, lambda one: one.judicial_until),
        world.said("judicial_confirmation_window_opened"),
    )  # fmt: skip


def test_given_a_committee_when_its_standing_changes_after_the_draft_then_the_draft_keeps_what_it_said(world):
    key = world.drafted()
    with world.store.transaction() as session:
        session.execute(update(Org).values(statutory=False))
    for mark in world.signatures(key).values():
        mark()
    assert 1 == len(world.said("judicial_confirmation_window_opened"))


def test_given_parties_who_need_no_paper_when_agreed_orally_then_it_binds_from_the_accord(world):
    world.accord()
    world.draft(form="ORAL")
    assert ("PERFORMING", "EFFECTIVE", HEARING) == (
        world.state(), *agreement(world, lambda one: (one.state, one.effective_at)),
    )  # fmt: skip


def test_given_a_fingerprint_when_told_then_the_manner_is_said(world):
    key = world.drafted()
    world.sign(key, party=world.zhao, manner="FINGERPRINT", scan_sha256="cd" * 32)
    (told,) = world.said("agreement_signed")
    assert ("PARTY", str(world.zhao), "FINGERPRINT") == (told["signer"], told["party_id"], told["manner"])


@pytest.mark.parametrize("mark", ["chen", "mediator", "seal"])
def test_given_a_mark_when_set_again_then_conflict(world, mark):
    key = world.drafted()
    give = world.signatures(key)[mark]
    give()
    with pytest.raises(Conflict):
        give()
    assert 1 == len(world.said("agreement_signed"))


@pytest.mark.parametrize(
    "fields", [{"signer": "SEAL"}, {"signer": "PARTY", "party": None}, {"signer": "MEDIATOR", "party": "chen"}]
)
def test_given_a_signature_nobody_can_give_when_recorded_then_invalid(world, fields):
    key = world.drafted()
    party = world.chen if fields.get("party") else None
    with pytest.raises(Invalid):
        world.sign(key, fields["signer"], party)


def test_given_a_binding_agreement_when_signed_again_then_conflict_names_the_states(world):
    key = world.effective()
    with pytest.raises(Conflict) as refused:
        world.sign(key, party=world.chen)
    assert ("EFFECTIVE", ["DRAFT", "SIGNING"]) == (
        refused.value.details["state"], refused.value.details["allowed_states"],
    )  # fmt: skip


def test_given_no_such_agreement_when_signed_then_not_found(world):
    world.drafted()
    with pytest.raises(NotFound):
        world.sign(world.chen, party=world.chen)


def test_given_an_old_version_when_signed_then_the_mismatch_is_named(world):
    key = world.drafted()
    with pytest.raises(VersionMismatch):
        world.sign(key, party=world.chen, expected_version=1)
    world.sign(key, party=world.chen, expected_version=world.see(lambda case: case.version))


@pytest.mark.parametrize("who", [LISHAN, ELSEWHERE, RECEIVER])
def test_given_the_wrong_role_or_place_when_drafting_signing_sealing_performing_then_forbidden(world, who):
    key = world.drafted()
    for attempt in (
        lambda: world.draft(who=who),
        lambda: world.sign(key, party=world.chen, who=who),
        lambda: world.seal(key, who=who),
        lambda: world.perform(key, who=who),
    ):
        with pytest.raises(refusal(who)):
            attempt()


# -- performance


def test_given_the_only_term_when_performed_then_the_case_closes_as_a_success(world):
    key = world.effective()
    world.perform(key)
    assert ("CLOSED", "SUCCESS", "PERFORMED") == (
        *world.see(lambda case: (case.state, case.result)), agreement(world, lambda one: one.state),
    )  # fmt: skip
    assert ["agreement_performed", "mediation_case_closed"] == world.names_said()[-2:]


def test_given_two_terms_when_one_is_performed_then_the_case_waits_for_the_other(world):
    world.accord()
    key = world.draft(terms=[world.term(), world.term(content="当面致歉", amount=None, method="APOLOGY")])
    for mark in world.signatures(key).values():
        mark()
    world.perform(key, 2)
    assert ("PERFORMING", []) == (world.state(), world.said("agreement_performed"))
    world.perform(key, 1)
    assert "CLOSED" == world.state()


def test_given_a_performed_term_when_recorded_again_then_conflict(world):
    world.accord()
    key = world.draft(terms=[world.term(), world.term()])
    for mark in world.signatures(key).values():
        mark()
    world.perform(key, 1)
    with pytest.raises(Conflict):
        world.perform(key, 1)


def test_given_a_term_the_agreement_does_not_have_when_recorded_then_not_found(world):
    key = world.effective()
    with pytest.raises(NotFound):
        world.perform(key, 9)


def test_given_an_unsigned_agreement_when_performed_then_conflict(world):
    key = world.drafted()
    with pytest.raises(Conflict):
        world.perform(key)


def test_given_the_whole_told_case_when_over_then_its_facts_stand_in_order_with_counting_versions(world):
    world.perform(world.effective())
    envelopes = [told for told in world.envelopes() if told["kind"] == "MEDIATION"]
    assert [
        "mediation_case_opened", "party_willingness_recorded", "party_willingness_recorded", "mediator_assigned",
        "rights_acknowledged", "mediation_session_scheduled", "mediation_session_held", "agreement_drafted",
        "agreement_signed", "agreement_signed", "agreement_signed", "agreement_signed", "agreement_took_effect",
        "judicial_confirmation_window_opened", "agreement_performed", "mediation_case_closed",
    ] == world.names_said()  # fmt: skip
    assert list(range(1, 17)) == [envelope["aggregateversion"] for envelope in envelopes]
    assert {number(1)} == {envelope["casenumber"] for envelope in envelopes}
