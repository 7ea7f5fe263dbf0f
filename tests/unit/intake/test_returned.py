"""What was called solved and whose person came again soon with the same kind is counted against what was solved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from chassis.errors import Forbidden
from services.intake.tables import Appeal
from tests.unit.intake.filing import do
from tests.unit.intake.world import COMMUNITY, LISHAN, NOW, STREET, WANG, register

SOMEBODY = {"name": "陈桂英", "phone": "13900000008", "contact_preference": "SMS"}
SOMEBODY_ELSE = {"name": "李建国", "phone": "13900000009", "contact_preference": "SMS"}
DAY = timedelta(days=1)
LAST_MONTH = {"area_path": STREET, "month": "2024-07", "period": "CALENDAR"}
LATER = NOW + 60 * DAY


def reported(store, now=NOW, reporter=SOMEBODY, **more):
    return register(store, WANG, now, calm=True, contact_person=None, reporter=reporter, **more)["number"]


def solved(store, number, at=NOW + DAY, told="YES"):
    with store.transaction() as session:
        mine = update(Appeal).where(Appeal.case_number == number)
        session.execute(mine.values(state="CLOSED", solved=told, closed_at=at))
    return number


def figures(store, who=WANG, **more):
    answer = do(store, "report_returned", who, LATER, **{**LAST_MONTH, **more})
    return [(one["name"].partition("·")[2], one["part"], one["whole"]) for one in answer["figures"]]


def test_given_who_came_again_with_the_same_kind_within_a_month_when_reported_then_it_counts(store):
    first = solved(store, reported(store))
    again = reported(store, NOW + 30 * DAY)
    assert [(COMMUNITY, 1, 1)] == figures(store, area_path=COMMUNITY)[:1]
    asked = {**LAST_MONTH, "area_path": COMMUNITY, "cursor": None}
    (row,) = do(store, "list_returned", WANG, LATER, **asked)["items"]
    assert (first, again) == (row["number"], row["back"])


@pytest.mark.parametrize(
    ("days", "more"),
    [(32, {}), (10, {"reporter": SOMEBODY_ELSE}), (10, {"category": "other.advice"}), (0, {})],
    ids=["too late", "somebody else", "another kind", "before it was closed"],
)
def test_given_another_matter_when_reported_then_it_is_none_that_came_back(store, days, more):
    solved(store, reported(store))
    reported(store, NOW + days * DAY, **more)
    assert [(COMMUNITY, 0, 1)] == figures(store, area_path=COMMUNITY)[:1]


@pytest.mark.parametrize("told", ["NO", "PARTLY"])
def test_given_what_was_not_called_solved_when_reported_then_it_is_not_counted_at_all(store, told):
    solved(store, reported(store), told=told)
    reported(store, NOW + 5 * DAY)
    assert [(COMMUNITY, 0, 0)] == figures(store, area_path=COMMUNITY)[:1]


def test_given_one_that_was_withdrawn_when_reported_then_nobody_came_again(store):
    solved(store, reported(store))
    do(store, "withdraw_appeal", WANG, NOW + 6 * DAY, number=reported(store, NOW + 5 * DAY))
    assert [(COMMUNITY, 0, 1)] == figures(store, area_path=COMMUNITY)[:1]


def test_given_a_grid_worker_when_asking_then_it_is_refused(store):
    with pytest.raises(Forbidden):
        figures(store, LISHAN)
