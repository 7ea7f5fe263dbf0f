"""The page of the search, and its question over HTTP: the same query string for both."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chassis.errors import Unavailable
from tests.unit.portal.pages import answers
from tests.unit.portal.pages.people import Pages
from tests.unit.portal.readmodel.story import APPEAL_NO, COMMUNITY, HAZARD_NO

CATEGORIES = [
    {"code": "housing", "parent": None, "name": "住房"},
    {"code": "housing.drain", "parent": "housing", "name": "下水"},
    {"code": "lamps", "parent": None, "name": "路灯"},
]


def found(pages: Pages, user: str, **asked: Any) -> list[str]:
    """The case numbers of the rows of the page, which are those of the API."""
    browser = pages.as_user(user)
    told = [row["case_number"] for row in browser.get("/api/matters", query_string=asked).json["items"]]
    assert told == re.findall(r'<a href="/cases/([A-Z]+\d+)">', browser.get("/find", query_string=asked).text)
    return told


def test_given_words_of_the_timeline_when_searched_then_the_rows_are_the_matters_with_their_titles(
    pages: Pages,
) -> None:
    assert {APPEAL_NO} == set(found(pages, "lishan", q="险情"))
    html = pages.as_user("lishan").get("/find?q=险情").text
    assert ("卫生间污水倒灌" in html, '<span class="what">诉求' in html) == (True, True)


@pytest.mark.parametrize(
    ("user", "asked", "cases"),
    [
        ("lishan", {"q": "第3网格 险情"}, {APPEAL_NO}),
        ("lishan", {"q": "洪北"}, set()),
        ("lili", {"q": "洪北"}, {HAZARD_NO}),
        ("street", {"kind": "WHISTLE"}, {APPEAL_NO}),
        ("hewenbin", {"q": "险情"}, {APPEAL_NO}),
        ("hewenbin", {"q": "陈*"}, set()),
        ("dianli", {"q": "险情"}, set()),
    ],
)  # fmt: skip
def test_given_a_place_or_words_when_searched_then_within_ones_own_sight(
    pages: Pages, user: str, asked: dict[str, Any], cases: set[str]
) -> None:
    assert cases == set(found(pages, user, **asked))


def test_given_a_category_when_searched_by_its_name_or_that_of_its_chapter_then_its_cases(pages: Pages) -> None:
    pages.peers.answers["list_categories"] = answers.page(CATEGORIES)
    assert ([], []) == (found(pages, "lishan", q="路灯"), found(pages, "lishan", q="住房 路灯"))


def test_given_categories_do_not_come_when_searched_then_words_still_find(pages: Pages) -> None:
    pages.peers.answers["list_categories"] = Unavailable("消息总线暂时不可用")
    assert {APPEAL_NO} == set(found(pages, "lishan", q="险情"))


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"q": "堵"}, "q"), ({"q": "S2024"}, "q"), ({"due_from": "昨天"}, "due_from"), ({"person": "1"}, "person"),
     ({"kind": "诉求"}, "kind"), ({"area_path": "银虹社区"}, "area_path")],
)  # fmt: skip
def test_given_what_cannot_be_searched_when_asked_then_the_page_says_so_beside_the_field(
    pages: Pages, asked: dict[str, str], field: str
) -> None:
    browser = pages.as_user("lishan")
    page, answer = (browser.get(path, query_string=asked) for path in ("/find", "/api/matters"))
    assert ((422, True), (422, [field])) == (
        (page.status_code, f'id="{field}-wrong"' in page.text), (answer.status_code, list(answer.json["errors"])),
    )  # fmt: skip


def test_given_a_kind_when_chosen_then_its_states_can_be_chosen_too(pages: Pages) -> None:
    browser = pages.as_user("lishan")
    assert ('name="state"' in browser.get("/find").text, "待审核" in browser.get("/find?kind=WISH").text) == (
        False,
        True,
    )


def places(pages: Pages, user: str, **asked: str) -> tuple[list[str], str | None]:
    """The places that can be chosen, and which one is."""
    html = pages.as_user(user).get("/find", query_string=asked).text
    (field,) = re.findall(r'<select id="area_path".*?</select>', html, flags=re.S)
    chosen = re.search(r'<option value="([^"]+)" selected>', field)
    return re.findall(r'<option value="([^"]+)"', field), chosen and chosen[1]


def test_given_ones_places_when_looking_then_they_and_what_lies_right_below_can_be_chosen_and_then_their_grids(
    pages: Pages,
) -> None:
    offered, chosen = places(pages, "street")
    narrower, now_chosen = places(pages, "street", area_path=COMMUNITY)
    grid = f"{COMMUNITY}.g3"
    assert (None, COMMUNITY) == (chosen, now_chosen)
    assert ([True, False], [True, True]) == (
        [COMMUNITY in offered, grid in offered],
        [COMMUNITY in narrower, grid in narrower],
    )
    assert grid in places(pages, "street", area_path=grid)[0]


@pytest.mark.parametrize(
    ("user", "place", "cases"),
    [("street", f"{COMMUNITY}.g3", {APPEAL_NO}), ("street", COMMUNITY, {APPEAL_NO}),
     ("street", f"{COMMUNITY}.g1", set()), ("lili", f"{COMMUNITY}.g3", set()),
     ("lishan", "yinchuan.xingqing.shandalu", set())],
)  # fmt: skip
def test_given_a_place_chosen_when_searched_then_what_lies_there_and_in_ones_own_sight(
    pages: Pages, user: str, place: str, cases: set[str]
) -> None:
    assert cases == set(found(pages, user, area_path=place, q="险情"))


def test_given_a_place_out_of_ones_own_when_asked_by_the_address_then_it_stays_chosen_and_nothing_is_found(
    pages: Pages,
) -> None:
    elsewhere = "yinchuan.xingqing.shandalu"
    assert elsewhere == places(pages, "lishan", area_path=elsewhere)[1]


def test_given_more_than_a_page_when_found_then_the_next_keeps_the_question(pages: Pages) -> None:
    browser = pages.as_user("street")
    first = browser.get("/find", query_string={"q": "丽景", "limit": "1"}).text
    further = re.search(r'href="(/find\?[^"]*cursor=[^"]+)"', first)
    assert further
    assert "q=" in further[1]
    assert 200 == browser.get(further[1].replace("&amp;", "&")).status_code
