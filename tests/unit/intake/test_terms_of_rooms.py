"""Bookings, shops, forms never begun, requests to erase and records of nobody go with their terms, each by its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from chassis.erased import GONE
from services.intake.bookings import Booking
from services.intake.retention import TERMS
from services.intake.shops import Shop, ShopCheck
from services.intake.tables import Appeal, Erasure, Errand, Import, ImportRow, Person, PersonMerge
from tests.support.events import names_said
from tests.unit.intake import erranding, sheeting, shopping
from tests.unit.intake.booking import book, window_at
from tests.unit.intake.erasing import PHONE, approved, ended, withdraw
from tests.unit.intake.filing import do, filed
from tests.unit.intake.world import INTAKE, LIU, NOW, WANG, register

FOUR_YEARS, ELEVEN_YEARS = timedelta(days=4 * 366), timedelta(days=11 * 366)


def clear(store, span):
    """Twice, so long after the rows were written, which is by either clock."""
    for _ in range(2):
        with store.transaction() as session:
            TERMS.clear_due(session, INTAKE, max(NOW, datetime.now(UTC)) + span)


def one(store, model, *names):
    with store.transaction() as session:
        row = session.scalars(select(model)).one()
        return tuple(getattr(row, name) for name in names)


@pytest.mark.parametrize(("state", "gone"), [("BOOKED", False), ("MISSED", True), ("ATTENDED", True)])
def test_given_a_booking_when_its_term_is_over_then_nobody_is_in_it_unless_it_waits(store, state, gone):
    with store.transaction() as session:
        window_at(session)
    number = book(store)["number"]
    with store.transaction() as session:
        session.execute(update(Booking).values(state=state, updated_at=NOW))
    clear(store, FOUR_YEARS)
    assert (gone, state) == (one(store, Booking, "applicant_id")[0] is None, one(store, Booking, "state")[0])
    assert gone is (do(store, "get_booking", WANG, number=number)["applicant"] is None)


@pytest.mark.parametrize(("state", "told"), [("OPEN", ("马建国", "13900000321")), ("CLOSED", (GONE, GONE))])
def test_given_a_shop_when_three_years_pass_then_whom_to_reach_goes_once_it_is_closed(store, state, told):
    shopping.shop(store, state)
    clear(store, FOUR_YEARS)
    assert told == one(store, Shop, "contact_name", "contact_phone")
    assert ("老马拉面",) == one(store, Shop, "name")


def test_given_a_look_at_a_shop_that_is_open_when_a_year_passes_then_its_note_goes_and_the_fault_stays(store):
    shopping.shop(store, "TO_CORRECT")
    clear(store, timedelta(days=370))
    assert (None, ["包卫生", "包秩序"]) == one(store, ShopCheck, "note", "failed")


def test_given_an_import_nobody_began_when_a_month_passes_then_the_clock_withdraws_it_and_the_file_goes(store):
    sheeting.checked(store, sheeting.xlsx_of(sheeting.row(1), sheeting.row(2)))
    clear(store, timedelta(days=31))
    assert ("WITHDRAWN", None) == one(store, Import, "state", "content")
    with store.transaction() as session:
        assert {None} == set(session.scalars(select(ImportRow.command)))
        assert 1 == names_said(session).count("import_withdrawn")


def test_given_an_errand_that_ended_when_three_years_pass_then_it_names_nobody(store):
    number = erranding.errand(store, "CLOSED")
    clear(store, FOUR_YEARS)
    assert (None, None, GONE) == one(store, Errand, "applicant_id", "proxy_id", "details")
    shown = erranding.do(store, "get_errand", number=number)
    assert ("CLOSED", None, None) == (shown["state"], shown["applicant"], shown["proxy"])


def test_given_who_is_erased_when_another_matter_runs_then_only_that_one_names_the_person_still(store):
    erranding.errand(store, "CLOSED")
    running = erranding.errand(store, "ACCEPTED")
    with store.transaction() as session:
        known = session.scalars(select(Person.id)).one()
    approved(store, known)
    with store.transaction() as session:
        named = {row.case_number: row.applicant_id for row in session.scalars(select(Errand))}
    assert {running: known} == {number: person for number, person in named.items() if person}
    assert 2 == len(named)


def test_given_an_appeal_when_its_person_is_erased_then_it_names_nobody(store):
    approved(store, ended(store))
    assert ("WITHDRAWN", None, None) == one(store, Appeal, "state", "reporter_id", "contact_person_id")


def test_given_a_record_whose_matters_were_cleared_when_ten_years_pass_then_it_goes_with_what_was_said_of_it(store):
    kept, gone = filed(store, phone=PHONE), filed(store, phone="13900000009")
    do(store, "merge_persons", person_id=gone, into_id=kept, reason="陈桂英换了电话")
    withdraw(store)
    clear(store, ELEVEN_YEARS)
    with store.transaction() as session:
        people = {(row.name, row.phone, row.masked_name, row.phone_hash) for row in session.scalars(select(Person))}
        assert {(GONE, None, GONE, None)} == people
        assert [GONE] == [row.reason for row in session.scalars(select(PersonMerge))]


def test_given_a_record_with_a_running_matter_or_a_consent_when_ten_years_pass_then_it_stays(store):
    known = filed(store, phone=PHONE)
    do(store, "give_consent", person_id=known, to="CARE_CALLS", how="WRITTEN")
    withdraw(store)
    register(store, WANG, calm=True)
    clear(store, ELEVEN_YEARS)
    with store.transaction() as session:
        assert GONE not in {row.name for row in session.scalars(select(Person))}


def test_given_a_request_to_erase_that_was_refused_when_three_years_pass_then_its_words_go_and_the_answer_stays(store):
    known = filed(store, phone=PHONE)
    number = do(store, "ask_erasure", WANG, person_id=known)["number"]
    do(store, "refuse_erasure", LIU, number=number, refusal="卷宗保管期未满")
    clear(store, FOUR_YEARS)
    assert ("REFUSED", GONE, GONE) == one(store, Erasure, "state", "proof", "refusal")
