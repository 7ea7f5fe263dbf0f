"""Sentences about who is asked first, who answers, and handing over by name."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.talk import Story

GRID = "yinchuan.xingqing.chengbei.xinle.g1"
CASE: dict[str, Any] = {"place_text": "1号楼楼道", "area_path": GRID}
REPORTER = {"name": "刘桂英", "phone": "13900000318"}
IDS = {name: f"u-{people.STAFF[name]}" for name in ("孙思雨", "李长青")} | {"周淑敏": "u-zhoushumin"}


def case(story: Story) -> dict[str, Any]:
    return story.ask("欣乐社区", f"/api/appeals/{story.number}")


@when(parsers.parse('银虹社区的网格员李珊被问到欣乐社区的事，登记"{words}"'))
def asked_first(story: Story, words: str) -> None:
    made = story.do(
        "李珊", "/api/appeals", **CASE, channel="VISIT", nature="HELP", category="other.unsorted.any", title=words,
        content=words, reporter={**REPORTER, "contact_preference": "CALL"},
    )  # fmt: skip
    story.number, story.reader = made["number"], "欣乐社区"


@when(parsers.parse('居民没有账号，从网上反映第1网格"{words}"'))
def from_the_web(story: Story, words: str) -> None:
    answer = story.http.post("/api/public/appeals", json={**CASE, "content": words, "reporter": REPORTER})
    assert 201 == answer.status_code, answer.text
    story.number, story.reader = answer.json()["number"], "欣乐社区"


@then(parsers.parse('2月14日是调休上班的周六，第1网格由{name}负责，理由是"{why}"'))
@then(parsers.parse('第1网格由{name}负责，理由是"{why}"'))
def answers(story: Story, name: str, why: str) -> None:
    def found() -> dict[str, Any] | None:
        view: dict[str, Any] = story.ask("欣乐社区", "/api/responsible", area_path=GRID)
        return view if name == view["person"]["name"] else None

    assert why in story.soon("who answers", found)["reason"]  # type: ignore[index]


@when(parsers.parse("李珊把它当面转交给{name}"))
def offered(story: Story, name: str) -> None:
    story.do("李珊", f"/api/appeals/{story.number}/handover", offered_to=IDS[name])


@then("孙思雨的待办里有它，接手之前仍由李珊负责")
def still_hers(story: Story) -> None:
    assert story.soon(
        "her desk", lambda: story.number in [x["number"] for x in story.ask("孙思雨", "/api/desk")["items"]]
    )
    assert ("u-lishan", None) == (case(story)["first_responder"]["id"], case(story)["handler"])


@when("孙思雨点名接手")
def taken(story: Story) -> None:
    story.do("孙思雨", f"/api/appeals/{story.number}/handover/acceptance")


@then("承办人是孙思雨，首问责任人仍是李珊")
def both(story: Story) -> None:
    view = case(story)
    assert ("u-sunsiyu", "u-lishan") == (view["handler"]["id"], view["first_responder"]["id"])


@when(parsers.parse('周淑敏不接手，说"{words}"'))
def declined(story: Story, words: str) -> None:
    story.do("欣乐社区", f"/api/appeals/{story.number}/handover/refusal", reason=words)


@then("仍由李珊负责，周淑敏的原因在办理记录里")
def kept(story: Story) -> None:
    view = case(story)
    assert (None, "u-lishan", None) == (view["handler"], view["first_responder"]["id"], view["offered_to"])
    assert "孙思雨" in view["handling"][-1]["content"]


@when("孙思雨修好了灯，回访员何静打通电话，居民满意")
def mended(story: Story) -> None:
    proof = [story.photo("孙思雨", "AFTER")]
    path = f"/api/appeals/{story.number}/results"
    story.do("孙思雨", path, result_kind="SOLVED", result_text="灯泡换好了", attachments=proof)
    found = story.soon("the follow-up", lambda: story.ask("何静", f"/api/follow-ups/{story.number}"))
    follow_up = f"/api/follow-ups/{found['id']}"
    story.do("何静", f"{follow_up}/attempts", method="CALL", reached=True)
    story.do("何静", f"{follow_up}/completion", solved="YES", satisfied="SATISFIED")


@then("李珊收到这件事办结的通知")
def told_at_last(story: Story) -> None:
    assert story.soon("the closing note", lambda: "u-lishan" in told(story, "appeal_closed_first_responder"))


def told(story: Story, template: str) -> list[str]:
    items = story.ask("欣乐社区", "/api/messages", case_number=story.number)["items"]
    return [item["recipient"]["id"] for item in items if item["template"] == template]


@then("首问责任人是值班的吴启航")
def duty_officer(story: Story) -> None:
    assert "u-wuqihang" == case(story)["first_responder"]["id"]


@when("孙思雨请假到2月20日18点")
def one_away(story: Story) -> None:
    leave(story, "孙思雨")


@when("李长青也请假到2月20日18点")
def other_away(story: Story) -> None:
    leave(story, "李长青")


def leave(story: Story, name: str) -> None:
    asked = {"area_path": GRID, "person_id": IDS[name], "until": "2026-02-20T18:00:00+08:00"}
    story.do("欣乐社区", "/api/posts/leaves", **asked)


@when("两个人提前回来上班")
def back(story: Story) -> None:
    for each in story.ask("欣乐社区", "/api/posts/leaves", area_path=GRID)["items"]:
        story.do("欣乐社区", f"/api/posts/leaves/{each['id']}/end", area_path=GRID)


@then("这件事由周淑敏负责，街道收到岗位空缺的告警")
def alarmed(story: Story) -> None:
    assert "u-zhoushumin" == case(story)["first_responder"]["id"]
    assert story.soon("the alarm", lambda: "street-chengbei" in told(story, "post_left_empty_street"))
