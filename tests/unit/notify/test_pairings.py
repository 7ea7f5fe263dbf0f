"""A household has one who comes every week or month; a visit that did not happen is told once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from chassis.errors import Invalid, NotFound
from kernel.calendar import end_of
from services.notify import pairings
from tests.support.events import names_said, said
from tests.unit.notify.facts import NOW, SERVICE, messages, shanghai
from tests.unit.notify.stewarding import CADRE, paired
from tests.unit.notify.wishing import CLERK, HELPER, do


def visited(store, number, day, now=NOW, who=CADRE):
    return do(store, "record_pairing_visit", who, now, number=number, day=day, found="身体好", photos=[])


def tick(store, now):
    with store.transaction() as session:
        pairings.find_missed_visits(session, SERVICE, now)


def due(store):
    with store.transaction() as session:
        return session.scalar(text("select due_at from pairing"))


@pytest.mark.row("S1.19")
@pytest.mark.parametrize(
    ("rhythm", "day", "expected"),
    [("MONTH", "2024-07-08", date(2024, 8, 31)), ("MONTH", "2024-07-01", date(2024, 8, 31))],
)
def test_given_a_monthly_pairing_when_visited_then_the_next_visit_is_due_by_the_end_of_next_month(
    store, rhythm, day, expected
):
    visited(store, paired(store, rhythm=rhythm), day)
    assert end_of(expected) == due(store)


@pytest.mark.row("S2.24")
@pytest.mark.parametrize("day", ["2024-07-01", "2024-07-03", "2024-07-07"])
def test_given_a_weekly_pairing_when_visited_then_the_next_visit_is_due_by_the_end_of_next_week(store, day):
    visited(store, paired(store, rhythm="WEEK"), day)
    assert end_of(date(2024, 7, 14)) == due(store)


@pytest.mark.row("S1.19")
def test_given_no_visit_when_its_time_is_over_then_carer_and_community_hear_of_it_once_a_month(store):
    paired(store)
    over = end_of(date(2024, 8, 31))
    for moment in (over, over, over + timedelta(days=1), end_of(date(2024, 9, 30))):
        tick(store, moment)
    with store.transaction() as session:
        assert ["pairing_opened", "care_visit_overdue", "care_visit_overdue"] == names_said(session)
    assert (2, 2) == (len(messages(store, "care_visit_overdue")), len(messages(store, "care_visit_overdue_place")))


@pytest.mark.row("S1.19")
def test_given_a_carer_who_leaves_when_passed_on_then_the_household_has_another(store):
    number = paired(store)
    after = do(store, "pass_pairing_on", CLERK, number=number, carer={"id": "u-next", "name": "接手人"})
    assert "接手人" == after["carer"]["name"]
    with pytest.raises(NotFound):
        visited(store, number, "2024-07-08")


@pytest.mark.parametrize(
    ("day", "now"), [("2024-07-09", NOW), ("2024-07-01", shanghai(9, 10))], ids=["tomorrow", "before the last"]
)
def test_given_a_day_that_cannot_be_when_recorded_then_it_is_refused(store, day, now):
    number = paired(store)
    visited(store, number, "2024-07-08")
    with pytest.raises(Invalid) as refused:
        visited(store, number, day, now if day < "2024-07-09" else NOW)
    assert ["day"] == list(refused.value.details["fields"])


def test_given_no_consent_when_paired_then_it_is_refused_and_nothing_is_kept(store):
    with pytest.raises(Invalid) as refused:
        paired(store, agreed=False)
    assert ["agreed"] == list(refused.value.details["fields"])


def test_given_an_outsider_when_visiting_then_there_is_no_such_household(store):
    number = paired(store)
    with pytest.raises(NotFound):
        visited(store, number, "2024-07-08", who=HELPER)


def test_given_an_ended_pairing_when_time_passes_then_nobody_is_urged(store):
    number = paired(store)
    do(store, "end_pairing", CLERK, number=number, end_reason="搬走了")
    tick(store, end_of(date(2025, 1, 1)))
    assert [] == messages(store, "care_visit_overdue")


def test_given_a_pairing_when_told_then_nothing_of_the_household_is_on_the_bus(store):
    visited(store, paired(store), "2024-07-08")
    with store.transaction() as session:
        told = str(said(session))
    assert [] == [word for word in ("马奶奶", "101室", "买药", "身体好", "13900000501") if word in told]
