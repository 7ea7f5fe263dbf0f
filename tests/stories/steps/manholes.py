"""Sentences about a missing manhole cover: a resident without an account, and whoever owns the cover."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.steps import whistles
from tests.stories.talk import Story

LIU, PHONE, TAIL = "刘大爷", "13900000311", "0311"
GATE = "yinchuan.xingqing.chengbei.xinle.g1"
NUMBER = re.compile(r"Y\d{17}[0-9A-Z]")


def cover(story: Story) -> dict[str, Any]:
    return story.ask("孙思雨", f"/api/hazards/{story.number}")


def looked_up(story: Story, tail: str = TAIL) -> str:
    return story.http.post("/public", data={"number": story.number, "phone_tail": tail}).text


@when(parsers.parse('刘大爷扫小区门口的二维码，报"{words}"'))
def scanned(story: Story, words: str) -> None:
    assert "欣乐社区" in story.http.get(f"/r/{GATE}").text
    told = {"key": str(uuid4()), "area_path": GATE, "scanned": "1", "kind": "MANHOLE", "content": words}
    answer = story.http.post("/report", data={**told, "place_text": "小区东门外", "name": LIU, "phone": PHONE})
    assert 201 == answer.status_code, answer.text
    story.number, story.reader = NUMBER.findall(answer.text)[0], "孙思雨"


@when(parsers.parse('刘大爷打电话，孙思雨替他登记"{words}"'))
def telephoned(story: Story, words: str) -> None:
    made = story.do(
        "孙思雨", "/api/hazards", kind="MANHOLE", level="SERIOUS", description=words, area_path=GATE,
        place_text="小区东门外", channel="PHONE", reporter={"name": LIU, "phone": PHONE},
    )  # fmt: skip
    story.number, story.reader = made["number"], "孙思雨"


@then(parsers.parse('这是一件"{urgency}"的隐患，网格员孙思雨的待办里有它'))
def on_desk(story: Story, urgency: str) -> None:
    view = cover(story)
    assert (urgency, "u-sunsiyu") == (view["urgency"], view["on_duty"]["id"])
    assert story.soon("her desk", lambda: story.number in [x["number"] for x in desk(story)])


def desk(story: Story) -> list[dict[str, Any]]:
    return list(story.ask("孙思雨", "/api/desk")["items"])


@when("孙思雨守在井边，附照片")
def guarded(story: Story) -> None:
    path = f"/api/hazards/{story.number}/measures"
    story.do("孙思雨", path, measure_code="GUARD", note="守在井边", photos=[story.photo("孙思雨")])


@when("孙思雨看清旧井圈上写着通信，请权属单位来处置")
def label_read(story: Story) -> None:
    story.do("孙思雨", f"/api/hazards/{story.number}/owner", asset="TELECOM")
    call_owner(story)


@when("孙思雨看不清是谁家的，请权属单位来处置")
def label_gone(story: Story) -> None:
    story.do("孙思雨", f"/api/hazards/{story.number}/owner", asset="UNKNOWN")
    call_owner(story)


def call_owner(story: Story) -> None:
    made = story.do("孙思雨", f"/api/hazards/{story.number}/owner-call")
    story.whistle = made["number"]
    whistles.keep_tasks(story, made)


@then(parsers.parse("应急处置哨直接吹到{unit}"))
def blown_to(story: Story, unit: str) -> None:
    made = story.blown("孙思雨")
    assert ("EMERGENCY", "BLOWN", None) == (made["kind"], made["state"], made["approved_by"])
    assert [people.UNITS[unit]] == [task["unit"]["code"] for task in made["tasks"]]


@then("再按一次，被告知已经吹过哨")
def blown_once(story: Story) -> None:
    story.try_to(lambda: call_owner(story))
    assert story.refusal is not None
    assert ("conflict", "已经向这家单位吹过哨，正在处置") == (story.refusal["code"], story.refusal["detail"])


@when(parsers.parse("{unit}签收、到场、换好井盖，附照片"))
def replaced(story: Story, unit: str) -> None:
    whistles.sign(story, unit)
    whistles.report_in(story, unit, "PLACE")
    evidence = [story.photo(unit, "AFTER")]
    whistles.order(story, unit, unit, "completion", result_text="井盖已换好", evidence=evidence)


@when("孙思雨核实井盖已经换好")
def verified(story: Story) -> None:
    path = f"/api/hazards/{story.number}/verification"
    story.do("孙思雨", path, note="井盖平整", photos=[story.photo("孙思雨", "AFTER")])


@when("社区后来查明井盖是供水公司的")
def owner_found(story: Story) -> None:
    story.do("欣乐社区", f"/api/hazards/{story.number}/owner", asset="WATER")


@then("权属记在时间线上，哨单仍由市政管理处办")
def recorded(story: Story) -> None:
    assert story.soon("the owner's name", lambda: story.events("孙思雨").count("hazard_owner_named") == 2)
    blown_to(story, "市政管理处")


@then(parsers.parse('刘大爷凭编号和电话后四位查到"{words}"'))
def sees(story: Story, words: str) -> None:
    shown = looked_up(story)
    assert words in shown, shown[-1500:]


@then("电话后四位不对，什么也查不到")
def sees_nothing(story: Story) -> None:
    page = looked_up(story, "0312")
    assert (True, False) == ("没有找到" in page, "井盖" in page)


@then("总线上没有刘大爷的姓名和电话")
def nothing_personal(story: Story) -> None:
    for service in ("intake", "dispatch", "notify"):
        query = f"select count(*) from outbox where body like '%{LIU}%' or body like '%{PHONE}%'"
        assert 0 == sql.one(story.world, service, query)
