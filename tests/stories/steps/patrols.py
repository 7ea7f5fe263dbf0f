"""Sentences about patrols, and about the rounds of a safe courtyard."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Refused, Story

GRID = f"{people.YINHONG}.g3"
THEMES = {"消防": "FIRE", "治安": "SECURITY"}
SEEN = "楼道堆着纸箱"


def path(story: Story, verb: str = "") -> str:
    return f"/api/patrols/{story.number}{verb}"


def patrol(story: Story) -> dict[str, Any]:
    return story.ask("社区", path(story))


def points(story: Story) -> list[str]:
    return [point["name"] for point in patrol(story)["points"]]


def today(story: Story) -> str:
    """The number of the patrol that the plan has brought."""

    def found() -> str | None:
        rows = story.ask("社区", "/api/patrols", limit=200)["items"]
        return next((row["number"] for row in rows if row["plan_number"] == story.kept["plan"]), None)

    return str(story.soon("the patrol of the day", found))


def told(story: Story, recipient: str, words: str) -> bool:
    """Whether a message about the patrol has come to somebody."""
    messages = story.ask("社区", "/api/messages", case_number=story.number)["items"]
    return any(each["recipient"]["id"] == recipient and words in each["title"] for each in messages)


@when(parsers.parse("社区给银虹第3网格安排星期一的{theme}巡查"))
def planned(story: Story, theme: str) -> None:
    asked = {"name": f"3号网格{theme}巡查", "theme": THEMES[theme], "area_path": GRID, "weekdays": ["MONDAY"]}
    story.kept["plan"] = story.do("社区", "/api/patrol-plans", **asked)["number"]


@then(parsers.parse("李珊今天有一次{theme}巡查"))
def has_patrol(story: Story, theme: str) -> None:
    story.number = today(story)
    found = patrol(story)
    assert (["u-lishan"], THEMES[theme]) == ([each["id"] for each in found["walkers"]], found["theme"])


@then("李珊今天有一次消防巡查，去的人收到消息，别的网格员看不到")
def has_patrol_and_knows(story: Story) -> None:
    has_patrol(story, "消防")
    assert story.soon("her message", lambda: told(story, "u-lishan", "消防安全巡查"))
    with pytest.raises(Refused) as refused:
        story.ask("邹丽娟", path(story))
    assert 404 == refused.value.problem["status"]


@when("李珊查了5个检查点都正常，第1个发现楼道堆着纸箱")
def recorded(story: Story) -> None:
    first, *others = points(story)
    story.do("李珊", path(story, "/points"), open_points=others, result="OK")
    found = {"result": "FOUND", "note": SEEN, "photos": [story.photo("李珊")]}
    story.do("李珊", path(story, "/points"), open_points=[first], **found)


@then("巡查还没有完成")
def not_done(story: Story) -> None:
    assert ("OPEN", "5/6") == (patrol(story)["state"], patrol(story)["progress"])


@when("李珊把楼道堆物转为隐患")
def raised(story: Story) -> None:
    found = {"place_text": "2单元门厅", "description": SEEN, "kind": "FIRE", "level": "GENERAL"}
    story.do("李珊", path(story, "/hazards"), found_point=points(story)[0], **found)


@then(parsers.parse('巡查的状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == story.soon(state, lambda: patrol(story)["state"] == state and state)


@then(parsers.parse('巡查的状态是"{state}"，检查表上记着隐患的编号'))
def keeps_number(story: Story, state: str) -> None:
    state_is(story, state)
    raised = patrol(story)["points"][0]["came_of"]
    assert SEEN == story.ask("李珊", f"/api/hazards/{raised}")["description"]


@then("总线上没有巡查看到的一个字")
def nothing_written(story: Story) -> None:
    assert 0 == sql.one(story.world, "intake", "select count(*) from outbox where body like '%纸箱%'")


@when("过了一天")
def a_day_passes(story: Story) -> None:
    story.later(days=1)


@then('巡查的状态是"MISSED"，社区收到没有完成的消息')
def missed(story: Story) -> None:
    state_is(story, "MISSED")
    assert story.soon("the message", lambda: told(story, "u-wangfang", "当天没有完成"))


@when("李珊第二天补上")
def made_up_for(story: Story) -> None:
    story.do("李珊", path(story, "/points"), open_points=points(story), result="OK")


@then(parsers.parse('巡查的状态是"{state}"，记着是过后补的'))
def late(story: Story, state: str) -> None:
    state_is(story, state)
    assert patrol(story)["late"]


@when("李珊在银虹第3网格建平安小院，志愿者白雪加入，星期一值班")
def courtyard(story: Story) -> None:
    story.other_number = story.do("李珊", "/api/courtyards", name="5号楼前院", area_path=GRID)["number"]
    story.do("白雪", f"/api/courtyards/{story.other_number}/members", weekdays=["MONDAY"])


@when("社区给小院安排星期一的治安巡逻")
def rounds(story: Story) -> None:
    asked = {"name": "前院巡逻", "theme": "SECURITY", "weekdays": ["MONDAY"]}
    story.do("社区", f"/api/courtyards/{story.other_number}/rounds", **asked)
    plans = story.ask("社区", "/api/patrol-plans", limit=200)["items"]
    story.kept["plan"] = next(each["number"] for each in plans if each["team_number"] == story.other_number)


@then("当天的巡逻由白雪去")
def by_the_rota(story: Story) -> None:
    story.number = today(story)
    assert ["u-baixue"] == [each["id"] for each in story.ask("白雪", path(story))["walkers"]]


@when("白雪查完，都正常")
def walked(story: Story) -> None:
    story.do("白雪", path(story, "/points"), open_points=points(story), result="OK")
