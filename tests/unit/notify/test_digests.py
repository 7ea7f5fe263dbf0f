"""News that may wait reaches a person once a day, as one message; each still shows how it fared."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import update

from contracts import samples
from kernel.codes import Audience, MessageChannel
from kernel.policy import DEFAULT, pack
from services.notify import digests, sending
from services.notify import messages as capability
from services.notify.areas import Recipient
from services.notify.messages import TASK_LINK, News
from services.notify.rules import digest_after
from services.notify.tables import Message
from services.notify.templates import FORMS
from tests.support.events import names_said, said
from tests.unit.notify.facts import GRID, NOW, NUMBER, SERVICE, WANG_FANG, messages, shanghai
from tests.unit.notify.posting import Intake
from tests.unit.notify.test_ways import Way

EVENING = shanghai(8, 17, 30)
WORDS = {"number": NUMBER}
WANG = Recipient(Audience.STAFF, "u-wangfang", "王芳")


@pytest.fixture
def mail():
    return Way(MessageChannel.EMAIL, Audience.STAFF, Audience.UNIT)


def wait(store, key="wish_expired", to=WANG, now=NOW, **when):
    """One piece of news about a matter of its own."""
    news = News(uuid4(), NUMBER, GRID, str(uuid4()), "1", **when)
    with store.transaction() as session:
        capability.queue(session, key, to, news, dict.fromkeys(FORMS[key].blanks, "1") | WORDS, now)


def send(store, *ways, now=EVENING):
    return sending.send_due(store, SERVICE, now, Intake(), ways)


def states(store):
    return [(row.template, row.state) for row in messages(store)]


def test_given_news_that_may_wait_when_queued_then_it_leaves_with_the_digest_of_the_day_or_the_next():
    assert [EVENING, shanghai(9, 17, 30), None] == [
        digest_after("wish_expired", NOW), digest_after("wish_expired", EVENING), digest_after("wish_claimed", NOW),
    ]  # fmt: skip


def test_given_three_of_one_person_when_the_moment_comes_twice_then_one_message_leaves_with_all_words(store, mail):
    for _ in range(3):
        wait(store)
    assert [0, 1, 0] == [send(store, mail, now=NOW), send(store, mail), send(store, mail)]
    (letter,) = mail.letters
    assert ("今天有3条消息", 3, "1. 微心愿下墙了：微心愿") == (
        letter.title, letter.body.count("微心愿下墙了"), letter.body[:13]
    )  # fmt: skip


def test_given_one_alone_when_the_moment_comes_then_it_leaves_as_it_is(store, mail):
    wait(store)
    assert 1 == send(store, mail)
    assert ["微心愿下墙了"] == [letter.title for letter in mail.letters]


def test_given_two_people_when_the_moment_comes_then_each_reads_their_own(store, mail):
    for to in (WANG, Recipient(Audience.STAFF, "u-lishan", "李珊")):
        for _ in range(2):
            wait(store, to=to)
    assert 2 == send(store, mail)
    assert {"u-wangfang", "u-lishan"} == {letter.address for letter in mail.letters}


def test_given_more_than_a_digest_holds_when_the_moment_comes_then_none_is_left_out(store, mail):
    for _ in range(23):
        wait(store)
    assert 2 == send(store, mail)
    assert 23 == sum(letter.body.count("微心愿下墙了") for letter in mail.letters)


@pytest.mark.parametrize("when", [{"breaks_quiet": True}, {"send_before": shanghai(8, 12)}])
def test_given_what_cannot_wait_when_queued_then_it_is_in_no_digest(store, mail, when):
    wait(store, **when)
    assert [False] == [row.gathers for row in messages(store)]


def test_given_what_is_no_longer_true_when_taken_back_then_the_digest_does_not_tell_it(store, mail):
    for _ in range(3):
        wait(store)
    with store.transaction() as session:
        capability.withdraw(session, NOW, [messages(store)[0].subject_id], "wish_expired")
    send(store, mail)
    assert ["今天有2条消息"] == [letter.title for letter in mail.letters]


def test_given_a_reporter_who_became_secret_when_the_moment_comes_then_each_goes_alone(store, mail):
    for _ in range(2):
        wait(store)
    with store.transaction() as session:
        session.execute(update(Message).values(secret=True))
    send(store, mail)
    assert ["微心愿下墙了"] * 2 == [letter.title for letter in mail.letters]


def test_given_a_digest_that_left_when_the_case_is_read_then_its_news_show_as_sent_and_the_digest_does_not(store, mail):
    for _ in range(2):
        wait(store)
    send(store, mail)
    with store.transaction() as session:
        items = capability.list_of_case(session, WANG_FANG, {"case_number": NUMBER}, EVENING)["items"]
    assert [("wish_expired", "SENT", EVENING)] * 2 == [(one["template"], one["state"], one["sent_at"]) for one in items]
    with store.transaction() as session:
        assert ["message_gathered", "message_gathered", "message_sent"] == names_said(session)
        assert {samples.APPEAL_NO} == {one["casenumber"] for one in said(session)}


def test_given_a_digest_nobody_takes_when_the_case_is_read_then_its_news_show_that_too(store):
    for _ in range(2):
        wait(store)
    assert 0 == send(store, Way(MessageChannel.SMS, Audience.RESIDENT))
    with store.transaction() as session:
        items = capability.list_of_case(session, WANG_FANG, {"case_number": NUMBER}, EVENING)["items"]
    assert ["QUEUED"] * 2 == [one["state"] for one in items]


def test_given_two_processes_when_both_gather_then_one_does(store, mail):
    for _ in range(2):
        wait(store)

    with store.transaction() as first, store.transaction() as second:
        digests.gather(first, SERVICE, EVENING)
        digests.gather(second, SERVICE, EVENING)
    assert ["daily_digest", "wish_expired", "wish_expired"] == sorted(name for name, _ in states(store))


def test_given_the_policy_when_read_then_it_names_news_there_is_that_has_no_moment_of_its_own():
    named = pack(DEFAULT, NOW.date()).value("message.digest")["news"]
    waits = lambda form: not form.breaks_quiet and TASK_LINK not in form.body  # noqa: E731
    assert [] == [name for name in named if name not in FORMS or not waits(FORMS[name])]
