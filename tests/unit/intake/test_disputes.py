"""From appeal to mediation (A1 step 3)."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, NotFound
from contracts.intake.disputes import IdentifyDispute
from services.intake import disputes
from services.intake.tables import Dispute
from tests.unit.intake.world import LISHAN, OTHER, do, facts_of, names, register, state, yuan


def identify(store, number, who=LISHAN, **more):
    return do(store, disputes.identify_dispute, IdentifyDispute, who, number=number, **more)


def test_given_cause_and_losses_when_a_dispute_is_identified_then_the_case_is_in_mediation(store):
    view = identify(store, register(store)["number"])
    assert ("IN_MEDIATION", yuan("4800.00")) == (view["state"], view["dispute"]["claimed_amount"])
    assert "dispute_identified" == names(store)[-1]


def test_given_a_dispute_when_told_then_both_sides_are_masked_and_nothing_else_is_said(store):
    identify(
        store, register(store)["number"], respondent={"name": "赵大明", "phone": "13900000099", "place_text": "401室"}
    )
    (fact,) = facts_of(store, "dispute_identified")
    assert [("CLAIMANT", "陈*姨"), ("RESPONDENT", "赵*明")] == [
        (party["side"], party["masked_name"]) for party in fact["data"]["parties"]
    ]
    assert [] == [word for word in ("赵大明", "13900000099", "401", "马桶") if word in str(fact)]


def test_given_a_dispute_when_stored_then_the_respondent_is_ciphertext_that_opens(store):
    identify(
        store, register(store)["number"], respondent={"name": "赵大明", "phone": "13900000099", "place_text": "401室"}
    )
    with store.transaction() as session:
        row = session.query(Dispute).one()
        assert ("赵大明", "13900000099") == (row.respondent_name, row.respondent_phone)
    with store.engine.connect() as connection:
        assert b"13900000099" not in bytes(connection.exec_driver_sql("select respondent_phone from dispute").scalar())


def test_given_an_anonymous_reporter_when_a_dispute_is_identified_then_the_claimant_has_no_name(store):
    identify(store, register(store, reporter=None, contact_person=None)["number"])
    (fact,) = facts_of(store, "dispute_identified")
    assert ("匿名", None) == (fact["data"]["parties"][0]["masked_name"], fact["data"]["parties"][0]["person_id"])


def test_given_a_secret_reporter_when_a_dispute_is_identified_then_it_is_a_conflict(store):
    number = register(store, secret=True)["number"]
    with pytest.raises(Conflict, match="保密"):
        identify(store, number)
    assert "IN_PROGRESS" == state(store, number)


@pytest.mark.rule("4")
def test_given_a_stranger_when_identifying_then_there_is_no_such_case(store):
    with pytest.raises(NotFound):
        identify(store, register(store)["number"], OTHER)


def test_given_a_dispute_when_identified_again_then_it_is_a_conflict(store):
    number = register(store)["number"]
    identify(store, number)
    with pytest.raises(Conflict):
        identify(store, number)
