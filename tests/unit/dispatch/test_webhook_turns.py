"""Webhooks of many units: fair turns, one budget of time a POST, and a rest for an address that fails."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from capability.posting import Answer, post
from chassis.identity import Principal
from contracts.department_codes import TaskChange
from services.dispatch import departments, webhooks
from services.dispatch.department_tables import Delivery, Webhook
from services.dispatch.tables import Task
from services.dispatch.webhooks import PATIENCE, RESTS
from tests.support.clock import FixedClock
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW, later

WHO = Principal.service("dispatch")
WELL, ILL = "http://well.example/", "http://ill.example/"
pytestmark = pytest.mark.rule("33")


class Ticking(FixedClock):
    """A millisecond later each time it is asked."""

    def __call__(self):
        return self.forward(milliseconds=1)


class Addresses:
    """Answers by address, in the order in which they were asked."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def __call__(self, url, body, headers):
        self.asked.append(url)
        return self.answers["ill" if url == ILL else "well"]


@pytest.fixture
def units(store):
    """Two units with webhooks: 200 messages wait for the ill one, and one for the other."""
    with store.transaction() as session:
        webhooks.set_up(session, WHO, "sifasuo", ILL, NOW)
        webhooks.set_up(session, WHO, "paichusuo", WELL, NOW)
        task = session.get(Task, world.task_of(world.blown(session))["id"])
        for _ in range(199):
            departments.tell_change(session, task, TaskChange.RESULT_REJECTED, NOW)
    return store


def states(store, unit):
    with store.transaction() as session:
        return Counter(session.scalars(select(Delivery.state).where(Delivery.unit_code == unit)))


def webhook(store, unit="sifasuo"):
    with store.transaction() as session:
        return session.get(Webhook, unit)


def test_given_200_for_a_dead_address_when_another_unit_has_one_then_it_is_delivered_in_the_same_round(units):
    receiver = Addresses(ill=Answer(None, "refused"), well=Answer(200))
    webhooks.deliver_due(units, Ticking(NOW), receiver)
    assert ({"DELIVERED": 1}, {"WAITING": 200}) == (states(units, "paichusuo"), states(units, "sifasuo"))
    assert 1 == receiver.asked.count(ILL)


def test_given_200_for_an_address_that_is_well_when_another_has_one_then_it_is_not_the_last(units):
    receiver = Addresses(ill=Answer(200), well=Answer(200))
    webhooks.deliver_due(units, Ticking(NOW), receiver)
    assert receiver.asked.index(WELL) < 10


def test_given_a_slow_address_when_something_new_is_due_for_another_then_it_is_not_waited_for(units, monkeypatch):
    monkeypatch.setattr(webhooks, "LOOK_AGAIN_SECONDS", 0.05)
    delivered, bodies = threading.Event(), []

    def send(url, body, headers):
        if url == WELL:
            bodies.append(body)
            if len(bodies) == 2:
                delivered.set()
            return Answer(200)
        with units.transaction() as session:
            world.blown(session)
        assert delivered.wait(20)
        return Answer(503)

    webhooks.deliver_due(units, Ticking(NOW), send)
    assert {"DELIVERED": 2} == states(units, "paichusuo")


def test_given_an_address_that_fails_again_and_again_then_its_rests_grow_and_a_success_ends_them(units):
    clock, rests = Ticking(NOW), []
    for _ in range(len(RESTS) + 1):
        webhooks.deliver_due(units, clock, Addresses(ill=Answer(500), well=Answer(200)))
        rests.append(webhook(units).open_at - clock.at)
        clock.at = webhook(units).open_at
    assert [*RESTS, RESTS[-1]] == [timedelta(seconds=round(rest.total_seconds())) for rest in rests]
    webhooks.deliver_due(units, clock, Addresses(ill=Answer(200), well=Answer(200)))
    assert (0, True) == (webhook(units).failures, states(units, "sifasuo")["DELIVERED"] > 100)


def test_given_an_answer_that_refuses_one_message_then_the_address_does_not_rest(units):
    receiver = Addresses(ill=Answer(400), well=Answer(200))
    webhooks.deliver_due(units, Ticking(NOW), receiver)
    assert (0, True) == (webhook(units).failures, states(units, "sifasuo")["FAILED"] > 100)


def test_given_an_address_dead_for_a_day_then_what_waited_all_the_time_has_failed_and_is_listed(units):
    clock = Ticking(NOW)
    while clock.at <= NOW + PATIENCE:
        webhooks.deliver_due(units, clock, Addresses(ill=Answer(None, "refused"), well=Answer(200)))
        clock.at = webhook(units).open_at
    webhooks.deliver_due(units, clock, Addresses(ill=Answer(None, "refused"), well=Answer(200)))
    assert states(units, "sifasuo")["FAILED"] > 150


def test_given_an_address_at_rest_when_a_person_begins_a_delivery_again_then_it_is_asked_at_once(units, monkeypatch):
    monkeypatch.setattr(webhooks, "MOST_A_TICK", 2)
    clock = Ticking(NOW)
    for answer in (Answer(400), Answer(None, "refused")):
        webhooks.deliver_due(units, clock, Addresses(ill=answer, well=Answer(200)))
    with units.transaction() as session:
        failed = webhooks.list_deliveries(session, "sifasuo")[0]
        webhooks.redeliver(session, WHO, failed.id, clock())
    receiver = Addresses(ill=Answer(200), well=Answer(200))
    webhooks.deliver_due(units, clock, receiver)
    assert ILL in receiver.asked


@pytest.fixture
def trickling():
    """An address that answers a byte at a time and never ends."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve():
        wire, _ = server.accept()
        wire.recv(65536)
        try:
            for byte in iter(lambda: b"x", None):
                wire.sendall(byte)
                if ended.wait(0.02):
                    return
        except OSError:
            ended.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/hook", ended
    ended.set()
    thread.join(10)
    server.close()


def test_given_an_address_that_trickles_when_posted_then_the_budget_ends_it(trickling):
    url, ended = trickling
    assert Answer(None, "no whole answer within 1 s") == post(url, b"{}", {}, seconds=1.0)
    assert ended.wait(10)


def test_given_an_address_that_takes_the_connection_and_says_nothing_when_posted_then_the_budget_ends_it():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert Answer(None, "no whole answer within 1 s") == post(url, b"{}" * 10**6, {}, seconds=1.0)


@pytest.mark.rule("42")
def test_given_a_world_whose_clock_was_moved_when_posted_then_t_is_the_real_time(units):
    signed = []
    webhooks.deliver_due(
        units, Ticking(later(days=900)), lambda url, body, headers: signed.append(headers) or Answer(200)
    )
    times = [int(headers["Shaodao-Signature"].partition(",")[0][2:]) for headers in signed]
    assert all(abs(t - time.time()) < 300 for t in times)


class Quiet(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.got.append((self.path, self.headers["Host"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Quiet."""


def test_given_an_address_with_a_query_when_posted_then_it_is_asked_as_written():
    with HTTPServer(("127.0.0.1", 0), Quiet) as server:
        server.got = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"127.0.0.1:{server.server_port}"
        assert 204 == post(f"http://{at}/hook/a?token=b&c=", b"{}", {}).status
        server.shutdown()
    assert [("/hook/a?token=b&c=", at)] == server.got
