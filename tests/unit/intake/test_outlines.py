"""A point has one owner, counted in the datum its sender names; an outline that crosses itself is never loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from chassis.errors import Invalid, NotFound
from services.intake import outlines
from services.intake.tables import AreaOutline
from tests.unit.intake.filing import do
from tests.unit.intake.world import ELSEWHERE, GRID

SEED = Path(__file__).parents[3] / "data" / "district" / "outlines.geojson"
NEXT = f"{ELSEWHERE}.g1"
SLANTED = [(106.24, 38.45), (106.25, 38.45), (106.24, 38.46), (106.24, 38.45)]
OTHER_HALF = [(106.25, 38.45), (106.25, 38.46), (106.24, 38.46), (106.25, 38.45)]
BOW = [(106.0, 38.0), (106.1, 38.1), (106.1, 38.0), (106.0, 38.1), (106.0, 38.0)]


def feature(code, *rings, kind="Polygon"):
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": list(rings)}}


def load(store, tmp_path, *features, **more):
    path = tmp_path / "outlines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf8")
    with store.transaction() as session:
        outlines.load(session, path)


@pytest.fixture
def drawn(store, tmp_path):
    """Two grids with a slanted border between them."""
    load(store, tmp_path, feature(GRID, SLANTED), feature(NEXT, OTHER_HALF))
    return store


def at(store, lon, lat, datum="WGS84"):
    return do(store, "locate_point", lat=lat, lon=lon, datum=datum)["path"]


@pytest.mark.parametrize(("point", "path"), [((106.242, 38.452), GRID), ((106.248, 38.458), NEXT)])
def test_given_a_point_inside_when_located_then_its_grid_is_told(drawn, point, path):
    assert path == at(drawn, *point)


@pytest.mark.parametrize("point", [(106.245, 38.455), (106.25, 38.45), (106.24, 38.46)])
def test_given_a_point_on_the_border_when_located_then_the_lowest_code_owns_it(drawn, point):
    assert min(GRID, NEXT) == at(drawn, *point)


@pytest.mark.parametrize("point", [(106.2400, 38.455), (106.245, 38.45)])
def test_given_a_point_on_an_axis_parallel_border_when_located_then_it_has_an_owner(drawn, point):
    assert GRID == at(drawn, *point)


def test_given_a_point_nobody_drew_when_located_then_that_is_said(drawn):
    with pytest.raises(NotFound):
        at(drawn, 106.3, 38.5)


def test_given_one_pair_of_figures_when_read_in_either_datum_then_it_is_another_place(drawn):
    with pytest.raises(NotFound):
        at(drawn, 106.2402, 38.4502, "GCJ02")
    assert GRID == at(drawn, 106.2402, 38.4502)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (feature(GRID, BOW), "第1条边与第3条边在106.050000,38.050000相交"),
        (feature(GRID, SLANTED[:-1]), "没有闭合"),
        (feature(GRID, SLANTED, BOW), "不能有洞"),
        (feature("nowhere", SLANTED), "没有编号为“nowhere”的区域"),
    ],
)
def test_given_a_bad_outline_when_loaded_then_it_is_named_and_the_old_ones_stay(drawn, tmp_path, broken, told):
    with pytest.raises(Invalid) as refused:
        load(drawn, tmp_path, feature(NEXT, OTHER_HALF), broken)
    assert told in " ".join(refused.value.details["fields"]["outlines.geojson"])
    assert GRID == at(drawn, 106.242, 38.452)


def test_given_another_datum_when_loaded_then_it_is_refused(store, tmp_path):
    with pytest.raises(Invalid):
        load(store, tmp_path, feature(GRID, SLANTED), crs={"properties": {"name": "GCJ-02"}})


def test_given_an_area_of_two_parts_when_located_then_both_are_its(store, tmp_path):
    load(store, tmp_path, feature(GRID, [SLANTED], [OTHER_HALF], kind="MultiPolygon"))
    assert [GRID, GRID] == [at(store, 106.242, 38.452), at(store, 106.248, 38.458)]


def test_given_a_file_loaded_twice_when_counted_then_nothing_changed(store, tmp_path):
    for _ in range(2):
        load(store, tmp_path, feature(GRID, SLANTED))
    with store.transaction() as session:
        assert 1 == session.scalar(select(func.count()).select_from(AreaOutline))


def test_given_the_demo_s_file_when_read_then_no_outline_is_wrong():
    told = outlines._read(SEED)
    parts = list(outlines._parts(told))
    faults = [fault for code, no, rings in parts for fault in outlines._faults(code, no, rings, {code})]
    assert ([], 34) == (faults, len(parts))


def test_given_many_outlines_when_a_point_is_located_then_the_index_finds_them(drawn):
    with drawn.transaction() as session:
        session.execute(text("set local enable_seqscan = off"))
        query = f"explain select code from area_outline where {outlines.INSIDE.text}"
        plan = " ".join(session.scalars(text(query), {"lon": 106.242, "lat": 38.452}))
    assert "ix_area_outline" in plan


def test_given_drawn_areas_when_listed_then_those_of_the_place_come_with_their_corners(drawn):
    items = do(drawn, "list_outlines", area_path=GRID)["items"]
    assert [(GRID, [f"{lon:g} {lat:g}" for lon, lat in SLANTED[:-1]])] == [
        (each["path"], each["ring"]) for each in items
    ]


def test_given_an_area_of_two_parts_when_listed_then_it_comes_once_a_part(store, tmp_path):
    load(store, tmp_path, feature(GRID, [SLANTED], [OTHER_HALF], kind="MultiPolygon"))
    assert [GRID, GRID] == [each["path"] for each in do(store, "list_outlines", area_path=GRID)["items"]]
