"""What a program may ask as its people do at the desk: tick a part, call a further body, appeal against a rating."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chassis import closing, inbox
from chassis.identity import Principal
from services.dispatch import replies, supervisions
from services.dispatch.departments import connect
from services.dispatch.supervision_tables import Supervision
from services.dispatch.tables import Task
from tests.support.delivering import CommitFails
from tests.support.events import names_said
from tests.unit.dispatch import world
from tests.unit.dispatch.department import (
    delivered,
    envelope,
    kept,
    letter,
    messages,
    notes,
    reply,
    state,
    take,
    told,
)
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, PHOTO, later

REPORT = {"mode": "PLACE"}
FINISH = {"result_text": "已修复", "evidence": [PHOTO]}
TICK = {"parts": [1, 3], "photos": [PHOTO]}
FURTHER = {"unit": "chengguan", "asked": "补种耐寒绿植", "finish_within": "15d"}
APPEAL = {"reason": "已按时到会，签到表为证"}
ANSWER = {"text": "已到场处理，约定周五前修好", "attachments": [PHOTO]}
FACTS = {
    "tick_parts": "whistle_task_parts_done",
    "call_further": "whistle_task_assigned",
    "appeal_rating": "whistle_task_rating_appealed",
    "reply_supervision": "supervision_answered",
}


def ordered(session):
    connect(session, Principal.service("dispatch"), "sifasuo", True, NOW)
    return world.task_of(world.blown(session, units=["sifasuo"], parts=["1单元", "2单元", "3单元"]))


def come(session, task):
    reply(session, task)
    reply(session, task, "report_in", **REPORT)
    return task


def rated(session, task):
    come(session, task)
    reply(session, task, "tick_parts", parts=[1, 2, 3], photos=[PHOTO])
    reply(session, task, "finish", **FINISH)
    world.confirm(session, task)
    world.rate(session, task)
    return task


def supervised(session, task):
    """The street orders an answer; its number is the first of the day."""
    number = session.get(Task, task["id"]).whistle.number
    asked = {"whistle": number, "unit": "sifasuo", "cause": "OTHER", "demand": "限期到场", "reason": "区领导批示"}
    supervisions.issue(session, LIUWEI, asked, NOW)
    return task


READY = {"tick_parts": come, "call_further": come, "appeal_rating": rated, "reply_supervision": supervised}
SAID = {"tick_parts": TICK, "call_further": FURTHER, "appeal_rating": APPEAL, "reply_supervision": ANSWER}


@pytest.fixture
def task(session):
    return ordered(session)


def ticked(session, task):
    return [part.no for part in session.get(Task, task["id"]).parts if part.done_at]


def called(session, task):
    query = select(Task.unit_code).where(Task.parent_task_id == task["id"])
    return list(session.scalars(query))


def test_given_parts_when_ticked_by_program_then_they_are_done_in_the_name_of_who_acts(session, task):
    assert "DONE" == reply(session, come(session, task), "tick_parts", **TICK)
    part = session.get(Task, task["id"]).parts[0]
    assert ([1, 3], HEWENBIN.name, [PHOTO["sha256"]]) == (
        ticked(session, task), part.done_by_name, [photo["sha256"] for photo in part.photos],
    )  # fmt: skip


def test_given_a_further_body_when_called_by_program_then_it_has_a_task_and_the_lead_stays(session, task):
    assert "DONE" == reply(session, come(session, task), "call_further", **FURTHER)
    assert (["chengguan"], "LEAD") == (called(session, task), session.get(Task, task["id"]).role)


def test_given_a_rating_when_appealed_against_by_program_then_somebody_has_to_decide(session, task):
    assert "DONE" == reply(session, rated(session, task), "appeal_rating", **APPEAL)
    assert APPEAL["reason"] == session.get(Task, task["id"]).rating_appeal.reason


def said_of(session, verb):
    """What the program says; the order it answers is the one it was told of."""
    if verb != "reply_supervision":
        return SAID[verb]
    return {**SAID[verb], "order": session.scalars(select(Supervision.case_number)).one()}


def test_given_an_order_of_supervision_when_answered_by_program_then_the_level_above_has_to_decide(session, task):
    supervised(session, task)
    closing.write(session)
    change = messages(session)[-1]
    asked = {"order": change["order"], **ANSWER}
    assert "DONE" == reply(session, task, "reply_supervision", **asked)
    row = session.scalars(select(Supervision)).one()
    assert ("SUPERVISED", "REPLIED", HEWENBIN.name, [PHOTO["sha256"]]) == (
        change["change"], row.state, row.replies[0].by_name, [file["sha256"] for file in row.replies[0].attachments],
    )  # fmt: skip


def test_given_an_order_about_another_task_when_answered_by_program_then_it_is_not_theirs(session, task):
    supervised(session, ordered(session))
    asked = said_of(session, "reply_supervision")
    assert "NOT_YOURS" == reply(session, task, "reply_supervision", **asked)


@pytest.mark.parametrize(
    ("verb", "data", "code", "field"),
    [
        ("tick_parts", {**TICK, "parts": [4]}, "INVALID", "parts"),
        ("tick_parts", {**TICK, "parts": []}, "INVALID", "parts"),
        ("tick_parts", {"parts": [1]}, "INVALID", "photos"),
        ("call_further", {**FURTHER, "unit": "nobody"}, "INVALID", "unit"),
        ("call_further", {**FURTHER, "finish_within": "soon"}, "INVALID", "finish_within"),
        ("call_further", {**FURTHER, "asked": "请打 13900000101"}, "INVALID", "asked"),
        ("appeal_rating", {}, "INVALID", "reason"),
    ],
)
def test_given_a_wrong_field_when_asked_by_program_then_the_refusal_names_it(session, task, verb, data, code, field):
    READY[verb](session, task)
    assert code == reply(session, task, verb, **data)
    assert {field} == {line.partition(":")[0].partition(".")[0] for line in told(session)[-1]["errors"]}


@pytest.mark.parametrize("verb", SAID)
def test_given_the_task_of_another_unit_when_asked_by_program_then_it_is_not_theirs(session, task, verb):
    READY[verb](session, task)
    assert "NOT_YOURS" == take(
        session,
        letter(envelope(task, verb, source="paichusuo", **said_of(session, verb)), unit="paichusuo", verb=verb),
    )


@pytest.mark.parametrize(
    ("verb", "words"),
    zip(SAID, ["已经销号", "已经在办", "已申诉过", "待审核"], strict=True),
)
def test_given_it_is_done_already_when_asked_again_then_the_sender_is_told_what_stands_in_the_way(
    session, task, verb, words
):
    READY[verb](session, task)
    before, asked = len(notes(session, task)), said_of(session, verb)
    assert ["DONE", "CONFLICT"] == [reply(session, task, verb, **asked) for _ in range(2)]
    refusal = told(session)[-1]
    assert ("CONFLICT", True, before) == (refusal["code"], words in refusal["detail"], len(notes(session, task)))


def test_given_one_part_of_two_that_is_done_when_ticked_by_program_then_the_other_is_not(session, task):
    come(session, task)
    reply(session, task, "tick_parts", parts=[1], photos=[PHOTO])
    assert "CONFLICT" == reply(session, task, "tick_parts", **TICK)
    assert [1] == ticked(session, task)


def test_given_an_appeal_after_its_time_when_received_then_the_sender_is_told(session, task):
    rated(session, task)
    assert "CONFLICT" == reply(session, task, "appeal_rating", now=later(days=30), sent=later(days=30), **APPEAL)
    assert "时限" in told(session)[-1]["detail"]


@pytest.mark.parametrize("verb", ["tick_parts", "call_further"])
def test_given_a_report_in_still_under_way_when_asked_by_program_then_it_waits_and_then_the_sender_is_told(
    session, task, verb
):
    reply(session, task)
    for attempt in range(replies.PATIENCE):
        with pytest.raises(replies.TooEarly):
            reply(session, task, verb, attempt=attempt, **SAID[verb])
    assert "CONFLICT" == reply(session, task, verb, attempt=replies.PATIENCE, **SAID[verb])


def test_given_ticks_still_under_way_when_finished_by_program_then_it_waits_for_them(session, task):
    come(session, task)
    with pytest.raises(replies.TooEarly):
        reply(session, task, "finish", **FINISH)
    reply(session, task, "tick_parts", parts=[1, 2, 3], photos=[PHOTO])
    assert ("DONE", "FINISHED") == (reply(session, task, "finish", attempt=1, **FINISH), state(session, task))


def test_given_work_that_stays_open_when_finished_by_program_then_the_sender_is_told_how_much(session, task):
    come(session, task)
    assert "CONFLICT" == reply(session, task, "finish", attempt=replies.PATIENCE, **FINISH)
    assert ("还有3处没有办好，不能办结", "REPORTED_IN") == (told(session)[-1]["detail"], state(session, task))


@pytest.mark.parametrize("verb", SAID)
def test_given_the_same_letter_twice_when_asked_by_program_then_it_has_one_effect(store, verb):
    with store.transaction() as session:
        task = READY[verb](session, ordered(session))
        written = letter(envelope(task, verb, **said_of(session, verb)), verb=verb)
    assert ["DONE", None] == [delivered(store, written) for _ in range(2)]
    with store.transaction() as session:
        assert 1 == names_said(session)[-2:].count(FACTS[verb])


@pytest.mark.parametrize("verb", SAID)
def test_given_a_commit_that_fails_when_asked_by_program_then_nothing_remains_and_the_next_delivery_does_it(
    store, verb
):
    with store.transaction() as session:
        task = READY[verb](session, ordered(session))
        before = (len(kept(session)), len(names_said(session)))
        written = letter(envelope(task, verb, **said_of(session, verb)), verb=verb)
    with pytest.raises(CommitFails), store.transaction() as session:
        inbox.first_time(session, "dispatch.department_replied", written.id, NOW)
        take(session, written)
        raise CommitFails
    with store.transaction() as session:
        assert before == (len(kept(session)), len(names_said(session)))
    assert "DONE" == delivered(store, written)
