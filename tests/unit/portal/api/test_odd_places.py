"""Odd values in paths and queries of what everybody may ask: a named error or an answer, never a fault."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from chassis.errors import Unavailable
from services.portal.api.route import ROUTES, Route
from tests.unit.portal.api.fakes import Portal

PLACE = "yinchuan.xingqing"
ODD = ["abc", "a.", ".", "银川", "²", "-1", "9" * 40, "%", "a" * 3000, "[]", "{}", "' OR 1=1", "../..", "\ud7ff"]
PUBLIC = [route for route in ROUTES if route.command.public]


@pytest.fixture
def places(portal: Portal) -> Portal:
    """A city with one district, and no notice at all."""
    known = {None: ["yinchuan"], "yinchuan": [PLACE]}
    portal.peers.answers["list_areas"] = lambda command: {
        "items": [{"path": path, "name": path} for path in known.get(command.get("parent"), [])]
    }
    portal.peers.answers["list_notices"] = {"items": [], "next_cursor": None}
    return portal


@pytest.mark.rule("44")
@pytest.mark.parametrize("route", PUBLIC, ids=lambda route: route.command.method)
def test_given_odd_values_in_a_public_question_when_asked_then_no_fault(places: Portal, route: Route) -> None:
    names = [*route.command().fields, "nobody-knows"]
    asked = [("/api" + route.path.replace("<number>", quote(odd, safe="")), name, odd) for odd in ODD for name in names]
    faults = [each for each in asked if places.client.get(each[0], query_string={each[1]: each[2]}).status_code >= 500]
    assert [] == faults


@pytest.mark.rule("44")
@pytest.mark.parametrize("path", ["/notices/{}", "/api/notices?area_path={}"])
@pytest.mark.parametrize(
    ("place", "expected"), [("yinchuan", 200), (PLACE, 200), ("abc", 404), (f"{PLACE}.nowhere", 404)]
)
def test_given_a_place_when_its_board_is_asked_then_only_a_place_that_exists_has_one(
    places: Portal, path: str, place: str, expected: int
) -> None:
    assert expected == places.client.get(path.format(place)).status_code


@pytest.mark.rule("44")
def test_given_nobody_can_say_whether_a_place_exists_when_its_board_is_asked_then_it_stands(places: Portal) -> None:
    places.peers.answers["list_areas"] = Unavailable("away")
    assert 200 == places.client.get(f"/api/notices?area_path={PLACE}").status_code
