"""Webhooks: the same id on every attempt, a signature that proves it, patience by policy, a list of what failed."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import func, select

from capability.posting import Answer, post, waited_for
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Principal
from contracts.dispatch.updates import ListDepartmentUpdates
from services.dispatch import updates, webhooks
from services.dispatch.department_tables import Delivery, Webhook
from services.dispatch.webhooks import PAUSES
from tests.support.clock import FixedClock
from tests.support.delivering import CommitFails
from tests.unit.dispatch import world
from tests.unit.dispatch.world import HEWENBIN, NOW, WANGFANG, YANGFAN

WHO = Principal.service("dispatch")
URL = "https://judicial.example/hooks/shaodao"
FINE = Answer(200)


class Receiver:
    """A department's address: answers from a list, the last one for ever; keeps what it got."""

    def __init__(self, *answers):
        self.answers, self.got = list(answers), []

    def __call__(self, url, body, headers):
        self.got.append((url, body, headers))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def secret(store):
    with store.transaction() as session:
        return webhooks.set_up(session, WHO, "sifasuo", URL, NOW)


@pytest.fixture
def ordered(store, secret):
    """One order on its way to the webhook of sifasuo."""
    with store.transaction() as session:
        return world.task_of(world.blown(session))


def delivery(store):
    with store.transaction() as session:
        row = session.scalars(select(Delivery)).one()
        session.expunge(row)
        return row


def run(store, receiver, times=1, now=NOW):
    """Runs the timer, each time when the next attempt is due."""
    for _ in range(times):
        now = max(now, delivery(store).due_at)
        webhooks.deliver_due(store, FixedClock(now), receiver)


def test_given_a_webhook_when_blown_then_the_order_is_posted_signed_and_delivered_once(store, ordered, secret):
    receiver = Receiver(FINE)
    run(store, receiver, times=3)
    ((url, body, headers),) = receiver.got
    row = delivery(store)
    t, _, v1 = headers["Shaodao-Signature"].partition(",")
    signed = f"{t[2:]}.{row.id}.".encode() + body
    assert (URL, "DELIVERED", str(row.id)) == (url, row.state, headers["Shaodao-Delivery"])
    assert f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" == v1
    assert str(ordered["id"]) == json.loads(body)["data"]["task_id"]


def test_given_a_unit_without_webhook_when_blown_then_nothing_is_posted(store):
    with store.transaction() as session:
        world.blown(session)
    receiver = Receiver(FINE)
    assert (0, []) == (webhooks.deliver_due(store, FixedClock(NOW), receiver), receiver.got)


@pytest.mark.parametrize("answer", [Answer(500), Answer(503), Answer(429), Answer(408), Answer(None, "refused")])
def test_given_an_address_that_is_not_well_when_it_recovers_then_it_is_the_same_delivery(store, ordered, answer):
    receiver = Receiver(answer, answer, FINE)
    run(store, receiver, times=3)
    ids = {headers["Shaodao-Delivery"] for _, _, headers in receiver.got}
    attempts = [headers["Shaodao-Attempt"] for _, _, headers in receiver.got]
    assert (1, ["1", "2", "3"], "DELIVERED") == (len(ids), attempts, delivery(store).state)


def test_given_an_address_that_never_recovers_when_the_policy_ends_then_it_has_failed_and_is_listed(store, ordered):
    receiver = Receiver(Answer(502, "502 Bad Gateway"))
    run(store, receiver, times=len(PAUSES) + 1)
    with store.transaction() as session:
        (failed,) = webhooks.list_deliveries(session, "sifasuo")
    assert (len(PAUSES) + 1, "502 Bad Gateway", None) == (failed.attempts, failed.last_error, due(store))


def due(store):
    with store.transaction() as session:
        return webhooks.claim_next(session, NOW + timedelta(days=9))


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 413])
def test_given_an_answer_no_retry_would_change_when_posted_then_it_has_failed_at_once(store, ordered, status):
    run(store, Receiver(Answer(status)))
    assert ("FAILED", 1, status) == (delivery(store).state, delivery(store).attempts, delivery(store).last_status)


@pytest.mark.parametrize(
    ("asked", "waited"),
    [(None, PAUSES[0]), (timedelta(seconds=1), PAUSES[0]), (timedelta(hours=1), timedelta(hours=1)),
     (timedelta(days=99), webhooks.LONGEST_WAIT)],
)  # fmt: skip
def test_given_retry_after_when_tried_again_then_not_earlier_and_not_for_ever_later(store, ordered, asked, waited):
    run(store, Receiver(Answer(503, "busy", asked)))
    assert NOW + waited == delivery(store).due_at


def test_given_two_replicas_when_both_look_then_one_claims(store, ordered):
    with store.transaction() as first, store.transaction() as second:
        claims = [webhooks.claim_next(each, NOW) for each in (first, second)]
    assert [True, False] == [claim is not None for claim in claims]


def test_given_a_process_that_died_after_its_claim_when_the_claim_runs_out_then_another_posts_under_the_same_id(
    store, ordered
):
    with store.transaction() as session:
        lost = webhooks.claim_next(session, NOW)
    receiver = Receiver(FINE)
    assert 0 == webhooks.deliver_due(store, FixedClock(NOW), receiver)
    run(store, receiver)
    with store.transaction() as session:
        webhooks.settle(session, lost, Answer(500), NOW)
    ((_, _, headers),) = receiver.got
    assert (str(lost.id), "DELIVERED") == (headers["Shaodao-Delivery"], delivery(store).state)


