"""The page a signed link of a letter opens: a GET shows, its own forms act, in the receiver's name and once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, DeadlineExceeded, Forbidden, Invalid, NotFound, Unavailable
from contracts import samples
from services.portal.uploads.tables import Upload
from tests.unit.portal.api import pictures
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages, hidden
from tests.unit.portal.readmodel.story import iso

TOKEN = "A" * 68
PATH = f"/t?k={TOKEN}"
UNIT = {"code": "lijingjie-sifasuo", "name": "丽景街司法所", "kind": "STATION"}
HOLDER = {"id": "u-hewenbin", "name": "贺文彬"}
WORDS = "首次协商未果，需专业力量到会释法"
READS = {"read_task_link", "get_task", "list_units"}


def found(link: str = "OPEN", state: str = "ASSIGNED") -> dict[str, Any]:
    return {
        "link": link, "task_id": TASK["id"], "task_state": state, "whistle_number": samples.WHISTLE_NO,
        "area_path": "yinchuan.xingqing.lijingjie", "unit": UNIT,
        "receiver": None if link == "OFF_ROSTER" else HOLDER,
    }  # fmt: skip


def task(state: str, *commands: str, **more: Any) -> dict[str, Any]:
    return answers.task("lijingjie-sifasuo", state, *commands, **{"notes": [], "parts": [], **more})


TASK = task("ASSIGNED", "sign_task", "object_task", "call_further")
SIGNED = task("SIGNED", "report_in", "object_task", signed_at=iso(72.5))
AT_WORK = task("REPORTED_IN", "progress_task", "finish_task", "call_further", signed_at=iso(72), reported_in_at=iso(73))
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}


@pytest.fixture
def linked(pages: Pages) -> Pages:
    return stands(pages, TASK)


def stands(pages: Pages, view: dict[str, Any], **answers: Any) -> Pages:
    unit_list = {"items": [{"code": "yinhong-wuye", "name": "银虹物业公司"}], "next_cursor": None}
    pages.peers.answers |= {"read_task_link": found(state=view["state"]), "get_task": view, "list_units": unit_list}
    pages.peers.answers |= answers
    return pages


def opened(pages: Pages) -> Any:
    return pages.browser().get(PATH)


def send(pages: Pages, method: str, html: str | None = None, **entered: Any) -> Any:
    fields = hidden(html or opened(pages).text, method)
    return pages.browser().post(f"/t/do/{method}?k={TOKEN}", data={**fields, **entered}, headers=ORIGIN)


def asked(pages: Pages, method: str) -> list[Any]:
    return [call for call in pages.peers.calls if call.method == method]


def methods(pages: Pages) -> set[str]:
    return {call.method for call in pages.peers.calls}


def rows(pages: Pages) -> int:
    with pages.store.transaction() as session:
        return len(session.scalars(select(Upload)).all())


def test_given_a_link_when_opened_then_what_is_asked_and_the_next_steps_stand_there_without_a_login(
    linked: Pages,
) -> None:
    page = opened(linked)
    words = ("丽景街司法所", WORDS, "签收期限", samples.WHISTLE_NO, "贺文彬的名义", "提异议", "/t/do/sign_task?k=")
    assert (200, []) == (page.status_code, [word for word in words if word not in page.text])
    assert [] == [word for word in ("call_further", 'name="version"', "<script", "data-outdoors") if word in page.text]


@pytest.mark.parametrize("method", ["get", "head"])
def test_given_a_scanner_when_it_opens_the_link_again_and_again_then_nothing_is_changed(
    linked: Pages, method: str
) -> None:
    for path in (PATH, PATH, f"{PATH}&done=sign_task", f"/t/do/sign_task?k={TOKEN}"):
        getattr(linked.browser(), method)(path)
    assert set() == methods(linked) - READS


def test_given_the_page_when_signed_then_dispatch_is_asked_in_the_receiver_s_name_with_their_one_role(
    linked: Pages,
) -> None:
    answer = send(linked, "sign_task")
    (call,) = asked(linked, "sign_task")
    who = linked.environ["shaodao.process"].verifier.verify(call.how["identity"], linked.clock())
    assert (303, f"{PATH}&done=sign_task") == (answer.status_code, answer.location)
    assert (HOLDER["id"], "link", [("RECEIVER", UNIT["code"])]) == (
        who.id, who.kind, [(grant.role, grant.unit) for grant in who.grants],
    )  # fmt: skip
    assert ("dispatch", TASK["id"]) == (call.service, call.command["task_id"])


def test_given_the_form_sent_twice_when_taken_then_both_go_under_one_key_and_the_page_says_it_is_done(
    linked: Pages,
) -> None:
    html = opened(linked).text
    places = [send(linked, "sign_task", html).location for _ in range(2)]
    keys = {call.how["idempotency_key"] for call in asked(linked, "sign_task")}
    assert (1, 1) == (len(set(places)), len(keys))
    stands(linked, SIGNED)
    page = linked.browser().get(places[1]).text
    assert (True, True, False) == ("已提交：签收" in page, "已经办了" in page, "/t/do/sign_task" in page)


def test_given_a_step_that_was_done_in_between_when_sent_then_the_page_says_when_and_that_nothing_happened_twice(
    linked: Pages,
) -> None:
    html = opened(linked).text
    stands(linked, SIGNED, sign_task=Conflict("现在的状态不允许", allowed_states=["ASSIGNED"]))
    page = send(linked, "sign_task", html)
    assert (409, True, True) == (page.status_code, "已经签收，没有重复办理" in page.text, "report_in" in page.text)


def test_given_a_form_that_names_another_task_when_sent_then_it_is_the_link_s_task_all_the_same(linked: Pages) -> None:
    send(linked, "sign_task", task_id=samples.TASK)
    assert TASK["id"] == asked(linked, "sign_task")[0].command["task_id"]


def test_given_an_objection_when_sent_then_it_goes_with_its_ground_and_the_units_to_choose_from(linked: Pages) -> None:
    page = opened(linked).text
    entered = {"reason_code": "NOT_OUR_DUTY", "legal_basis": "《物业管理条例》", "proposed_unit": "yinhong-wuye"}
    send(linked, "object_task", page, **entered)
    (call,) = asked(linked, "object_task")
    assert (True, entered) == ("银虹物业公司" in page, {name: call.command[name] for name in entered})


def test_given_a_task_under_way_when_finished_then_the_photo_is_kept_as_the_receiver_s_and_named(pages: Pages) -> None:
    stands(pages, AT_WORK)
    photo = (BytesIO(pictures.picture("PNG")), "after.png")
    answer = send(pages, "finish_task", result_text="已到会释法", evidence=photo)
    (call,) = asked(pages, "finish_task")
    with pages.store.transaction() as session:
        kept = session.scalars(select(Upload)).one()
        assert ([HOLDER["id"]], True) == (kept.brought_by, kept.attached_at is not None)
        assert [(kept.sha256, "AFTER")] == [(each["sha256"], each["stage"]) for each in call.command["evidence"]]
    assert 303 == answer.status_code


def test_given_something_left_out_when_finished_then_the_page_says_what_beside_the_field(pages: Pages) -> None:
    stands(pages, AT_WORK, finish_task=Invalid.because({"evidence": ["办结必须附佐证材料"]}))
    page = send(pages, "finish_task", result_text="已到会释法")
    assert (422, True, True) == (page.status_code, "办结必须附佐证材料" in page.text, "已到会释法" in page.text)


def test_given_a_rated_task_when_appealed_against_then_dispatch_is_asked_in_the_receiver_s_name(pages: Pages) -> None:
    stands(pages, task("RATED", "appeal_rating", signed_at=iso(72)), appeal_rating=task("RATED"))
    send(pages, "appeal_rating", reason="已按约定时间到会")
    (call,) = asked(pages, "appeal_rating")
    assert (TASK["id"], "已按约定时间到会") == (call.command["task_id"], call.command["reason"])


@pytest.mark.parametrize("method", ["call_further", "confirm_task", "register_appeal", "rate_task", "nothing"])
def test_given_what_is_no_step_of_a_receiver_when_sent_then_there_is_no_such_thing(linked: Pages, method: str) -> None:
    answer = linked.browser().post(f"/t/do/{method}?k={TOKEN}", headers=ORIGIN)
    assert (404, set()) == (answer.status_code, methods(linked) - READS)


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "0" * 64}])
def test_given_a_form_this_page_did_not_draw_when_sent_then_nothing_is_done(linked: Pages, form: Any) -> None:
    answer = linked.browser().post(f"/t/do/sign_task?k={TOKEN}", data=form, headers=ORIGIN)
    assert (403, set()) == (answer.status_code, methods(linked) - READS)


def test_given_the_form_of_one_link_when_sent_with_another_then_nothing_is_done(linked: Pages) -> None:
    fields = hidden(opened(linked).text, "sign_task")
    answer = linked.browser().post(f"/t/do/sign_task?k={'B' * 68}", data=fields, headers=ORIGIN)
    assert (403, set()) == (answer.status_code, methods(linked) - READS)


def test_given_another_site_when_it_sends_the_form_then_nothing_is_done(linked: Pages) -> None:
    fields = hidden(opened(linked).text, "sign_task")
    there = {"Origin": "https://elsewhere.example"}
    answer = linked.browser().post(f"/t/do/sign_task?k={TOKEN}", data=fields, headers=there)
    assert (403, set()) == (answer.status_code, methods(linked) - READS)


@pytest.mark.parametrize(("link", "state", "words"), [
    ("SETTLED", "CANCELLED", "已经了结"), ("SETTLED", "RATED", "已经了结"),
    ("OFF_ROSTER", "SIGNED", "不在本单位的接哨员名册上"), ("WITHDRAWN", "ASSIGNED", "不再凭信件办理"),
])  # fmt: skip
def test_given_a_link_that_is_over_when_opened_or_sent_then_it_shows_where_it_stands_and_no_more(
    linked: Pages, link: str, state: str, words: str
) -> None:
    fields = hidden(opened(linked).text, "sign_task")
    linked.peers.calls.clear()
    linked.peers.answers["read_task_link"] = found(link, state)
    got = opened(linked)
    sent = linked.browser().post(f"/t/do/sign_task?k={TOKEN}", data=fields, headers=ORIGIN)
    for page in (got, sent):
        assert (200, True, False, False) == (
            page.status_code, words in page.text, WORDS in page.text, "/t/do/" in page.text,
        )  # fmt: skip
    assert {"read_task_link"} == methods(linked)


@pytest.mark.parametrize(("answer", "status", "words"), [
    (NotFound("链接无效"), 404, "链接不完整、被改动过"),
    (Invalid.because({"token": ["链接不完整"]}), 404, "再寄一个链接"),
    (found("EXPIRED"), 410, "已经过期"),
])  # fmt: skip
def test_given_a_link_that_is_none_when_opened_or_sent_then_the_page_says_so_and_how_to_get_another(
    linked: Pages, answer: Any, status: int, words: str
) -> None:
    linked.peers.answers["read_task_link"] = answer
    got = opened(linked)
    sent = linked.browser().post(f"/t/do/sign_task?k={TOKEN}", headers=ORIGIN)
    for page in (got, sent):
        assert (status, True, True) == (page.status_code, words in page.text, "/t/again" in page.text)
        assert (False, False) == (WORDS in page.text, samples.WHISTLE_NO in page.text)
    assert {"read_task_link"} == methods(linked)


@pytest.mark.parametrize("path", ["/t", "/t?k=", "/t?k=%00", "/t?k=" + "x" * 5000, "/t?k=" + "信" * 70])
def test_given_an_odd_link_when_opened_then_it_is_a_page_and_no_fault(linked: Pages, path: str) -> None:
    linked.peers.answers["read_task_link"] = NotFound("链接无效")
    assert 404 == linked.browser().get(path).status_code


@pytest.mark.parametrize("trouble", [Unavailable("busy"), DeadlineExceeded("late"), NotFound("gone"), Forbidden("no")])
def test_given_dispatch_away_when_the_link_is_opened_then_the_page_says_so_and_keeps_the_token_to_itself(
    linked: Pages, trouble: Exception
) -> None:
    linked.peers.answers["get_task"] = trouble
    page = opened(linked)
    assert (trouble.status, False) == (page.status_code, TOKEN in page.text)  # type: ignore[attr-defined]
    assert PRIVATE.items() <= dict(page.headers).items()


@pytest.mark.parametrize("path", [PATH, "/t"])
def test_given_the_page_when_answered_then_nobody_is_told_its_address_and_nothing_is_kept(
    linked: Pages, path: str
) -> None:
    assert PRIVATE.items() <= dict(linked.browser().get(path).headers).items()
    assert PRIVATE.items() <= dict(linked.browser().post("/t/do/sign_task?k=x", headers=ORIGIN).headers).items()


def test_given_a_whistle_s_number_when_a_new_link_is_asked_for_then_the_answer_is_the_same_for_any(
    linked: Pages,
) -> None:
    texts = []
    for sent in (1, 0):
        linked.peers.answers["send_task_link"] = {"sent": sent}
        form = {"number": samples.WHISTLE_NO.lower()}
        texts.append(linked.browser().post("/t/again", data=form, headers=ORIGIN).text)
    assert (1, True) == (len(set(texts)), "请查收新的信" in texts[0])
    assert {samples.WHISTLE_NO} == {call.command["number"] for call in asked(linked, "send_task_link")}


def test_given_no_number_when_a_new_link_is_asked_for_then_the_field_says_what_is_wrong(linked: Pages) -> None:
    linked.peers.answers["send_task_link"] = Invalid.because({"number": ["编号应为一个字母加 18 位数字"]})
    page = linked.browser().post("/t/again", data={"number": "x"}, headers=ORIGIN)
    assert (422, True) == (page.status_code, "请对照信件标题" in page.text)


def test_given_one_address_when_it_asks_too_often_for_links_then_it_waits(linked: Pages) -> None:
    linked.peers.answers["send_task_link"] = {"sent": 0}
    form = {"number": samples.WHISTLE_NO}
    statuses = [linked.browser().post("/t/again", data=form, headers=ORIGIN).status_code for _ in range(11)]
    assert [200] * 10 + [429] == statuses
    assert 10 == len(asked(linked, "send_task_link"))


def test_given_large_print_when_chosen_then_the_page_comes_back_larger_and_the_address_stays_out_of_any_link(
    linked: Pages,
) -> None:
    page = linked.browser().post(PATH, data={"print": "1"}, headers=ORIGIN)
    assert (200, True, False) == (page.status_code, 'class="public large"' in page.text, "print-size" in page.text)
    assert set() == methods(linked) - READS


@pytest.mark.parametrize("view", [TASK, SIGNED, AT_WORK], ids=lambda view: view["state"])
def test_given_the_page_when_read_by_a_machine_then_it_is_well_made(pages: Pages, view: dict[str, Any]) -> None:
    page = Outline(opened(stands(pages, view)).text)
    assert ([], [], [], "zh-CN", True) == (page.unbalanced, page.unlabelled, page.inline, page.lang, page.skip)
    assert (1, len(page.ids)) == (page.headings.count("h1"), len(set(page.ids)))


def test_given_a_member_of_staff_who_is_logged_in_when_they_open_a_link_then_nothing_of_theirs_stands_there(
    linked: Pages,
) -> None:
    page = linked.as_user("lishan").get(PATH).text
    assert (False, False) == ("<script" in page, "李珊" in page)
