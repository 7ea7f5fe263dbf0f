"""Who has booked is reminded a day and two hours before, and not of what was cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contracts import samples
from contracts.intake.bookings import BookingCancelled, BookingMade
from tests.unit.notify.facts import fact, messages, shanghai, tell

MONDAY = shanghai(15, 10)
BOOKED = {"starts_at": MONDAY.isoformat()}


@pytest.mark.row("S1.7")
def test_given_a_booking_when_heard_of_twice_then_two_reminders_wait_for_their_time(store):
    for _ in range(2):
        tell(store, fact(BookingMade, BOOKED, subject=samples.APPEAL))
    waiting = sorted(row.send_after for row in messages(store, "booking_reminder"))
    assert [MONDAY - timedelta(days=1), MONDAY - timedelta(hours=2)] == waiting


@pytest.mark.row("S1.7")
def test_given_a_booking_when_cancelled_then_nobody_is_reminded_of_it(store):
    tell(store, fact(BookingMade, BOOKED, subject=samples.APPEAL))
    tell(store, fact(BookingCancelled, BOOKED, subject=samples.APPEAL, version=2))
    assert ([], 1) == (messages(store, "booking_reminder"), len(messages(store, "booking_cancelled")))