def test_given_settling_that_fails_to_commit_when_the_claim_runs_out_then_it_is_posted_again(store, ordered):
    with store.transaction() as session:
        claim = webhooks.claim_next(session, NOW)
    with pytest.raises(CommitFails), store.transaction() as session:
        webhooks.settle(session, claim, FINE, NOW)
        raise CommitFails
    assert ("WAITING", NOW + webhooks.CLAIM) == (delivery(store).state, delivery(store).due_at)


def test_given_a_failed_delivery_when_begun_again_then_it_goes_under_its_old_id(store, ordered):
    run(store, Receiver(Answer(404)))
    before = delivery(store).id
    with store.transaction() as session:
        webhooks.redeliver(session, WHO, before, NOW)
    with pytest.raises(Conflict), store.transaction() as session:
        webhooks.redeliver(session, WHO, before, NOW)
    receiver = Receiver(FINE)
    run(store, receiver)
    assert (str(before), "DELIVERED") == (receiver.got[0][2]["Shaodao-Delivery"], delivery(store).state)


def test_given_an_unknown_delivery_when_begun_again_then_it_is_not_found(session):
    with pytest.raises(NotFound):
        webhooks.redeliver(session, WHO, "01909000-0000-7000-8000-000000000001", NOW)


def test_given_a_webhook_taken_down_when_orders_wait_then_they_have_failed_and_new_ones_are_not_posted(store, ordered):
    with store.transaction() as session:
        webhooks.take_down(session, WHO, "sifasuo", NOW)
        world.blown(session)
    assert ("FAILED", None) == (delivery(store).state, due(store))


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "http://", "judicial.example", "https://u:p@a/b", "https://a/b c", "http://ä/"]
)
def test_given_an_address_that_is_none_when_set_up_then_it_is_invalid(session, url):
    with pytest.raises(Invalid):
        webhooks.set_up(session, WHO, "sifasuo", url, NOW)


def test_given_a_secret_when_stored_then_the_table_holds_no_plain_text(store, secret):
    with store.transaction() as session:
        raw = session.connection().exec_driver_sql("select secret from webhook").scalar_one()
        assert (secret, False) == (session.get(Webhook, "sifasuo").secret, secret.encode() in bytes(raw))


@pytest.fixture
def address():
    """A real HTTP server that answers what its path says."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers)))
            status = int(self.path[1:4])
            self.send_response(status)
            self.send_header("Retry-After", "120")
            self.send_header("Location", "/200")
            self.end_headers()

        def log_message(self, *_):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("status", "delivered"), [(200, True), (204, True), (302, False), (429, False), (500, False)])
def test_given_a_real_address_when_posted_then_its_status_is_the_answer_and_redirects_are_not_followed(
    address, status, delivered
):
    base, got = address
    answer = post(f"{base}/{status}", b"{}", {"Shaodao-Delivery": "d"})
    assert (delivered, status, 1, b"{}") == (answer.delivered, answer.status, len(got), got[0][1])


def test_given_retry_after_when_refused_then_it_is_read(address):
    assert timedelta(seconds=120) == post(f"{address[0]}/503", b"{}", {}).retry_after


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://no-such-host.invalid/", f"http://{'a' * 300}/"])
def test_given_nobody_there_when_posted_then_it_is_an_answer_without_status(url):
    assert (None, True) == (post(url, b"{}", {}).status, bool(post(url, b"{}", {}).trouble))


@pytest.mark.parametrize(
    ("text", "waited"),
    [(None, None), ("7", timedelta(seconds=7)), ("soon", None), ("-1", None),
     ("Fri, 05 Jul 2024 01:01:00 GMT", timedelta(minutes=1)), ("Fri, 05 Jul 2019 01:01:00 GMT", timedelta(0))],
)  # fmt: skip
def test_given_retry_after_in_any_form_when_read_then_a_time_or_nothing(text, waited):
    assert waited == waited_for(text, datetime(2024, 7, 5, 1, 0, tzinfo=UTC))


def polled(session, who=HEWENBIN, **asked):
    return updates.list_updates(session, who, ListDepartmentUpdates().load({"unit": "sifasuo", **asked}), NOW)


def test_given_messages_when_polled_page_by_page_then_each_comes_once_in_order(store):
    with store.transaction() as session:
        tasks = [str(world.task_of(world.blown(session))["id"]) for _ in range(3)]
    with store.transaction() as session:
        first = polled(session, limit=2)
        second = polled(session, since=first["next_since"], limit=2)
        nothing = polled(session, since=second["next_since"])
    seen = [item["message"]["data"]["task_id"] for item in first["items"] + second["items"]]
    assert (tasks, [1, 2, 3]) == (seen, [item["position"] for item in first["items"] + second["items"]])
    assert ([], 3) == (nothing["items"], nothing["next_since"])


def test_given_a_message_committed_late_when_polled_then_it_gets_a_higher_position(store):
    with store.transaction() as slow:
        late = str(world.task_of(world.blown(slow))["id"])
        slow.flush()
        with store.transaction() as quick:
            quick.execute(select(func.count()))
            assert [] == polled(quick)["items"]
    with store.transaction() as session:
        (item,) = polled(session)["items"]
    assert (late, 1) == (item["message"]["data"]["task_id"], item["position"])


@pytest.mark.parametrize("who", [YANGFAN, WANGFANG])
def test_given_somebody_of_another_unit_when_polling_then_it_is_forbidden(session, who):
    with pytest.raises(Forbidden):
        polled(session, who)
