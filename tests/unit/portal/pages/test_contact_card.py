"""Every place has somebody who answers for it, on a card to hand over 连心卡."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import samples
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import COMMUNITY

POST: dict[str, Any] = {
    "area_path": COMMUNITY, "name": "网格员", "unit": "yinhong",
    "holder": samples.LI_SHAN, "deputy": {"id": "u-wangfang", "name": "王芳"}, "on_duty": samples.LI_SHAN,
}  # fmt: skip
OFFICE = {"code": "yinhong", "name": "银虹社区", "kind": "COMMUNITY", "duty_phone": "0951-6000001", "receivers": []}


@pytest.fixture
def answered(pages: Pages) -> Pages:
    pages.peers.answers |= {"resolve_post": POST, "list_units": {"items": [OFFICE], "next_cursor": None}}
    return pages


@pytest.mark.row("S1.34")
def test_given_a_place_when_its_card_is_printed_then_holder_deputy_office_and_code_stand_on_it(answered: Pages) -> None:
    page = answered.as_user("lishan").get(f"/card/{COMMUNITY}").text
    words = ("连心卡", "李珊", "王芳", "银虹社区", "0951-6000001", "data:image/svg+xml", f"/r/{COMMUNITY}")
    assert [] == [word for word in words if word not in page]


@pytest.mark.row("S1.34")
def test_given_a_place_nobody_answers_for_when_asked_then_it_is_said(answered: Pages) -> None:
    del answered.peers.answers["resolve_post"]
    assert 404 == answered.as_user("lishan").get("/card/nowhere").status_code


def test_given_nobody_logged_in_when_a_card_is_asked_for_then_it_is_not_shown(answered: Pages) -> None:
    assert "李珊" not in answered.browser().get(f"/card/{COMMUNITY}").text
