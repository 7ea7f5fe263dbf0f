"""Talks with one side alone, and the points in dispute."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Invalid, NotFound
from services.mediation.tables import Base
from tests.unit.mediation.people import NOW, SHI
from tests.unit.mediation.station import Station

SAYS = {"claimant_says": "水从楼上来", "respondent_says": "我家没漏水"}


@pytest.fixture
def world(database):
    return Station(database(Base.metadata))


@pytest.mark.row("S3.10")
def test_given_nine_talks_with_one_side_each_when_looked_at_then_the_case_counts_nine_without_a_session(world):
    world.mediating()
    for turn in range(9):
        world.talk(world.zhao if turn % 2 else world.chen)
    seen = world.view(SHI)
    assert (list(range(1, 10)), [], "MEDIATING") == (
        [one["talk_no"] for one in seen["talks"]], seen["sessions"], seen["state"],
    )  # fmt: skip


def test_given_a_talk_when_told_then_what_was_said_stays_with_the_mediators(world):
    world.mediating()
    world.talk(world.zhao, words="嫌修理费贵，愿出一半")
    assert ([1], False) == (
        [told["talk_no"] for told in world.said("talk_recorded")], "一半" in str(world.envelopes()),
    )  # fmt: skip


@pytest.mark.parametrize("state", ["ACCEPTED", "OPENED"])
def test_given_no_mediator_yet_when_somebody_goes_first_then_the_talk_counts(world, state):
    world.open_case() if state == "ACCEPTED" else world.opened()
    world.talk(world.zhao)
    assert (1, state) == (len(world.view(SHI)["talks"]), world.state())


def test_given_a_refusal_when_one_talks_on_then_conflict(world):
    world.mediating()
    world.willing(world.zhao, "NO")
    with pytest.raises(Conflict):
        world.talk(world.zhao)


def test_given_a_stranger_or_a_time_to_come_when_a_talk_is_taken_down_then_refused(world):
    world.mediating()
    with pytest.raises(NotFound):
        world.talk(world.chen_person)
    with pytest.raises(Invalid) as refused:
        world.talk(world.chen, talked_at=NOW + timedelta(minutes=1))
    assert ["talked_at"] == list(refused.value.details["fields"])


@pytest.mark.row("S3.10")
def test_given_cause_and_price_when_settled_apart_then_each_has_its_positions_and_its_finding(world):
    world.mediating()
    for kind in ("CAUSE", "PRICE"):
        world.issue(kind, **SAYS)
    world.settle("CAUSE", finding="地漏堵塞")
    seen = {one["kind"]: (one["claimant_says"], one["finding"]) for one in world.view(SHI)["issues"]}
    assert {"CAUSE": ("水从楼上来", "地漏堵塞"), "PRICE": ("水从楼上来", None)} == seen


def test_given_new_positions_when_taken_down_then_the_finding_on_the_old_ones_falls(world):
    world.mediating()
    world.issue("CAUSE", **SAYS)
    world.settle("CAUSE", finding="地漏堵塞")
    world.issue("CAUSE", **{**SAYS, "respondent_says": "是水管老化"})
    (seen,) = world.view(SHI)["issues"]
    assert ("是水管老化", None) == (seen["respondent_says"], seen["finding"])


def test_given_nothing_taken_down_when_settled_then_conflict(world):
    world.mediating()
    with pytest.raises(Conflict):
        world.settle("PRICE", finding="1500元")
    world.issue("CAUSE", **SAYS)
    with pytest.raises(Conflict):
        world.settle("PRICE", finding="1500元")


def test_given_positions_and_findings_when_told_then_no_word_of_them_is_in_an_event(world):
    world.mediating()
    world.issue("CAUSE", **SAYS)
    world.settle("CAUSE", finding="地漏堵塞")
    told = str(world.envelopes())
    assert [] == [word for word in (*SAYS.values(), "地漏堵塞") if word in told]
