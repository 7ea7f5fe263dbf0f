"""Leave of those who hold posts: recorded, ended, and what was sent to somebody away goes on to who stands in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.intake.leaves import EndPostLeave, ListPostLeaves, RecordPostLeave
from contracts.intake.triage import AcceptAppeal, SignAppeal
from services.intake import leaves, triage
from tests.unit.intake.world import (
    CALLER,
    COMMUNITY,
    GRID,
    INTAKE,
    LISHAN,
    LIU,
    MA,
    NOW,
    OTHER,
    WANG,
    assign,
    do,
    facts_of,
    register,
    stored,
)

pytestmark = pytest.mark.rule("15")

DAYS = timedelta(days=2)


def leave(store, person=LISHAN, who=WANG, start=None, until=NOW + DAYS, place=GRID, now=NOW):
    given = {"area_path": place, "person_id": person.id, "from_at": start and start.isoformat()}
    return do(store, leaves.record, RecordPostLeave, who, now, until=until.isoformat(), **given)


def registered(store):
    """A case that is accepted and not assigned yet."""
    number = register(store, OTHER, calm=True)["number"]
    do(store, triage.accept_appeal, AcceptAppeal, WANG, number=number)
    return number


def handler(store, number):
    with stored(store, number) as appeal:
        return appeal.handler_name


def sign(store, number, who, now=NOW):
    return do(store, triage.sign_appeal, SignAppeal, who, now, number=number)


@pytest.mark.parametrize("who", [LISHAN, WANG, LIU])
def test_given_the_person_the_community_or_the_street_when_recording_leave_then_it_is_listed(store, who):
    row = leave(store, who=who)
    shown = do(store, leaves.listing, ListPostLeaves, WANG, area_path=COMMUNITY)["items"]
    assert [(row["id"], "李珊")] == [(one["id"], one["person"]["name"]) for one in shown]


@pytest.mark.parametrize("who", [MA, OTHER, CALLER])
def test_given_anybody_else_when_recording_leave_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        leave(store, who=who)


@pytest.mark.parametrize(
    ("person", "until", "place"),
    [(LISHAN, NOW - DAYS, GRID), (OTHER, NOW + DAYS, GRID), (LISHAN, NOW + DAYS, COMMUNITY)],
)
def test_given_a_leave_that_cannot_be_when_recorded_then_it_is_invalid(store, person, until, place):
    with pytest.raises(Invalid):
        leave(store, person, until=until, place=place)


def test_given_a_leave_when_recorded_again_for_the_same_days_then_it_is_a_conflict(store):
    leave(store)
    with pytest.raises(Conflict):
        leave(store, start=NOW + timedelta(days=1), until=NOW + 3 * DAYS)


def test_given_a_leave_when_ended_then_the_holder_is_assigned_again(store):
    row = leave(store)
    do(store, leaves.end, EndPostLeave, LISHAN, NOW, area_path=GRID, leave_id=str(row["id"]))
    assert LISHAN.id == assign(store, registered(store))["handler"]["id"]


def test_given_somebody_on_leave_when_assigned_then_the_deputy_is_named(store):
    leave(store)
    assert MA.id == assign(store, registered(store))["handler"]["id"]


def test_given_both_on_leave_when_assigned_then_it_is_refused_by_name(store):
    leave(store)
    leave(store, MA)
    with pytest.raises(Invalid) as refused:
        assign(store, registered(store))
    assert "李珊正在请假" in str(refused.value.details)


def test_given_an_unsigned_case_when_its_handler_goes_on_leave_then_the_deputy_has_it_with_the_same_clock(store):
    number = registered(store)
    due = assign(store, number)["due_at"]
    leave(store)
    with stored(store, number) as appeal:
        assert ("马慧兰", due) == (appeal.handler_name, appeal.due_at)
    assert ["李珊", "马慧兰"] == [fact["data"]["handler"]["name"] for fact in facts_of(store, "appeal_assigned")]


def test_given_a_leave_that_begins_later_when_it_has_begun_then_the_case_is_handed_over_once(store):
    number = registered(store)
    assign(store, number)
    leave(store, start=NOW + timedelta(hours=1))
    for hours in (0, 2, 3):
        with store.transaction() as session:
            leaves.hand_over(session, INTAKE, NOW + timedelta(hours=hours))
    assert (2, "马慧兰") == (len(facts_of(store, "appeal_assigned")), handler(store, number))


def test_given_the_handler_away_when_the_deputy_signs_then_the_deputy_is_the_handler(store):
    number = registered(store)
    assign(store, number)
    leave(store, start=NOW + timedelta(hours=1))
    sign(store, number, MA, NOW + timedelta(hours=2))
    assert "马慧兰" == handler(store, number)


def test_given_the_handler_at_work_when_the_deputy_signs_then_it_is_forbidden(store):
    number = registered(store)
    assign(store, number)
    with pytest.raises(Forbidden):
        sign(store, number, MA)
