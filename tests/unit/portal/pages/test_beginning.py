"""Pages on which work begins, for staff and for residents without an account."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.datastructures import MultiDict

from chassis.errors import Invalid
from contracts import samples
from tests.unit.portal.api.pictures import picture
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import ORIGIN, Outline, Pages, account
from tests.unit.portal.readmodel.story import APPEAL_NO, COMMUNITY, STAIRWELL

RECEIPT = {
    "number": APPEAL_NO, "created_at": "2024-07-06T01:00:00Z", "promise_at": None,
    "first_responder": {"name": "李珊"},
}  # fmt: skip
REPORT = {
    "key": "a-key-of-the-test", "area_path": STAIRWELL, "content": "下水堵了，污水漫到楼道。",
    "place_text": "301室",
    "name": "陈桂兰", "phone": "13900000101",
}  # fmt: skip
TOLD = {"content": "路灯不亮。晚上看不见", "area_path": STAIRWELL, "place_text": "楼前",
        "category": "other.unsorted.any", "channel": "VISIT", "nature": "HELP", "danger_flags:FIRE": "1"}  # fmt: skip


def asked(pages: Pages, method: str) -> list[dict[str, object]]:
    return [call.command for call in pages.peers.calls if call.method == method]


def token(html: str) -> str:
    return html.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_given_a_resident_when_tapping_down_the_tree_then_one_comes_to_the_form_of_the_place(pages: Pages) -> None:
    browser = pages.browser()
    first, last = browser.get("/report").text, browser.get(f"/report?at={STAIRWELL}").text
    form = browser.get(f"/report?at={STAIRWELL}&here=1").text
    assert ("丽景街街道" in first, f"at={STAIRWELL}&amp;here=1" in last, "5号楼2单元" in form) == (True, True, True)


def test_given_a_sentence_and_a_photo_when_sent_then_registered_and_the_number_shown(pages: Pages) -> None:
    pages.peers.answers["register_appeal"] = RECEIPT
    data = MultiDict([*REPORT.items(), ("photos", (BytesIO(picture("PNG")), "a.png"))])
    answer = pages.browser().post("/report", data=data, headers=ORIGIN)
    (sent,) = asked(pages, "register_appeal")
    assert (201, True, "WEB", 1, "下水堵了，污水漫到楼道") == (
        answer.status_code, APPEAL_NO in answer.text, sent["channel"], len(sent["attachments"]), sent["title"],
    )  # fmt: skip


def test_given_a_report_that_is_wrong_when_sent_then_every_word_is_there_again(pages: Pages) -> None:
    answer = pages.browser().post("/report", data={**REPORT, "phone": "1"}, headers=ORIGIN)
    assert (422, True, True) == (
        answer.status_code,
        'id="phone-wrong"' in answer.text,
        REPORT["content"] in answer.text,
    )
    assert [] == asked(pages, "register_appeal")


def test_given_a_form_half_filled_in_when_large_print_is_chosen_then_no_word_is_lost_and_nothing_sent(
    pages: Pages,
) -> None:
    answer = pages.browser().post("/report", data={**REPORT, "print": "1"}, headers=ORIGIN)
    assert (200, True, True) == (answer.status_code, REPORT["content"] in answer.text, "public large" in answer.text)
    assert [] == asked(pages, "register_appeal")


def test_given_an_answer_when_large_print_is_chosen_then_the_answer_stays(pages: Pages) -> None:
    sent = {"number": APPEAL_NO, "phone_tail": "0001", "found": "1", "print": "1"}
    page = pages.browser().post("/public", data=sent, headers=ORIGIN).text
    assert (True, True) == ("正在调解" in page, 'class="public large"' in page)


def test_given_an_address_that_reports_and_reports_when_again_then_it_waits(pages: Pages) -> None:
    pages.peers.answers["register_appeal"] = RECEIPT
    browser = pages.browser()
    sent = [browser.post("/report", data={**REPORT, "key": f"key-number-{no}"}, headers=ORIGIN) for no in range(31)]
    assert [201] * 30 + [429] == [answer.status_code for answer in sent]


def test_given_a_grid_worker_when_registering_then_the_own_places_are_offered_and_the_title_is_the_first_words(
    pages: Pages,
) -> None:
    pages.peers.answers["register_appeal"] = RECEIPT
    lishan = pages.as_user("lishan")
    page = lishan.get("/new/register_appeal").text
    answer = lishan.post("/new/register_appeal", data={**TOLD, "csrf_token": token(page)}, headers=ORIGIN)
    (sent,) = asked(pages, "register_appeal")
    assert (True, 303, "路灯不亮", ["FIRE"], False) == (
        STAIRWELL in page, answer.status_code, sent["title"], sent["danger_flags"], "reporter" in sent,
    )  # fmt: skip


def test_given_a_refused_registration_when_drawn_again_then_ticks_and_words_stand(pages: Pages) -> None:
    pages.peers.answers["register_appeal"] = Invalid.because({"reporter": {"phone": ["电话不对"]}})
    lishan = pages.as_user("lishan")
    sent = {**TOLD, "reporter.phone": "12", "csrf_token": token(lishan.get("/new/register_appeal").text)}
    answer = lishan.post("/new/register_appeal", data=sent, headers=ORIGIN)
    assert (422, True, True, True) == (
        answer.status_code, "✕ 电话不对" in answer.text, TOLD["content"] in answer.text,
        'name="danger_flags:FIRE" value="1" checked' in answer.text,
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/new/register_appeal", "/new/report_hazard"])
def test_given_a_receiver_when_registering_then_forbidden(pages: Pages, path: str) -> None:
    assert 403 == pages.as_user("hewenbin").get(path).status_code


def test_given_a_case_when_the_community_whistles_then_dispatch_is_asked_with_its_source_and_roles(
    pages: Pages,
) -> None:
    account(pages.store, "wangfang", "王芳", ("COMMUNITY", "yinchuan.xingqing.lijingjie.yinhong", "yinhong"))
    wangfang = pages.as_user("wangfang")
    page = wangfang.get(f"/cases/{APPEAL_NO}").text
    told = {
        "kind": "APPEAL", "recipients.0.unit": "lijingjie-sifasuo", "recipients.2.unit": "falvguwen",
        "asked_action": "ATTEND_MEETING", "reason": "请到会", "source.kind": "APPEAL", "source.number": APPEAL_NO,
        "source.id": answers.APPEAL_ID, "area_path": STAIRWELL, "level": "COMMUNITY", "csrf_token": token(page),
    }  # fmt: skip
    answer = wangfang.post(f"/cases/{APPEAL_NO}/do/draft_whistle", data=told, headers=ORIGIN)
    (sent,) = asked(pages, "draft_whistle")
    called = [("lijingjie-sifasuo", "LEAD"), ("falvguwen", "ASSIST")]
    assert (303, answers.ABOUT, called) == (
        answer.status_code, sent["source"], [(one["unit"], one["role"]) for one in sent["recipients"]],
    )  # fmt: skip


def test_given_a_revealed_contact_when_shown_then_once_and_it_can_be_dialled(pages: Pages) -> None:
    pages.peers.answers["reveal_contact"] = {"person_id": "p", "name": "陈桂兰", "phone": "13900000101"}
    lishan = pages.as_user("lishan")
    sent = {"purpose": "电话联系", "csrf_token": token(lishan.get(f"/cases/{APPEAL_NO}").text)}
    shown = lishan.post(f"/cases/{APPEAL_NO}/do/reveal_contact", data=sent, headers=ORIGIN).text
    again = lishan.get(f"/cases/{APPEAL_NO}").text
    assert ('href="tel:13900000101"' in shown, "13900000101" in again) == (True, False)


@pytest.mark.parametrize(
    ("user", "path"),
    [
        (None, "/report"), (None, f"/report?at={STAIRWELL}"), (None, f"/report?at={STAIRWELL}&here=1"),
        ("lishan", "/new/register_appeal"), ("lishan", "/new/report_hazard"), ("lishan", "/new/report_hazard/where"),
        ("lishan", "/find?q=陈阿姨"), ("lishan", "/whistles"), ("shixiuying", "/mediations"), ("shixiuying", "/"),
    ],
)  # fmt: skip
def test_given_a_new_page_when_drawn_then_its_markup_is_sound(pages: Pages, user: str | None, path: str) -> None:
    browser = pages.as_user(user) if user else pages.browser()
    answer = browser.get(path)
    found = Outline(answer.text)
    assert (200, 1, [], [], []) == (
        answer.status_code, found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced,
    )  # fmt: skip
    assert len(found.ids) == len(set(found.ids))


def test_given_a_search_when_it_is_sent_then_what_was_found_stands_above_the_form(pages: Pages) -> None:
    person = {"person_id": samples.RESIDENT, "masked_name": "陈*", "masked_phone": "139****0001"}
    found = {"person": person, "alike": "PHONE", "since": "2024-07-06T01:00:00Z"}
    pages.peers.answers["find_persons"] = {"items": [found]}
    street = pages.as_user("street")
    sent = {"csrf_token": token(street.get("/new/find_persons").text), "area_path": COMMUNITY, "name": "陈桂兰"}
    answer = street.post("/new/find_persons", data=sent, headers=ORIGIN)
    shown = Outline(answer.text)
    assert (200, True, True) == (answer.status_code, "查找居民档案：1 条" in answer.text, "<dd>陈*</dd>" in answer.text)
    assert ('value="陈桂兰"' in answer.text, [], []) == (True, shown.unbalanced, shown.unlabelled)


def test_given_a_question_for_everybody_when_anybody_opens_it_then_with_the_places_of_their_posts(pages: Pages) -> None:
    html = pages.as_user("lishan").get("/new/find_knowledge").text
    assert ("按话查知识库" in html, f'value="{COMMUNITY}.g3"' in html) == (True, True)
