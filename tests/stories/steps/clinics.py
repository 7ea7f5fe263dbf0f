"""Sentences about the diagnosis room, where people of several organisations sit in turn."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.steps.campaigns import UNIT, WU
from tests.stories.talk import Story


def sitting(story: Story) -> list[tuple[str, str]]:
    shown = story.http.get("/api/consultations/turns", params={"area_path": people.QINYUAN}).json()["items"]
    return [(turn["name"], turn["org_name"]) for turn in shown if turn["state"] == "SITTING"]


@then("谁都看得到今天坐诊的是沁苑物业公司的尚文静")
def firm_sits(story: Story) -> None:
    assert [("尚文静", "沁苑物业公司")] == story.soon("the rota of the day", lambda: sitting(story))


@when(parsers.parse('吴启河进门说"{words}"，尚文静登记'))
def comes_in(story: Story, words: str) -> None:
    asked = {"area_path": people.QINYUAN, "matter": words, "asker": WU}
    story.number = story.do("尚文静", "/api/consultations", **asked)["number"]


@when("尚文静当场请电工换好，吴启河认可")
def settled(story: Story) -> None:
    done = {"result": "请电工当场换了灯泡", "agreed": True}
    story.do("尚文静", f"/api/consultations/{story.number}/settlement", **done)


@then(parsers.parse('这次来访的状态是"{state}"，没有变成诉求'))
def state_is(story: Story, state: str) -> None:
    view = story.ask("葛艳霞", f"/api/consultations/{story.number}")
    assert (state, None) == (view["state"], view["raised"])


@when(parsers.parse('吴启河又说"{words}"，尚文静登记后转为诉求'))
def goes_on(story: Story, words: str) -> None:
    comes_in(story, words)
    found = {"place_text": "单元门口", "content": words, "nature": "HELP", "category": "housing.facility.handrail"}
    told = story.do("尚文静", f"/api/consultations/{story.number}/appeals", area_path=UNIT, **found)
    story.other_number = told["raised"]


@then("诉求的首问责任人是尚文静，吴启河没有再报一遍姓名电话")
def first_responder(story: Story) -> None:
    view = story.ask("葛艳霞", f"/api/appeals/{story.other_number}")
    assert ("尚文静", "吴*河") == (view["first_responder"]["name"], view["reporter"]["masked_name"])


@then("诉求在网格员邹丽娟手上")
def handled_by(story: Story) -> None:
    assert "邹丽娟" == story.ask("葛艳霞", f"/api/appeals/{story.other_number}")["handler"]["name"]


@then("坐诊的是联户长朱秋菊")
def next_turn(story: Story) -> None:
    assert [("朱秋菊", "联户长")] == sitting(story)


@then("总线上没有吴启河说的话")
def nothing_said(story: Story) -> None:
    query = "select count(*) from outbox where body like '%吴启河%' or body like '%灯不亮%' or body like '%扶手%'"
    assert 0 == sql.one(story.world, "intake", query)
