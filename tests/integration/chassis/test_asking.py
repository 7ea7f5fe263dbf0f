"""RPC from the outside: named errors, deadlines, malformed calls, idempotency; and the relay behind it."""

from __future__ import annotations

import json
import signal
import threading
import time
import uuid
from typing import Any

import pytest
from kombu import Connection, Consumer, Exchange, Queue

from ops.waiting import wait_until
from tests.support.toy_world import ToyWorld, terminate

pytestmark = pytest.mark.integration
RPC = Exchange("nameko-rpc", type="topic", durable=True)


def send(toys: ToyWorld, method: str, body: Any, **headers: Any) -> list[dict[str, Any]]:
    """Calls over the plain wire, as a program in any language would; the answers that came within a second or ten."""
    answers: list[dict[str, Any]] = []
    key = str(uuid.uuid4())
    with Connection(toys.environment["AMQP_URI"]) as connection:
        replies = Queue(f"test.{key}", RPC, routing_key=key, exclusive=True, auto_delete=True)
        taken = lambda raw, message: (answers.append(json.loads(message.body)), message.ack())  # noqa: E731
        with Consumer(connection.channel(), [replies], on_message=lambda message: taken(None, message)):
            raw = body if isinstance(body, bytes) else json.dumps({"args": [body], "kwargs": {}}).encode()
            wire = {f"nameko.{name}": value for name, value in headers.items()}
            connection.Producer().publish(
                raw, exchange=RPC, routing_key=f"things.{method}", reply_to=key, correlation_id=key, headers=wire,
                serializer=None, content_type="application/json", content_encoding="utf-8",
            )  # fmt: skip
            until = time.monotonic() + 10
            while not answers and time.monotonic() < until:
                connection.drain_events(timeout=10)
    return answers


def call(toys: ToyWorld, method: str, body: Any, **headers: Any) -> dict[str, Any]:
    (answer,) = send(toys, method, body, **{"identity": toys.token(), **headers})
    return answer


def made(toys: ToyWorld) -> int:
    return toys.rows("select count(*) from thing")[0][0]


def test_given_a_good_call_when_asked_then_it_is_answered_recorded_and_published(toys):
    toys.start_service()
    toys.start_relay()
    answer = call(toys, "make_thing", {"word": "hello"})
    wait_until(lambda: toys.rows("select count(*) from effect")[0][0] == 1, seconds=60)
    assert (None, "hello", [(1,)]) == (
        answer["error"],
        answer["result"]["word"],
        toys.rows("select sent_no from outbox"),
    )


BAD = [
    ("unknown field", "make_thing", {"word": "a", "wrod": "b"}, {}, "Invalid"),
    ("missing field", "make_thing", {}, {}, "Invalid"),
    ("not JSON", "make_thing", b"{oops", {}, "Invalid"),
    ("not a call", "make_thing", b"[]", {}, "Invalid"),
    ("forged identity", "make_thing", {"word": "a"}, {"identity": "a.b.c"}, "Unauthenticated"),
    ("no identity", "make_thing", {"word": "a"}, {"identity": ""}, "Unauthenticated"),
    ("past its deadline", "make_thing", {"word": "a"}, {"deadline": 1.0}, "DeadlineExceeded"),
    ("not allowed", "make_thing", {"word": "forbidden"}, {}, "Forbidden"),
    ("a fault inside", "make_thing", {"word": "broken"}, {}, "Fault"),
    ("no such method", "lose_thing", {"word": "a"}, {}, "MethodNotFound"),
]
"""What is wrong, the method, the command, the headers, and the error that comes back."""


def test_given_bad_calls_when_asked_then_named_errors_come_back_and_nothing_changed(toys):
    toys.start_service()
    answers = {name: call(toys, method, body, **headers) for name, method, body, headers, _ in BAD}
    told = {name: (answer["error"]["exc_type"], answer["result"]) for name, answer in answers.items()}
    assert ({name: (error, None) for name, *_, error in BAD}, 0) == (told, made(toys))
    assert "secret inside" not in json.dumps(answers)


def test_given_changes_asked_for_then_a_log_line_each_names_service_outcome_case_and_trace(toys):
    toys.start_service()
    told = {uuid.uuid4().hex: word for word in ("hello", "forbidden", "broken")}
    for trace_id, word in told.items():
        call(toys, "make_thing", {"word": word}, traceparent=f"00-{trace_id}-{trace_id[:16]}-01")
    lines = {
        told[line["trace_id"]]: line
        for line in toys.log_lines()
        if line["event"] == "call" and line["trace_id"] in told
    }
    assert {("things", "make_thing")} == {(line["service"], line["method"]) for line in lines.values()}
    assert {"hello": ("answered", "S1"), "forbidden": ("forbidden", None), "broken": ("fault", "S1")} == {
        word: (line["outcome"], line.get("case_number")) for word, line in lines.items()
    }


