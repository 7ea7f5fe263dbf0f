"""What a service does with good, bad, repeated and deadly messages."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bus.hearing import DELIVERIES
from chassis.identity import Principal
from chassis.tables import PARKED
from ops.waiting import wait_until
from tests.support.toy_world import terminate
from tools import parked

pytestmark = pytest.mark.integration
OPERATOR = Principal("u-ops", "值班员")
DOZING = "select 1 from pg_stat_activity where query like '%pg_sleep(1.5)%' and pid <> pg_backend_pid()"


ENVELOPE = {
    "specversion": "1.0", "source": "/things", "type": "cn.shaodao.things.thing_changed.v1",
    "time": "2024-07-05T01:00:00Z", "aggregateversion": 1, "areapath": "a.b", "actor": "u-1", "casenumber": "S1",
}  # fmt: skip


def envelope(word: str, subject: str = "t-1", **changes: object) -> dict[str, object]:
    return {**ENVELOPE, "id": str(uuid.uuid4()), "subject": subject, "data": {"word": word}, **changes}


JOINED = "thing_made.thing_changed.thing_lost"
"""The routing key of a batch: the names of its events."""


def effects(toys, word: str) -> int:
    return toys.rows(f"select count(*) from effect where word = '{word}'")[0][0]


def parked_errors(toys) -> list[tuple[str, str, int]]:
    return [(row[0], row[1], row[2]) for row in toys.rows("select handler, error, attempts from parked order by id")]


def start_again_until_parked(toys) -> int:
    """Starts the service anew each time the message has killed it; how often it did."""
    for deaths in range(12):
        service = toys.start("bus.run", "things")
        wait_until(lambda died=service: died.poll() is not None or parked_errors(toys), seconds=60)
        if parked_errors(toys):
            return deaths
    raise AssertionError("never parked")


def test_given_the_same_event_twice_when_heard_then_it_has_one_effect(toys):
    toys.start_service()
    event = envelope("once")
    toys.publish(event)
    toys.publish(event)
    toys.publish(envelope("after"))
    wait_until(lambda: effects(toys, "after") == 1, seconds=60)
    wait_until(lambda: toys.waiting() == 0, seconds=60)
    assert 1 == effects(toys, "once")


def test_given_a_failing_handler_when_all_retries_failed_then_the_message_is_parked_with_its_error(toys):
    toys.start_service()
    toys.publish(envelope("fail"))
    wait_until(lambda: parked_errors(toys), seconds=60)
    assert ([("things.thing_changed", "ValueError: told so", 5)], 0) == (
        parked_errors(toys),
        effects(toys, "fail"),
    )


POISON = {
    "not JSON": b"{oops",
    "not an object": b"[1, 2]",
    "not an envelope": {"hello": 1},
    "no type": envelope("x", type=None),
    "data without what the contract promises": envelope("x", data={}),
    "a trace context that is no text": envelope("x", traceparent=5),
    "rejected by the handler": envelope("reject"),
}


def test_given_poison_when_heard_then_each_is_parked_at_once_and_the_next_is_handled(toys):
    toys.start_service()
    for body in POISON.values():
        toys.publish(body)
    toys.publish(envelope("after"))
    wait_until(lambda: len(parked_errors(toys)) == len(POISON) and effects(toys, "after"), seconds=60)
    assert [1] * len(POISON) == [attempts for _, _, attempts in parked_errors(toys)]


def test_given_events_of_a_newer_peer_when_heard_then_they_are_passed_over_and_nothing_is_parked(toys):
    toys.start_service()
    for kind in ("thing_lost.v1", "thing_changed.v9"):
        toys.publish(envelope("x", type=f"cn.shaodao.things.{kind}"))
    toys.publish(envelope("after"))
    wait_until(lambda: effects(toys, "after") == 1 and toys.waiting() == 0, seconds=60)
    assert ([], 0) == (parked_errors(toys), effects(toys, "x"))


def test_given_a_batch_half_of_which_is_poison_when_heard_then_exactly_that_is_parked_and_the_rest_is_done(toys):
    toys.start_service()
    words = ["one", "fail", "two", "reject", "three"]
    batch = [envelope(word) for word in words]
    toys.publish(
        [*batch, envelope("x", data={}), envelope("x", type="cn.shaodao.things.thing_lost.v1")], routing_key=JOINED
    )
    wait_until(lambda: len(parked_errors(toys)) == 3 and toys.waiting() == 0, seconds=60)
    parked_ids = {key for (key,) in toys.rows("select event_id from parked")}
    done = [word for (word,) in toys.rows("select word from effect order by no")]
    assert (["one", "two", "three"], {batch[1]["id"], batch[3]["id"]}) == (done, parked_ids & {e["id"] for e in batch})


def test_given_a_batch_when_heard_then_it_is_one_transaction(toys):
    toys.start_service()
    toys.publish([envelope(f"w{number}", subject=f"t-{number}") for number in range(5)], routing_key=JOINED)
    wait_until(lambda: effects(toys, "w4") == 1, seconds=60)
    assert [(5, 1)] == toys.rows("select count(*), count(distinct xmin::text) from effect")


def test_given_a_batch_with_an_event_that_kills_its_process_when_heard_then_it_alone_is_parked(toys):
    batch = [envelope(word, subject=word) for word in ("one", "die", "two")]
    toys.publish(batch)
    start_again_until_parked(toys)
    wait_until(lambda: toys.waiting() == 0 and effects(toys, "two") == 1, seconds=60)
    assert ([(batch[1]["id"],)], 1, 0) == (
        toys.rows("select event_id from parked"),
        effects(toys, "one"),
        effects(toys, "die"),
    )


def test_given_anything_written_on_a_message_when_taken_then_it_is_handled_all_the_same(toys):
    service = toys.start_service()
    toys.publish(envelope("a compression nobody knows"), headers={"compression": "x"})
    toys.publish(envelope("compressed by its own word"), headers={"compression": "gzip"})
    toys.publish(envelope("a property in another encoding"), correlation_id="回复".encode("gbk"))
    toys.publish(envelope("a header in another encoding"), headers={"x": "回复".encode("gbk")})
    wait_until(lambda: toys.rows("select count(*) from effect") == [(4,)], seconds=60)
    assert (None, []) == (service.poll(), parked_errors(toys))


def test_given_headers_no_database_can_keep_when_parked_then_they_are_kept_without(toys):
    toys.start_service()
    toys.publish(b"{oops", headers={"x\0y": "a\0b"})
    wait_until(lambda: parked_errors(toys), seconds=60)
    with Session(toys.engine) as session:
        assert "ab" == session.scalars(select(PARKED.c.headers)).one()["xy"]


def test_given_a_failing_handler_when_it_gives_up_then_every_log_line_tells_the_case_and_the_trace(toys):
    toys.start_service()
    trace_id = uuid.uuid4().hex
    toys.publish(envelope("fail", traceparent=f"00-{trace_id}-{trace_id[:16]}-01"))
    wait_until(lambda: parked_errors(toys), seconds=60)
    lines = [line for line in toys.log_lines() if line.get("trace_id") == trace_id]
    assert [*["event_failed"] * 4, "message_parked"] == [line["event"] for line in lines]
    assert {("things", "S1")} == {(line["service"], line["case_number"]) for line in lines}
    assert "ValueError: told so" in lines[0]["exception"]


@pytest.mark.rule("53")
@pytest.mark.rule("34")
def test_given_a_message_that_kills_its_process_when_delivered_five_times_then_it_is_parked_with_its_id(toys):
    deadly = envelope("die")
    toys.publish(deadly)
    died = start_again_until_parked(toys)
    told = [("things.thing_changed", f"Reject: delivered {DELIVERIES} times and never settled", DELIVERIES)]
    found = [(handler, error.removeprefix("chassis.errors."), tries) for handler, error, tries in parked_errors(toys)]
    assert (DELIVERIES, told, [(deadly["id"],)]) == (died, found, toys.rows("select event_id from parked"))


def test_given_a_message_that_kills_its_process_when_others_are_in_work_then_it_alone_is_parked(toys):
    for number in range(6):
        toys.publish(envelope("slow", subject=f"t-{number}"))
    toys.publish(envelope("die"))
    start_again_until_parked(toys)
    wait_until(lambda: effects(toys, "slow") == 6 and toys.waiting() == 0, seconds=60)
    assert [("things.thing_changed", 0)] == [(handler, effects(toys, "die")) for handler, _, _ in parked_errors(toys)]


def test_given_a_parked_message_when_replayed_then_it_runs_once(toys):
    toys.start_service()
    toys.start_relay()
    toys.publish(envelope("fail-first"))
    wait_until(lambda: parked_errors(toys), seconds=60)
    toys.rows("select 1")
    with Session(toys.engine) as session, session.begin():
        number = parked.list_parked(session)[0]["id"]
        row = parked.show(session, OPERATOR, number, datetime.now(UTC))
        mended = json.loads(row["body"]) | {"data": {"word": "mended"}}
        session.execute(update(PARKED).values(body=json.dumps(mended).encode()))
        parked.replay(session, OPERATOR, number, datetime.now(UTC))
    wait_until(lambda: effects(toys, "mended") == 1, seconds=60)
    assert [("REPLAYED", "u-ops")] == toys.rows("select state, settled_by from parked")


def test_given_work_in_flight_when_told_to_stop_then_it_finishes_exits_zero_and_nothing_is_redelivered(toys):
    service = toys.start_service()
    for number in range(8):
        toys.publish(envelope("slow", subject=f"t-{number}"))
    wait_until(lambda: toys.rows(DOZING), seconds=60)
    assert 0 == terminate(service)
    left = toys.waiting()
    toys.start_service()
    wait_until(lambda: effects(toys, "slow") == 8 and toys.waiting() == 0, seconds=60)
    assert (0, 8) == (left, toys.rows("select count(*) from inbox")[0][0])


def test_given_the_events_of_one_aggregate_when_heard_by_many_workers_then_their_order_is_kept(toys):
    for number in range(60):
        toys.publish(envelope(f"w{number:02}", subject=f"t-{number % 3}"))
    toys.start_service()
    wait_until(lambda: toys.rows("select count(*) from effect")[0][0] == 60, seconds=60)
    for subject in ("t-0", "t-1", "t-2"):
        words = [word for (word,) in toys.rows(f"select word from effect where subject = '{subject}' order by no")]
        assert sorted(words) == words


def counted(word: str) -> dict[str, object]:
    return envelope(word, type="cn.shaodao.things.thing_counted.v1")


def transactions(toys) -> int:
    return toys.rows("select count(distinct xmin::text) from effect where word = 'counted'")[0][0]


def test_given_events_heard_together_when_many_wait_then_they_share_transactions_and_each_has_one_effect(toys):
    events = [counted("counted") for _ in range(40)]
    for event in [*events, *events]:
        toys.publish(event)
    toys.start_service()
    wait_until(lambda: effects(toys, "counted") == 40 and toys.waiting() == 0, seconds=60)
    assert (40, True) == (effects(toys, "counted"), transactions(toys) < 30)


def test_given_events_heard_together_when_one_fails_then_the_others_have_their_effect_and_it_alone_is_parked(toys):
    for number in range(20):
        toys.publish(counted("fail" if number == 7 else "counted"))
    toys.start_service()
    wait_until(lambda: parked_errors(toys) and effects(toys, "counted") == 19, seconds=60)
    assert [("things.thing_counted", "ValueError: told so", 5)] == parked_errors(toys)


def test_given_events_heard_together_when_told_to_stop_then_what_was_taken_is_finished_and_nothing_is_redelivered(toys):
    for number in range(20):
        toys.publish(counted("slow" if number == 0 else "counted"))
    service = toys.start_service()
    wait_until(lambda: toys.rows(DOZING), seconds=60)
    status, done = terminate(service), effects(toys, "counted")
    left = toys.waiting()
    toys.start_service()
    wait_until(lambda: toys.waiting() == 0 and effects(toys, "counted") == 19, seconds=60)
    assert (0, 20, 20) == (status, done + 1 + left, toys.rows("select count(*) from inbox")[0][0])
