"""Geometry of the pictures: everything lies on its sheet, and widths are in proportion."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.pages import drawing
from services.portal.pages.drawing import Band, Node

CORNERS = st.lists(
    st.tuples(st.floats(106, 107), st.floats(38, 39)).map(lambda each: f"{each[0]} {each[1]}"), min_size=3, max_size=8
)
OUTLINES = st.lists(CORNERS.map(lambda ring: {"path": "a.b", "ring": ring}), min_size=1, max_size=6)


@given(OUTLINES)
def test_given_any_outlines_when_drawn_then_every_corner_and_the_words_are_on_the_sheet(outlines: list) -> None:
    drawn = drawing.drawn(outlines, lambda path: path)
    area = drawn.areas["a.b"]
    places = [(float(x), float(y)) for x, y in re.findall(r"([-\d.e]+),([-\d.e]+)", area.path)] + [(area.x, area.y)]
    assert all(-1 <= x <= drawing.WIDTH + 1 and -1 <= y <= drawn.height + 1 for x, y in places)


def test_given_nothing_is_drawn_when_asked_for_then_there_is_no_map() -> None:
    assert drawing.Map() == drawing.drawn([], str)


def test_given_north_and_south_when_drawn_then_north_is_above() -> None:
    south = {"path": "s", "ring": ["106 38", "106.1 38", "106.1 38.1"]}
    north = {"path": "n", "ring": ["106 38.2", "106.1 38.2", "106.1 38.3"]}
    areas = drawing.drawn([south, north], str).areas
    assert areas["n"].y < areas["s"].y


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_given_any_count_when_shaded_then_the_legend_has_its_range(value: int, more: int) -> None:
    most = value + more
    shade = drawing.level(value, most)
    assert [shade] == [each for each, first, last in drawing.ranges(most) if first <= value <= last]


def test_given_a_flow_when_laid_then_bars_and_bands_are_as_high_as_their_counts() -> None:
    phone, web = Node("p", "电话", 30, ""), Node("w", "网站", 10, "")
    self_, end = Node("s", "自办", 40, ""), Node("e", "办结", 40, "")
    bands = [Band(phone, self_, 30, ""), Band(web, self_, 10, ""), Band(self_, end, 40, "")]
    flow = drawing.flowing([[phone, web], [self_], [end]], bands)
    assert (phone.height, web.height, self_.height) == pytest.approx((180, 60, 240))
    assert (phone.y, web.y) == (0, phone.height + drawing.GAP)
    assert flow.height >= 240


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=9))
def test_given_parts_when_stacked_then_they_fill_the_bar(counts: list[int]) -> None:
    bars = drawing.stacked(counts)
    assert sum(wide for _, wide in bars) == pytest.approx(drawing.WIDTH if any(counts) else 0, abs=1)
