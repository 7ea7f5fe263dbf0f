"""Sentences about the fast track to the lawyer on duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories.steps.desks import bodies, nothing_said, on_desk
from tests.stories.talk import SHANGHAI, Story

ZHONGSI = "yinchuan.xingqing.funingjie.zhongsi"
ASKER, PHONE = "丁大爷", "13900000601"
PUBLIC = {"public_question": "楼上装修损坏房顶，怎么维权", "public_answer": "先固定证据，可申请调解，也可以起诉"}


def act(story: Story, who: str, verb: str, **asked: Any) -> None:
    story.do(who, f"/api/legal-questions/{story.number}/{verb}", **asked)


def seen(story: Story, who: str) -> dict[str, Any]:
    return dict(story.ask(who, f"/api/legal-questions/{story.number}"))


def due(story: Story) -> datetime:
    return datetime.fromisoformat(seen(story, "褚秋菊")["due_at"])


@when(parsers.parse('冯春燕替丁大爷问"{words}"，丁大爷说{dialect}'))
def asked(story: Story, words: str, dialect: str) -> None:
    story.kept["question"], story.reader = words, "褚秋菊"
    given = {"topic": "HOUSING", "question": words, "area_path": f"{ZHONGSI}.g1.b1", "dialect": dialect}
    story.number = story.do("冯春燕", "/api/legal-questions", **given, name=ASKER, phone=PHONE)["number"]


@then("问题在值班律师李广林的待办里，写明为什么找他，当天15点前答复")
def on_duty(story: Story) -> None:
    assert story.soon("the question on his desk", lambda: on_desk(story, "李广林", story.number))
    view = seen(story, "李广林")
    assert (story.kept["question"], "今天值班") == (view["question"], view["reasons"][0])
    assert datetime(2024, 7, 10, 15, tzinfo=SHANGHAI) == due(story).replace(second=0, microsecond=0)


@when(parsers.parse('李广林答复"{words}"'))
def answered(story: Story, words: str) -> None:
    story.kept["answer"] = words
    act(story, "李广林", "answer", words=words)


@then("冯春燕收到通知，看得到答复，转告丁大爷")
def passed_back(story: Story) -> None:
    assert story.soon("the notice", lambda: bodies(story, "褚秋菊", story.number, "legal_question_answered"))
    assert story.kept["answer"] == seen(story, "冯春燕")["answer"]


@when("李广林想自己公开答复")
def publishes_his_own(story: Story) -> None:
    story.try_to(lambda: act(story, "李广林", "publication", **PUBLIC))


@when("褚秋菊改写后公开答复")
def published(story: Story) -> None:
    act(story, "褚秋菊", "publication", **PUBLIC)


@then("没有登录的人也看得到这条问答，看不到丁大爷")
def posted(story: Story) -> None:
    board = story.http.get("/api/legal-questions/board", params={"area_path": ZHONGSI})
    shown = [row["public_answer"] for row in board.json()["items"] if row["number"] == story.number]
    assert ([PUBLIC["public_answer"]], False) == (shown, ASKER in board.text)


@then("总线上没有丁大爷的姓名、电话和他问的话")
def nothing_personal(story: Story) -> None:
    nothing_said(story, ASKER, PHONE, story.kept["question"], story.kept["answer"])


@when("过了1天没有答复")
def late(story: Story) -> None:
    story.later(days=1)


@then("褚秋菊收到超时的通知，问题在她的待办里")
def overdue(story: Story) -> None:
    assert story.soon("the warning", lambda: bodies(story, "褚秋菊", story.number, "legal_question_overdue"))
    assert story.soon("the question on her desk", lambda: on_desk(story, "褚秋菊", story.number))


@when("褚秋菊转给冯春燕答复")
def handed_on(story: Story) -> None:
    story.kept["asked"] = story.now()
    act(story, "褚秋菊", "answerer", helper_id="u-fengchunyan")


@then("问题在冯春燕的待办里，期限重新起算")
def anew(story: Story) -> None:
    assert story.soon("the question on her desk", lambda: on_desk(story, "冯春燕", story.number))
    assert due(story) > story.kept["asked"]
