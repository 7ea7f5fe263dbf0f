"""One person gets so many letters a day over all channels (policy key message.per_person); what is more waits, never
lost."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from kernel.calendar import local_day
from kernel.codes import Audience, MessageChannel
from services.notify import claims, messages, sending
from services.notify.areas import Recipient
from services.notify.messages import News
from services.notify.rules import policy
from services.notify.templates import FORMS
from tests.unit.notify.facts import GRID, NOW, NUMBER, SERVICE, shanghai
from tests.unit.notify.facts import messages as queued
from tests.unit.notify.posting import Intake
from tests.unit.notify.test_ways import Way

MOST = policy(NOW).value("message.per_person")
NEWS = "appeal_closed"
CHANNELS = (MessageChannel.SMS, MessageChannel.EMAIL)


@pytest.fixture
def ways():
    return [Way(channel, Audience.RESIDENT) for channel in CHANNELS]


def put(store, person, now=NOW, **when):
    news = News(uuid4(), NUMBER, GRID, str(uuid4()), "1", **when)
    to = Recipient(Audience.RESIDENT, person, "陈*")
    with store.transaction() as session:
        messages.queue(session, NEWS, to, news, dict.fromkeys(FORMS[NEWS].blanks, "1") | {"number": NUMBER}, now)


def send(store, ways, now):
    return sending.send_due(store, SERVICE, now, Intake(), ways)


def sent_of(rows, person):
    return [row for row in rows if row.state == "SENT" and row.recipient_id == person]


def test_given_more_than_a_day_allows_when_sent_then_the_rest_reaches_the_person_as_one_the_next_morning(store, ways):
    for _ in range(MOST + 4):
        put(store, "r-1")
    assert (MOST, 0, 1) == (
        send(store, ways, NOW),
        send(store, ways, shanghai(8, 20)),
        send(store, ways, shanghai(9, 8)),
    )
    assert {"SENT": MOST + 1, "GATHERED": 4} == Counter(row.state for row in queued(store))


def test_given_who_had_enough_when_something_is_urgent_then_it_leaves_at_once(store, ways):
    for _ in range(MOST):
        put(store, "r-1")
    send(store, ways, NOW)
    put(store, "r-1", breaks_quiet=True)
    assert 1 == send(store, ways, NOW)


def test_given_urgent_letters_when_they_have_left_then_they_use_up_nothing(store, ways):
    for _ in range(MOST):
        put(store, "r-1", breaks_quiet=True)
    put(store, "r-1")
    assert MOST + 1 == send(store, ways, NOW)


def test_given_who_had_enough_when_something_is_true_today_only_then_it_leaves_today(store, ways):
    for _ in range(MOST):
        put(store, "r-1")
    send(store, ways, NOW)
    put(store, "r-1", send_before=shanghai(8, 19))
    assert 1 == send(store, ways, shanghai(8, 18))


def test_given_who_had_enough_when_others_have_not_then_theirs_leave(store, ways):
    for person in ["r-1"] * (MOST + 1) + ["r-2"]:
        put(store, person)
    send(store, ways, NOW)
    assert (MOST, 1) == tuple(len(sent_of(queued(store), person)) for person in ("r-1", "r-2"))


def test_given_letters_told_in_person_when_counted_then_they_count_too(store, ways):
    mail = Way(MessageChannel.EMAIL, Audience.STAFF)
    visit = Intake({"masked_name": "陈*", "phone": "13900000001", "contact_preference": "VISIT"})
    for _ in range(MOST + 2):
        put(store, "r-1")
    sent = [sending.send_due(store, SERVICE, moment, visit, [*ways, mail]) for moment in (NOW, NOW, shanghai(9, 8))]
    assert [MOST, 0, 1] == sent


def test_given_processes_that_claim_at_once_when_one_person_has_many_letters_then_no_more_than_one_is_claimed(
    store, ways
):
    for _ in range(MOST * 2):
        put(store, "r-1")

    def claim(_):
        with store.transaction() as session:
            return len(claims.claim_some(session, NOW, ways, 1))

    with ThreadPoolExecutor(6) as several:
        assert 1 == sum(several.map(claim, range(6)))


@pytest.mark.parametrize("seed", range(4))
def test_given_any_letters_on_any_days_when_time_goes_on_then_no_day_has_more_than_allowed_and_all_have_left(
    store, ways, seed
):
    chance, people, put_in = Random(seed), ["r-1", "r-2", "r-3"], 0
    for hour in range(24 * 8):
        moment = shanghai(8, 0) + timedelta(hours=hour)
        for _ in range(chance.choice([0, 0, 1, 6]) if hour < 72 else 0):
            put(store, chance.choice(people), moment, breaks_quiet=chance.random() < 0.2)
            put_in += 1
        if chance.random() < 0.6:
            send(store, ways, moment)
    rows = queued(store)
    ordinary = [row for row in rows if row.sent_at and not row.breaks_quiet]
    days = Counter((row.recipient_id, local_day(row.sent_at)) for row in ordinary)
    assert {"SENT", "GATHERED"} >= {row.state for row in rows}
    assert put_in == sum(row.template == NEWS for row in rows)
    assert {row.id for row in rows if row.state == "SENT"} >= {row.gathered_into for row in rows if row.gathered_into}
    assert MOST >= max(days.values())
