"""Desks: what is to be done, for whom, the least time left first; and the ways in and out."""

from __future__ import annotations

import re

import pytest

from chassis.errors import NotFound, Unavailable
from contracts.dispatch.objections import WhistleTaskObjected
from contracts.dispatch.whistles import WhistleDrafted
from tests.unit.portal.api.fakes import PASSWORD
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Pages
from tests.unit.portal.readmodel import story
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO, Teller, a1, at, register, uid

FOREIGN = [
    "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example",
    "/\n/elsewhere.example", "/\r\nx", "/\nx", "/\x00", "/\x7f", "/\x85", "/tasks\\..",
]  # fmt: skip


def numbers(html: str) -> list[str]:
    return re.findall(r'<a href="/cases/([SY]\d+)">', html)


def test_given_no_session_when_a_page_is_asked_then_login_and_back(pages: Pages) -> None:
    browser = pages.browser()
    asked = browser.get(f"/cases/{APPEAL_NO}?done=sign_task")
    assert (303, True) == (asked.status_code, asked.headers["Location"].startswith("/login?next=%2Fcases%2F"))
    login = {"username": "lishan", "password": PASSWORD, "next": f"/cases/{APPEAL_NO}"}
    assert f"/cases/{APPEAL_NO}" == browser.post("/login", data=login, headers=ORIGIN).headers["Location"]


def test_given_a_foreign_address_when_logging_in_then_it_leads_home(pages: Pages) -> None:
    for foreign in FOREIGN:
        login = {"username": "lishan", "password": PASSWORD, "next": foreign}
        assert "/" == pages.browser().post("/login", data=login, headers=ORIGIN).headers["Location"]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_given_a_foreign_address_when_choosing_the_print_then_it_leads_home(pages: Pages, foreign: str) -> None:
    answer = pages.browser().get("/public/print-size", query_string={"large": "1", "next": foreign})
    assert (303, "/") == (answer.status_code, answer.headers["Location"])


def test_given_a_name_no_column_holds_when_logging_in_then_as_with_a_wrong_password(pages: Pages) -> None:
    login = {"username": "li\x00shan", "password": PASSWORD}
    answer = pages.browser().post("/login", data=login, headers=ORIGIN)
    assert (401, True) == (answer.status_code, "用户名或密码不对" in answer.text)


def test_given_a_wrong_password_when_logging_in_then_the_page_says_so(pages: Pages) -> None:
    login = {"username": "lishan", "password": "wrong"}
    answer = pages.browser().post("/login", data=login, headers=ORIGIN)
    assert (401, True, True) == (answer.status_code, "用户名或密码不对" in answer.text, 'value="lishan"' in answer.text)


