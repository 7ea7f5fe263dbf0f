"""Assistance passes many eyes, and its public list shows no more than the law allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.notify.assistance import LIFE
from tests.support.events import names_said, said
from tests.unit.notify.assisting import DISTRICT, NEIGHBOUR, SECOND, STREET, WINDOW, applied, do, row_of, wait
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE, messages
from tests.unit.notify.wishing import CLERK, FAR_HELPER, STAIRWELL

ARROWS = """
APPLIED record_home_survey COUNTERSIGNING | COUNTERSIGNING countersign_home_survey SURVEYED
SURVEYED review_assistance REVIEWED | REVIEWED publish_assistance PUBLICISED
PUBLICISED object_to_assistance PUBLICISED | PUBLICISED answer_assistance_objection PUBLICISED
PUBLICISED objection_upheld APPLIED | PUBLICISED publication_ended DECIDING
DECIDING approve_assistance APPROVED | DECIDING refuse_assistance REFUSED | REVIEWED refuse_assistance REFUSED
APPROVED grant_assistance GRANTED | GRANTED review_due REVIEW_DUE | REVIEW_DUE continue_assistance GRANTED
REFUSED close_assistance CLOSED | GRANTED close_assistance CLOSED | REVIEW_DUE close_assistance CLOSED
"""
"""Domain §3.4; besides, any state before the decision may be withdrawn, and blocks move in any that is open."""
ASIDE = {"withdraw_assistance", "open_assist_block", "record_assist_action", "close_assist_block"}
PERSONAL = ("王国祥", "王*祥", "13900000401", "101室", "糖尿病", "860.00", "720.00")


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    arrows = {(str(source), name, str(target)) for source, name, target in LIFE.arrows() if name not in ASIDE}
    assert told == arrows


def test_given_a_case_when_it_goes_its_way_then_every_step_is_told_and_nothing_personal(store):
    applied(store, "GRANTED")
    surveyed = ["assistance_applied", "home_surveyed", "home_survey_countersigned"]
    later = ["reviewed", "publicised", "publication_ended", "approved", "granted"]
    steps = [*surveyed, *(f"assistance_{step}" for step in later)]
    with store.transaction() as session:
        assert (steps, []) == (names_said(session), [word for word in PERSONAL if word in str(said(session))])


def test_given_a_case_when_stored_then_what_is_said_of_a_person_is_sealed(store):
    applied(store, "GRANTED")
    kept = "name, phone, place_text, circumstances, survey, opinion, decision, granted, opened, filed"
    with store.transaction() as session:
        assert [bytes] * 10 == [type(value) for value in session.execute(text(f"select {kept} from assistance")).one()]


@pytest.mark.parametrize(("field", "given"), [("informed", {"informed": False}), ("area_path", {"area_path": "x"})])
def test_given_what_cannot_be_taken_in_when_applied_for_then_the_field_says_why(store, field, given):
    with pytest.raises(Invalid) as refused:
        applied(store, **given)
    assert [field] == list(refused.value.details["fields"])


def test_given_a_survey_when_countersigned_by_who_recorded_it_then_it_is_forbidden(store):
    number = applied(store, "COUNTERSIGNING")
    with pytest.raises(Forbidden):
        do(store, "countersign_home_survey", CLERK, number=number)
    done = do(store, "countersign_home_survey", number=number)
    assert ("SURVEYED", "u-clerk", "u-second") == (done["state"], done["surveyor"]["id"], done["countersigner"]["id"])


def test_given_a_survey_of_tomorrow_when_recorded_then_it_is_refused(store):
    with pytest.raises(Invalid) as refused:
        do(store, "record_home_survey", number=applied(store), visited_on="2024-07-09")
    assert ["visited_on"] == list(refused.value.details["fields"])


def test_given_a_case_that_is_not_fit_when_published_then_it_is_refused_and_can_only_be_decided(store):
    number = applied(store, "SURVEYED")
    done = do(store, "review_assistance", number=number, fit=False)
    with pytest.raises(Conflict):
        do(store, "publish_assistance", number=number)
    assert "publish_assistance" not in done["allowed_commands"]
    assert "REFUSED" == do(store, "refuse_assistance", number=number)["state"]


ON_LIST = {"number", "state", "masked_name", "kind", "community", "published_until"}


@pytest.mark.parametrize("place", [COMMUNITY, STAIRWELL, f"{COMMUNITY}.g9"])
def test_given_a_published_case_when_anybody_reads_the_list_then_it_is_of_the_community_and_names_nobody(store, place):
    """Asked for any house of the community the answer is the same: the list does not say where somebody lives."""
    applied(store, "PUBLICISED")
    (shown,) = do(store, "list_published_assistance", SERVICE, area_path=place)["items"]
    assert (ON_LIST, "王*祥", "银虹社区") == (set(shown), shown["masked_name"], shown["community"])
    assert [] == [word for word in (*PERSONAL[:1], *PERSONAL[2:], "5号楼") if word in str(shown)]


@pytest.mark.parametrize("state", ["APPLIED", "REVIEWED", "DECIDING", "GRANTED"])
def test_given_a_case_that_is_not_published_when_the_list_is_read_then_it_is_not_there(store, state):
    applied(store, state)
    assert [] == do(store, "list_published_assistance", SERVICE, area_path=COMMUNITY)["items"]


@pytest.mark.parametrize(("days", "state"), [(6.9, "PUBLICISED"), (8, "DECIDING")])
def test_given_a_publication_when_seven_days_are_over_then_it_is_to_be_decided_once(store, days, state):
    applied(store, "PUBLICISED")
    for _ in range(2):
        wait(store, days=days)
    with store.transaction() as session:
        ends = len(said(session, "assistance_publication_ended"))
    assert (state, int(state == "DECIDING")) == (row_of(store).state, ends)


def test_given_an_objection_nobody_answered_when_the_days_are_over_then_the_publication_goes_on(store):
    number = applied(store, "PUBLICISED")
    do(store, "object_to_assistance", number=number)
    wait(store, days=30)
    assert ("PUBLICISED", ["assistance_to_answer"]) == (
        row_of(store).state, [row.template for row in messages(store, "assistance_to_answer")],
    )  # fmt: skip


@pytest.mark.parametrize(("upheld", "state"), [(False, "DECIDING"), (True, "APPLIED")])
def test_given_an_objection_when_answered_then_it_is_decided_or_surveyed_anew(store, upheld, state):
    number = applied(store, "PUBLICISED")
    do(store, "object_to_assistance", number=number)
    (objection,) = do(store, "get_assistance", STREET, number=number)["objections"]
    asked = {"objection_id": objection["id"], "reply": "已经核实", "upheld": upheld}
    do(store, "answer_assistance_objection", number=number, **asked)
    wait(store, days=8)
    assert state == row_of(store).state


def test_given_an_objection_when_read_then_who_made_it_stays_unknown(store):
    number = applied(store, "PUBLICISED")
    do(store, "object_to_assistance", number=number)
    assert NEIGHBOUR.id not in str(do(store, "get_assistance", STREET, number=number))


HIDDEN = ["name", "place_text", "circumstances", "members", "income", "found", "opinion", "blocks"]


@pytest.mark.parametrize(
    ("who", "shown"), [(CLERK, HIDDEN), (SECOND, HIDDEN), (STREET, HIDDEN), (WINDOW, HIDDEN), (NEIGHBOUR, [])]
)
def test_given_a_published_case_when_read_then_only_who_answers_for_it_sees_the_circumstances(store, who, shown):
    number = applied(store, "PUBLICISED")
    do(store, "open_assist_block", number=number)
    view = do(store, "get_assistance", who, number=number)
    assert shown == [name for name in HIDDEN if view[name]]


def test_given_a_case_that_is_not_published_when_a_neighbour_or_stranger_looks_then_there_is_none(store):
    number = applied(store, "SURVEYED")
    for who in (NEIGHBOUR, FAR_HELPER):
        with pytest.raises(NotFound):
            do(store, "get_assistance", who, number=number)


def test_given_a_decision_when_made_then_the_community_hands_the_paper_over(store):
    do(store, "refuse_assistance", DISTRICT, number=applied(store, "DECIDING"))
    told = [(row.template, row.recipient_id) for row in messages(store, "tell_in_person")]
    assert [("tell_in_person", "community-yinhong")] == told


def test_given_a_grant_when_its_review_day_is_over_then_it_is_due_and_may_go_on(store):
    number = applied(store, "GRANTED")
    with store.transaction() as session:
        LIFE.end_due(session, SERVICE, NOW + timedelta(days=365))
    due = row_of(store).state
    done = do(store, "continue_assistance", number=number)
    assert ("REVIEW_DUE", "GRANTED", "2026-07-01") == (due, done["state"], done["review_on"])


def test_given_a_review_day_that_is_over_when_granted_then_it_is_refused(store):
    number = applied(store, "DECIDING")
    do(store, "approve_assistance", number=number)
    with pytest.raises(Invalid) as refused:
        do(store, "grant_assistance", number=number, review_on="2024-07-08")
    assert ["review_on"] == list(refused.value.details["fields"])


BLOCKS = ["POLICY", "ERRANDS", "PAIRING", "RESOURCES", "COUNSELLING", "INCLUSION"]


def test_given_six_blocks_when_opened_and_one_closed_then_each_stands_for_itself(store):
    number = applied(store)
    for block in BLOCKS:
        do(store, "open_assist_block", number=number, block=block)
    do(store, "record_assist_action", number=number, block="PAIRING")
    shown = do(store, "close_assist_block", number=number, block="COUNSELLING")["blocks"]
    assert BLOCKS == [one["block"] for one in shown]
    assert ["COUNSELLING"] == [one["block"] for one in shown if one["state"] == "CLOSED" and one["note"]]
    assert ["PAIRING"] == [one["block"] for one in shown if one["actions"]]


def test_given_an_open_block_when_the_case_is_closed_then_it_must_have_its_note_first(store):
    number = applied(store, "GRANTED")
    do(store, "open_assist_block", number=number)
    with pytest.raises(Conflict) as refused:
        do(store, "close_assistance", number=number)
    do(store, "close_assist_block", number=number)
    assert (["POLICY"], "CLOSED") == (
        refused.value.details["blocks"], do(store, "close_assistance", number=number)["state"],
    )  # fmt: skip


@pytest.mark.parametrize("method", ["record_assist_action", "close_assist_block"])
def test_given_a_block_that_is_not_open_when_worked_on_then_it_is_refused(store, method):
    with pytest.raises(Conflict):
        do(store, method, number=applied(store))


def test_given_an_open_block_when_opened_again_then_it_is_refused_until_it_is_closed(store):
    number = applied(store)
    do(store, "open_assist_block", number=number)
    with pytest.raises(Conflict):
        do(store, "open_assist_block", number=number)
    do(store, "close_assist_block", number=number)
    assert ["CLOSED", "OPEN"] == [one["state"] for one in do(store, "open_assist_block", number=number)["blocks"]]
