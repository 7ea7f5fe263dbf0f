"""The code on a shop's door opens its public record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chassis.errors import NotFound
from contracts import samples
from kernel.numbers import case_number
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import COMMUNITY

NUMBER = case_number("H", date(2024, 7, 8), "0104", 1)
DUTIES = ["包卫生", "包绿化"]
RECORD: dict[str, Any] = {
    "number": NUMBER, "state": "TO_CORRECT", "name": "老马拉面", "area_path": COMMUNITY, "duties": DUTIES,
    "checked_at": samples.NOON, "failed": ["包卫生"],
}  # fmt: skip


@pytest.fixture
def shop(pages: Pages) -> Pages:
    pages.peers.answers["get_shop_record"] = RECORD
    return pages


@pytest.mark.row("S2.21")
def test_given_the_code_when_scanned_then_duties_and_the_last_check_are_read_without_a_login(shop: Pages) -> None:
    page = shop.browser().get(f"/s/{NUMBER}").text
    words = ("老马拉面", "待整改", "包绿化", "包卫生：<strong>上次检查不合格", f"/r/{COMMUNITY}")
    assert [] == [word for word in words if word not in page]


def test_given_a_shop_never_checked_when_scanned_then_the_page_says_so(shop: Pages) -> None:
    shop.peers.answers["get_shop_record"] = {**RECORD, "checked_at": None, "failed": [], "state": "OPEN"}
    page = shop.browser().get(f"/s/{NUMBER}").text
    assert ("还没有检查过" in page, "不合格" in page) == (True, False)


def test_given_a_shop_when_its_poster_is_opened_then_the_code_leads_to_its_page(shop: Pages) -> None:
    page = shop.browser().get(f"/s/{NUMBER}/poster").text
    assert (True, True) == ("data:image/svg+xml" in page, f"/s/{NUMBER}" in page)


@pytest.mark.parametrize("path", [f"/s/{NUMBER}", f"/s/{NUMBER}/poster"])
def test_given_no_such_shop_when_scanned_then_it_is_not_found(pages: Pages, path: str) -> None:
    pages.peers.answers["get_shop_record"] = NotFound("没有找到这个编号")
    assert 404 == pages.browser().get(path).status_code
