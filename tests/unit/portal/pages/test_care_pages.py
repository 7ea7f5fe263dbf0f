"""The Friday sheet on pages: who is to be phoned, her telephone once, and back to the desk when it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.standing import Standing
from contracts.notify.care_rounds import CareCallPlanned, CareRoundOpened
from kernel.numbers import case_number
from services.portal.pages.forms import FORMS, SHOWN_ONCE
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Pages, account, hidden
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import COMMUNITY, Teller, at, iso, uid

ROUND, CALL, PROFILE = (case_number(letter, date(2024, 7, 8), "0104", 1) for letter in ("R", "T", "G"))
CALLERS = ("role:COMMUNITY", "role:CARE")


def call(*commands: str, **more: Any) -> dict[str, Any]:
    told = {
        "id": uid("call"), "number": CALL, "case_number": CALL, "version": 1, "area_path": COMMUNITY,
        "state": "CALLING", "created_at": iso(70), "masked_name": "马*兰",
        "profile_number": PROFILE, "round_number": ROUND,
        "dialect": "宁夏话", "preferred_time": "上午", "birthday": "七月初九", "tries": 1, "due_at": iso(90),
        "news_told": None, "difficulties": None, "advice": None, "found": None, "witnesses": [],
        "allowed_commands": list(commands),
    }  # fmt: skip
    return {**told, **more}


def stands(pages: Pages, number: str, kind: str, state: str, contract: type, version: int = 1, *waits: str) -> None:
    event = Teller(number).say(70, contract, uid(kind))
    standing = Standing(kind, state, number, due=at(90), waits=waits, tally={})
    tell(pages.store, [replace(event, id=uid(f"{kind} {version}"), aggregate_version=version, standing=standing)])


@pytest.fixture
def friday(pages: Pages) -> Pages:
    account(pages.store, "seat", "丁香", ("CARE", "yinchuan.xingqing", None))
    stands(pages, ROUND, "CARE_ROUND", "OPEN", CareRoundOpened, 1, *CALLERS)
    stands(pages, CALL, "CARE_CALL", "CALLING", CareCallPlanned, 1, *CALLERS)
    sheet = {
        "id": uid("round"), "number": ROUND, "case_number": ROUND, "version": 1, "area_path": COMMUNITY,
        "created_at": iso(70), "state": "OPEN", "day": "2024-07-08", "place": "银虹社区", "planned": 2, "settled": 0,
        "due_at": iso(90), "allowed_commands": [],
    }  # fmt: skip
    other = call(number=CALL.replace("T", "X", 1), masked_name="郝*福", state="VISITING", birthday=None)
    contact = {"name": "马淑兰", "phone": "13900000301", "emergency": {"name": "马强", "phone": "13900000311"}}
    pages.peers.answers |= {
        "get_care_round": sheet, "list_care_calls": answers.page([call("record_no_answer"), other]),
        "list_care_rounds": answers.page([sheet]), "get_care_call": call("record_no_answer"),
        "record_no_answer": call(), "reveal_care_contact": contact,
    }  # fmt: skip
    return pages


def test_given_a_round_when_the_seat_opens_it_then_its_calls_stand_there_and_those_she_may_open_are_links(
    friday: Pages,
) -> None:
    html = friday.as_user("seat").get(f"/cases/{ROUND}").text
    asked = next(each for each in friday.peers.calls if each.method == "list_care_calls").command
    there = (f'<a href="/cases/{CALL}">马*兰</a>', "没接，再打（打了 1 次）", "宁夏话", "上午", "七月初九", "待上门")
    assert ([ROUND], []) == (asked["round_number"], [each for each in there if each not in html])
    assert (True, False) == ("郝*福" in html, ">郝*福</a>" in html)


def test_given_a_call_when_the_seat_asks_for_the_telephone_then_it_stands_there_once_with_the_relative(
    friday: Pages,
) -> None:
    seat = friday.as_user("seat")
    page = seat.get(f"/cases/{CALL}").text
    assert ("打关怀电话" in page, "13900000301" in page) == (True, False)
    sent = {**hidden(page, "reveal_care_contact"), "purpose": "打关怀电话"}
    shown = seat.post(f"/cases/{CALL}/do/reveal_care_contact", data=sent, headers=ORIGIN).text
    assert [True] * 2 == [f'href="tel:{number}"' in shown for number in ("13900000301", "13900000311")]
    told = next(each for each in friday.peers.calls if each.method == "reveal_care_contact").command
    assert (PROFILE, "打关怀电话") == (told["number"], told["purpose"])
    assert "13900000301" not in seat.get(f"/cases/{CALL}").text


def test_given_what_is_no_more_hers_when_she_has_done_it_then_she_is_back_at_her_desk(friday: Pages) -> None:
    seat = friday.as_user("seat")
    sent = hidden(seat.get(f"/cases/{CALL}").text, "record_no_answer")
    stands(friday, CALL, "CARE_CALL", "VISITING", CareCallPlanned, 2, "role:GRID")
    answer = seat.post(f"/cases/{CALL}/do/record_no_answer", data=sent, headers=ORIGIN, follow_redirects=True)
    assert (200, "/", True) == (answer.status_code, answer.request.path, "已提交：没人接" in answer.text)
    assert 404 == seat.get(f"/cases/{CALL}").status_code


def test_given_forms_that_reveal_when_listed_then_each_shows_its_answer_once() -> None:
    assert {"reveal_contact", "reveal_safe_call", "reveal_pager_contact", "issue_pager_token"} <= SHOWN_ONCE
    assert {name for name in FORMS if name.startswith("reveal_")} <= SHOWN_ONCE
