"""Sentences about a wish."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Refused, Story
from tests.support.printed import text

WHOM, WHERE = "马奶奶", "5号楼2单元101室"


def path(story: Story, verb: str = "") -> str:
    return f"/api/wishes/{story.number}{verb}"


def on_desk(story: Story, who: str) -> bool:
    return story.number in [row["number"] for row in story.ask(who, "/api/desk")["items"]]


@when(parsers.parse('楼门管家肖兰替马奶奶提心愿"{words}"'))
def posted(story: Story, words: str) -> None:
    asked = {"content": words, "for_whom": WHOM, "place_text": WHERE, "area_path": people.SEWAGE_AREA}
    story.number = story.do("肖兰", "/api/wishes", **asked, cost="80.00", agreed=True)["number"]


@then("社区的待办里有这个心愿")
def for_review(story: Story) -> None:
    assert story.soon("the wish on the desk", lambda: on_desk(story, "社区"))


@when(parsers.parse('社区让它上墙，写"{words}"'))
def opened(story: Story, words: str) -> None:
    story.do("社区", path(story, "/opening"), wall_text=words)


@then("心愿墙上看得到它，看不到马奶奶")
def on_wall(story: Story) -> None:
    wall = story.http.get("/api/wishes/wall", params={"area_path": people.YINHONG})
    shown = [row["state"] for row in wall.json()["items"] if row["number"] == story.number]
    assert (["OPEN"], False) == (shown, WHOM in wall.text or WHERE in wall.text)


@then("志愿者白雪的待办里有这个心愿，但看不到是谁的")
def for_volunteers(story: Story) -> None:
    assert story.soon("the wish on her desk", lambda: on_desk(story, "白雪"))
    seen = story.ask("白雪", path(story))
    assert (None, None, "claim_wish") == (seen["for_whom"], seen["place_text"], seen["allowed_commands"][0])


@when("白雪认领，答应3天办好")
def claimed(story: Story) -> None:
    story.do("白雪", path(story, "/claim"), promise_at=(story.now() + timedelta(days=3)).isoformat())


@then("白雪看得到送给谁、送到哪里")
def knows(story: Story) -> None:
    seen = story.ask("白雪", path(story))
    assert (WHOM, WHERE) == (seen["for_whom"], seen["place_text"])


@when("过了2天，白雪办好了，附照片")
def fulfilled(story: Story) -> None:
    story.later(days=2)
    story.do("白雪", path(story, "/fulfilment"), proof=[story.photo("白雪", "AFTER")])


@when(parsers.parse('社区确认，转告"{words}"'))
def confirmed(story: Story, words: str) -> None:
    story.do("社区", path(story, "/confirmation"), thanks=words)


@then(parsers.parse('心愿的状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == story.ask("社区", path(story))["state"]


@then("心愿的每一步都在时间线上")
def told(story: Story) -> None:
    steps = ["wish_posted", "wish_opened", "wish_claimed", "wish_fulfilled", "wish_confirmed"]

    def told_so_far() -> bool:
        return steps == [name for name in story.events() if name.startswith("wish_")]

    assert story.soon("every step", told_so_far)


@then("总线上没有马奶奶的名字")
def nothing_personal(story: Story) -> None:
    query = "select count(*) from outbox where body like '%马奶奶%' or body like '%老花镜%'"
    assert 0 == sql.one(story.world, "notify", query)


def record(story: Story) -> dict[str, Any]:
    began = (story.now() - timedelta(hours=2)).isoformat()
    return story.do("白雪", "/api/service-records", wish=story.number, began_at=began, minutes=40)


@when("白雪记下这个心愿用了40分钟，社区确认了时长")
def hours_confirmed(story: Story) -> None:
    story.kept["record"] = record(story)["number"]
    story.do("社区", f"/api/service-records/{story.kept['record']}/confirmation")


@then("同一个心愿不能再记一次")
def once(story: Story) -> None:
    with pytest.raises(Refused) as refused:
        record(story)
    assert 409 == refused.value.problem["status"]


@then(parsers.parse('白雪的志愿服务记录证明写着"{words}"，谁都能用上面的校验码查到'))
def certified(story: Story, words: str) -> None:
    answer = story.send("白雪", "GET", f"/api/service-records/{story.kept['record']}/certificate.pdf")
    paper = text({"content": b64encode(answer.content).decode()})
    code = re.search("certificates\\?code=([0-9A-Z]{12})", paper)
    assert code
    assert words in paper
    told = story.http.get(f"/api/service-certificates/{code[1]}").json()
    assert (40, 1, "白*") == (told["minutes"], told["times"], told["masked_name"])
