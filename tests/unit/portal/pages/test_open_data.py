"""Open data: months that are over, one level, no small cell, nobody's secret."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from services.portal.pages import open_data, places
from tests.unit.portal.pages.district import Told, put
from tests.unit.portal.pages.people import Outline, Pages
from tests.unit.portal.readmodel.story import at

DISTRICT = "yinchuan.xingqing"
YINHONG, HONGBEI = f"{DISTRICT}.lijingjie.yinhong", f"{DISTRICT}.shandalu.hongbei"
JUNE = at(0) - timedelta(days=20)
ROW = re.compile(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>')


def appeals(place: str, many: int, **more: object) -> list[Told]:
    tally = {"category": "housing.drain.blocked", **more.pop("tally", {})}  # type: ignore[dict-item]
    return [Told("APPEAL", "CLOSED", place, JUNE, tally=tally, **more) for _ in range(many)]  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def anew() -> None:
    places.forget()
    open_data.forget()


def shown(pages: Pages, query: str = "") -> dict[str, str]:
    return dict(ROW.findall(pages.browser().get(f"/open/{DISTRICT}{query}").text))


def test_given_communities_with_many_when_read_then_their_numbers_and_the_total_stand_there(pages: Pages) -> None:
    put(pages, [*appeals(f"{YINHONG}.g3", 12), *appeals(HONGBEI, 7)])
    found = shown(pages)
    assert ("12", "7", "19") == (found["银虹社区"], found["洪北社区"], found["合计"])


def test_given_a_small_community_when_read_then_neither_it_nor_what_would_give_it_away_is_shown(pages: Pages) -> None:
    put(pages, [*appeals(f"{YINHONG}.g3", 12), *appeals(HONGBEI, 3)])
    found = shown(pages)
    assert {"不公开"} == {found["银虹社区"], found["洪北社区"]}
    assert "15" == found["合计"]


def test_given_secret_sealed_or_complaining_ones_when_read_then_they_are_in_no_number(pages: Pages) -> None:
    more = [*appeals(HONGBEI, 9, hidden=("secret",)), *appeals(HONGBEI, 9, hidden=("against:u-x",)),
            *appeals(HONGBEI, 9, tally={"sealed": "yes"})]  # fmt: skip
    put(pages, [*appeals(f"{YINHONG}.g3", 12), *appeals(HONGBEI, 6), *more])
    assert "18" == shown(pages)["合计"]


@pytest.mark.parametrize(("path", "status"), [(f"/open/{YINHONG}", 404), (f"/open/{DISTRICT}.lijingjie", 404),
                                              ("/open/a..b", 404), ("/open/yinchuan.nirgends", 404),
                                              (f"/open/{DISTRICT}?month=2024-07", 422),
                                              (f"/open/{DISTRICT}?month=gestern", 422)])  # fmt: skip
def test_given_another_level_or_a_month_that_goes_on_when_asked_then_it_is_refused(
    pages: Pages, path: str, status: int
) -> None:
    assert status == pages.browser().get(path).status_code


def test_given_a_month_was_counted_when_asked_again_then_the_store_is_left_alone(pages: Pages) -> None:
    shown(pages)
    put(pages, appeals(HONGBEI, 9))
    assert "不公开" == shown(pages)["合计"]


def test_given_one_district_when_opened_then_it_comes_at_once_and_its_markup_is_sound(pages: Pages) -> None:
    browser = pages.browser()
    assert f"/open/{DISTRICT}" == browser.get("/open").headers["Location"]
    found = Outline(browser.get(f"/open/{DISTRICT}").text)
    assert (1, [], [], []) == (found.headings.count("h1"), found.unlabelled, found.inline, found.unbalanced)
