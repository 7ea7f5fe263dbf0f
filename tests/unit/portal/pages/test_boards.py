"""What is posted at a place can be printed for the notice board at its door, in large type."""

from __future__ import annotations

import re
from io import BytesIO

from pypdf import PdfReader

from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel import story

HERE = "/notices/yinchuan.xingqing.shandalu.hongbei/board.pdf"
LARGE = 18.0
AREA = "yinchuan.xingqing.shandalu.hongbei"


def sheet(pages: Pages, *notices: dict[str, str]) -> PdfReader:
    pages.peers.answers["list_notices"] = answers.page(list(notices))
    return PdfReader(BytesIO(pages.browser().get(HERE).data))


def words(paper: PdfReader) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages))


def notice(title: str) -> dict[str, str]:
    shown = {"visible_from": story.iso(0), "visible_to": story.iso(300)}
    return {"kind": "HAZARD_REMOVED", "title": title, "body": "已于2024年7月3日消除", **shown}


def test_given_two_notices_when_printed_by_anybody_then_both_stand_there_in_18_points_with_the_address(pages: Pages):
    paper, sizes = sheet(pages, notice("洪北社区隐患消除公示"), notice("需求清单办理结果")), set[float]()
    paper.pages[0].extract_text(visitor_text=lambda text, m, t, font, size: sizes.add(round(float(size), 1)))
    told = words(paper)
    parts = (
        "1．洪北社区隐患消除公示",
        "2．需求清单办理结果",
        "已于2024年7月3日消除",
        "公示到",
        HERE.rpartition("/")[0],
    )
    assert ([], True) == ([part for part in parts if part not in told], LARGE in sizes)


def test_given_nothing_posted_when_printed_then_the_sheet_says_so(pages: Pages):
    assert "现在没有张贴的内容" in words(sheet(pages))


def test_given_no_such_place_when_printed_then_there_is_none(pages: Pages):
    assert 404 == pages.browser().get("/notices/no-such-place!/board.pdf").status_code


def test_given_service_points_when_words_are_looked_for_then_those_that_say_them_with_a_telephone_to_tap(
    pages: Pages,
) -> None:
    points = [
        {"name": name, "state": "OPEN", "area_path": AREA, "services": does, "rooms": None, "opens": "每天",
         "phone": "0951-6000001", "round_the_clock": False}
        for name, does in (("社区食堂", "老人用餐"), ("社区窗口", "医保、低保"))
    ]  # fmt: skip
    pages.peers.answers["list_service_points"] = {"items": points, "next_cursor": None}
    html = pages.browser().get(f"/service-points/{AREA}?q=低保").text
    assert ("社区窗口" in html, "社区食堂" in html, 'href="tel:0951-6000001"' in html) == (True, False, True)
