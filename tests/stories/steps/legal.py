"""Sentences about the fast track to the lawyer on duty."""

from __future__ import annotations

from datetime import datetime, timedelta
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


def entry(story: Story, who: str = "李广林") -> dict[str, Any]:
    return dict(story.ask(who, f"/api/knowledge/{story.kept['entry']}"))


def offered(story: Story) -> list[tuple[str, str]]:
    """Number and legal basis of the entries beside the question."""
    return [(row["number"], row["legal_basis"]) for row in seen(story, "李广林")["knowledge"]]


@when(parsers.parse('李广林写入知识库"{question}"，依据是"{basis}"，{days:d}天后到期'))
def written(story: Story, question: str, basis: str, days: int) -> None:
    last = (story.now() + timedelta(days=days)).date().isoformat()
    story.kept |= {"basis": basis, "last": last, "asked_of": question}
    given = {"topic": "HOUSING", "area_path": ZHONGSI, "keywords": ["装修", "房顶"], "expires_on": last}
    words = {"question": question, "answer_text": "先固定证据，可申请调解，也可以起诉", "legal_basis": basis}
    story.kept["entry"] = story.do("李广林", "/api/knowledge", **given, **words)["number"]


@then("李广林打开问题，旁边就是这条答复和依据")
def beside(story: Story) -> None:
    assert (story.kept["entry"], story.kept["basis"]) in offered(story)


@then("李广林的待办里有知识库条目，写明10天后到期，他收到通知")
def to_review(story: Story) -> None:
    number = story.kept["entry"]
    assert story.soon("the entry on his desk", lambda: on_desk(story, "李广林", number))
    assert ("REVIEW", story.kept["last"]) == (entry(story)["state"], entry(story)["expires_on"])
    assert story.soon("the notice", lambda: bodies(story, "褚秋菊", number, "knowledge_to_review"))


@when("过了11天没有复核")
def nobody_looked(story: Story) -> None:
    story.later(days=11)


@then("打开问题，不再提供这条答复，富宁街街道的待办里也有它")
def no_more(story: Story) -> None:
    number = story.kept["entry"]
    assert number not in [one for one, _ in offered(story)]
    assert story.soon("the entry on the street's desk", lambda: on_desk(story, "富宁街街道", number))


@when(parsers.parse('李广林修订这条答复，依据加上"{more}"'))
def revised(story: Story, more: str) -> None:
    story.kept["first"], story.kept["basis"] = story.kept["basis"], f"{story.kept['basis']}、{more}"
    words = {
        "question": story.kept["asked_of"],
        "answer_text": "先固定证据，再申请调解",
        "legal_basis": story.kept["basis"],
    }
    story.do("李广林", f"/api/knowledge/{story.kept['entry']}/versions", **words, keywords=["装修", "房顶"])


@then("打开问题，旁边是新的一版，前一版还查得到")
def new_version(story: Story) -> None:
    assert (story.kept["entry"], story.kept["basis"]) in offered(story)
    bases = [one["legal_basis"] for one in entry(story)["versions"]]
    assert [story.kept["basis"], story.kept["first"]] == bases
