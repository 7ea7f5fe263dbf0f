"""Sentences about an application for assistance and its six blocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Story

NAME, PHONE, HOME, ILL = "王国祥", "13900000410", "5号楼2单元303室", "糖尿病，没有工作"
BLOCKS = ("POLICY", "ERRANDS", "PAIRING", "RESOURCES", "COUNSELLING", "INCLUSION")


def act(story: Story, who: str, verb: str, **asked: Any) -> dict[str, Any]:
    done: dict[str, Any] = story.do(who, f"/api/assistance/{story.number}/{verb}", **asked)
    return done


def case(story: Story) -> dict[str, Any]:
    found: dict[str, Any] = story.ask("街道", f"/api/assistance/{story.number}")
    return found


@when("窗口给王国祥受理城市低保申请")
def applied(story: Story) -> None:
    asked = {"kind": "LOW_INCOME", "name": NAME, "phone": PHONE, "area_path": people.SEWAGE_AREA}
    told = {"place_text": HOME, "circumstances": ILL, "informed": True}
    story.number = story.do("社区", "/api/assistance", **asked, **told)["number"]


@then("社区的待办里有入户调查")
def to_survey(story: Story) -> None:
    listed = lambda: story.number in [row["number"] for row in story.ask("社区", "/api/desk")["items"]]  # noqa: E731
    assert story.soon("the survey on the desk", listed)


@when("李珊入户调查，社区的王芳同去签字")
def surveyed(story: Story) -> None:
    seen = {"visited_on": "2024-07-08", "members": 2, "income": "860.00", "found": "住一间平房，每月药费五百"}
    act(story, "李珊", "survey", **seen)
    assert "SURVEYED" == act(story, "社区", "countersignature")["state"]


@when("街道审核，认为符合条件，张榜公示")
def published(story: Story) -> None:
    act(story, "街道", "review", fit=True, opinion="符合城市低保条件")
    assert "PUBLICISED" == act(story, "街道", "publication")["state"]


@then(parsers.parse('榜上是"{masked}"和银虹社区，没有住处、电话和病情'))
def on_list(story: Story, masked: str) -> None:
    read = story.http.get("/api/assistance/published", params={"area_path": people.SEWAGE_AREA})
    (shown,) = [row for row in read.json()["items"] if row["number"] == story.number]
    assert (masked, "银虹社区") == (shown["masked_name"], shown["community"])
    page = story.http.get(f"/assistance-list/{people.YINHONG}").text
    assert (True, []) == (masked in page, [word for word in (NAME, PHONE, HOME, "糖尿病") if word in read.text + page])


@when(parsers.parse('居民在窗口提异议"{words}"，街道核实后答复没有采纳'))
def objected(story: Story, words: str) -> None:
    act(story, "社区", "objections", words=words)
    (objection,) = case(story)["objections"]
    reply = {"reply": "店是别人的，已到市场监管所核实", "upheld": False}
    act(story, "街道", "objections/answers", objection_id=objection["id"], **reply)


@when("过了8天，公示期满")
def over(story: Story) -> None:
    story.later(days=8)
    assert story.soon("the end of the publication", lambda: case(story)["state"] == "DECIDING")


@then("区里批准，街道发放，定下复核的日子")
def granted(story: Story) -> None:
    act(story, "区指挥中心", "approval", amount="720.00", decision="自2024年8月起每月720元，每年复核")
    today = story.now().date()
    days = {"granted_on": today.isoformat(), "review_on": (today + timedelta(days=365)).isoformat()}
    assert "GRANTED" == act(story, "街道", "grant", **days)["state"]


@then("救助的每一步都在时间线上")
def every_step(story: Story) -> None:
    steps = [
        "assistance_applied", "home_surveyed", "home_survey_countersigned", "assistance_reviewed",
        "assistance_publicised", "assistance_objected", "assistance_objection_answered",
        "assistance_publication_ended", "assistance_approved", "assistance_granted",
    ]  # fmt: skip

    def told_so_far() -> bool:
        told = [name for name in story.events("街道") if name.startswith(("assistance_", "home_"))]
        return steps == told

    assert story.soon("every step", told_so_far)


@then("总线上没有王国祥的名字、电话、住处和病情")
def nothing_personal(story: Story) -> None:
    words = " or ".join(f"body like '%{word}%'" for word in (NAME, "王*祥", PHONE, "303室", "糖尿病"))
    assert 0 == sql.one(story.world, "notify", f"select count(*) from outbox where {words}")


@when("社区打开六大板块，各有计划")
def opened(story: Story) -> None:
    for block in BLOCKS:
        act(story, "社区", "blocks", block=block, plan="先上门问清楚需要什么")


@then("六个板块都在进行中")
def all_open(story: Story) -> None:
    assert [(block, "OPEN") for block in BLOCKS] == [(one["block"], one["state"]) for one in case(story)["blocks"]]


@when('社区上门一次，结束"心理疏导"，写下结束说明')
def one_closed(story: Story) -> None:
    act(story, "社区", "blocks/actions", block="COUNSELLING", words="上门谈了一个钟头")
    act(story, "社区", "blocks/closing", block="COUNSELLING", note="愿意出门了")


@then('只有"心理疏导"结束了，别的还在进行')
def only_one(story: Story) -> None:
    ended = [(one["block"], one["note"]) for one in case(story)["blocks"] if one["state"] == "CLOSED"]
    assert [("COUNSELLING", "愿意出门了")] == ended
