"""The two datums as published, and outlines that are refused with the place of the fault."""

from __future__ import annotations

from math import cos, hypot, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernel.points import Datum, as_wgs84, from_gcj02, ring_faults, to_gcj02

PUBLISHED = [
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
"""WGS-84 and GCJ-02 as `coordtransform` and `eviltransform` print them."""
YINCHUAN = (106.2309, 38.4872)
INSIDE = some.tuples(some.floats(74, 134), some.floats(18, 53))
SQUARE = [(106.0, 38.0), (106.1, 38.0), (106.1, 38.1), (106.0, 38.1), (106.0, 38.0)]


def metres(one, other):
    return hypot((one[0] - other[0]) * cos(radians(one[1])), one[1] - other[1]) * 40_008_000 / 360


@pytest.mark.parametrize(("wgs84", "gcj02"), PUBLISHED)
def test_given_published_points_when_shifted_then_they_agree_to_a_centimetre(wgs84, gcj02):
    assert metres(gcj02, to_gcj02(wgs84)) == pytest.approx(0, abs=0.01)


def test_given_yinchuan_when_shifted_then_it_is_three_hundred_and_eighty_six_metres_off():
    assert 386 == pytest.approx(metres(YINCHUAN, to_gcj02(YINCHUAN)), abs=3)


@given(point=INSIDE)
def test_given_any_point_of_the_mainland_when_shifted_and_counted_back_then_it_is_the_same_to_a_millimetre(point):
    assert metres(point, from_gcj02(to_gcj02(point))) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("point", [(2.3522, 48.8566), (151.2, -33.87)])
def test_given_a_point_outside_the_rectangle_when_shifted_then_it_stays(point):
    assert (point, point) == (to_gcj02(point), as_wgs84(point, Datum.GCJ02))


def test_given_a_point_of_a_phone_when_read_then_it_stays():
    assert YINCHUAN == as_wgs84(YINCHUAN, Datum.WGS84)


@given(corners=some.lists(some.floats(0, 6.2), min_size=3, max_size=12, unique_by=lambda angle: round(angle, 2)))
def test_given_corners_around_a_middle_when_looked_at_then_nothing_is_wrong(corners):
    ring = [(106 + 0.01 * cos(angle), 38 + 0.01 * sin(angle)) for angle in sorted(corners)]
    assert [] == list(ring_faults([*ring, ring[0]]))


@pytest.mark.parametrize(
    ("ring", "told"),
    [
        (SQUARE[:-1], "没有闭合"),
        ([(lat, lon) for lon, lat in SQUARE], "第1个点不在中国范围内"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]], "第1条边与第3条边在106.050000,38.050000相交"),
        ([*SQUARE[:2], SQUARE[1], *SQUARE[2:]], "第2个点与下一个点重复（106.100000,38.000000）"),
        ([*SQUARE[:3], (106.05, 38.0), SQUARE[3], SQUARE[0]], "第1条边与第3条边在106.050000,38.000000相交"),
        ([SQUARE[0], SQUARE[1], (106.05, 38.0), SQUARE[3], SQUARE[0]], "第1条边与第2条边"),
    ],
    ids=["open", "swapped", "bow", "double", "touching", "back"],
)
def test_given_a_bad_outline_when_looked_at_then_the_fault_is_named_with_its_place(ring, told):
    assert told in " ".join(ring_faults(ring))


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1]])
def test_given_an_outline_either_way_round_when_looked_at_then_nothing_is_wrong(ring):
    assert [] == list(ring_faults(ring))
