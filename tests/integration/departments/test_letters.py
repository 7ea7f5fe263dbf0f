"""`@receives` on a real broker: deduped, retried, parked and drained as `@hears`, and the sender is never forgotten."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis.identity import Principal
from chassis.tables import PARKED
from ops import rabbitmq
from ops.waiting import wait_until
from ops.world import World
from tests.support.postgres import TestServer
from tests.support.toy_world import ToyWorld, bind, exchange, quorum, terminate, topology, toy_broker, toy_world
from tools import parked

pytestmark = pytest.mark.integration
OPERATOR = Principal("u-ops", "值班员")
DOZING = "select 1 from pg_stat_activity where query like '%pg_sleep(1.5)%' and pid <> pg_backend_pid()"
FORGED = {"x-sender": "department.other", "x-key": "other.sign", "x-attempt": 4}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with toy_broker(tmp_path_factory.mktemp("letters")) as broker:
        inbox = next(queue for queue in topology()["queues"] if queue["name"] == "things.inbox")
        rabbitmq.define(
            broker,
            {
                "exchanges": [exchange("department-replies", "topic")],
                "queues": [quorum("things.replies", **inbox["arguments"])],
                "bindings": [bind("department-replies", "things.replies", "#")],
            },
        )
        yield broker


@pytest.fixture
def toys(node: World, postgres: TestServer) -> Iterator[ToyWorld]:
    world = toy_world(node, postgres)
    world.environment["SERVICES_PACKAGE"] = "tests.integration.departments.toys"
    yield world
    world.stop()


def send(toys, word, headers=None, **more):
    content = {"id": str(uuid.uuid4()), "word": word, **more}
    toys.publish(content, exchange="department-replies", routing_key="a.sign", user_id="ops", headers=headers or {})
    return content


def effects(toys, word):
    return toys.rows(f"select count(*) from effect where word = '{word}'")[0][0]


def waiting(toys):
    return toys.waiting("things.replies") + toys.waiting("things.inbox")


def test_given_a_letter_when_received_then_its_sender_and_key_are_the_brokers_not_the_headers(toys):
    toys.start_service()
    send(toys, "hello", FORGED)
    wait_until(lambda: effects(toys, "hello"), seconds=60)
    assert [("department ops a.sign",)] == toys.rows("select subject from effect")


def test_given_the_same_letter_twice_when_received_then_it_has_one_effect(toys):
    toys.start_service()
    same = str(uuid.uuid4())
    for _ in range(2):
        send(toys, "once", id=same)
    send(toys, "after")
    wait_until(lambda: effects(toys, "after") and waiting(toys) == 0, seconds=60)
    assert 1 == effects(toys, "once")


def test_given_what_is_no_json_when_received_then_the_method_gets_it_all_the_same(toys):
    toys.start_service()
    toys.publish(b"\xff\xfe", exchange="department-replies", routing_key="a.sign", user_id="ops")
    wait_until(lambda: effects(toys, "unreadable"), seconds=60)
    assert [] == toys.rows("select 1 from parked")


def test_given_a_letter_that_fails_when_parked_and_replayed_then_it_still_has_its_sender(toys):
    toys.start_service()
    toys.start_relay()
    send(toys, "fail", FORGED)
    wait_until(lambda: toys.rows("select 1 from parked"), seconds=60)
    with Session(toys.engine) as session, session.begin():
        row = parked.show(session, OPERATOR, parked.list_parked(session)[0]["id"], datetime.now(UTC))
        assert ("things.letter_came", 5, "ops", "a.sign") == (
            row["handler"], row["attempts"], row["headers"]["x-sender"], row["headers"]["x-key"],
        )  # fmt: skip
        mended = json.dumps({"id": "m", "word": "mended"}).encode()
        session.execute(update(PARKED).values(body=mended))
        parked.replay(session, OPERATOR, row["id"], datetime.now(UTC))
    wait_until(lambda: effects(toys, "mended"), seconds=60)
    assert [("department ops a.sign",)] == toys.rows("select subject from effect")


def test_given_a_letter_that_kills_its_process_when_delivered_five_times_then_it_is_parked_with_its_sender(toys):
    send(toys, "die", FORGED)
    for _ in range(12):
        service = toys.start("bus.run", "things")
        wait_until(
            lambda died=service: died.poll() is not None or toys.rows("select 1 from parked"), seconds=60
        )  # fmt: skip
        if toys.rows("select 1 from parked"):
            break
    with Session(toys.engine) as session:
        assert ["ops"] == [headers["x-sender"] for headers in session.scalars(select(PARKED.c.headers))]


def test_given_letters_in_work_when_told_to_stop_then_they_are_finished_and_none_comes_again(toys):
    service = toys.start_service()
    send(toys, "slow")
    wait_until(lambda: toys.rows(DOZING), seconds=60)
    assert 0 == terminate(service)
    assert (1, 0) == (effects(toys, "slow"), waiting(toys))


def test_given_the_letters_of_one_sender_when_received_by_many_workers_then_their_order_is_kept(toys):
    for number in range(40):
        send(toys, f"w{number:02}")
    toys.start_service()
    wait_until(lambda: toys.rows("select count(*) from effect")[0][0] == 40, seconds=60)
    words = [word for (word,) in toys.rows("select word from effect order by no")]
    assert sorted(words) == words


@pytest.mark.rule("41")
def test_given_hundreds_of_unreadable_letters_when_a_good_one_comes_after_them_then_it_does_not_wait_for_them(toys):
    for number in range(300):
        toys.publish(b"\xff %d" % number, exchange="department-replies", routing_key="a.sign", user_id="ops")
    send(toys, "good")
    toys.start_service()
    wait_until(lambda: effects(toys, "unreadable") == 300 and effects(toys, "good"), seconds=60)
    [(before,)] = toys.rows("select count(*) from effect where no < (select no from effect where word = 'good')")
    [(transactions,)] = toys.rows("select count(distinct xmin::text) from effect where word = 'unreadable'")
    assert (True, True) == (before < 300, transactions < 150)


def test_given_letters_and_events_when_both_come_then_neither_is_taken_for_the_other(toys):
    toys.start_service()
    toys.publish(
        {
            "specversion": "1.0", "id": "0190a5d2-0000-7000-8000-00000000000e",
            "source": "/things", "type": "cn.shaodao.things.thing_changed.v1",
            "subject": "t", "time": "2024-07-05T01:00:00Z", "aggregateversion": 1, "areapath": "a.b", "actor": "u-1",
            "casenumber": "S1", "data": {"word": "fact"},
        }
    )  # fmt: skip
    send(toys, "letter")
    wait_until(lambda: effects(toys, "fact") and effects(toys, "letter"), seconds=60)
    assert {("event", "fact"), ("department ops a.sign", "letter")} == set(
        toys.rows("select subject, word from effect")
    )
