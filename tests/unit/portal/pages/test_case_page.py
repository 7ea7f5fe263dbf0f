"""One page a case: what it shows to whom, and what it says when a service does not answer."""

from __future__ import annotations

from io import BytesIO

import pytest

from chassis.errors import Conflict, DeadlineExceeded, Invalid, NotFound, Unavailable
from contracts import samples
from services.portal.pages.fields import read
from services.portal.pages.forms import FORMS
from tests.unit.portal.api.pictures import picture
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Pages, hidden
from tests.unit.portal.readmodel import story
from tests.unit.portal.readmodel.looking import tell
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO, a1, at, task_id

CASE = f"/cases/{APPEAL_NO}"
TASK = task_id(APPEAL_NO, "lijingjie-sifasuo")


def test_given_the_handler_when_looking_then_everything_of_the_case_is_on_one_page(pages: Pages) -> None:
    html = pages.as_user("lishan").get(CASE).text
    for words in ("卫生间污水倒灌", "银虹社区第3网格5号楼2单元", "还剩 6 天 22 小时", "首问负责", "丽景街司法所",
                  "已超时 18 分钟", "邻里纠纷", "打开协议书", "诉求登记"):  # fmt: skip
        assert words in html


def test_given_a_grid_worker_of_another_street_when_looking_then_not_found(pages: Pages) -> None:
    lili = pages.as_user("lili")
    assert (404, 200) == (lili.get(CASE).status_code, lili.get(f"/cases/{HAZARD_NO}").status_code)


def test_given_a_unit_that_was_not_called_when_looking_then_not_found(pages: Pages) -> None:
    assert 404 == pages.as_user("dianli").get(CASE).status_code


def test_given_a_called_unit_when_looking_then_it_sees_its_task_and_nobodys_name(pages: Pages) -> None:
    html = pages.as_user("hewenbin").get(CASE).text
    assert (True, False, False) == ("报到" in html, "陈*" in html, "赵*" in html)
    assert "get_appeal" not in {call.method for call in pages.peers.calls}


def test_given_a_mediator_when_the_case_is_in_mediation_then_it_is_in_sight_and_a_hazard_is_not(pages: Pages) -> None:
    mediator = pages.as_user("shixiuying")
    assert (200, 404) == (mediator.get(CASE).status_code, mediator.get(f"/cases/{HAZARD_NO}").status_code)


def test_given_a_secret_reporter_when_staff_look_then_no_name_is_anywhere(pages: Pages) -> None:
    number = "S202407060104000075"
    tell(pages.store, a1(secret=True, number=number))
    pages.peers.answers["get_appeal"] = answers.appeal(number=number, secret=True, reporter=None)
    lishan = pages.as_user("lishan")
    found = [lishan.get(f"/cases/{number}").text, lishan.get(f"/api/cases/{number}/timeline").text]
    assert [[], []] == [[name for name in ("陈*", "赵*", samples.RESIDENT) if name in text] for text in found]
    assert "（保密）" in found[0]


def test_given_mediation_does_not_answer_when_looking_then_the_rest_is_there_and_the_page_says_so(pages: Pages) -> None:
    pages.peers.answers["get_case"] = DeadlineExceeded("服务未能在时限内答复")
    answer = pages.as_user("lishan").get(CASE)
    assert (200, True, True, False) == (
        answer.status_code, "调解记录暂时读不到" in answer.text, "卫生间污水倒灌" in answer.text,
        "<h2>人民调解</h2>" in answer.text,
    )  # fmt: skip


def test_given_no_service_answers_when_looking_then_head_and_timeline_stand(pages: Pages) -> None:
    for method in ("get_appeal", "list_whistles", "get_case", "list_areas", "list_units"):
        pages.peers.answers[method] = Unavailable("消息总线暂时不可用")
    answer = pages.as_user("lishan").get(CASE)
    assert (200, True, True) == (answer.status_code, "诉求登记" in answer.text, "暂时读不到" in answer.text)


def test_given_there_is_no_mediation_when_asked_then_nothing_is_said_to_be_missing(pages: Pages) -> None:
    pages.peers.answers["get_case"] = NotFound("没有找到对应的调解案件")
    assert "暂时读不到" not in pages.as_user("lishan").get(CASE).text


