"""Sentences about a pager: what the device sends by MQTT or HTTP, what seats and stations do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from ops import pager
from tests.stories import people, sql
from tests.stories.talk import Story
from tests.support.mqtt import Device, Refused

NAME, PHONE, HOME = "马玉珍", "13900000310", "5号楼2单元202室"
ALARMS = "/api/pagers/alarms"


def alarm(story: Story) -> dict[str, Any]:
    rows = story.ask("丁香", ALARMS, limit=200)["items"]
    return next((row for row in rows if row["pager_number"] == story.kept["pager"]), {})


def act(story: Story, who: str, verb: str, **asked: Any) -> dict[str, Any]:
    done: dict[str, Any] = story.do(who, f"{ALARMS}/{story.number}/{verb}", **asked)
    return done


def device(story: Story) -> Device:
    """Connected with a login of its own."""
    number = story.kept["pager"]
    return Device.connect(*pager.address(story.world), pager.login(number), pager.admit(story.world, number))


@given("马奶奶家装了呼叫器，丁香给她登记了")
def registered(story: Story) -> None:
    asked = {"name": NAME, "phone": PHONE, "area_path": people.SEWAGE_AREA, "place_text": HOME, "agreed": True}
    home = {"geo": {"lat": 38.4713, "lon": 106.2890}, "emergency": {"name": "马强", "phone": "13900000311"}}
    story.kept["pager"] = story.do("丁香", "/api/pagers", **asked, **home)["number"]


@when("马奶奶按了呼叫器，又按了一下")
def pressed_twice(story: Story) -> None:
    line = device(story)
    for press in ("1", "2"):
        line.publish(f"pager/{story.kept['pager']}", json.dumps({"signal": "PRESS", "id": press}).encode())
    line.close()
    assert story.soon("both presses", lambda: alarm(story).get("presses") == 2)


@when("呼叫器用口令报平安，再按下")
def by_http(story: Story) -> None:
    number = story.kept["pager"]
    token = story.do("丁香", f"/api/pagers/{number}/token")["token"]
    told = [
        story.http.post(f"/api/pagers/{number}/signal", json={"token": token, "signal": signal}).json()["alarm_number"]
        for signal in ("BEAT", "PRESS")
    ]
    assert [None, alarm(story)["number"]] == told


@then("座席的单子上有一个呼叫在响，看得到是谁、住哪里")
def rings(story: Story) -> None:
    shown = alarm(story)
    story.number = shown["number"]
    assert ("RAISED", "马*珍", HOME) == (shown["state"], shown["masked_name"], shown["place_text"])


@when("丁香接听，听出来是求助")
def helped(story: Story) -> None:
    act(story, "丁香", "answer")
    assert "ASSIGNED" == act(story, "丁香", "kind", kind="HELP")["state"]


@then("最近的银虹社区日间照料站的何平安待办里有它")
def at_station(story: Story) -> None:
    listed = lambda: story.number in [row["number"] for row in story.ask("何平安", "/api/desk")["items"]]  # noqa: E731
    assert story.soon("the alarm on the desk of the station", listed)


@when("过了3分钟，何平安没有接单")
def not_accepted(story: Story) -> None:
    story.later(minutes=3)


@then("派给了景苑社区日间照料站")
def passed_on(story: Story) -> None:
    assert story.soon("the next station", lambda: alarm(story)["station"]["name"] == "景苑社区日间照料站")


@when(parsers.parse('涂玉梅接单赶到，扶起马奶奶，记下"{told}"'))
def helped_up(story: Story, told: str) -> None:
    act(story, "涂玉梅", "acceptance")
    act(story, "涂玉梅", "arrival", who_came="STATION")
    assert "RESOLVED" == act(story, "涂玉梅", "outcome", outcome="HELPED", told=told)["state"]


@when(parsers.parse('丁香接听，听出来是误按，记下"{told}"'))
def pressed_by_mistake(story: Story, told: str) -> None:
    act(story, "丁香", "answer")
    act(story, "丁香", "kind", kind="FALSE")
    act(story, "丁香", "outcome", outcome="NO_NEED", told=told)


@then("呼叫有结果")
def resolved(story: Story) -> None:
    assert "RESOLVED" == alarm(story)["state"]


@then("呼叫的每一步都在时间线上")
def every_step(story: Story) -> None:
    steps = ["raised", "answered", "classified", "assigned", "assigned", "accepted", "arrived", "resolved"]

    def told_so_far() -> bool:
        told = [name for name in story.events("丁香") if name.startswith("pager_alarm_") and "overdue" not in name]
        return [f"pager_alarm_{step}" for step in steps] == told

    assert story.soon("every step", told_so_far)


@then("总线上没有马奶奶的名字、电话和住处")
def nothing_personal(story: Story) -> None:
    words = " or ".join(f"body like '%{word}%'" for word in (NAME, "马*珍", PHONE, "202室", "喝了水"))
    assert 0 == sql.one(story.world, "notify", f"select count(*) from outbox where {words}")


@when("呼叫器用自己的账号去发别人的主题")
def forges(story: Story) -> None:
    line = device(story)
    story.kept["other"] = story.kept["pager"]
    registered(story)
    with pytest.raises(Refused):
        line.publish(f"pager/{story.kept['pager']}", b'{"signal": "PRESS"}')


@then("消息队列把它断开，什么也没有响")
def silent(story: Story) -> None:
    assert {} == alarm(story)
