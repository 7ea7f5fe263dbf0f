"""Sentences about a shop, its code and the duties in front of its door."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Story

OWNER, PHONE = "马建国", "13900000321"


def on_desk(story: Story) -> bool:
    return story.number in [row["number"] for row in story.ask("李利", "/api/desk")["items"]]


def record(story: Story) -> dict[str, Any]:
    answer: dict[str, Any] = story.http.get(f"/api/shops/{story.number}/record").json()
    return answer


@when(parsers.parse('网格员李利给"{name}"建档'))
def registered(story: Story, name: str) -> None:
    story.reader = "李利"
    story.number = story.do(
        "李利", "/api/shops", name=name, trade="餐饮", area_path=people.LAMP_AREA, place_text="解放街12号",
        contact_name=OWNER, contact_phone=PHONE,
    )["number"]  # fmt: skip


@then("店里的码打开就是它的档案，没有店主的姓名和电话")
def opened(story: Story) -> None:
    page = story.http.get(f"/s/{story.number}").text
    assert (True, True, []) == ("老马拉面" in page, "包卫生" in page, [x for x in (OWNER, PHONE) if x in page])


@when(parsers.parse('李利检查，"{duty}"不合格，附照片'))
def faulted(story: Story, duty: str) -> None:
    path = f"/api/shops/{story.number}/faults"
    story.do("李利", path, failed=[duty], note="门口堆着空箱子", photos=[story.photo("李利")])


@then(parsers.parse('档案上写着"{duty}"不合格，李利的待办里有复查'))
def waits(story: Story, duty: str) -> None:
    assert ("TO_CORRECT", [duty]) == (record(story)["state"], record(story)["failed"])
    assert story.soon("the shop on his desk", lambda: on_desk(story))


@then("没有照片或者没有这一包，都不能记")
def needs_proof(story: Story) -> None:
    path = f"/api/shops/{story.number}/faults"
    fields = []
    for failed, photos in ((["包卫生"], []), (["包治百病"], [story.photo("李利")])):
        story.try_to(lambda failed=failed, photos=photos: story.do("李利", path, failed=failed, photos=photos))
        fields += list((story.refusal or {}).get("errors", ()))
    assert ["photos", "failed"] == fields


@when("过了2天，李利复查合格")
def passed(story: Story) -> None:
    story.later(days=2)
    story.do("李利", f"/api/shops/{story.number}/passes")


@then("档案上没有不合格，李利的待办里没有它了")
def in_order(story: Story) -> None:
    assert ("OPEN", []) == (record(story)["state"], record(story)["failed"])
    assert story.soon("an empty place on his desk", lambda: not on_desk(story))


@then("总线上没有店主的姓名和电话")
def nothing_personal(story: Story) -> None:
    query = f"select count(*) from outbox where body like '%{OWNER}%' or body like '%{PHONE}%' or body like '%空箱子%'"
    assert 0 == sql.one(story.world, "intake", query)
