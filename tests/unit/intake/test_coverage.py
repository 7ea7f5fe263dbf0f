"""How far visits reach: counted by community and year, as the units of its campaigns stand."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from chassis.errors import Forbidden
from services.intake import coverage
from services.intake.tables import AreaNode, Campaign, Target
from tests.support.tallying import drifts
from tests.unit.intake import campaigning as at
from tests.unit.intake.campaigning import QINYUAN, UNITS, asked_for, do, opened, visited
from tests.unit.intake.world import NOW


@pytest.fixture
def place(store):
    with store.transaction() as session:
        at.furnish(session)
    return store


def test_given_a_year_of_visits_when_coverage_is_asked_for_then_it_is_counted_by_community_and_year(place):
    number = opened(place, appeal_number=asked_for(place))
    visited(place, number, UNITS[:5])
    again = opened(place, purpose="ROUTINE")
    visited(place, again, UNITS[4:7], need=None, how_many=None)
    do(place, "withdraw_campaign", number=opened(place))
    rows = [do(place, "list_coverage", at.STREET_OFFICER, day=day)["items"] for day in ("2024-12-31", "2025-01-01")]
    (row,), (next_year,) = rows
    expected = (QINYUAN, 67, 7, 5, 1, 4)
    told = tuple(row[name] for name in ("area_path", "units", "visited", "needing", "appeals", "proactive"))
    assert (expected, 0) == (told, next_year["visited"])


def test_given_a_grid_worker_when_coverage_is_asked_for_then_it_is_forbidden(place):
    with pytest.raises(Forbidden):
        do(place, "list_coverage", at.ZOU)


@pytest.mark.parametrize("seed", range(4))
def test_given_any_visits_when_coverage_is_asked_for_then_it_is_what_the_targets_count(place, seed):
    chance, numbers = Random(seed), [opened(place) for _ in range(3)]
    do(place, "withdraw_campaign", number=numbers[2])
    with place.transaction() as session:
        targets = session.scalars(select(Target).order_by(Target.unit_path)).all()
        for target in chance.sample(targets, len(targets) // 2):
            target.visited_at = NOW + timedelta(days=chance.choice([0, 30, 200]))
            target.result, target.asked = chance.choice(["IN", "NOBODY"]), chance.random() < 0.2
            target.need = chance.choice(["YES", "NO", None])
        counted = {row.id for row in session.scalars(select(Campaign).where(Campaign.case_number.in_(numbers[:2])))}
        seen = [one for one in targets if one.campaign_id in counted and one.visited_at and one.visited_at.year == 2024]
        visited_units = {one.unit_path for one in seen if one.result == "IN"}
        expected = (len(visited_units), sum(one.need == "YES" for one in seen), sum(one.asked for one in seen))
    (row,) = do(place, "list_coverage", at.STREET_OFFICER, day="2024-12-31")["items"]
    assert expected == tuple(row[name] for name in ("visited", "needing", "appeals"))


CHANGES = (
    "update campaign_target set visited_at = '2024-07-20', result = 'IN', need = 'YES' where :some",
    "update campaign_target set visited_at = visited_at + interval '6 months', asked = not asked where :some",
    "update campaign_target set result = 'NOBODY', need = null where :some",
    "update campaign_target set unit_path = 'yinchuan.xingqing.neu' || subpath(unit_path, 3) where :some",
    "update campaign_target set unit_path = 'yinchuan' || unit_path where nlevel(unit_path) < 7 and :some",
    "update campaign set state = case state when 'OPEN' then 'WITHDRAWN' else 'OPEN' end where :some",
    "delete from campaign_target where asked and :some",
)


@pytest.mark.parametrize("seed", range(3))
def test_given_any_changes_of_visits_when_counted_again_or_not_then_the_kept_counts_are_theirs(place, seed):
    for _ in range(3):
        opened(place)
    assert [] == drifts(place, coverage.YEARS, CHANGES, seed)


def test_given_what_is_kept_of_a_year_when_coverage_is_asked_for_then_it_says_what_the_rows_do(place, monkeypatch):
    visited(place, opened(place, appeal_number=asked_for(place)), UNITS[:5])
    kept = do(place, "list_coverage", at.STREET_OFFICER)
    monkeypatch.setattr(coverage, "KEPT_DEPTH", 0)
    assert kept == do(place, "list_coverage", at.STREET_OFFICER)


def test_given_buildings_with_stairwells_when_coverage_is_asked_for_then_the_stairwells_are_its_units(place):
    with place.transaction() as session:
        for path, level in ((f"{QINYUAN}.g1.b1", "BUILDING"), (f"{QINYUAN}.g1.b1.u1", "STAIRWELL"),
                            (f"{QINYUAN}.g1.b2", "BUILDING")):  # fmt: skip
            session.add(
                AreaNode(code=path, level=level, name=path, path=path, area4="1001", valid_from=date(2020, 1, 1))
            )
    (row,) = do(place, "list_coverage", at.STREET_OFFICER)["items"]
    assert len(UNITS) + 2 == row["units"]
