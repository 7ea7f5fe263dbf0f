"""Sentences about supervision 督办."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.steps.appeals import register
from tests.stories.talk import Story

STREET, POLICE = "街道", "派出所"
FIGURE = "按时回复率·超期"
LIJINGJIE = "yinchuan.xingqing.lijingjie"


def order(story: Story) -> Any:
    return story.ask(STREET, f"/api/supervisions/{story.other_number}")


def act(story: Story, who: str, verb: str, **body: Any) -> None:
    story.do(who, f"/api/supervisions/{story.other_number}/{verb}", **body)


def on_desk(story: Story, who: str) -> bool:
    return story.other_number in [row["number"] for row in story.ask(who, "/api/desk")["items"]]


def figure(story: Story) -> Any:
    found = story.ask(STREET, "/api/supervision-figures/report", area_path=LIJINGJIE, month="2024-07")["figures"]
    return next(one for one in found if one["name"] == FIGURE)


def orders(story: Story) -> list[Any]:
    items: list[Any] = story.ask(STREET, "/api/supervisions", whistle=story.whistle)["items"]
    return items


@when(parsers.parse('街道就"{title}"向派出所吹哨'))
def blow(story: Story, title: str) -> None:
    appeal = register(story, "社区", title=title, area_path=people.YINHONG)
    story.number, story.kept["counted"] = appeal["number"], figure(story)
    source = {"kind": "APPEAL", "id": appeal["id"], "number": appeal["number"]}
    blown = story.do(
        STREET, "/api/whistles", source=source, kind="APPEAL", level="STREET", reason="劝导无效，请民警到场",
        asked_action="HANDLE_ON_SITE", area_path=people.YINHONG,
        recipients=[{"unit": people.UNITS[POLICE], "role": "LEAD"}],
    )  # fmt: skip
    story.whistle, story.tasks = blown["number"], {POLICE: blown["tasks"][0]["id"]}


@when("过了3小时，派出所一直没有签收")
def nobody_signs(story: Story) -> None:
    story.later(hours=3)


@then("有一张对派出所的督办单，是平台按街道督办发的，原因是超期")
def ordered(story: Story) -> None:
    (row,) = story.soon("the order", lambda: orders(story))
    story.other_number = row["number"]
    assert ("ISSUED", "STREET", "OVERDUE", None, people.UNITS[POLICE]) == (
        row["state"], row["level"], row["cause"], row["issued_by"], row["unit"],
    )  # fmt: skip


@then("派出所的待办里有这张督办单，时间线上看得到派出所被督办")
def told_to_unit(story: Story) -> None:
    assert story.soon("the order on the unit's desk", lambda: on_desk(story, POLICE))
    assert story.soon("the order on the timeline", lambda: "whistle_task_supervised" in story.events())


@when(parsers.parse('派出所回复督办"{text}"'))
def replied(story: Story, text: str) -> None:
    act(story, POLICE, "reply", text=text, attachments=[story.photo(POLICE)])


@then("街道的待办里有这张督办单的回复")
def to_decide(story: Story) -> None:
    assert story.soon("the answer on the street's desk", lambda: on_desk(story, STREET))


@when("派出所想自己同意办结督办")
def accepts_itself(story: Story) -> None:
    story.try_to(lambda: act(story, POLICE, "acceptance"))


@when(parsers.parse('街道退回督办"{words}"'))
def returned(story: Story, words: str) -> None:
    story.kept["returned"] = words
    act(story, STREET, "return", returned=words)


@then("督办单又等派出所回复，期限重新算，第一次的回复还在")
def waits_again(story: Story) -> None:
    found = order(story)
    assert ("ISSUED", 1, story.kept["returned"]) == (
        found["state"], found["returns"], found["replies"][0]["returned"],
    )  # fmt: skip


@when(parsers.parse('派出所签收后再次回复督办"{text}"'))
def signs_and_replies(story: Story, text: str) -> None:
    story.do(POLICE, f"/api/tasks/{story.tasks[POLICE]}/signature")
    replied(story, text)


@when("街道同意办结督办")
def accepted(story: Story) -> None:
    act(story, STREET, "acceptance")


@then("督办单已办结，时间线上看得到结果")
def ended(story: Story) -> None:
    assert ("ACCEPTED", 2) == (order(story)["state"], len(order(story)["replies"]))
    assert story.soon("the result on the timeline", lambda: "whistle_task_supervision_ended" in story.events())


@then("督办月报多了1张按时回复的超期督办单，点得开")
def counted(story: Story) -> None:
    before, now = story.kept["counted"], figure(story)
    assert (before["part"] + 1, before["whole"] + 1) == (now["part"], now["whole"])
    path, _, query = now["rows"].partition("?")
    rows = story.ask(STREET, path, **dict(parse_qsl(query)), limit=200)["items"]
    assert (story.other_number, True) in [(row["number"], row["counts"]) for row in rows]


@then("对派出所没有第二张督办单")
def only_one(story: Story) -> None:
    assert [story.other_number] == [row["number"] for row in orders(story)]
