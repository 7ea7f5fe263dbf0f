"""The kit's way to the broker and back, on kombu's in-memory one."""

from __future__ import annotations

import json

import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection, Exchange, Queue
from shaodao_kit import Address, AddressMissing, Department, LoginRefused, Replier
from shaodao_kit.messages import WHISTLE_TASK

from contracts.departments import Sign
from tests.unit.kit.test_consumer import NOW, whistle


def test_given_whistles_in_the_queue_when_run_on_a_broker_then_they_are_handled_and_replied_to():
    address = Address("memory://department.gongdian:x@localhost/")
    replies = Queue("replies", Exchange("department-replies", type="topic"), routing_key="gongdian.*")
    with Connection(address.uri) as connection:
        channel = connection.channel()
        replies(channel).declare()
        Queue("department.gongdian")(channel).declare()
        body = json.dumps(whistle(type=WHISTLE_TASK)).encode()
        connection.Producer(channel).publish(
            body, routing_key="department.gongdian", serializer=None, content_type="application/cloudevents+json",
            content_encoding="utf-8",
        )  # fmt: skip
        department = Department(address)

        @department.on_whistle
        def handle(task, reply):
            reply.sign()
            department.stop()

        department.run(signals=False)
        taken = replies(channel).get(no_ack=True)
    said = json.loads(taken.body)
    assert ("gongdian.sign", "department.gongdian", {}) == (
        taken.delivery_info["routing_key"], taken.properties["user_id"], Sign().validate(said["data"]),
    )  # fmt: skip


def test_given_a_wrong_password_when_first_connecting_then_it_ends_instead_of_trying_for_ever(monkeypatch):
    department = Department(Address("memory://department.gongdian:x@localhost/"))

    class Refusing:
        def __enter__(self):
            raise AccessRefused("wrong")

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(Address, "connect", lambda self: Refusing())
    with pytest.raises(LoginRefused) as refused:
        department.run(signals=False)
    assert "the broker refuses the login department.gongdian" in str(refused.value)
    assert isinstance(refused.value, AccessRefused)


def test_given_a_broker_that_is_away_when_it_comes_back_then_the_consumer_goes_on(monkeypatch):
    attempts = []
    department = Department(Address("memory://department.gongdian:x@localhost/"))

    def connect(self):
        attempts.append(1)
        if len(attempts) == 3:
            department.stop()
        raise ConnectionRefusedError

    monkeypatch.setattr(Address, "connect", connect)
    monkeypatch.setattr(department, "_doze", lambda seconds: None)
    department.run(signals=False)
    assert 3 == len(attempts)


def test_given_no_handler_when_a_button_is_pressed_then_a_replier_sends_by_itself():
    address = Address("memory://department.gongdian:x@localhost/")
    replies = Queue("pressed", Exchange("department-replies", type="topic"), routing_key="gongdian.progress")
    with Connection(address.uri) as connection:
        replies(connection.channel()).declare()
    with Replier(address, now=lambda: NOW) as replier:
        sent = replier.to("01909000-0000-7000-8000-000000000004", receiver="u-wuqiang").progress("已断电")
    with Connection(address.uri) as connection:
        said = json.loads(replies(connection.channel()).get(no_ack=True).body)
    assert (sent, "2024-07-03T10:20:00Z", "u-wuqiang") == (said["id"], said["time"], said["data"]["receiver"])


@pytest.mark.parametrize("uri", [None, "", "amqp://ops:pw@host/shaodao"])
def test_given_no_departments_address_when_read_then_one_sentence_names_the_variable(monkeypatch, uri):
    monkeypatch.delenv("SHAODAO_AMQP_URI_FILE", raising=False)
    monkeypatch.delenv("SHAODAO_AMQP_URI", raising=False)
    if uri is not None:
        monkeypatch.setenv("SHAODAO_AMQP_URI", uri)
    with pytest.raises(AddressMissing) as missing:
        Address.from_environment()
    assert str(missing.value).startswith("SHAODAO_AMQP_URI is not ")


def test_given_several_nodes_when_one_refuses_and_one_is_gone_then_the_next_is_asked(monkeypatch):
    nodes = (
        "amqp://department.gongdian:x@h1/v; amqp://department.gongdian:x@h2:5673/v;amqp://department.gongdian:x@h3/v"
    )
    department, asked = Department(Address(nodes)), []

    class Node:
        def __init__(self, uri):
            self.uri = uri

        def __enter__(self):
            asked.append(self.uri.partition("@")[2])
            return self

        def __exit__(self, *_):
            return None

        def connect(self):
            if "h1" in self.uri:
                raise AccessRefused("came back empty")
            if "h2" in self.uri:
                raise ConnectionRefusedError

    monkeypatch.setattr(Address, "connect", lambda self: Node(self.uri))
    monkeypatch.setattr(Department, "_consume", lambda self, _: self.stop())
    department.run(signals=False)
    assert (["h1/v", "h2:5673/v", "h3/v"], "gongdian") == (asked, department.address.unit)
