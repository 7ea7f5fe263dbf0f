"""The consumer of the kit on kombu's in-memory broker: it acks after success, comes back, and loses nothing."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

import pytest
from shaodao_kit import Address, Department, FileSeen, MemorySeen, NotSent, file_evidence
from shaodao_kit.messages import REFUSAL, Message, NotAnEnvelope

from contracts import envelope
from contracts.departments import REPLIES, Refusal, SupervisionReplied, WhistleTask

NOW = datetime(2024, 7, 3, 10, 20, tzinfo=UTC)
VERBS = {reply.name: reply for reply in REPLIES}
PHOTO = {"sha256": "ab" * 32, "kind": "PHOTO", "stage": "AFTER"}


class Delivered:
    """A delivery as the consumer sees it."""

    delivery_tag = 7

    def __init__(self, body):
        self.body = body if isinstance(body, bytes | str) else json.dumps(body)
        self.acked = 0

    def ack(self):
        self.acked += 1


class Told:
    """Takes the place of the broker for replies."""

    def __init__(self):
        self.sent = []

    def to(self, task_id, *, receiver=None, because=None):
        from shaodao_kit.replying import Replies

        return Replies(self, task_id, receiver, because)

    def send(self, verb, data, reply_id):
        self.sent.append((verb, data, reply_id))


@pytest.fixture
def department(tmp_path):
    made = Department(
        Address("memory://department.gongdian:x@localhost/"), failed=tmp_path, try_again=(0.0, 0.0), now=lambda: NOW
    )
    made._replier = Told()
    return made


def whistle(**changes):
    return {**envelope.example(WhistleTask), "id": str(uuid.uuid4()), **changes}


def test_given_the_login_when_asked_then_unit_and_queue_follow_from_it():
    address = Address("amqp://department.gongdian:pw@host:5672/shaodao")
    assert ("gongdian", "department.gongdian", False) == (address.unit, address.queue, "pw" in repr(address))


@pytest.mark.parametrize("login", ["ops", "department.", "dispatch.gongdian"])
def test_given_a_login_that_is_no_department_when_asked_then_it_is_an_error(login):
    with pytest.raises(ValueError, match=r"department\.CODE"):
        _ = Address(f"amqp://{login}:pw@host/shaodao").unit


def test_given_a_file_with_the_address_when_read_then_no_password_stands_in_the_environment(tmp_path, monkeypatch):
    path = tmp_path / "address"
    path.write_text("amqp://department.a:pw@host/shaodao\n")
    monkeypatch.setenv("SHAODAO_AMQP_URI_FILE", str(path))
    assert "a" == Address.from_environment().unit


def test_given_tls_when_connecting_then_the_certificate_is_checked_against_the_name():
    tls = Address("amqps://department.a:pw@bus.example/shaodao").connect().ssl
    assert ("bus.example", True) == (tls["server_hostname"], tls["check_hostname"])


def test_given_a_whistle_when_taken_then_the_handler_gets_it_and_then_it_is_acked(department):
    seen = []

    @department.on_whistle
    def handle(task, reply):
        seen.append((task.reason, task.emergency, task.sign_due.tzinfo is not None, delivered.acked))

    delivered = Delivered(whistle())
    department.take(delivered)
    assert ([(WhistleTask.example["reason"], False, True, 0)], 1) == (seen, delivered.acked)


def test_given_the_same_message_twice_when_taken_then_it_is_handled_once_and_acked_twice(department):
    seen = []
    department.on_whistle(lambda task, reply: seen.append(task.task_id))
    first = Delivered(whistle())
    again = Delivered(first.body)
    for each in (first, again):
        department.take(each)
    assert (1, 1, 1) == (len(seen), first.acked, again.acked)


def test_given_a_handler_that_fails_when_it_succeeds_later_then_it_is_acked_only_then(department):
    calls = []

    @department.on_whistle
    def handle(task, reply):
        calls.append(delivered.acked)
        if len(calls) < 3:
            raise RuntimeError("not yet")

    delivered = Delivered(whistle())
    department.take(delivered)
    department._take_again()
    department._take_again()
    assert ([0, 0, 0], 1) == (calls, delivered.acked)


def test_given_a_handler_that_always_fails_when_it_was_tried_enough_then_the_message_is_kept_as_a_file(
    department, tmp_path
):
    department.on_whistle(lambda task, reply: 1 / 0)
    delivered = Delivered(whistle())
    department.take(delivered)
    for _ in range(2):
        department._take_again()
    (path,) = tmp_path.glob("*.json")
    kept = json.loads(path.read_text(encoding="utf8"))
    assert (1, delivered.body, True) == (delivered.acked, kept["body"], "ZeroDivisionError" in kept["error"])


def test_given_a_failing_message_when_another_comes_then_that_one_is_handled_meanwhile(department):
    seen = []
    bad = whistle()

    @department.on_whistle
    def handle(task, reply):
        if task.message.id == bad["id"]:
            raise RuntimeError
        seen.append(task.message.id)

    good = whistle()
    for each in (bad, good):
        department.take(Delivered(each))
    assert [good["id"]] == seen


@pytest.mark.parametrize("body", [b"\xff", b"{oops", "[1]", "{}", '{"specversion":"1.0","data":[]}', "[" * 99_999])
def test_given_an_unreadable_message_when_taken_then_it_is_kept_as_a_file_and_acked(department, tmp_path, body):
    delivered = Delivered(body)
    department.take(delivered)
    assert (1, 1) == (delivered.acked, len(list(tmp_path.glob("*.json"))))


@pytest.mark.parametrize("type_", ["cn.shaodao.departments.whistle_task.v2", "cn.shaodao.departments.tea_break.v1"])
def test_given_a_type_it_does_not_know_when_taken_then_it_is_passed_over(department, type_):
    department.on_whistle(lambda task, reply: pytest.fail("must not be called"))
    delivered = Delivered(whistle(type=type_))
    department.take(delivered)
    assert 1 == delivered.acked


def test_given_unknown_fields_when_taken_then_they_do_no_harm(department):
    seen = []
    department.on_whistle(lambda task, reply: seen.append(task.data["colour"]))
    department.take(Delivered(whistle(mood="good", data={**WhistleTask.example, "colour": "red"})))
    assert ["red"] == seen


def test_given_a_refusal_when_taken_then_its_handler_hears_why(department):
    heard = []
    department.on_refusal(lambda refusal: heard.append((refusal.code, refusal.errors)))
    department.take(Delivered({**envelope.example(Refusal), "id": "r-1"}))
    assert [("INVALID", Refusal.example["errors"])] == heard


def test_given_every_reply_when_sent_then_it_keeps_the_contract(department):
    @department.on_whistle
    def handle(task, reply):
        reply.sign()
        reply.object("NOT_OUR_DUTY", "《物业管理条例》", "wuye")
        reply.report_in("PLACE", arrived_at=NOW, geo={"lat": 36.6, "lon": 117.0})
        reply.progress("已到现场")
        reply.finish("已修复", [PHOTO])
        reply.tick_parts([1, 2], [PHOTO])
        reply.call_further("huanwei", "补种耐寒绿植", "15d")
        reply.appeal_rating("已按时到会，签到表为证")
        reply.reply_supervision(SupervisionReplied.example["order"], "已到场处理")
        reply.record_enforcement([1], "PERSUADED", "《消防法》第六十条", NOW.date(), NOW, "已清走", [PHOTO])

    department.take(Delivered(whistle()))
    assert list(VERBS) == [verb for verb, _, _ in department._replier.sent]
    for verb, data, _ in department._replier.sent:
        assert {} == VERBS[verb]().validate(data)


def test_given_a_handler_run_again_after_a_crash_when_it_replies_then_the_ids_are_the_same(department):
    department._seen = MemorySeen(size=0)
    department.on_whistle(lambda task, reply: [reply.sign(), reply.progress("一"), reply.progress("二")])
    message = whistle()
    for _ in range(2):
        department.take(Delivered(message))
    ids = [reply_id for _, _, reply_id in department._replier.sent]
    assert (ids[:3], 3) == (ids[3:], len(set(ids)))


def test_given_a_broker_lost_while_replying_when_handling_then_the_message_is_left_to_come_again(department):
    def lost(verb, data, reply_id):
        raise NotSent(verb)

    department._replier.send = lost
    department.on_whistle(lambda task, reply: reply.sign())
    delivered = Delivered(whistle())
    with pytest.raises(NotSent):
        department.take(delivered)
    assert 0 == delivered.acked


def test_given_ids_in_a_file_when_opened_again_then_they_are_remembered(tmp_path):
    FileSeen(tmp_path / "seen.db").add("a")
    assert [True, False] == [each in FileSeen(tmp_path / "seen.db") for each in ("a", "b")]


def test_given_more_ids_than_room_when_remembered_then_the_oldest_go():
    seen = MemorySeen(size=2)
    for each in "abc":
        seen.add(each)
    assert [False, True, True] == [each in seen for each in "abc"]


def test_given_a_file_when_named_as_evidence_then_by_its_fingerprint(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"abc")
    assert "ba7816bf" == file_evidence(tmp_path / "a.jpg")["sha256"][:8]


def test_given_a_message_without_case_when_read_then_it_is_a_message_all_the_same():
    body = json.dumps({"specversion": "1.0", "id": 1, "type": REFUSAL, "data": {}})
    assert ("1", None) == (Message.read(body).id, Message.read(body).case_number)
    with pytest.raises(NotAnEnvelope):
        Message.read("null")
