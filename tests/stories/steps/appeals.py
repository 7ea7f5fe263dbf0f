"""Sentences about the appeal: told, handled, reported, followed up."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.stories import people
from tests.stories.talk import Story

CHEN = {"name": "陈桂兰", "phone": people.CHEN_PHONE, "contact_preference": "CALL"}
RELATIVE = {"name": "陈小华", "phone": "13900000102", "relation": "RELATIVE", "authorised": True}
SEWAGE: dict[str, Any] = {
    "channel": "PHONE",
    "nature": "HELP",
    "category": "housing.drain.blocked",
    "title": "卫生间污水倒灌",
    "content": "新装修的房子还没住人，下水堵塞，污水从卫生间倒灌，漫到楼道。本人在西安看病，请联系亲戚。",
    "place_text": "5号楼2单元301室",
    "area_path": people.SEWAGE_AREA,
    "damage_ongoing": True,
    "danger_flags": ["FLOODING"],
    "reporter": CHEN,
    "contact_person": RELATIVE,
}


def register(story: Story, who: str = "李珊", **changes: Any) -> dict[str, Any]:
    return story.do(who, "/api/appeals", **{**SEWAGE, **changes})


@when(parsers.parse('网格员李珊接到陈阿姨的电话，登记"{words}"'))
def lishan_registers(story: Story, words: str) -> None:
    story.number = register(story, title=words[:40])["number"]


@given("陈阿姨的诉求已经登记")
def registered(story: Story) -> None:
    lishan_registers(story, "卫生间污水倒灌")


@then(parsers.parse('诉求的紧急程度是"{urgency}"'))
def urgency_is(story: Story, urgency: str) -> None:
    assert urgency == story.appeal()["urgency"]


@then("首问责任人是李珊")
def first_responder_stays(story: Story) -> None:
    assert "u-lishan" == story.appeal()["first_responder"]["id"]


@then("陈阿姨收到受理回执")
def receipt(story: Story) -> None:
    sent = story.soon("the receipt", lambda: _messages(story, "RESIDENT"))
    assert "陈" not in sent[0]["recipient"]["name"].removeprefix("陈")


def _messages(story: Story, audience: str) -> list[dict[str, Any]]:
    items = story.ask("社区", "/api/messages", case_number=story.number)["items"]
    return [item for item in items if item["audience"] == audience]


@when("过了10分钟，李珊联系陈阿姨的亲戚")
def contacts(story: Story) -> None:
    story.later(minutes=10)
    story.do("李珊", f"/api/appeals/{story.number}/contacts", how="PHONE", note="亲戚一小时内到")


@when(parsers.parse('过了40分钟，李珊记录现场处置"{words}"，附照片'))
def handles(story: Story, words: str) -> None:
    story.later(minutes=40)
    story.do(
        "李珊", f"/api/appeals/{story.number}/handlings", how="ON_SITE", stage="DANGER_REMOVED", content=words,
        attachments=[story.photo("李珊", "AFTER")], told_citizen=True,
    )  # fmt: skip


@then("现场处置在时限之内")
def in_time(story: Story) -> None:
    def handled() -> dict[str, Any] | None:
        items = story.ask("社区", f"/api/cases/{story.number}/timeline", limit=500)["items"]
        return next((item for item in items if item["name"] == "appeal_handling_recorded"), None)

    assert story.soon("handling on the timeline", handled)["data"]["in_time"] is True


@when(parsers.parse("李珊查明原因是楼上邻居乱扔垃圾，认定为邻里纠纷，损失{amount:d}元"))
def identifies_dispute(story: Story, amount: int) -> None:
    story.do(
        "李珊", f"/api/appeals/{story.number}/disputes", dispute_type="NEIGHBOUR", cause="NEIGHBOUR_ACT",
        cause_text="楼上住户向马桶内乱扔垃圾，堵塞立管", losses=[{"item": "地板和墙面", "amount": f"{amount}.00"}],
        respondent={"name": "赵建军", "phone": "13900000103", "place_text": "5号楼2单元401室"}, risk_level="YELLOW",
    )  # fmt: skip


@then(parsers.parse('诉求的状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == story.soon(f"appeal {state}", lambda: story.appeal()["state"] == state and state)


@when(parsers.parse('李珊想把结果报成"{kind}"'))
def tries_result(story: Story, kind: str) -> None:
    story.try_to(lambda: reports_result(story, kind))


@when(parsers.parse('李珊把结果报成"{kind}"'))
def reports_result(story: Story, kind: str) -> None:
    path = f"/api/appeals/{story.number}/results"
    story.do("李珊", path, result_kind=kind, result_text="已告知其他救济途径", attachments=[story.photo("李珊")])


@when("李珊想自己回访")
def follows_up_herself(story: Story) -> None:
    follow_up = _follow_up(story)
    path = f"/api/follow-ups/{follow_up['id']}/completion"
    story.try_to(lambda: story.do("李珊", path, solved="YES", satisfied="SATISFIED"))


def _follow_up(story: Story) -> dict[str, Any]:
    return story.soon("the follow-up", lambda: story.ask("何静", f"/api/follow-ups/{story.number}"))


@when("7月10日10点回访员何静打通了陈阿姨的电话，问题解决，满意")
def followed_up(story: Story) -> None:
    story.set_time(2024, 7, 10, 10, 0)
    path = f"/api/follow-ups/{_follow_up(story)['id']}"
    story.do("何静", f"{path}/attempts", method="CALL", reached=True)
    story.do("何静", f"{path}/completion", solved="YES", satisfied="SATISFIED", comment="感谢社区")


@then("李珊收到办结通知")
def closing_note(story: Story) -> None:
    def note() -> list[dict[str, Any]]:
        return [item for item in _messages(story, "STAFF") if item["recipient"]["id"] == "u-lishan"]

    assert "u-lishan" == story.soon("the closing note", note)[0]["recipient"]["id"]


@then(parsers.parse('陈阿姨凭编号和手机尾号看得到"{words}"，看不到别人的信息'))
def resident_view(story: Story, words: str) -> None:
    path = f"/api/public/cases/{story.number}"
    seen = story.http.get(path, params={"phone_tail": people.CHEN_TAIL})
    stranger = story.http.get(path, params={"phone_tail": "9999"})
    assert (200, 404) == (seen.status_code, stranger.status_code)
    assert words in seen.text
    assert [] == [secret for secret in ("赵建军", people.CHEN_PHONE, "陈桂兰", "301室") if secret in seen.text]


@when("陈阿姨的丈夫又反映了同一件事，社区把它并入第一件")
def merged(story: Story) -> None:
    husband = {"name": "陈志明", "phone": "13900000104", "contact_preference": "CALL"}
    story.other_number = register(story, "社区", channel="HOTLINE", reporter=husband)["number"]
    story.do("社区", f"/api/appeals/{story.other_number}/merge", into_number=story.number)


@then(parsers.parse('第二件的状态是"{state}"'))
def other_state(story: Story, state: str) -> None:
    assert state == story.ask("社区", f"/api/appeals/{story.other_number}")["state"]
