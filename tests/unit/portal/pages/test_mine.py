"""What is held about me: shown after the proof, put right, taken along, asked to go; nothing without the proof."""

from __future__ import annotations

import json

import pytest

from chassis.errors import NotFound
from contracts import samples

PROOF = {"number": samples.APPEAL_NO, "phone_tail": "0001"}
FOUND = {
    "masked_name": "陈*姨",
    "consents": [{"to": "CARE_CALLS"}],
    "erasure": None,
    "stores": [
        {
            "store": "INTAKE",
            "missing": False,
            "items": [
                {"what": "诉求", "number": PROOF["number"], "at": None, "words": [{"label": "标题", "text": "=下水慢"}]}
            ],
        },
        {"store": "NOTIFY", "missing": True, "items": []},
    ],
}


@pytest.fixture
def browser(pages):
    for method in ("show_own_data", "correct_own_data", "withdraw_own_consent", "ask_own_erasure"):
        pages.peers.answers[method] = FOUND
    return pages.browser()


def test_given_the_proof_when_shown_then_every_store_and_what_can_be_done_stand_there(browser):
    page = browser.post("/public/mine", data=PROOF).text
    wanted = ("陈*姨", "诉求受理", "=下水慢", "暂时读不到", "撤回“关怀电话”", "请求删除", "下载表格")
    assert [] == [words for words in wanted if words not in page]


@pytest.mark.parametrize(
    ("act", "given", "asked"),
    [
        ("correct", {"home": "6号楼", "birth_year": "1952"}, {"home": "6号楼", "birth_year": 1952}),
        ("withdraw", {"to": "CARE_CALLS"}, {"to": "CARE_CALLS"}),
        ("erase", {"ground": "PURPOSE_MET"}, {"ground": "PURPOSE_MET"}),
        ("show", {"home": "别处"}, {}),
    ],
)
def test_given_a_button_when_pressed_then_its_service_is_asked_with_its_fields_and_the_proof(
    pages, browser, act, given, asked
):
    assert 200 == browser.post("/public/mine", data={**PROOF, **given, "act": act}).status_code
    assert PROOF | asked == pages.peers.last.command


def test_given_a_copy_when_taken_along_then_it_is_for_programs_or_a_table_without_formulas(browser):
    told = browser.post("/public/mine", data={**PROOF, "act": "json"})
    table = browser.post("/public/mine", data={**PROOF, "act": "csv"})
    assert (FOUND, "no-store") == (json.loads(told.data), told.headers["Cache-Control"])
    assert (True, False) == ("'=下水慢" in table.text, ",=下水慢" in table.text)


def test_given_a_wrong_tail_when_sent_then_the_form_comes_again_and_tells_nothing(pages, browser):
    pages.peers.answers["show_own_data"] = NotFound("编号或电话尾号不对")
    answer = browser.post("/public/mine", data=PROOF)
    assert (404, True, False) == (answer.status_code, "没有找到" in answer.text, "陈*姨" in answer.text)
