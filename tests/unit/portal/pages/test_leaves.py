"""The page of who is away: leave of a unit's receivers and of a place's posts, recorded and ended."""

from __future__ import annotations

import re

import pytest

from chassis.errors import Conflict
from contracts import samples
from tests.unit.portal.pages.people import ORIGIN, Pages

pytestmark = pytest.mark.rule("15")

UNIT = {"code": "lijingjie-sifasuo", "name": "丽景街司法所", "receivers": [{"id": "u-receiver", "name": "贺文彬"}]}
LEAVE = {
    "id": samples.uid(903),
    "person": {"id": "u-receiver", "name": "贺文彬"},
    "from_at": samples.MORNING,
    "until": samples.AFTER,
}
POST = {
    "area_path": "yinchuan.xingqing.lijingjie.yinhong.g3",
    "name": "第3网格",
    "holder": {"id": "u-lishan", "name": "李珊"},
    "deputy": {"id": "u-ma", "name": "马慧兰"},
}


def answering(pages: Pages, **more: object) -> None:
    page = {"items": [LEAVE], "next_cursor": None}
    pages.peers.answers |= {"list_units": {"items": [UNIT]}, "list_receiver_leaves": page, "list_post_leaves": page}
    pages.peers.answers |= {"resolve_post": POST, **more}


def send(pages: Pages, username: str, method: str, **entered: str) -> object:
    browser = pages.as_user(username)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/leaves").text)[1]
    return browser.post(f"/leaves/do/{method}", data={"csrf_token": token, **entered}, headers=ORIGIN)


@pytest.mark.parametrize(("username", "name"), [("hewenbin", "丽景街司法所"), ("lishan", "第3网格")])
def test_given_a_unit_or_a_post_when_looking_then_who_is_away_and_a_form_are_there(pages, username, name) -> None:
    answering(pages)
    html = pages.as_user(username).get("/leaves").text
    assert (True, True, True) == (name in html, "贺文彬：" in html, "登记请假" in html)


def test_given_the_form_when_sent_then_dispatch_is_asked_to_record_the_leave(pages: Pages) -> None:
    answering(pages, record_receiver_leave=LEAVE)
    span = {"person_id": "u-receiver", "until": "2024-07-09T17:00"}
    answer = send(pages, "hewenbin", "record_receiver_leave", unit="lijingjie-sifasuo", **span)
    asked = next(call for call in pages.peers.calls if call.method == "record_receiver_leave")
    assert (303, "lijingjie-sifasuo", "u-receiver") == (
        answer.status_code, asked.command["unit"], asked.command["person_id"],
    )  # fmt: skip


def test_given_a_leave_when_ended_then_intake_is_asked(pages: Pages) -> None:
    answering(pages, end_post_leave=LEAVE)
    answer = send(pages, "lishan", "end_post_leave", area_path=POST["area_path"], leave_id=LEAVE["id"])
    asked = next(call for call in pages.peers.calls if call.method == "end_post_leave")
    assert (303, POST["area_path"], LEAVE["id"]) == (
        answer.status_code, asked.command["area_path"], str(asked.command["leave_id"]),
    )  # fmt: skip


def test_given_a_refused_leave_when_sent_then_the_page_says_why_and_the_form_is_open(pages: Pages) -> None:
    answering(pages, record_post_leave=Conflict("此人这段时间已登记请假"))
    span = {"person_id": "u-lishan", "until": "2024-07-09T17:00"}
    answer = send(pages, "lishan", "record_post_leave", area_path=POST["area_path"], **span)
    assert (409, True, True) == (answer.status_code, "已登记请假" in answer.text, "details" in answer.text)
