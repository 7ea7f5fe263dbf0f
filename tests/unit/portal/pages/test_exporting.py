"""The page on which a place's orders are chosen, and the file that comes."""

from __future__ import annotations

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from chassis.errors import Forbidden
from tests.unit.portal.pages.people import Outline, Pages
from tests.unit.portal.pages.test_beginning import asked

STREET = "yinchuan.xingqing.lijingjie"
PAGES = [
    {"columns": ["工单编号"], "items": [{"cells": ["NX1"]}], "next_cursor": "more"},
    {"columns": ["工单编号"], "items": [{"cells": ["=1"]}], "next_cursor": None},
]


@pytest.fixture
def exporting(pages: Pages) -> Pages:
    left = list(PAGES)
    pages.peers.answers["list_orders"] = lambda _: left.pop(0)
    return pages


def file(pages: Pages, form: str) -> bytes:
    return pages.as_user("street").get(f"/orders/file?area_path={STREET}&form={form}&since=2024-07-01").data


def test_given_a_street_when_it_exports_then_every_page_of_rows_is_in_the_workbook(exporting: Pages) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(file(exporting, "xlsx")))
    assert [["工单编号"], ["NX1"], ["=1"]] == book.get_sheet_by_index(0).to_python()
    first, second = asked(exporting, "list_orders")
    assert ("2024-07-01", None, "more") == (first["since"], first["cursor"], second["cursor"])


@pytest.mark.parametrize(("form", "codec"), [("csv", "utf-8-sig"), ("gb18030.csv", "gb18030")])
def test_given_a_csv_when_exported_then_it_is_in_the_encoding_that_was_chosen(
    exporting: Pages, form: str, codec: str
) -> None:
    assert "工单编号\r\nNX1\r\n'=1\r\n" == file(exporting, form).decode(codec)


def test_given_a_refusal_when_exporting_then_it_is_a_page_and_no_half_file(pages: Pages) -> None:
    pages.peers.answers["list_orders"] = Forbidden("不能")
    answer = pages.as_user("street").get(f"/orders/file?area_path={STREET}")
    assert (403, False) == (answer.status_code, "attachment" in answer.headers.get("Content-Disposition", ""))


def test_given_the_page_when_drawn_then_the_own_places_are_offered_to_who_may(pages: Pages) -> None:
    found = Outline(pages.as_user("street").get("/orders").text)
    assert ([], [], []) == (found.unlabelled, found.inline, found.unbalanced)
    assert 403 == pages.as_user("lishan").get("/orders").status_code
