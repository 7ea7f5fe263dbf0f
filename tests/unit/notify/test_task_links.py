"""Signed links in letters: for receivers of units that have nothing but a mailbox, and for nobody else."""

from __future__ import annotations

import pytest

from chassis.errors import Unavailable
from contracts import samples
from contracts.dispatch.objections import WhistleTaskObjectionDecided
from contracts.dispatch.ratings import WhistleTaskRejected
from contracts.dispatch.task_links import WhistleTaskLinkAsked
from contracts.dispatch.tasks import WhistleTaskAssigned, WhistleTaskOverdue
from contracts.dispatch.whistles import WhistleCancelled
from kernel.codes import Audience
from services.notify import links, sending
from services.notify.gateways.base import NotNow
from services.notify.messages import TASK_LINK
from tests.unit.notify.facts import NOW, SERVICE, fact, messages, tell, told

LINK = "https://shaodao.example.org/t?k=" + "A" * 68
RECEIVER = samples.RECEIVER["id"]
B = {"id": "u-b", "name": "B岗"}


def assigned(store, by_link, **data):
    tell(store, fact(WhistleTaskAssigned, {"by_link": by_link, **data}, subject=samples.TASK))


def send(store, mail, answer=LINK, now=NOW):
    """What left, with what dispatch was asked for."""
    asked = []

    def link(task_id, person_id):
        asked.append((str(task_id), person_id))
        if isinstance(answer, Exception):
            raise answer
        return answer

    return sending.send_due(store, SERVICE, now, lambda _: {}, [mail[1]], links=link), asked


def letters(mail):
    return {to: letter.get_content() for to, letter in zip(mail[0].recipients, mail[0].letters, strict=True)}


def test_given_a_unit_with_a_mailbox_only_when_a_task_comes_then_its_receiver_s_letter_holds_their_own_link(
    store, mail
):
    assigned(store, True)
    sent, asked = send(store, mail)
    assert (1, [(samples.TASK, RECEIVER)], [f"{RECEIVER}@staff.local"]) == (sent, asked, mail[0].recipients)
    assert [LINK] == [line for line in letters(mail)[f"{RECEIVER}@staff.local"].splitlines() if "http" in line]


def test_given_a_letter_with_a_link_when_kept_then_the_table_holds_a_blank_in_its_place(store, mail):
    assigned(store, True)
    send(store, mail)
    (row,) = messages(store)
    assert (True, False, "SENT") == (TASK_LINK in row.body, LINK in row.body, row.state)


@pytest.mark.parametrize("data", [{"by_link": False}, {"by_link": False, "receiver": None}])
def test_given_any_other_unit_when_a_task_comes_then_no_letter_holds_a_link_and_none_is_asked_for(store, mail, data):
    assigned(store, **data)
    _, asked = send(store, mail)
    assert ([], []) == (asked, [text for text in letters(mail).values() if "http" in text or TASK_LINK in text])
    assert "whistle_task_linked" not in {template for template, _ in told(store)}


def test_given_a_late_task_when_raised_then_the_deputy_gets_a_link_and_who_is_above_none(store, mail):
    about = {"stage": "SIGN", "by_link": True, "level": "RECEIVER_B", "notify_receiver": B}
    tell(store, fact(WhistleTaskOverdue, about, version=2, subject=samples.TASK))
    above = {"stage": "SIGN", "by_link": False, "level": "STREET", "notify_receiver": None}
    tell(store, fact(WhistleTaskOverdue, above, version=3, subject=samples.TASK))
    _, asked = send(store, mail)
    assert [(samples.TASK, "u-b")] == asked
    assert {"u-b@staff.local": True, "street-lijingjie@staff.local": False} == {
        to: LINK in text for to, text in letters(mail).items()
    }


def test_given_a_new_link_asked_for_when_heard_then_the_roster_is_written_to_each_with_their_own(store, mail):
    tell(store, fact(WhistleTaskLinkAsked, {"receivers": [samples.RECEIVER, B]}, version=4, subject=samples.TASK))
    _, asked = send(store, mail)
    assert {(samples.TASK, RECEIVER), (samples.TASK, "u-b")} == set(asked)
    assert {f"{RECEIVER}@staff.local", "u-b@staff.local"} == set(mail[0].recipients)


def test_given_links_asked_for_twice_when_heard_then_two_letters_wait(store):
    for version in (4, 5, 5):
        event = fact(WhistleTaskLinkAsked, {"receivers": [B]}, version=version, subject=samples.TASK)
        tell(store, event)
    assert 2 == len({row.dedupe_key for row in messages(store)})


@pytest.mark.parametrize(
    ("contract", "decision"), [(WhistleTaskRejected, {}), (WhistleTaskObjectionDecided, {"decision": "REJECTED"})]
)
def test_given_work_that_goes_on_when_decided_then_who_works_by_letter_is_written_to_and_nobody_else(
    store, mail, contract, decision
):
    tell(store, fact(contract, {**decision, "written_to": None}, version=5, subject=samples.TASK))
    tell(store, fact(contract, {**decision, "written_to": samples.RECEIVER}, version=6, subject=samples.TASK))
    _, asked = send(store, mail)
    assert ([(samples.TASK, RECEIVER)], True) == (asked, LINK in letters(mail)[f"{RECEIVER}@staff.local"])


@pytest.mark.parametrize("cancelled_first", [False, True])
def test_given_a_whistle_called_off_when_heard_then_no_letter_with_a_link_waits(store, cancelled_first):
    off = fact(WhistleCancelled, version=9, subject=samples.WHISTLE)
    asked = fact(WhistleTaskLinkAsked, {"receivers": [B]}, version=4, subject=samples.TASK)
    come = fact(WhistleTaskAssigned, {"by_link": True}, subject=samples.TASK)
    for event in [off, asked, come] if cancelled_first else [come, asked, off]:
        tell(store, event)
    assert [] == messages(store)


def test_given_somebody_who_may_act_no_more_when_the_letter_leaves_then_it_says_so_instead(store, mail):
    assigned(store, True)
    send(store, mail, answer=None)
    text = letters(mail)[f"{RECEIVER}@staff.local"]
    assert (True, False, False) == ("不能凭信件办理" in text, "http" in text, TASK_LINK in text)


@pytest.mark.parametrize("trouble", [Unavailable("busy"), NotNow("no_portal_url")])
def test_given_nobody_to_ask_for_the_link_when_the_letter_is_due_then_it_waits(store, mail, trouble):
    assigned(store, True)
    assert (0, "QUEUED") == (send(store, mail, answer=trouble)[0], messages(store)[0].state)
    assert [] == mail[0].letters


def test_given_an_emergency_by_link_when_it_is_late_then_that_letter_too_leaves_at_any_hour(store):
    assigned(store, True, kind="EMERGENCY")
    about = {"by_link": True, "level": "RECEIVER_B", "notify_receiver": B}
    tell(store, fact(WhistleTaskOverdue, about, version=2, subject=samples.TASK))
    assert [True, True] == [row.breaks_quiet for row in messages(store)]


def test_given_letters_with_links_when_a_way_is_chosen_then_mail_comes_first(store):
    assigned(store, True)
    (row,) = messages(store)
    assert ("EMAIL", Audience.STAFF) == (row.channel, row.audience)


def test_given_the_portal_s_address_when_a_link_is_made_then_it_is_whole_and_without_one_nothing_leaves():
    assert ("https://a.example/t?k=x", None) == (
        links.address("https://a.example/", "x"),
        links.address("https://a.example", None),
    )
    with pytest.raises(NotNow):
        links.address("", "x")
