"""A matter that fails twice is taken up unasked (A7, 未诉先办), once, whoever fails it and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from chassis.errors import Conflict, Invalid
from chassis.standing import Standing
from services.intake.errands import LIFE
from services.intake.policy import due
from services.intake.tables import Errand
from tests.support.events import names_said, said
from tests.unit.intake.erranding import CARD, DESK, HELPER, do, errand
from tests.unit.intake.world import NOW


def taken_up(store):
    """The numbers of proactive errands."""
    with store.transaction() as session:
        return list(session.scalars(select(Errand.case_number).where(Errand.proactive)))


def failed(store, now=NOW, **given):
    number = errand(store, now=now, **given)
    do(store, "fail_errand", now=now, number=number)
    return number


def twice(store):
    """A proactive errand, and the numbers of what failed."""
    failures = [failed(store), failed(store)]
    return taken_up(store)[0], failures


@pytest.mark.row("S0.22")
def test_given_the_same_matter_failed_once_before_when_it_fails_again_then_it_is_taken_up_with_the_evidence(store):
    number, failures = twice(store)
    view = do(store, "get_errand", number=number)
    with store.transaction() as session:
        (fact,) = said(session, REPEAT)
    told = (view["state"], view["proactive"], view["failures"], view["first_responder"]["id"])
    assert ("REQUESTED", True, failures, HELPER.id) == told
    assert (failures, "PROACTIVE") == (fact["data"]["failures"], Standing.read(fact).tally["source"])


OTHERS = {
    "another matter": {"matter": "ELDER_CARD"},
    "another person": {"applicant": {**CARD["applicant"], "phone": "13900000799"}},
}


@pytest.mark.parametrize("given", OTHERS.values(), ids=OTHERS)
def test_given_another_matter_or_person_when_failed_then_nothing_repeats(store, given):
    failed(store)
    failed(store, **given)
    assert [] == taken_up(store)


def test_given_who_gave_it_up_when_failed_again_then_nobody_was_failed_twice(store):
    number = errand(store)
    do(store, "fail_errand", number=number, failure="GIVEN_UP")
    failed(store)
    assert [] == taken_up(store)


def test_given_a_success_in_between_when_failed_again_then_counting_has_begun_anew(store):
    failed(store)
    errand(store, "CLOSED")
    failed(store, NOW + timedelta(days=1))
    assert [] == taken_up(store)
    failed(store, NOW + timedelta(days=2))
    assert 1 == len(taken_up(store))


def test_given_one_taken_up_when_more_of_the_same_fails_then_it_stays_the_only_one(store):
    before = errand(store)
    number, _ = twice(store)
    do(store, "fail_errand", number=before)
    failed(store)
    assert [number] == taken_up(store)


def test_given_twenty_errands_of_one_person_when_they_fail_at_once_then_one_is_taken_up(store):
    numbers = [errand(store) for _ in range(20)]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda number: do(store, "fail_errand", number=number), numbers))
    with store.transaction() as session:
        assert (1, 1) == (session.scalar(select(func.count()).where(Errand.proactive)), len(said(session, REPEAT)))


REPEAT = "repeat_failure_detected"


def test_given_a_command_that_fails_again_when_refused_then_nothing_more_is_taken_up(store):
    _, (_, last) = twice(store)
    with pytest.raises(Conflict):
        do(store, "fail_errand", number=last)
    assert 1 == len(taken_up(store))


def test_given_one_taken_up_when_looked_at_then_a_branch_is_chosen_first(store):
    number, _ = twice(store)
    view = do(store, "get_errand", number=number)
    assert {"book_hall", "escalate_errand", "fail_errand"} == set(view["allowed_commands"])


def test_given_what_is_solvable_when_booked_at_the_hall_then_it_goes_on_like_any_errand(store):
    number, _ = twice(store)
    view = do(store, "book_hall", number=number)
    assert ("ACCEPTED", DESK.id, True) == (view["state"], view["handler"]["id"], bool(view["hall_at"]))
    for method in ("ask_supplement", "receive_materials"):
        view = do(
            store, method, number=number, **({"received": ["ID_CARD", "PHOTO", "FORM"]} if "rec" in method else {})
        )
    assert "MATERIALS_COMPLETE" == view["state"]


def test_given_a_time_that_has_passed_when_booked_then_it_is_refused(store):
    number, _ = twice(store)
    with pytest.raises(Invalid):
        do(store, "book_hall", number=number, hall_at=NOW.isoformat())


def test_given_what_is_not_when_told_to_the_body_above_then_it_is_tracked_until_it_answers(store):
    number, _ = twice(store)
    do(store, "escalate_errand", number=number)
    first = due("errand.step", NOW, NOW) + timedelta(minutes=1)
    second = due("errand.step", first, first) + timedelta(minutes=1)
    for now in (first, first, second):
        with store.transaction() as session:
            LIFE.end_due(session, DESK, now)
    with store.transaction() as session:
        told = [name for name in names_said(session) if name in ("errand_escalated", "errand_overdue")]
        waits = said(session, "errand_escalated")[0]["waits"]
    assert (["errand_escalated", "errand_overdue", "errand_overdue"], True) == (told, "role:DISTRICT" in waits)
    do(store, "record_authority_contact", number=number)
    assert "ACCEPTED" == do(store, "accept_errand", number=number)["state"]


@pytest.mark.parametrize("method", ["book_hall", "escalate_errand"])
def test_given_an_errand_somebody_asked_for_when_a_branch_is_chosen_then_it_is_refused(store, method):
    with pytest.raises(Conflict, match="主动"):
        do(store, method, number=errand(store))