def test_given_a_session_when_logged_out_then_it_is_over(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    token = re.search(r'name="csrf_token" value="([^"]+)"', lishan.get("/").text)[1]
    assert 403 == lishan.post("/logout", data={}, headers=ORIGIN).status_code
    assert 303 == lishan.post("/logout", data={"csrf_token": token}, headers=ORIGIN).status_code
    assert 303 == lishan.get("/").status_code


def test_given_cases_when_the_handler_looks_then_the_least_time_left_comes_first(pages: Pages) -> None:
    soon = Teller("S202407060104000059")
    register(soon, uid("soon"))
    tell(pages.store, soon.events)
    html = pages.as_user("lishan").get("/").text
    assert (["S202407060104000059", APPEAL_NO], True) == (numbers(html), "已超时 3 天 1 小时" in html)


def test_given_another_street_when_its_grid_worker_looks_then_only_their_own_is_there(pages: Pages) -> None:
    assert [HAZARD_NO] == numbers(pages.as_user("lili").get("/").text)


def test_given_intake_is_away_when_looking_then_the_desk_stands_without_titles(pages: Pages) -> None:
    pages.peers.answers["list_appeals"] = Unavailable("消息总线暂时不可用")
    html = pages.as_user("lishan").get("/").text
    assert (True, True, [APPEAL_NO]) == ("标题暂时读不到" in html, f"编号 {APPEAL_NO}" in html, numbers(html))


def test_given_a_drafted_whistle_when_the_street_looks_then_it_waits_for_approval(pages: Pages) -> None:
    number = "S202407060104000067"
    told, about = Teller(number), {"kind": "APPEAL", "id": uid("third"), "number": number}
    register(told, uid("third"))
    told.say(70, WhistleDrafted, uid(f"whistle {number}"), source=about)
    tell(pages.store, told.events)
    waits = [user for user in ("street", "lishan", "lili") if "待批准吹哨" in pages.as_user(user).get("/").text]
    assert ["street"] == waits


def test_given_tasks_when_the_receiver_looks_then_each_has_its_clock_and_next_step(pages: Pages) -> None:
    html = pages.as_user("hewenbin").get("/tasks").text
    assert (True, True, True) == ("已送达" in html, "/do/sign_task" in html, "还剩" in html or "已超时" in html)


def test_given_nobody_answers_when_the_receiver_looks_then_the_clocks_are_there_still(pages: Pages) -> None:
    pages.peers.answers["list_tasks"] = Unavailable("消息总线暂时不可用")
    html = pages.as_user("hewenbin").get("/tasks").text
    assert (True, False, True) == ("暂时读不到" in html, "/do/sign_task" in html, "丽景街司法所" in html)


def test_given_a_grid_worker_when_asking_for_a_units_desk_then_forbidden(pages: Pages) -> None:
    assert 403 == pages.as_user("lishan").get("/tasks").status_code


def test_given_finished_tasks_when_the_whistler_looks_then_they_wait_for_the_check(pages: Pages) -> None:
    tell(pages.store, [event for event in a1() if event.time <= at(105)])
    assert 3 == pages.as_user("street").get("/").text.count("待核实")


def test_given_a_reported_result_when_the_clerk_looks_then_it_waits_for_the_follow_up(pages: Pages) -> None:
    tell(pages.store, [event for event in a1() if event.time <= at(119)])
    assert (True, False) == (
        "待回访" in pages.as_user("hejing").get("/").text.partition('id="group-elsewhere"')[0],
        "<span class=\"what\">待回访" in pages.as_user("lishan").get("/").text,
    )  # fmt: skip


def test_given_an_objection_when_the_street_looks_then_it_waits_for_the_decision(pages: Pages) -> None:
    told = Teller()
    told.versions = {story.task_id(APPEAL_NO, "falvguwen"): 2}
    about = {"kind": "APPEAL", "id": uid(f"appeal {APPEAL_NO}"), "number": APPEAL_NO}
    tell(pages.store, [story.of_task(told, 73.1, WhistleTaskObjected, "falvguwen", about)])
    assert "待裁定异议" in pages.as_user("street").get("/").text


def test_given_a_resident_when_the_number_and_tail_fit_then_plain_words_and_a_telephone(pages: Pages) -> None:
    asked = {"number": APPEAL_NO.lower(), "phone_tail": "0001"}
    html = pages.browser().post("/public", data=asked, headers=ORIGIN).text
    for words in ("正在调解", "李珊负责到底", "社区已请丽景街司法所", 'href="tel:12345"'):
        assert words in html
    assert (False, False) == ("陈*" in html, "风险" in html)


def test_given_a_wrong_tail_when_asked_then_one_sentence_and_nothing_else(pages: Pages) -> None:
    pages.peers.answers["check_resident"] = NotFound("编号或电话尾号不对")
    asked = {"number": APPEAL_NO, "phone_tail": "9999"}
    answer = pages.browser().post("/public", data=asked, headers=ORIGIN)
    assert (404, True, False) == (answer.status_code, "没有找到" in answer.text, "办理经过" in answer.text)


def test_given_other_spellings_of_a_number_when_tails_are_tried_on_the_page_then_they_count_as_one(
    pages: Pages,
) -> None:
    pages.peers.answers["check_resident"] = NotFound("没有")
    spellings = [f"{APPEAL_NO[0].lower()}{'-' * times}{APPEAL_NO[1:]} " for times in range(11)]
    sent = [{"number": spelling, "phone_tail": "0001"} for spelling in spellings]
    answers_ = [pages.browser().post("/public", data=each, headers=ORIGIN) for each in sent]
    assert [404] * 10 + [429] == [answer.status_code for answer in answers_]


def test_given_large_print_when_chosen_then_it_is_remembered(pages: Pages) -> None:
    browser = pages.browser()
    browser.get("/public/print-size?large=1&next=/public")
    assert 'class="public large"' in browser.get("/public").text
    browser.get("/public/print-size?large=2&next=/public")
    assert 'class="public large largest"' in browser.get("/public").text
    browser.get("/public/print-size?large=0&next=//elsewhere.example")
    assert 'class="public"' in browser.get("/public").text


def test_given_a_notice_when_anybody_looks_then_it_is_there_without_login(pages: Pages) -> None:
    notice = {
        "kind": "HAZARD_REMOVED", "title": "洪北社区隐患消除公示", "body": "已于2024年7月3日消除",
        "visible_from": story.iso(0), "visible_to": story.iso(300),
    }  # fmt: skip
    pages.peers.answers["list_notices"] = answers.page([notice])
    html = pages.browser().get("/notices/yinchuan.xingqing.shandalu.hongbei").text
    assert (True, True) == ("洪北社区隐患消除公示" in html, "隐患消除公示" in html)
    assert 404 == pages.browser().get("/notices/no-such-place!").status_code


@pytest.mark.rule("30")
def test_given_cases_on_a_desk_when_drawn_then_titles_are_asked_by_their_numbers_once_a_kind(pages: Pages) -> None:
    pages.peers.answers["list_appeals"] = lambda command: answers.page(
        [answers.appeal(number=number) for number in command["numbers"]]
    )
    pages.peers.answers["list_hazards"] = answers.page([])
    html = pages.as_user("street").get("/").text
    asked = [call.command["numbers"] for call in pages.peers.calls if call.method.startswith(("list_app", "get_app"))]
    assert ([[APPEAL_NO]], True) == (asked, "卫生间污水倒灌" in html)
