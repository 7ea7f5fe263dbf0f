"""Anybody reads two versions of a covenant side by side: what was struck out and what is new is marked and said."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.portal.pages.comparing import pieces
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages

NUMBER = "CO202407050201000015"
QINGHE = "yinchuan.xingqing.zhongshannanjie.qinghe"
LINES = [
    {"change": "SAME", "old": "一、爱护公共设施", "new": "一、爱护公共设施"},
    {"change": "CHANGED", "old": "二、楼道不堆杂物", "new": "二、楼道不堆杂物，不停<电动车>"},
    {"change": "REMOVED", "old": "三、月底大扫除", "new": None},
    {"change": "ADDED", "old": None, "new": "四、晚上十点以后不吵闹"},
]
VERSIONS = [{"no": no, "adopted_at": f"2024-0{no}-05T02:00:00Z", "filed_at": None} for no in (1, 2)]
COMPARED = {
    "number": NUMBER, "kind": "RESIDENTS", "title": "清和社区居民公约", "area_path": QINGHE, "versions": VERSIONS,
    "old": 1, "new": 2, "lines": LINES,
}  # fmt: skip
WORDS = st.text("甲乙丙丁，。", max_size=30)


def page(pages: Pages, query: str = "", **more: Any) -> str:
    pages.peers.answers["compare_covenant"] = {**COMPARED, **more}
    answer = pages.browser().get(f"/covenants/{NUMBER}/comparison{query}")
    assert 200 == answer.status_code
    return answer.text


def test_given_two_versions_when_anybody_opens_them_then_what_was_struck_out_and_what_is_new_is_marked(pages: Pages):
    shown = page(pages)
    assert ["，不停&lt;电动车&gt;", "四、晚上十点以后不吵闹"] == re.findall(r"<ins>([^<]*)</ins>", shown)[1:]
    assert ["三、月底大扫除"] == re.findall(r"<del>([^<]*)</del>", shown)[1:]


def test_given_two_versions_when_opened_then_each_change_is_said_in_words_and_counted(pages: Pages):
    shown = page(pages)
    assert "改了1条，新增1条，删去1条" in shown
    assert ["改了", "删去", "新增"] == re.findall(r'<b class="tag">(.*?)</b>', shown)
    assert ["第1版，2024年1月5日通过", "第2版，2024年2月5日通过"] == re.findall(r"（(第.版，.*?)）</th>", shown)


def test_given_versions_to_choose_when_chosen_then_those_two_are_asked_for_without_scripts(pages: Pages):
    shown = page(pages, "?old=1&new=2")
    (asked,) = [call.command for call in pages.peers.calls if call.method == "compare_covenant"]
    assert {"number": NUMBER, "old": 1, "new": 2} == asked
    assert ['<option value="1" selected>第1版', '<option value="2" selected>第2版'] == re.findall(
        r'<option value="\d" selected>第\d版', shown
    )


def test_given_versions_that_are_the_same_when_opened_then_the_page_says_so(pages: Pages):
    assert "两版没有不同" in page(pages, lines=LINES[:1])


def test_given_a_version_there_is_not_when_asked_for_then_the_page_says_so(pages: Pages):
    pages.peers.answers["compare_covenant"] = Invalid.because({"new": ["只有2版"]})
    answer = pages.browser().get(f"/covenants/{NUMBER}/comparison?new=9")
    assert 422 == answer.status_code


def test_given_a_covenant_on_the_board_when_it_is_listed_then_its_title_leads_to_the_comparison(pages: Pages):
    row = {"number": NUMBER, "state": "FILED", "kind": "RESIDENTS", "title": "清和社区居民公约", "versions": []}
    pages.peers.answers["list_covenant_board"] = answers.page([row])
    assert (
        f'href="/covenants/{NUMBER}/comparison"'
        in pages.browser().get("/covenant-board/yinchuan.xingqing.shandalu.hongbei").text
    )


@given(WORDS, WORDS)
def test_given_any_two_lines_when_marked_then_their_pieces_are_the_lines_and_what_is_unmarked_stands_in_both(old, new):
    left, right = pieces(old, new)
    assert (old, new) == ("".join(each.words for each in left), "".join(each.words for each in right))
    same = [["".join(each.words for each in side if not each.marked)] for side in (left, right)]
    assert same[0] == same[1]