def test_given_the_allowed_commands_when_drawn_then_only_those_have_buttons(pages: Pages) -> None:
    html = pages.as_user("lishan").get(CASE).text
    there = [method for method in ("record_handling", "confirm_task", "rate_task", "sign_agreement", "sign_task",
                                   "report_result", "approve_whistle") if f"/do/{method}" in html]  # fmt: skip
    assert ["record_handling", "confirm_task", "rate_task", "sign_agreement"] == there


def test_given_a_form_when_sent_then_the_service_is_asked_with_identity_key_and_version(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    sent = hidden(lishan.get(CASE).text, "confirm_task")
    pages.peers.answers["confirm_task"] = answers.task("lijingjie-sifasuo", "CONFIRMED")
    answer = lishan.post(f"{CASE}/do/confirm_task", data=sent, headers=ORIGIN)
    call = next(call for call in pages.peers.calls if call.method == "confirm_task")
    assert (303, {"task_id": TASK}, sent["key"], 7) == (
        answer.status_code, call.command, call.how["idempotency_key"], call.how["expected_version"],
    )  # fmt: skip
    assert "已提交" in lishan.get(answer.headers["Location"]).text


def test_given_a_rating_when_sent_then_numbers_are_numbers(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    points = {"timeliness": "20", "attendance": "18", "effect": "36", "cooperation": "20", "comment": ""}
    sent = {**hidden(lishan.get(CASE).text, "rate_task"), **points}
    lishan.post(f"{CASE}/do/rate_task", data=sent, headers=ORIGIN)
    call = next(call for call in pages.peers.calls if call.method == "rate_task")
    rated = {"timeliness": 20, "attendance": 18, "effect": 36, "cooperation": 20, "comment": None}
    assert {**rated, "task_id": task_id(APPEAL_NO, "falvguwen")} == call.command


def test_given_the_signer_is_a_party_when_sent_then_party_and_role_are_told_apart(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    chosen = {"signer": f"PARTY:{samples.PARTY_B}", "manner": "FINGERPRINT"}
    sent = {**hidden(lishan.get(CASE).text, "sign_agreement"), **chosen}
    lishan.post(f"{CASE}/do/sign_agreement", data=sent, headers=ORIGIN)
    call = next(call for call in pages.peers.calls if call.method == "sign_agreement")
    assert ("PARTY", samples.PARTY_B, "FINGERPRINT") == (
        call.command["signer"], call.command["party_id"], call.command["manner"],
    )  # fmt: skip


def test_given_photos_when_sent_then_they_are_kept_and_named_by_their_fingerprint(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    words = {"how": "ON_SITE", "stage": "PROGRESS", "content": "换了水管", "told_citizen": "1"}
    photo = (BytesIO(picture("PNG")), "现场.png")
    sent = {**hidden(lishan.get(CASE).text, "record_handling"), **words, "attachments": photo}
    lishan.post(f"{CASE}/do/record_handling", data=sent, headers=ORIGIN, content_type="multipart/form-data")
    call = next(call for call in pages.peers.calls if call.method == "record_handling")
    (kept,) = call.command["attachments"]
    assert ("PHOTO", "DURING", 64, True) == (
        kept["kind"], kept["stage"], len(kept["sha256"]), call.command["told_citizen"],
    )  # fmt: skip


@pytest.mark.rule("26")
def test_given_more_photos_than_are_taken_when_sent_then_none_is_dropped_without_a_word(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    words = {"how": "ON_SITE", "stage": "PROGRESS", "content": "换了水管，试了两次水"}
    photos = [(BytesIO(picture("PNG", colour=(number, 0, 0))), f"{number}.png") for number in range(10)]
    sent = {**hidden(lishan.get(CASE).text, "record_handling"), **words, "attachments": photos}
    answer = lishan.post(f"{CASE}/do/record_handling", data=sent, headers=ORIGIN, content_type="multipart/form-data")
    assert (422, True) == (answer.status_code, "一次最多 9 个文件，您选了 10 个" in answer.text)
    assert "record_handling" not in [call.method for call in pages.peers.calls]


def test_given_the_service_refuses_when_sent_then_the_form_is_open_with_what_was_entered(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    entered = {"how": "ON_SITE", "stage": "PROGRESS", "content": "换了水管，试了两次"}
    sent = {**hidden(lishan.get(CASE).text, "record_handling"), **entered}
    pages.peers.answers["record_handling"] = Invalid.because({"content": ["长度应为 10 到 5000 个字"]})
    answer = lishan.post(f"{CASE}/do/record_handling", data=sent, headers=ORIGIN)
    assert (422, True, True, True, True) == (
        answer.status_code, "换了水管，试了两次" in answer.text, "✕ 长度应为 10 到 5000 个字" in answer.text,
        '<details class="act" open id="record_handling-' in answer.text, sent["key"] in answer.text,
    )  # fmt: skip


def test_given_a_conflict_when_sent_then_the_page_says_which_states_would_do(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    sent = hidden(lishan.get(CASE).text, "confirm_task")
    pages.peers.answers["confirm_task"] = Conflict("核实办结在此状态下不能办", allowed_states=["FINISHED"])
    answer = lishan.post(f"{CASE}/do/confirm_task", data=sent, headers=ORIGIN)
    assert (409, True, True) == (answer.status_code, "没有办成" in answer.text, "可以办：已办结" in answer.text)


def test_given_a_form_of_another_session_when_sent_then_refused_and_nothing_asked(pages: Pages) -> None:
    lishan = pages.as_user("lishan")
    sent = {**hidden(lishan.get(CASE).text, "confirm_task"), "csrf_token": "forged"}
    answers_ = [
        lishan.post(f"{CASE}/do/confirm_task", data=sent, headers=ORIGIN),
        lishan.post(f"{CASE}/do/confirm_task", data=sent, headers={"Origin": "http://elsewhere.example"}),
    ]
    assert [403, 403] == [each.status_code for each in answers_]
    assert "confirm_task" not in {call.method for call in pages.peers.calls}


@pytest.mark.parametrize(
    "odd", [{"version": "9" * 20}, {"version": "²"}, {"version": "-1"}, {"key": "\x00" * 36}, {"key": "short"}]
)
def test_given_an_odd_version_or_key_when_sent_then_refused_and_nothing_asked(
    pages: Pages, odd: dict[str, str]
) -> None:
    lishan = pages.as_user("lishan")
    sent = {**hidden(lishan.get(CASE).text, "record_contact"), "how": "PHONE", **odd}
    answer = lishan.post(f"{CASE}/do/record_contact", data=sent, headers=ORIGIN)
    asked = "record_contact" in {call.method for call in pages.peers.calls}
    assert (422, True, False) == (answer.status_code, "没有办成" in answer.text, asked)


@pytest.mark.parametrize(("told", "expected"), [("1", 1), ("²", "²"), ("9" * 20, "9" * 20), ("", None)])
def test_given_a_term_when_sent_then_only_a_number_becomes_one(told: str, expected: object) -> None:
    entered = {"term_no": told}
    (term,) = (field for field in FORMS["record_performance"].fields if field.name == "term_no")
    assert expected == read(term, entered)


def test_given_a_form_token_that_is_no_token_when_sent_then_refused(pages: Pages) -> None:
    answer = pages.as_user("lishan").post(f"{CASE}/do/confirm_task", data={"csrf_token": "²"}, headers=ORIGIN)
    assert 403 == answer.status_code


def test_given_an_unknown_command_when_sent_then_not_found(pages: Pages) -> None:
    answer = pages.as_user("lishan").post(f"{CASE}/do/register_appeal", data={}, headers=ORIGIN)
    assert 404 == answer.status_code


def test_given_the_follow_up_is_due_when_the_clerk_looks_then_its_forms_are_there(pages: Pages) -> None:
    tell(pages.store, [event for event in a1() if event.time <= at(119)])
    pages.peers.answers["get_appeal"] = answers.appeal(state="RESULT_REPORTED")
    html = pages.as_user("hejing").get(CASE).text
    assert (True, True) == ("/do/attempt_follow_up" in html, "/do/complete_follow_up" in html)
    assert story.APPEAL_NO in html
