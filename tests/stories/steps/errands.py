"""Sentences about an errand: asked at the window, done elsewhere, brought home."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Story

LI, CARD_NUMBER = "李建新", "6212261234567890123"
WINDOW = "马春兰"


def path(story: Story, verb: str = "") -> str:
    return f"/api/errands/{story.number}{verb}"


def do(story: Story, verb: str, who: str = WINDOW, **asked: Any) -> dict[str, Any]:
    done: dict[str, Any] = story.do(who, path(story, verb), **asked)
    return done


def errand(story: Story) -> dict[str, Any]:
    found: dict[str, Any] = story.ask(WINDOW, path(story))
    return found


def told(story: Story, template: str, who: str = "社区") -> dict[str, Any] | None:
    items = story.ask(who, "/api/messages", case_number=story.number)["items"]
    return next((item for item in items if item["template"] == template), None)


def card(story: Story, authority: str) -> dict[str, Any]:
    """Each story has a 李先生 of its own: the same telephone and name are the same person."""
    return {
        "matter": "SOCIAL_CARD", "details": "在新疆退休，社保卡丢了，原卡后四位 0123",
        "area_path": people.SEWAGE_AREA,
        "applicant": {"name": LI, "phone": story.phone, "contact_preference": "SMS"},
        "authority": "OUTSIDE", "authority_name": authority,
    }  # fmt: skip


@when(parsers.parse('窗口的马春兰登记李先生的代办，社保卡归"{authority}"补'))
def registered(story: Story, authority: str) -> None:
    story.phone = f"139{random.randrange(10**8):08d}"
    story.number = story.do(WINDOW, "/api/errands", **card(story, authority))["number"]


@then("李先生收到代办回执，写着不收费、哪天前答复")
def receipt(story: Story) -> None:
    sent = story.soon("the receipt", lambda: told(story, "errand_requested"))
    assert ("RESIDENT", "李*新", True, True) == (
        sent["audience"], sent["recipient"]["name"], "不收任何费用" in sent["body"], "前给您回话" in sent["body"],
    )  # fmt: skip


@when("马春兰受理，一次告知要身份证原件，李先生当场交了")
def accepted(story: Story) -> None:
    do(story, "/acceptance", materials=[{"kind": "ID_CARD", "form": "ORIGINAL"}])
    do(story, "/materials", received=["ID_CARD"])


@when("马春兰陪李先生在手机上申请")
def submitted(story: Story) -> None:
    do(story, "/submission", submit_way="WITH_CITIZEN")


@when("马春兰想记下整张卡号")
def whole_number(story: Story) -> None:
    story.try_to(lambda: do(story, "/decision", decision=f"卡号 {CARD_NUMBER}"))


@when(parsers.parse('马春兰联系"{body}"的{name}，对方"{outcome}"'))
def contacted(story: Story, body: str, name: str, outcome: str) -> None:
    contact = do(story, "/contacts", body=body, person_named=name, outcome=outcome)["contacts"][-1]
    assert (body, name, outcome) == (contact["body"], contact["person_named"], contact["outcome"])


@when("过了3天，对方办好，卡从邮局寄出")
def posted(story: Story) -> None:
    story.later(days=3)
    do(story, "/decision", decision="同意补卡")
    do(story, "/delivery", delivery_way="MAIL", carrier="邮政", tracking="EA123456789CN")


@when("过了2天，李先生收到卡")
def delivered(story: Story) -> None:
    story.later(days=2)
    do(story, "/receipt")


@when("马春兰想不退身份证就办结")
def closes_too_early(story: Story) -> None:
    story.try_to(lambda: do(story, "/closure"))


@when("马春兰退还身份证，办结")
def closed(story: Story) -> None:
    do(story, "/returns", returned=["ID_CARD"])
    do(story, "/closure")


@then(parsers.parse('代办的状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == errand(story)["state"]


@then("代办的首问责任人始终是马春兰")
def first_responder(story: Story) -> None:
    assert "u-machunlan" == errand(story)["first_responder"]["id"]


@then("代办的总线上没有李先生的姓名、电话和卡号")
def nothing_personal(story: Story) -> None:
    words = (LI, story.phone, "后四位", "古丽", "EA123456789CN")
    held = " or ".join(f"body like '%{word}%'" for word in words)
    query = f"select count(*) from outbox where body like '%{story.number}%' and ({held})"
    assert 0 == sql.one(story.world, "intake", query)


@when("没有办成，马春兰告诉他接下来怎么办")
def failed(story: Story) -> None:
    do(story, "/failure", failure="NO_ANSWER", next_way="下周一带身份证再来窗口")


@then("没有主动立件")
def none_taken_up(story: Story) -> None:
    assert None is taken_up(story)


@when("李先生又来，还是没有办成")
def failed_again(story: Story) -> None:
    story.other_number = story.number
    story.number = story.do(WINDOW, "/api/errands", **card(story, "新疆社会保险中心"))["number"]
    failed(story)


def taken_up(story: Story) -> dict[str, Any] | None:
    items = story.ask(WINDOW, "/api/errands", area_path=people.SEWAGE_AREA)["items"]
    proactive = [story.ask(WINDOW, f"/api/errands/{item['number']}") for item in items if item["proactive"]]
    return next((one for one in proactive if story.number in one["failures"]), None)


@then("主动立了一件，列着前两次，首问责任人是马春兰")
def opened(story: Story) -> None:
    found = taken_up(story) or {}
    expected = ([story.other_number, story.number], "u-machunlan")
    assert expected == (found["failures"], found["first_responder"]["id"])
    story.number = found["number"]


@then("社区知道同一件事多次没办成")
def community_knows(story: Story) -> None:
    assert story.soon("the news", lambda: told(story, "repeat_failure_place"))


@when("马春兰约李先生3天后到市民大厅当场办")
def booked(story: Story) -> None:
    do(story, "/hall", hall_at=(story.now() + timedelta(days=3)).isoformat())


@then("李先生知道约在哪天")
def invited(story: Story) -> None:
    sent = story.soon("the invitation", lambda: told(story, "hall_booked"))
    assert ("RESIDENT", True) == (sent["audience"], "7月11日" in sent["body"])


@when(parsers.parse('马春兰报"{superior}"'))
def escalated(story: Story, superior: str) -> None:
    do(story, "/escalation", superior=superior)


@then("代办在区指挥中心的待办里")
def on_district_desk(story: Story) -> None:
    assert story.soon("it on the desk", lambda: on_desk(story, "区指挥中心"))


def on_desk(story: Story, who: str) -> bool:
    return story.number in [row["number"] for row in story.ask(who, "/api/desk")["items"]]


@when("社区替卧床的马奶奶登记养老待遇资格认证，儿子代为申请")
def bedridden(story: Story) -> None:
    asked = {
        "matter": "PENSION_CHECK", "area_path": people.SEWAGE_AREA, "authority": "LOCAL", "at_home": True,
        "applicant": {"name": "马秀兰", "contact_preference": "VISIT"},
        "proxy": {"name": "马小军", "phone": "13900000703", "relation": "FAMILY", "authorised": True},
    }  # fmt: skip
    story.number = story.do("社区", "/api/errands", **asked)["number"]
    do(story, "/acceptance", "社区", materials=[])


@then("社区的待办里有上门的代办")
def on_community_desk(story: Story) -> None:
    assert story.soon("it on the desk", lambda: on_desk(story, "社区"))


@when("李珊上门，认证通过，附照片")
def visited(story: Story) -> None:
    do(story, "/visits", "李珊", result="CERTIFIED", note="本人在家，神志清楚", photos=[story.photo("李珊")])


@then("上门记录写着谁去的、认证通过")
def on_record(story: Story) -> None:
    (visit,) = errand(story)["visits"]
    assert ("u-lishan", "CERTIFIED", 1) == (visit["by"]["id"], visit["result"], len(visit["photos"]))
