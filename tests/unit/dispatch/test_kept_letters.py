"""Letters of departments lie sealed, for a term; and why one was refused holds nothing of what it said."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from chassis.identity import Principal
from chassis.tables import AUDIT
from services.dispatch import clocks, keeping, replies
from services.dispatch.department_tables import DepartmentMessage, DepartmentReply
from services.dispatch.departments import connect
from tests.unit.dispatch import world
from tests.unit.dispatch.department import envelope, letter, notes, reply, take, told
from tests.unit.dispatch.world import NOW, later

pytestmark = pytest.mark.rule("5")
SECRET = "13900000101"
WHO = Principal.service("ops:a")


@pytest.fixture
def task(session):
    connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
    return world.task_of(world.blown(session))


def rows(session):
    return list(session.scalars(select(DepartmentReply).order_by(DepartmentReply.received_at, DepartmentReply.id)))


def test_given_a_refused_letter_when_it_lies_there_then_its_body_is_ciphertext_and_can_be_read_with_the_key(
    session, task
):
    body = f"请打 {SECRET} \udcff".encode(errors="surrogateescape")
    take(session, letter(body))
    session.flush()
    raw = session.execute(text("select body from department_reply")).scalar_one()
    assert (False, [body]) == (SECRET.encode() in bytes(raw), [row.body for row in rows(session)])


WRITTEN = [
    lambda task: b"not json " + SECRET.encode(),
    lambda task: {**envelope(task), "id": f"reply {SECRET}"},
    lambda task: {**envelope(task), "type": f"cn.shaodao.department.{SECRET}.v1"},
    lambda task: {**envelope(task), "type": f"cn.shaodao.department.sign.v{SECRET[:4]}", "source": SECRET},
    lambda task: {**envelope(task), "time": SECRET},
    lambda task: envelope(task, "progress", note=f"请打 {SECRET}"),
    lambda task: envelope(task, "finish", result_text=SECRET, evidence=[{"sha256": SECRET, "kind": SECRET}]),
    lambda task: envelope(task, "report_in", mode=SECRET, arrived_at=SECRET, geo={"lat": SECRET, "lon": SECRET}),
    lambda task: envelope(task, "object", reason_code=SECRET, legal_basis=SECRET, proposed_unit=f"{SECRET} "),
    lambda task: envelope({"id": SECRET}),
]


@pytest.mark.parametrize("written", WRITTEN)
def test_given_personal_data_anywhere_in_a_letter_when_refused_then_no_reason_no_log_and_no_column_repeats_it(
    session, task, written
):
    content = written(task)
    verb = content["type"].split(".")[-2] if isinstance(content, dict) else "sign"
    verb = verb if verb in ("sign", "progress", "finish", "report_in", "object") else "sign"
    with capture_logs() as logged:
        outcome = take(session, letter(content, verb=verb, message_id=f"m {SECRET}"))
    (row,) = rows(session)
    lies_open = [row.message_id, row.message_type, row.detail, row.code, told(session), logged]
    lies_open += list(session.scalars(select(DepartmentMessage.body)))
    assert ("REFUSED", False) == (row.outcome, SECRET in json.dumps(lies_open, default=str, ensure_ascii=False)), (
        outcome
    )


def test_given_a_receiver_who_is_none_when_replied_then_the_remark_does_not_repeat_who_was_named(session, task):
    reply(session, task, receiver=SECRET)
    assert (1, False) == (len(notes(session, task)), SECRET in str([notes(session, task), rows(session)[0].detail]))


def test_given_letters_when_their_term_is_over_then_bodies_are_forgotten_and_what_became_of_them_stays(session, task):
    days = clocks.policy(NOW).value("dispatch.letters_kept", "days")
    take(session, letter(b"\xff old"))
    take(session, letter(b"\xff new"), later(days=1))
    over = NOW + timedelta(days=days, seconds=1)
    assert [1, 0] == [keeping.forget(session, over) for _ in range(2)]
    session.expire_all()
    assert [(None, "MALFORMED"), (b"\xff new", "MALFORMED")] == [(row.body, row.code) for row in rows(session)]


def test_given_a_forgotten_letter_when_its_id_is_used_again_then_it_is_still_known(session, task):
    content = envelope(task)
    take(session, letter(content))
    keeping.forget(session, later(days=4000))
    assert "ID_REUSED" == take(session, letter({**content, "data": {**content["data"], "receiver": "u-other"}}))


def test_given_kept_letters_when_an_operator_reads_them_then_it_is_audited(session, task):
    take(session, letter(b"\xff old"))
    assert [b"\xff old"] == [body for _, body in keeping.read(session, WHO, "sifasuo", NOW)]
    (note,) = session.execute(select(AUDIT).where(AUDIT.c.act == "read_letters"))
    assert ("service:ops:a", "unit:sifasuo") == (note.principal_id, note.subject)


def test_given_a_refusal_when_logged_then_it_names_code_and_sender(session, task):
    with capture_logs() as logged:
        take(session, letter(b"\xff"))
    (line,) = [each for each in logged if each["event"] == "reply_refused"]
    assert ("MALFORMED", "department.sifasuo", replies.REFUSED) == (
        line["code"],
        line["sender"],
        rows(session)[0].outcome,
    )
