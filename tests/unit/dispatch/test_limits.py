"""The limit to finish is capped by what the case has left; a dated-back arrival does not count."""

from __future__ import annotations

import pytest

from chassis.errors import Forbidden
from contracts.dispatch.whistles import ApproveWhistle
from services.dispatch import sources, whistles
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import LIUWEI, NOW, WANGFANG, do, later

pytestmark = pytest.mark.rule("20")

LEFT = later(days=2)


def asking(days="9d", due=LEFT, **more):
    """A draft for a case that runs until `due`, as intake says when asked."""
    command = world.drafting(recipients=[{"unit": "sifasuo", "finish_within": days}], **more)
    case = {"id": str(command["source"]["id"]), "area_path": command["area_path"], "due_at": due and due.isoformat()}
    sources.prove(WANGFANG, command, lambda method, question, deadline: case)
    return command


def finish_due(session, command, agree=False):
    drafted = do(whistles.draft, session, WANGFANG, command, NOW)
    approve = world.command(ApproveWhistle, drafted, agree_longer=agree)
    return world.task_of(do(whistles.approve, session, LIUWEI, approve, NOW))["finish_due"]


def test_given_a_limit_beyond_what_the_case_has_left_when_blown_then_it_ends_with_the_case(session):
    assert LEFT == finish_due(session, asking())


def test_given_a_shorter_limit_when_blown_then_it_stays(session):
    assert later(hours=3) == finish_due(session, asking("3h"))


def test_given_the_street_agrees_when_approving_then_the_longer_limit_stands(session):
    assert finish_due(session, asking(), agree=True) > LEFT


@pytest.mark.parametrize("due", [None, later(days=-1)])
def test_given_a_case_without_date_or_late_already_when_blown_then_the_limit_is_as_asked(session, due):
    assert finish_due(session, asking(due=due)) > later(days=8)


def test_given_the_community_when_it_agrees_with_itself_then_it_is_forbidden(session):
    with pytest.raises(Forbidden):
        do(whistles.draft, session, WANGFANG, asking(agree_longer=True), NOW)


@pytest.mark.parametrize(
    ("claimed", "told", "counts"),
    [
        (later(minutes=50), later(hours=1), later(minutes=50)),
        (later(minutes=44), later(hours=1), later(hours=1)),
        (later(minutes=-5), later(minutes=5), later(minutes=5)),
        (later(hours=-2), later(minutes=5), later(minutes=5)),
    ],
)
def test_given_a_claimed_arrival_when_it_cannot_be_believed_then_the_telling_counts_and_both_are_shown(
    session, claimed, told, counts
):
    task = world.sign(session, world.task_of(world.blown(session)))
    seen = world.report(session, task, now=told, arrived_at=claimed.isoformat())
    kept = None if counts == claimed else claimed
    (fact,) = said(session, "whistle_task_reported_in")
    assert (counts, kept, bool(kept)) == (
        seen["arrived_at"], seen["claimed_arrival"], any("按收到时间计" in note.text for note in seen["notes"]),
    )  # fmt: skip
    assert (kept is None) == (fact["data"]["claimed_arrival"] is None)


def test_given_an_arrival_dated_back_into_the_limit_when_told_late_then_it_is_late(session):
    task = world.sign(session, world.task_of(world.blown(session, kind="EMERGENCY")))
    world.report(session, task, now=later(hours=1), arrived_at=later(minutes=20).isoformat())
    (fact,) = said(session, "whistle_task_reported_in")
    assert fact["data"]["in_time"] is False