def test_given_a_fault_when_asked_then_its_log_line_tells_the_case_the_trace_and_the_place(toys):
    toys.start_service()
    trace_id = uuid.uuid4().hex
    answer = call(toys, "make_thing", {"word": "broken"}, traceparent=f"00-{trace_id}-{trace_id[:16]}-01")
    (line,) = [line for line in toys.log_lines() if line["event"] == "fault" and line["trace_id"] == trace_id]
    incident = answer["error"]["exc_args"][1]["incident"]
    assert ("things", "S1", incident) == (line["service"], line["case_number"], line["incident"])
    assert "in make_thing" in line["exception"]


def test_given_a_call_without_reply_address_when_it_arrives_then_the_service_lives_on(toys):
    service = toys.start_service()
    toys.publish({"args": [{"word": "x"}], "kwargs": {}}, exchange="nameko-rpc", routing_key="things.make_thing")
    assert (None, "after") == (service.poll(), call(toys, "make_thing", {"word": "after"})["result"]["word"])


def test_given_an_idempotency_key_when_asked_twice_then_one_thing_and_one_answer(toys):
    toys.start_service()
    first, second = (call(toys, "make_thing", {"word": "a"}, idempotency_key="k-1") for _ in range(2))
    assert (first["result"], 1) == (second["result"], made(toys))


def test_given_a_command_whose_answer_is_not_kept_when_asked_again_under_its_key_then_it_is_judged_anew(toys):
    toys.start_service()
    answers = [call(toys, "echo", {"word": word}, idempotency_key="k-1")["result"]["word"] for word in ("a", "b")]
    assert (["a", "b"], []) == (answers, toys.rows("select 1 from answered"))


def test_given_a_call_in_work_when_told_to_stop_then_it_is_answered_first(toys):
    service = toys.start_service()
    service_stops = []

    def stop_when_begun() -> None:
        service.send_signal(signal.SIGTERM)
        service_stops.append(1)

    timer = threading.Timer(0.6, stop_when_begun)
    timer.start()
    answer = call(toys, "nap", {"word": "1.5"})
    assert ("1.5", 0, [1]) == (answer["result"]["word"], service.wait(30), service_stops)


def test_given_the_relay_killed_while_it_works_then_every_fact_goes_out_and_has_one_effect(toys):
    toys.start_service()
    relay = toys.start_relay()
    for number in range(40):
        call(toys, "make_thing", {"word": f"w{number}"})
        if number == 20:
            relay.kill()
            relay.wait()
            relay = toys.start_relay()
    wait_until(lambda: toys.rows("select count(*) from outbox where sent_at is null")[0][0] == 0, seconds=60)
    wait_until(lambda: toys.rows("select count(*) from effect")[0][0] == 40, seconds=60)
    numbers = [number for (number,) in toys.rows("select sent_no from outbox order by position")]
    assert list(range(1, 41)) == numbers
    assert 0 == terminate(relay)


def test_given_more_rows_than_a_batch_that_nobody_is_bound_for_when_relayed_then_the_others_still_go_out(toys):
    toys.execute(
        "insert into outbox (id, exchange, routing_key, subject, body, recorded_at)"
        " select gen_random_uuid(), 'things.events', 'nobody', 's', '{}', now() from generate_series(1, 1100)"
    )
    toys.start_service()
    call(toys, "make_thing", {"word": "behind"})
    toys.start_relay()
    wait_until(lambda: toys.rows("select 1 from effect where word = 'behind'"), seconds=60)
    assert [(1100,)] == toys.rows("select count(*) from outbox where sent_at is null")


def test_given_no_broker_when_told_to_stop_then_the_service_ends_well(toys):
    toys.environment["AMQP_URI"] = "amqp://ops:ops@127.0.0.1:1/shaodao"
    before = len(toys.log_lines())
    service = toys.start("bus.run", "things")
    wait_until(lambda: "broker_lost" in [line["event"] for line in toys.log_lines()[before:]], seconds=60)
    assert 0 == terminate(service, seconds=60)


def test_given_a_standby_relay_when_the_first_dies_then_the_second_takes_over(toys):
    toys.start_service()
    first = toys.start_relay()
    toys.environment["RELAY_ADMIN_PORT"] = "0"
    toys.start("relay", "things")
    call(toys, "make_thing", {"word": "one"})
    first.kill()
    first.wait()
    call(toys, "make_thing", {"word": "two"})
    wait_until(lambda: toys.rows("select count(*) from effect")[0][0] == 2, seconds=60)
    assert [(0,)] == toys.rows("select count(*) from outbox where sent_at is null")
