"""The code on a shop's door opens its public record."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from chassis.errors import NotFound, Unavailable
from contracts import samples
from kernel.numbers import case_number
from tests.unit.portal.api import pictures
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import COMMUNITY

NUMBER = case_number("H", date(2024, 7, 8), "0104", 1)
DUTIES = ["包卫生", "包绿化"]
NOTICE: dict[str, Any] = {
    "number": case_number("E", date(2024, 7, 8), "0104", 1), "state": "ISSUED", "form": "NOTICE", "legal_basis": None,
    "correct_by": "2024-07-11T16:00:00Z", "faults": ["消防通道堆放货物"],
}  # fmt: skip
RECORD: dict[str, Any] = {
    "number": NUMBER, "state": "TO_CORRECT", "name": "老马拉面", "area_path": COMMUNITY, "duties": DUTIES,
    "checked_at": samples.NOON, "failed": ["包卫生"],
}  # fmt: skip


@pytest.fixture
def shop(pages: Pages) -> Pages:
    pages.peers.answers |= {"get_shop_record": RECORD, "list_open_notices": {"items": [], "next_cursor": None}}
    return pages


@pytest.fixture
def noticed(shop: Pages) -> Pages:
    shop.peers.answers |= {"list_open_notices": {"items": [NOTICE], "next_cursor": None}, "prove_rectification": {}}
    return shop


def send(shop: Pages, notice: str, **more: Any) -> Any:
    photo = (BytesIO(pictures.picture("PNG")), "after.png")
    return shop.browser().post(f"/s/{NUMBER}/proof", data={"notice": notice, "photos": photo, **more})


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


@pytest.mark.row("S2.16")
def test_given_a_notice_when_the_code_is_scanned_then_what_is_to_be_put_right_and_by_when_stand_there(
    noticed: Pages,
) -> None:
    page = noticed.browser().get(f"/s/{NUMBER}").text
    assert [] == [word for word in ("限期整改通知", "消防通道堆放货物", "7月11日", "已经改好") if word not in page]


@pytest.mark.row("S2.16")
def test_given_the_owner_s_photo_when_sent_without_a_login_then_it_is_asked_for_in_the_portal_s_name(
    noticed: Pages,
) -> None:
    answer = send(noticed, NOTICE["number"], note="改好了")
    asked = next(call for call in noticed.peers.calls if call.method == "prove_rectification")
    assert (201, None, 1) == (answer.status_code, asked.how["identity"], len(asked.command["photos"]))


def test_given_a_notice_of_another_shop_when_proof_is_sent_then_it_is_not_found_and_nothing_is_asked(
    noticed: Pages,
) -> None:
    answer = send(noticed, case_number("E", date(2024, 7, 8), "0104", 2))
    assert (404, []) == (answer.status_code, [c for c in noticed.peers.calls if c.method == "prove_rectification"])


def test_given_dispatch_is_away_when_the_code_is_scanned_then_the_record_stands(shop: Pages) -> None:
    shop.peers.answers["list_open_notices"] = Unavailable("稍后再试")
    assert 200 == shop.browser().get(f"/s/{NUMBER}").status_code
