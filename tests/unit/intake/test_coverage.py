"""How far visits reach: counted by community and year, as the units of its campaigns stand."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from chassis.errors import Forbidden
from services.intake.tables import Campaign, Target
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
