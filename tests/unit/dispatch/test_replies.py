"""What a unit's program replies: the same operations as by hand; what does not fit is noted or refused, never lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis import inbox
from chassis.identity import Principal
from contracts.departments import MOST_BYTES, Refusal
from services.dispatch import replies
from services.dispatch.departments import connect
from services.dispatch.tables import Receiver, Task
from tests.support.delivering import CommitFails
from tests.support.events import names_said
from tests.unit.dispatch import world
from tests.unit.dispatch.department import delivered, envelope, kept, letter, notes, reply, state, take, told
from tests.unit.dispatch.world import HEWENBIN, LUOJUAN, NOW, PHOTO, later

REPORT = {"mode": "PLACE"}
FINISH = {"result_text": "已修复", "evidence": [PHOTO]}
OBJECT = {"reason_code": "NOT_OUR_DUTY", "legal_basis": "《物业管理条例》", "proposed_unit": "wuye"}


@pytest.fixture
def task(session):
    connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
    return world.task_of(world.blown(session))


def test_given_a_task_when_signed_reported_and_finished_by_program_then_it_is_as_by_hand(session, task):
    outcomes = [
        reply(session, task, "sign"),
        reply(session, task, "report_in", **REPORT),
        reply(session, task, "progress", note="已到现场"),
        reply(session, task, "finish", **FINISH),
    ]
    assert (["DONE"] * 4, "FINISHED") == (outcomes, state(session, task))
    assert ["whistle_task_signed", "whistle_task_reported_in", "whistle_task_progressed", "whistle_task_completed"] == (
        names_said(session)[-4:]
    )
    assert [("DONE", None)] * 4 == kept(session)


def test_given_an_objection_by_program_when_received_then_the_street_has_to_decide(session, task):
    assert ("DONE", "OBJECTED") == (reply(session, task, "object", **OBJECT), state(session, task))


@pytest.mark.parametrize(
    ("named", "signer", "remarks"),
    [(None, HEWENBIN, 0), (LUOJUAN.id, LUOJUAN, 0), ("u-yangfan", HEWENBIN, 1), ("u-nobody", HEWENBIN, 1)],
    ids=["nobody named", "B-holder named", "of another unit", "unknown"],
)
def test_given_a_receiver_in_the_reply_when_on_the_roster_then_theirs_else_the_a_holders(
    session, task, named, signer, remarks
):
    reply(session, task, **({"receiver": named} if named else {}))
    assert ({"id": signer.id, "name": signer.name}, remarks) == (
        session.get(Task, task["id"]).receiver,
        len(notes(session, task)),
    )


def test_given_nobody_on_the_roster_when_replied_then_it_is_refused(session, task):
    for receiver in session.scalars(select(Receiver).where(Receiver.unit_code == "sifasuo")):
        receiver.active = False
    session.flush()
    assert ("NO_RECEIVER", "ASSIGNED") == (reply(session, task), state(session, task))


def test_given_no_arrival_when_reported_in_then_it_is_when_the_reply_was_sent(session, task):
    reply(session, task, "sign")
    reply(session, task, "report_in", now=later(minutes=30), sent=later(minutes=20), **REPORT)
    assert later(minutes=20) == session.get(Task, task["id"]).arrived_at


@pytest.mark.parametrize("sent", [NOW - timedelta(hours=3), NOW + timedelta(hours=3)], ids=["slow", "fast"])
def test_given_a_clock_that_is_wrong_when_reported_in_then_the_arrival_lies_between_order_and_now(session, task, sent):
    reply(session, task, "sign")
    assert "DONE" == reply(session, task, "report_in", now=later(minutes=5), sent=sent, **REPORT)
    arrived = session.get(Task, task["id"]).arrived_at
    assert NOW <= arrived <= later(minutes=5)


def test_given_a_task_already_signed_when_signed_again_then_it_is_one_note_however_often(session, task):
    outcomes = [reply(session, task) for _ in range(3)]
    assert (["DONE", "NOTED", "NOTED"], 1, []) == (outcomes, len(notes(session, task)), told(session))


def test_given_a_finished_task_when_progress_comes_late_then_its_words_are_in_the_log(session, task):
    world.sign(session, task)
    world.report(session, task)
    world.finish(session, task)
    assert "NOTED" == reply(session, task, "progress", note="昨天已更换配件")
    assert ("FINISHED", True) == (state(session, task), "昨天已更换配件" in notes(session, task)[-1])


def test_given_a_reply_whose_step_before_is_under_way_when_received_then_it_waits_and_then_is_noted(session, task):
    for attempt in range(replies.PATIENCE):
        with pytest.raises(replies.TooEarly):
            reply(session, task, "report_in", attempt=attempt, **REPORT)
    assert "NOTED" == reply(session, task, "report_in", attempt=replies.PATIENCE, **REPORT)
    assert ("ASSIGNED", 1) == (state(session, task), len(notes(session, task)))


def test_given_an_operation_that_says_no_half_way_when_received_then_nothing_of_it_remains(session, task):
    reply(session, task, "sign")
    reply(session, task, "report_in", **REPORT)
    assert "INVALID" == reply(session, task, "finish", result_text="完成", evidence=[])
    (refusal,) = told(session)
    assert ("REPORTED_IN", ["evidence: 办结必须附佐证材料"]) == (state(session, task), refusal["errors"])


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("not JSON", b"{oops", "MALFORMED"),
        ("not UTF-8", b"\xff\xfe{}", "MALFORMED"),
        ("not an object", b"[1]", "MALFORMED"),
        ("deeply nested", b"[" * 100_000, "MALFORMED"),
        ("no id", {"id": None}, "MALFORMED"),
        ("an id with a zero", {"id": "a\x00b"}, "MALFORMED"),
        ("half a letter as id", {"id": "\ud800"}, "MALFORMED"),
        ("no time", {"time": "yesterday"}, "MALFORMED"),
        ("a time without zone", {"time": "2024-07-05T01:00:00"}, "MALFORMED"),
        ("another CloudEvents", {"specversion": "0.3"}, "MALFORMED"),
        ("data no object", {"data": "x"}, "MALFORMED"),
        ("unknown version", {"type": "cn.shaodao.department.sign.v9"}, "UNKNOWN_VERSION"),
        ("unknown verb", {"type": "cn.shaodao.department.fly.v1"}, "UNKNOWN_TYPE"),
        ("an event of ours", {"type": "cn.shaodao.dispatch.whistle_blown.v1"}, "UNKNOWN_TYPE"),
        ("another verb's key", {"type": "cn.shaodao.department.finish.v1"}, "WRONG_KEY"),
        ("no task", {"data": {}}, "INVALID"),
        ("an unknown task", {"data": {"task_id": str(uuid4())}}, "UNKNOWN_TASK"),
        ("too large", b"x" * (MOST_BYTES + 1), "TOO_LARGE"),
        ("so large that nobody reads it", b"[" * (2 << 20), "TOO_LARGE"),
    ],
)
def test_given_a_wrong_letter_when_received_then_it_is_refused_kept_and_its_sender_told(
    session, task, name, change, code
):
    content = change if isinstance(change, bytes) else {**envelope(task), **change}
    assert code == take(session, letter(content))
    (refusal,) = told(session)
    assert ([("REFUSED", code)], code, "ASSIGNED") == (kept(session), refusal["code"], state(session, task))
    Refusal().load(refusal)


def test_given_unknown_fields_when_received_then_they_are_ignored(session, task):
    content = {**envelope(task, hobby="fishing"), "mood": "good"}
    assert "DONE" == take(session, letter(content))


def test_given_a_telephone_in_the_words_when_received_then_it_is_refused(session, task):
    reply(session, task, "sign")
    reply(session, task, "report_in", **REPORT)
    assert "INVALID" == reply(session, task, "progress", note="请打 13900000101")


def test_given_the_task_of_another_unit_when_replied_then_it_is_refused_and_that_unit_knows_nothing(session, task):
    connect(session, Principal.service("dispatch"), "paichusuo", True, NOW)
    assert "NOT_YOURS" == take(session, letter(envelope(task, source="paichusuo"), unit="paichusuo"))
    assert ([], "NOT_YOURS", "ASSIGNED") == (
        told(session), told(session, "paichusuo")[0]["code"], state(session, task),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sender", "unit", "code", "answers"),
    [
        ("department.paichusuo", "sifasuo", "WRONG_KEY", 0),
        ("department.nobody", "nobody", "UNKNOWN_UNIT", 0),
        ("ops", "sifasuo", "UNKNOWN_UNIT", 0),
        ("", "sifasuo", "NO_SENDER", 1),
        ("", "nobody", "UNKNOWN_UNIT", 0),
    ],
)
def test_given_a_doubtful_sender_when_received_then_it_is_refused_and_only_a_known_unit_is_told(
    session, task, sender, unit, code, answers
):
    assert code == take(session, letter(envelope(task), unit=unit, sender=sender))
    assert (answers, "ASSIGNED") == (len(told(session)), state(session, task))


def test_given_a_unit_that_is_not_connected_when_refused_then_nothing_waits_for_a_queue_that_is_not(session, task):
    connect(session, Principal.service("dispatch"), "sifasuo", False, NOW)
    reply(session, task, "fly")
    assert ([], [("REFUSED", "UNKNOWN_TYPE")]) == (told(session), kept(session))


@pytest.fixture
def blown(store):
    with store.transaction() as session:
        connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
        return world.task_of(world.blown(session))


@pytest.mark.parametrize("verb", ["sign", "object", "fly"])
def test_given_the_same_letter_twice_when_received_then_it_has_one_effect(store, blown, verb):
    written = letter(envelope(blown, verb, **(OBJECT if verb == "object" else {})), verb=verb)
    assert [False, True] == [delivered(store, written) is None for _ in range(2)]
    with store.transaction() as session:
        assert 1 == len(kept(session))


def test_given_two_units_that_use_the_same_id_when_received_then_neither_takes_the_others_turn(store, blown):
    content = envelope(blown)
    assert [False, False] == [delivered(store, letter(content, unit=unit)) is None for unit in ("paichusuo", "sifasuo")]
    with store.transaction() as session:
        assert "SIGNED" == state(session, blown)


def test_given_a_commit_that_fails_when_received_then_nothing_remains_and_the_next_delivery_does_it(store, blown):
    written = letter(envelope(blown))
    with pytest.raises(CommitFails), store.transaction() as session:
        inbox.first_time(session, "dispatch.department_replied", written.id, NOW)
        take(session, written)
        raise CommitFails
    with store.transaction() as session:
        assert ("ASSIGNED", []) == (state(session, blown), kept(session))
    assert delivered(store, written)
    with store.transaction() as session:
        assert "SIGNED" == state(session, blown)
