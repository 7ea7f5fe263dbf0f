"""Whoever is shown a certificate of volunteer service checks its code without an account."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import NotFound
from contracts import samples
from tests.unit.portal.pages.people import Outline, Pages

CODE = "7K2MPQ9X4B3D"
FOUND: dict[str, Any] = {
    "code": CODE, "masked_name": "白*", "place": "银虹社区", "first_day": "2024-01-02", "last_day": "2024-07-08",
    "times": 3, "minutes": 130, "issued_at": samples.NOON,
}  # fmt: skip
ASKED = "/certificates?code=7k2m-pq9x-4b3d"


def test_given_a_code_as_people_type_it_when_checked_then_it_says_what_must_stand_there(pages: Pages) -> None:
    pages.peers.answers["check_service_certificate"] = FOUND
    html = pages.browser().get(ASKED).text
    assert CODE == pages.peers.calls[-1].command["code"]
    assert [] == [each for each in ("有这份证明", "白*", "2 小时 10 分钟，共 3 次", "银虹社区") if each not in html]


def test_given_a_code_of_no_certificate_when_checked_then_the_page_says_so_and_keeps_what_was_typed(
    pages: Pages,
) -> None:
    pages.peers.answers["check_service_certificate"] = NotFound("没有")
    found = pages.browser().get(ASKED)
    assert (404, True, True) == (found.status_code, "没有这个校验码" in found.text, "7k2m-pq9x-4b3d" in found.text)


def test_given_many_wrong_codes_from_one_address_when_tried_on_then_no_more_is_asked(pages: Pages) -> None:
    pages.peers.answers["check_service_certificate"] = NotFound("没有")
    states = {pages.browser().get(ASKED).status_code for _ in range(40)}
    assert {404, 429} == states


@pytest.mark.parametrize("path", ["/certificates", ASKED])
def test_given_the_page_when_drawn_then_the_markup_is_sound(pages: Pages, path: str) -> None:
    pages.peers.answers["check_service_certificate"] = FOUND
    found = Outline(pages.browser().get(path).text)
    assert ("zh-CN", 1, [], [], []) == (
        found.lang, found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced,
    )  # fmt: skip
