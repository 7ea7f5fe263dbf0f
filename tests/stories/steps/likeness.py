"""Sentences about what may be the same matter: suggested with reasons, merged by a person, taken apart again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Refused, Story

LIU = {"name": "刘秀兰", "phone": "13900000731", "contact_preference": "CALL"}
FENG = {"name": "冯建国", "phone": "13900000742", "contact_preference": "CALL"}
CATEGORY = "housing.drain.leak"


def register(story: Story, who: str, words: str, reporter: dict[str, str]) -> dict[str, Any]:
    return story.do(
        who, "/api/appeals", channel="PHONE", nature="HELP", category=CATEGORY, title=words[:20], content=words,
        place_text="地下室", area_path=people.SEWAGE_AREA, damage_ongoing=False, danger_flags=[], reporter=reporter,
    )  # fmt: skip


def other(story: Story) -> dict[str, Any]:
    return story.ask("社区", f"/api/appeals/{story.other_number}")


def suggested(story: Story, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {item["number"]: item for item in items}[story.number]


@when(parsers.parse('李珊登记刘秀兰反映"{words}"'))
def first(story: Story, words: str) -> None:
    story.kept["words"] = [words]
    story.number = register(story, "李珊", words, LIU)["number"]


@when(parsers.parse('过了2小时，社区又接到"{words}"，登记前先查一遍'))
def looked_for(story: Story, words: str) -> None:
    story.later(hours=2)
    story.kept["words"].append(words)
    story.kept["before"] = sql.one(story.world, "intake", "select count(*) from appeal")
    asked = {"content": words, "area_path": people.SEWAGE_AREA, "category": CATEGORY}
    story.kept["alike"] = story.do("社区", "/api/appeals/alike", **asked)["items"]


@then(parsers.parse('提示刘秀兰那一件，理由是同一楼门单元、同一天、同一类别，都提到"{words}"'))
def reasons(story: Story, words: str) -> None:
    place, day, category, said = suggested(story, story.kept["alike"])["reasons"]
    assert ("同一楼门单元", "同一天", "同一类别“卫生间漏水跑水”") == (place, day, category)
    assert set(words.split("、")) == set(said.removeprefix("都提到“").removesuffix("”").split("”“"))


@then("查一遍什么也没有登记")
def nothing_kept(story: Story) -> None:
    assert story.kept["before"] == sql.one(story.world, "intake", "select count(*) from appeal")


@when("社区照样登记这位冯建国的诉求")
def second(story: Story) -> None:
    view = register(story, "社区", story.kept["words"][-1], FENG)
    story.other_number, story.promised = view["number"], view["due_at"]


@then("它的旁边提示刘秀兰那一件")
def beside(story: Story) -> None:
    shown = story.ask("社区", f"/api/appeals/{story.other_number}/alike")["items"]
    assert story.other_number not in [item["number"] for item in shown]
    assert suggested(story, shown)["score"] >= 50


def merge(story: Story, who: str) -> str:
    try:
        story.do(who, f"/api/appeals/{story.other_number}/merge", into_number=story.number)
    except Refused as refused:
        return str(refused.problem["code"])
    return "merged"


@when("社区把冯建国的一件并入")
def merged(story: Story) -> None:
    assert "merged" == merge(story, "社区")


@then(parsers.parse('冯建国凭自己的编号看得到"{words}"和刘秀兰那一件的编号'))
def followed(story: Story, words: str) -> None:
    tail = {"phone_tail": FENG["phone"][-4:]}
    seen = story.http.get(f"/api/public/cases/{story.other_number}", params=tail).json()
    assert (words, story.number) == (seen["state_text"].partition("：")[0], seen["merged_into"])


@when("社区到现场发现是两个地下室，撤销并单")
def taken_apart(story: Story) -> None:
    story.do("社区", f"/api/appeals/{story.other_number}/unmerge", reason="两个地下室，各有各的水泵")


@then("两件各办各的，答应冯建国的时间没有变")
def both_go_on(story: Story) -> None:
    view = other(story)
    assert (None, story.promised) == (view["merged_into"], view["due_at"])
    assert ("IN_PROGRESS", "ASSIGNED") == (story.appeal()["state"], view["state"])


@then(parsers.parse('刘秀兰那一件的时间线上有"{names}"'))
def survivor_told(story: Story, names: str) -> None:
    wanted = set(names.split("、"))

    def told() -> set[str] | None:
        found = wanted & set(story.events())
        return found if found == wanted else None

    assert wanted == story.soon(names, told)


@then("总线上没有他们说的话")
def nothing_said(story: Story) -> None:
    secret = [*(words[:6] for words in story.kept["words"]), LIU["name"], FENG["name"], LIU["phone"], FENG["phone"]]
    query = " or ".join(f"body like '%{words}%'" for words in secret)
    assert 0 == sql.one(story.world, "intake", f"select count(*) from outbox where {query}")


@when("社区和街道同时把冯建国的一件并入")
def at_once(story: Story) -> None:
    for who in ("社区", "街道"):
        story.token(people.username(who))
    with ThreadPoolExecutor(2) as both:
        story.kept["merges"] = list(both.map(lambda who: merge(story, who), ("社区", "街道")))


@then("一个人并成了，另一个人被告知已经并单，只并了一次")
def one_won(story: Story) -> None:
    assert ["conflict", "merged"] == sorted(story.kept["merges"])
    kinds = story.soon("the merge told", lambda: [each for each in story.events() if each == "appeal_joined"])
    assert ("MERGED", ["appeal_joined"]) == (other(story)["state"], kinds)
