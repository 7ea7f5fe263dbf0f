"""The pages of an errand: its forms, its checklist, and what a desk sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.standing import Standing
from contracts.intake.errands import ErrandAccepted
from kernel.numbers import case_number
from tests.unit.portal.pages.people import ORIGIN, Pages, account, hidden
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import COMMUNITY, Teller, at, iso, uid

NUMBER = case_number("D", date(2024, 7, 8), "0104", 1)
CASE = f"/cases/{NUMBER}"
DESK = {"id": "u-wangfang", "name": "王芳"}


def view(*commands: str, **more: Any) -> dict[str, Any]:
    told = {
        "id": uid("errand"), "number": NUMBER, "case_number": NUMBER, "version": 3, "area_path": COMMUNITY,
        "created_at": iso(70), "state": "ACCEPTED", "matter": "SOCIAL_CARD", "authority": "OUTSIDE", "at_home": False,
        "proactive": False, "promise_at": iso(90), "first_responder": DESK, "handler": DESK, "proxy": None,
        "applicant": {"person_id": uid("li"), "masked_name": "李*新", "masked_phone": "139****0701"},
        "authority_name": "新疆社会保险中心", "authorisation": [], "details": "原卡后四位 4321", "contacts": [],
        "materials": [{"kind": "ID_CARD", "form": "ORIGINAL", "supplement": False, "received_at": iso(75)}],
        "visits": [], "failures": [], "allowed_commands": list(commands),
    }  # fmt: skip
    return {**told, **more}


@pytest.fixture
def errand(pages: Pages) -> Pages:
    """An accepted errand that waits for the desk that accepted it."""
    account(pages.store, "wangfang", "王芳", ("COMMUNITY", COMMUNITY, "yinhong"), ("WINDOW", COMMUNITY, "yinhong"))
    event = Teller(NUMBER).say(70, ErrandAccepted, uid("errand"))
    standing = Standing("ERRAND", "ACCEPTED", NUMBER, due=at(90), waits=("role:WINDOW",), tally={"matter": "OTHER"})
    tell(pages.store, [replace(event, id=uid("errand 1"), aggregate_version=1, standing=standing)])
    commands = ("ask_supplement", "receive_materials", "record_authority_contact", "fail_errand")
    pages.peers.answers |= {"get_errand": view(*commands), "list_errands": {"items": [view()], "next_cursor": None}}
    return pages


def test_given_an_errand_when_the_window_looks_then_it_waits_on_its_desk_by_matter_and_authority(errand: Pages) -> None:
    html = errand.as_user("wangfang").get("/").text
    assert [] == [each for each in (f'<a href="/cases/{NUMBER}">', "社保卡补换（外地）") if each not in html]


def test_given_an_errand_when_opened_then_its_people_are_masked_and_its_papers_are_listed(errand: Pages) -> None:
    html = errand.as_user("wangfang").get(CASE).text
    there = ["社保卡补换（外地）", "李*新", "新疆社会保险中心", "身份证", "原件", "/do/ask_supplement"]
    assert [] == [each for each in there if each not in html]


def test_given_the_window_when_somebody_comes_then_there_is_one_form_for_it(errand: Pages) -> None:
    html = errand.as_user("wangfang").get("/new/register_errand").text
    there = ["办什么", "群众姓名", "群众电话", "归哪里办", "主管单位", "怎么联系", "申请人本人同意"]
    assert [] == [each for each in there if each not in html]


def test_given_papers_that_came_when_ticked_then_the_service_hears_which(errand: Pages) -> None:
    desk = errand.as_user("wangfang")
    sent = {**hidden(desk.get(CASE).text, "receive_materials"), "received:ID_CARD": "1", "received:PHOTO": "1"}
    errand.peers.answers["receive_materials"] = view()
    answer = desk.post(f"{CASE}/do/receive_materials", data=sent, headers=ORIGIN)
    call = next(call for call in errand.peers.calls if call.method == "receive_materials")
    assert (303, ["ID_CARD", "PHOTO"]) == (answer.status_code, call.command["received"])
