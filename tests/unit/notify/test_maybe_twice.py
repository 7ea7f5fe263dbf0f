"""A letter that may leave a second time: it bears the id of the first and says so, and the row keeps it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socketserver
import threading
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.store import Store
from kernel.codes import Audience, MessageChannel
from services.notify import sending, settling
from services.notify.claims import CLAIM_SECONDS
from services.notify.gateways.base import Letter, NotNow, Unsure
from services.notify.gateways.relayed import Relayed
from services.notify.gateways.robots import AGAIN, Robot
from services.notify.gateways.smtp import MAYBE_TWICE, Smtp
from tests.unit.notify.facts import NOW, SERVICE, messages, registered
from tests.unit.notify.mailbox import open_mailbox
from tests.unit.notify.provider import open_provider

CONTACT = {"phone": "13900000001", "contact_preference": "CALL"}
LATER = NOW + timedelta(seconds=CLAIM_SECONDS)
LETTERS = 5
LETTER = Letter("m-1", Audience.UNIT, "sifasuo", "题", "长" * 900, maybe_twice=True)


@dataclass(frozen=True)
class Dying:
    """A way out whose process is killed once the last of its letters has been taken."""

    way: Smtp
    taken: list[str]
    audiences = frozenset(Audience)

    def channel_for(self, audience, address):
        return self.way.channel_for(audience, address)

    def send(self, letter):
        self.way.send(letter)
        self.taken.append(letter.message_id)
        if len(self.taken) == LETTERS:
            os.kill(os.getpid(), signal.SIGKILL)
        threading.Event().wait()


def deliver_and_die(url, way):
    os.environ.setdefault("HASH_KEY", "key of a test")
    sending.send_due(Store(url), SERVICE, NOW, lambda _: CONTACT, [Dying(way, [])])


def send(store, way, now=NOW):
    return sending.send_due(store, SERVICE, now, lambda _: CONTACT, [way])


def post(store):
    for _ in range(LETTERS):
        registered(store, appeal_id=uuid4(), reporter={"person_id": str(uuid4()), "masked_name": "陈*"})


def test_given_a_process_killed_between_mail_and_store_when_another_sends_then_every_second_letter_is_marked(store):
    post(store)
    with open_mailbox() as (mailbox, way):
        url = store.engine.url.render_as_string(hide_password=False)
        killed = multiprocessing.get_context("spawn").Process(target=deliver_and_die, args=(url, way))
        killed.start()
        killed.join(60)
        assert (-signal.SIGKILL, LETTERS) == (killed.exitcode, len(mailbox.letters))
        assert LETTERS == send(store, way, LATER)
        first, second = mailbox.letters[:LETTERS], mailbox.letters[LETTERS:]
    assert {each["Message-ID"] for each in first} == {each["Message-ID"] for each in second}
    assert ([None] * LETTERS, ["yes"] * LETTERS) == (
        [each[MAYBE_TWICE] for each in first], [each[MAYBE_TWICE] for each in second],
    )  # fmt: skip
    assert [("SENT", True)] * LETTERS == [(row.state, row.maybe_twice) for row in messages(store)]


def test_given_letters_that_leave_once_when_sent_then_none_is_marked(store):
    post(store)
    with open_mailbox() as (mailbox, way):
        send(store, way)
    assert ({None}, {False}) == (
        {each[MAYBE_TWICE] for each in mailbox.letters}, {row.maybe_twice for row in messages(store)},
    )  # fmt: skip


def test_given_a_provider_that_gives_no_readable_answer_when_sent_again_then_the_second_has_the_same_id_and_says_so(
    store,
):
    registered(store)
    with open_provider() as provider:
        provider.says((200, b"<html>"), (200, {"code": 0}))
        way = Relayed(MessageChannel.SMS, frozenset({Audience.RESIDENT}), provider.url, "secret")
        assert [0, 1] == [send(store, way), send(store, way, NOW + settling.PAUSES[0])]
        first, second = (content for _, _, content in provider.got)
    assert ({**first, "maybe_twice": True}, "maybe_twice" in first) == (second, False)
    assert True is messages(store)[0].maybe_twice


def test_given_a_provider_that_says_no_when_sent_again_then_nothing_is_marked(store):
    registered(store)
    with open_provider() as provider:
        provider.says((200, {"code": 7}), (200, {"code": 0}))
        way = Relayed(MessageChannel.SMS, frozenset({Audience.RESIDENT}), provider.url, "secret")
        assert [0, 1] == [send(store, way), send(store, way, NOW + settling.PAUSES[0])]
        assert ["maybe_twice" in content for _, _, content in provider.got] == [False, False]


@pytest.mark.parametrize(("kind", "most"), [("wecom", 2_048), ("dingtalk", 20_000), ("feishu", 20_000)])
def test_given_a_robot_without_ids_when_it_may_say_it_again_then_the_text_itself_begins_with_the_mark(kind, most):
    with open_provider() as provider:
        Robot(kind, "sifasuo", provider.url).send(LETTER)
        ((_, _, content),) = provider.got
    text = (content.get("text") or content["content"]).get("content") or content["content"]["text"]
    assert (True, True) == (text.startswith(AGAIN), len(text.encode()) <= most)


class Rude(socketserver.StreamRequestHandler):
    """Takes a mail and hangs up: before it says so, or on the farewell."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        for line in iter(self.rfile.readline, b""):
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                if self.server.hangs_up == "DATA":
                    return
            elif word == b"QUIT":
                return
            self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def rude():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Rude) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def mail_to(server):
    return Smtp(*server.server_address, "notify@shaodao.local", "staff.local", "sms.local")


def test_given_a_mail_server_that_hangs_up_on_the_letter_when_sent_then_it_is_unsure_whether_it_left(rude):
    rude.hangs_up = "DATA"
    with pytest.raises(Unsure):
        mail_to(rude).send(LETTER)


def test_given_a_mail_server_that_hangs_up_on_the_farewell_when_sent_then_the_letter_was_taken(rude):
    rude.hangs_up = "QUIT"
    assert None is mail_to(rude).send(LETTER)


def test_given_no_mail_server_when_sent_then_it_did_not_leave():
    with socketserver.TCPServer(("127.0.0.1", 0), Rude) as closed:
        address = closed.server_address
    with pytest.raises(NotNow) as told:
        Smtp(*address, "a@b", "c", "d").send(LETTER)
    assert not isinstance(told.value, Unsure)
