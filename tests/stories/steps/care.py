"""Sentences about care calls."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pytest_bdd import given, parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Story

ELDERS = {"马奶奶": ("马淑兰", "13900000301", "1938-02-11"), "郝大爷": ("郝德福", "13900000302", "1941-09-30")}


def row_of(story: Story, elder: str) -> dict[str, Any]:
    """Today's call of an old person, by the number on the list."""
    rows = story.ask("丁香", "/api/care/calls", limit=200)["items"]
    return next((row for row in rows if row["profile_number"] == story.kept[elder]), {})


def call(story: Story, who: str, elder: str, verb: str, **asked: Any) -> dict[str, Any]:
    return story.do(who, f"/api/care/calls/{row_of(story, elder)['number']}/{verb}", **asked)


@given("马奶奶和郝大爷同意接关怀电话，网格员李珊把他们列入名单")
def listed(story: Story) -> None:
    for elder, (name, phone, born) in ELDERS.items():
        asked = {"name": name, "phone": phone, "birth_date": born, "agreed": True, "dialect": "宁夏话"}
        place = {"area_path": people.SEWAGE_AREA, "place_text": "5号楼2单元"}
        story.kept[elder] = story.do("李珊", "/api/care/profiles", **asked, **place)["number"]


@when("到了周五早上8点30分")
def friday(story: Story) -> None:
    story.later(hours=16, minutes=30)
    assert story.soon("both calls", lambda: all(row_of(story, elder) for elder in ELDERS))
    story.number = row_of(story, "马奶奶")["round_number"]


@then("社区的待办里有今天的关怀轮次")
def on_desk(story: Story) -> None:
    listed = lambda: story.number in [row["number"] for row in story.ask("社区", "/api/desk")["items"]]  # noqa: E731
    assert story.soon("the round on the desk", listed)


@when(parsers.parse('丁香给马奶奶打电话，听到她"{words}"'))
def talked(story: Story, words: str) -> None:
    story.kept["words"] = words
    asked = {"news_told": True, "difficulties": words, "category": "other.unsorted.any"}
    call(story, "丁香", "马奶奶", "talk", **asked)


@then("登记了一件诉求，首问责任人是丁香，事由里没有马奶奶的话")
def registered(story: Story) -> None:
    number = row_of(story, "马奶奶")["number"]

    def appeal() -> dict[str, Any]:
        rows = story.ask("社区", "/api/appeals", limit=50)["items"]
        return next((row for row in rows if row["title"] == "关怀电话里听到的困难"), {})

    assert story.soon("the appeal", lambda: bool(appeal()))
    whole = story.ask("社区", f"/api/appeals/{appeal()['number']}")
    told = (whole["channel"], number in whole["content"], story.kept["words"] in whole["content"])
    assert ("丁香", ("CARE_CALL", True, False)) == (whole["first_responder"]["name"], told)


@when("丁香给郝大爷打了3次，都没人接")
def unanswered(story: Story) -> None:
    for _ in range(3):
        story.later(hours=1)
        call(story, "丁香", "郝大爷", "no-answer")


@then("楼门管家肖兰的待办里有上门看望")
def to_visit(story: Story) -> None:
    number = row_of(story, "郝大爷")["number"]
    listed = lambda: number in [row["number"] for row in story.ask("肖兰", "/api/desk")["items"]]  # noqa: E731
    assert story.soon("the visit on her desk", listed)


@then("这一轮还不能结束")
def not_yet(story: Story) -> None:
    story.try_to(lambda: story.do("社区", f"/api/care/rounds/{story.number}/close"))
    assert (409, 1) == (story.refusal["status"], story.refusal["open"])


@when("肖兰当天上门，见到了郝大爷")
def visited(story: Story) -> None:
    call(story, "肖兰", "郝大爷", "visit", seen=True, found="在家，电话没电了")


@then("社区结束这一轮")
def closed(story: Story) -> None:
    shown = story.do("社区", f"/api/care/rounds/{story.number}/close")
    assert ("CLOSED", 2, 2) == (shown["state"], shown["planned"], shown["settled"])


@then("总线上没有两位老人的名字和电话")
def nothing_personal(story: Story) -> None:
    words = [word for name, phone, _ in ELDERS.values() for word in (name, phone)]
    said = " or ".join(f"body like '%{word}%'" for word in words)
    found = [
        sql.one(story.world, service, f"select count(*) from outbox where {said}") for service in ("notify", "intake")
    ]
    assert [0, 0] == found


@then("关怀覆盖里名单上的2位都有着落，其中1位有困难")
def covered(story: Story) -> None:
    asked = {"area_path": people.YINHONG, "month": "2024-07"}
    figures = story.ask("社区", "/api/care-coverage/report", **asked)["figures"][:3]
    links = [urlsplit(one["counted"]) for one in figures]
    rows = [len(story.ask("社区", each.path, **dict(parse_qsl(each.query)))["items"]) for each in links]
    assert [("落实率", 2, 2), ("有困难", 1, 2), ("未落实", 0, 2)] == [
        (one["name"].partition("·")[0], one["part"], one["whole"]) for one in figures
    ]
    assert [2, 1, 0] == rows
