"""Who takes a whistle now: posted hours and leave of receivers are read; what was sent to somebody away goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.dispatch.leaves import EndReceiverLeave, RecordReceiverLeave
from services.dispatch import escalation, leaves
from services.dispatch.tables import Receiver
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import HEAD, HEWENBIN, LIUWEI, LUOJUAN, NOW, OTHER_STREET, WANGFANG, later

pytestmark = pytest.mark.rule("15")

NIGHT = NOW + timedelta(hours=14)  # Friday 23:00
WORKDAYS, NIGHTS = "WORKDAYS 08:30-18:00", "DAILY 20:00-08:00"


def posted(session, first, second):
    """The posted hours of the judicial office's A and B."""
    for who, hours in ((HEWENBIN, first), (LUOJUAN, second)):
        session.get(Receiver, ("sifasuo", who.id)).hours = hours
    session.flush()


def named(session, now=NOW, kind="APPEAL"):
    receiver = world.task_of(world.blown(session, now, kind=kind))["receiver"]
    return receiver and receiver["name"]


def leave(session, person=HEWENBIN, who=HEAD, now=NOW, start=None, until=None):
    given = {"unit": "sifasuo", "person_id": person.id, "from_at": start and start.isoformat()}
    command = RecordReceiverLeave().load({**given, "until": (until or later(days=3)).isoformat()})
    return leaves.record(session, who, command, now)


@pytest.mark.parametrize(
    ("first", "second", "now", "expected"),
    [
        (WORKDAYS, "ALWAYS", NOW, "何文彬"),
        (WORKDAYS, "ALWAYS", NIGHT, "罗娟"),
        (WORKDAYS, NIGHTS, NIGHT, "罗娟"),
        (WORKDAYS, NIGHTS, NIGHT + timedelta(hours=5), "罗娟"),
        (WORKDAYS, "OFF_HOURS", NIGHT, "罗娟"),
        (WORKDAYS, "OFF_HOURS", NOW, "何文彬"),
        (WORKDAYS, WORKDAYS, NIGHT, None),
    ],
)
def test_given_an_emergency_when_blown_then_it_goes_to_who_is_at_work(session, first, second, now, expected):
    posted(session, first, second)
    assert expected == named(session, now, "EMERGENCY")


def test_given_nobody_at_work_when_it_is_no_emergency_then_it_waits_for_the_holder_of_post_a(session):
    posted(session, WORKDAYS, WORKDAYS)
    assert "何文彬" == named(session, NIGHT)


@pytest.mark.parametrize("kind", ["APPEAL", "EMERGENCY"])
def test_given_a_on_leave_when_blown_then_b_is_named(session, kind):
    leave(session)
    assert "罗娟" == named(session, kind=kind)


def test_given_both_on_leave_when_blown_then_nobody_absent_is_named(session):
    leave(session)
    leave(session, LUOJUAN)
    assert named(session) is None


def test_given_b_on_leave_when_the_sign_clock_escalates_then_a_is_told_again(session):
    world.blown(session)
    leave(session, LUOJUAN)
    escalation.raise_due(session, LIUWEI, later(hours=1, seconds=1))
    told = [fact["data"]["notify_receiver"]["name"] for fact in said(session, "whistle_task_overdue")
            if fact["data"]["unit"]["code"] == "sifasuo"]  # fmt: skip
    assert ["何文彬"] == told


def test_given_an_unsigned_task_when_its_receiver_goes_on_leave_then_it_is_handed_over_with_its_clock(session):
    task = world.task_of(world.blown(session))
    leave(session)
    fact = said(session, "whistle_task_assigned")[-1]["data"]
    assert ("罗娟", str(task["id"]), task["sign_due"]) == (
        fact["receiver"]["name"], fact["task_id"], world.datetime.fromisoformat(fact["sign_due"]),
    )  # fmt: skip


def test_given_a_leave_that_begins_later_when_it_begins_then_the_task_is_handed_over_once(session):
    world.blown(session)
    leave(session, start=later(minutes=30))
    assert [0, 1, 0] == [leaves.hand_over(session, LIUWEI, later(minutes=step)) for step in (1, 31, 32)]


def test_given_a_away_when_b_signs_then_b_is_the_receiver(session):
    task = world.task_of(world.blown(session))
    leave(session)
    assert "罗娟" == world.sign(session, task, LUOJUAN)["receiver"]["name"]


@pytest.mark.parametrize("who", [HEWENBIN, HEAD, LIUWEI])
def test_given_the_person_the_head_or_the_street_when_recording_leave_then_it_stands(session, who):
    row = leave(session, who=who)
    shown = leaves.listing(session, who, {"unit": "sifasuo"}, NOW)["items"]
    assert [(row["id"], "何文彬", who.name)] == [
        (one["id"], one["person"]["name"], one["recorded_by"]["name"]) for one in shown
    ]


@pytest.mark.parametrize("who", [LUOJUAN, OTHER_STREET, WANGFANG, world.RESIDENT])
def test_given_anybody_else_when_recording_leave_then_it_is_forbidden(session, who):
    with pytest.raises(Forbidden):
        leave(session, who=who)


@pytest.mark.parametrize(
    ("person", "start", "until", "error"),
    [
        (HEWENBIN, None, later(hours=-1), Invalid),
        (HEWENBIN, later(days=2), later(days=1), Invalid),
        (world.YANGFAN, None, later(days=1), Invalid),
    ],
)
def test_given_a_leave_that_cannot_be_when_recorded_then_it_is_invalid(session, person, start, until, error):
    with pytest.raises(error):
        leave(session, person, start=start, until=until)


def test_given_a_leave_when_recorded_for_the_same_days_again_then_it_is_a_conflict(session):
    leave(session)
    with pytest.raises(Conflict):
        leave(session, start=later(days=1), until=later(days=5))


def test_given_a_leave_when_ended_early_then_the_receiver_is_back(session):
    row = leave(session)
    command = EndReceiverLeave().load({"unit": "sifasuo", "leave_id": str(row["id"])})
    leaves.end(session, HEWENBIN, command, later(hours=1))
    assert "何文彬" == named(session, later(hours=1))
