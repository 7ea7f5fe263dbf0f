"""Sentences about a grid worker's diary."""

from __future__ import annotations

import pytest
from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Refused, Story


def path(story: Story, verb: str = "") -> str:
    return f"/api/diaries/{story.number}{verb}"


@when(parsers.parse('邹丽娟记日记"{words}"，说102室老人搬去和儿子住了'))
def written(story: Story, words: str) -> None:
    asked = {"area_path": f"{people.QINYUAN}.g1", "words": words, "change": "102室老人搬去和儿子住了"}
    story.number = story.do("邹丽娟", "/api/diaries", **asked)["number"]


@then("社区葛艳霞看得到，别的网格员看不到")
def for_superiors(story: Story) -> None:
    assert "楼道灯不亮" in story.ask("葛艳霞", path(story))["words"]
    with pytest.raises(Refused) as refused:
        story.ask("苏红梅", path(story))
    assert 404 == refused.value.problem["status"]


@when("邹丽娟把楼道灯的事转为诉求")
def turned(story: Story) -> None:
    found = {"place_text": "1号楼2单元", "content": "楼道灯不亮", "nature": "HELP"}
    told = story.do("邹丽娟", path(story, "/appeals"), **found, category="housing.facility.light")
    (story.other_number,) = told["came_of"]


@then("诉求是主动发现的，日记记着它的编号")
def proactive(story: Story) -> None:
    assert "PROACTIVE" == story.ask("葛艳霞", f"/api/appeals/{story.other_number}")["source"]


@when("葛艳霞采纳资料变化")
def accepted(story: Story) -> None:
    story.do("葛艳霞", path(story, "/acceptance"))


@then(parsers.parse('日记的状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == story.ask("葛艳霞", path(story))["state"]


@then("总线上没有日记的一个字")
def nothing_written(story: Story) -> None:
    query = "select count(*) from outbox where body like '%搬去%' or body like '%楼道灯%'"
    assert 0 == sql.one(story.world, "intake", query)
