"""A diary is for its writer and her superiors; what it holds becomes a case of its own with one command."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.intake.diaries import LIFE
from tests.unit.intake import campaigning as at
from tests.unit.intake.campaigning import FIRST, GRIDS, do
from tests.unit.intake.world import OTHER, facts_of, names

ARROWS = """
KEPT change_proposed PROPOSED | PROPOSED accept_diary_change ACCEPTED | PROPOSED reject_diary_change REJECTED
KEPT diary_to_appeal KEPT | PROPOSED diary_to_appeal PROPOSED | ACCEPTED diary_to_appeal ACCEPTED
REJECTED diary_to_appeal REJECTED | KEPT diary_to_hazard KEPT | PROPOSED diary_to_hazard PROPOSED
ACCEPTED diary_to_hazard ACCEPTED | REJECTED diary_to_hazard REJECTED
"""


@pytest.fixture
def place(store):
    with store.transaction() as session:
        at.furnish(session)
    return store


def wrote(store, **asked):
    return do(store, "write_diary", at.ZOU, **asked)["number"]


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_an_entry_when_read_then_only_by_its_writer_and_her_superiors(place):
    number = wrote(place)
    for who in (at.ZOU, at.GE, at.STREET_OFFICER):
        assert "今天走访了三户" == do(place, "get_diary", who, number=number)["words"]
    for who in (at.YU, at.STEWARD, OTHER):
        with pytest.raises(NotFound):
            do(place, "get_diary", who, number=number)
    assert ([number], []) == tuple(
        [row["number"] for row in do(place, "list_diaries", who)["items"]] for who in (at.GE, at.YU)
    )


def test_given_an_entry_when_stored_and_told_then_its_words_are_sealed_and_nowhere_on_the_bus(place):
    wrote(place, change="302室换了住户")
    with place.transaction() as session:
        kept = session.execute(text("select words, change from diary")).one()
    told = str(facts_of(place))
    assert ([bytes, bytes], []) == ([type(each) for each in kept], [word for word in ("走访", "302") if word in told])


@pytest.mark.parametrize("day", ["2024-07-06", "2024-06-20"])
def test_given_a_day_to_come_or_long_ago_when_written_then_the_field_says_why(place, day):
    with pytest.raises(Invalid) as refused:
        wrote(place, day=day)
    assert ["day"] == list(refused.value.details["fields"])


def test_given_a_community_worker_when_writing_then_it_is_forbidden(place):
    with pytest.raises(Forbidden):
        do(place, "write_diary", at.GE)


@pytest.mark.row("S1.26")
def test_given_an_entry_when_turned_into_an_appeal_and_a_hazard_then_it_keeps_their_numbers(place):
    number = wrote(place)
    do(place, "diary_to_appeal", at.ZOU, number=number)
    appeal, hazard = do(place, "diary_to_hazard", at.ZOU, number=number)["came_of"]
    raised = [fact["data"]["raised"] for fact in facts_of(place, "diary_led_to")]
    sources = do(place, "get_appeal", at.ZOU, number=appeal)["source"], "hazard_reported" in names(place)
    assert ([appeal, hazard], ("PROACTIVE", True)) == (raised, sources)


def test_given_a_change_when_decided_then_it_is_once_and_by_a_superior(place):
    number = wrote(place, change="302室换了住户")
    with pytest.raises(Forbidden):
        do(place, "accept_diary_change", at.ZOU, number=number)
    decided = do(place, "accept_diary_change", at.GE, number=number)
    with pytest.raises(Conflict):
        do(place, "reject_diary_change", at.STREET_OFFICER, number=number)
    assert ("ACCEPTED", "u-geyanxia") == (decided["state"], decided["decided_by"]["id"])


def test_given_a_place_of_another_when_written_then_it_is_forbidden(place):
    with pytest.raises(Forbidden):
        wrote(place, area_path=list(GRIDS)[1])
    assert FIRST == do(place, "get_diary", at.ZOU, number=wrote(place, area_path=FIRST))["area_path"]
