"""Topics come from anybody and from care calls; residents say what they think; a council settles them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Invalid, NotFound
from contracts.notify.care_rounds import CareAdviceGiven
from kernel.numbers import check
from services.mediation import topics
from tests.support.delivering import failing, twice
from tests.support.events import hear, names_said, said
from tests.unit.mediation.meeting import (
    AFTER,
    GRID,
    OTHER_OWNER,
    OUTSIDER,
    OWNER,
    SERVICE,
    WALL,
    council,
    do,
    tick,
    topic,
)
from tests.unit.mediation.people import NOW

ARROWS = """
PROPOSED collect_opinions COLLECTING | COLLECTING collect_opinions COLLECTING | COLLECTING say_opinion COLLECTING
PROPOSED set_topic SET | COLLECTING set_topic SET | COLLECTING collected SET | PROPOSED drop_topic DROPPED
COLLECTING drop_topic DROPPED | SET drop_topic DROPPED | SET council_convened ON_AGENDA
ON_AGENDA council_held SETTLED | ON_AGENDA council_called_off SET
"""


@pytest.fixture
def store(world):
    return world.store


def test_given_the_life_when_compared_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in topics.LIFE.arrows()}


@pytest.mark.row("S0.2")
def test_given_a_topic_when_opinions_are_collected_then_they_go_along_to_the_council(store):
    number = topic(store, "COLLECTING")
    for who in (OWNER, OTHER_OWNER, OWNER):
        do(store, "say_opinion", who, number=number)
    do(store, "set_topic", number=number)
    met = council(store, topics=[number])
    do(store, "record_minutes", number=met, now=AFTER)
    seen = do(store, "get_topic", number=number)
    assert ("SETTLED", 3, met, True) == (
        seen["state"], seen["opinion_count"], seen["council_number"], check(number)
    )  # fmt: skip


def test_given_a_topic_when_told_then_nothing_that_was_written_is_on_the_bus_and_its_words_are_sealed(store):
    number = topic(store, "COLLECTING")
    do(store, "say_opinion", number=number)
    with store.transaction() as session:
        stored = session.execute(
            text("select content, words from topic join topic_opinion on topic.id = topic_id")
        ).one()
        assert ([], [bytes, bytes]) == (
            [word for word in (WALL, "早点拆") if word in str(said(session))], [type(each) for each in stored]
        )  # fmt: skip


def test_given_a_proposal_nobody_reviewed_when_a_neighbour_looks_then_there_is_none(store):
    number = topic(store)
    for who in (OTHER_OWNER, OUTSIDER):
        with pytest.raises(NotFound):
            do(store, "get_topic", who, number=number)
    assert [] == do(store, "list_topic_board", SERVICE, area_path=GRID)["items"]


def test_given_a_topic_that_is_asked_about_when_the_board_is_read_then_it_shows_its_wording_alone(store):
    number = topic(store, "COLLECTING")
    (shown,) = do(store, "list_topic_board", SERVICE, area_path=GRID)["items"]
    assert (number, "共用围墙怎么办", False) == (shown["number"], shown["subject"], "content" in shown)


def test_given_a_neighbour_when_she_reads_a_topic_then_other_people_s_words_are_hidden(store):
    number = topic(store, "COLLECTING")
    do(store, "say_opinion", number=number)
    seen = do(store, "get_topic", OTHER_OWNER, number=number)
    assert (None, [], 1) == (seen["content"], seen["opinions"], seen["opinion_count"])


def test_given_the_day_when_it_comes_then_the_topic_is_set_once(store):
    number = topic(store, "COLLECTING")
    for _ in range(2):
        tick(store, topics.LIFE.end_due, NOW + timedelta(days=4))
    with store.transaction() as session:
        told = len(said(session, "council_topic_set"))
    assert ("SET", 1) == (do(store, "get_topic", number=number)["state"], told)


def test_given_a_council_that_is_called_off_when_told_then_its_topic_waits_for_another(store):
    number = topic(store, "SET")
    do(store, "call_off_council", number=council(store, topics=[number]))
    assert "SET" == do(store, "get_topic", number=number)["state"]


def test_given_a_topic_that_is_not_set_when_a_council_is_convened_for_it_then_the_field_says_so(store):
    number = topic(store, "COLLECTING")
    with pytest.raises(Invalid) as refused:
        council(store, topics=[number])
    assert {"topics": [f"不是待上会的议题：{number}"]} == refused.value.details["fields"]


def test_given_a_topic_from_a_hazard_without_its_number_when_proposed_then_the_field_says_so(store):
    with pytest.raises(Invalid) as refused:
        topic(store, origin="HAZARD")
    assert ["source_number"] == list(refused.value.details["fields"])


def test_given_a_time_that_is_over_when_opinions_are_collected_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "collect_opinions", number=topic(store), until=NOW.isoformat())


def test_given_a_dropped_topic_when_somebody_speaks_then_it_is_a_conflict(store):
    number = topic(store)
    do(store, "drop_topic", number=number)
    with pytest.raises(Conflict):
        do(store, "say_opinion", number=number)


def test_given_advice_on_the_telephone_when_heard_twice_then_one_topic_waits_and_none_of_its_words_came_along(store):
    advice = hear(CareAdviceGiven, {"number": "T202407050201000017"}, area_path=GRID)
    failing(store, topics.take_advice, advice, NOW)
    twice(store, topics.take_advice, advice, NOW)
    (found,) = do(store, "list_topics", state=["PROPOSED"])["items"]
    assert ("CARE_CALL", "T202407050201000017", None) == (found["origin"], found["source_number"], found["content"])
    with store.transaction() as session:
        assert ["topic_proposed"] == names_said(session)


@pytest.mark.parametrize("method", ["set_topic", "drop_topic"])
def test_given_opinions_ended_before_their_time_when_it_comes_then_nobody_is_reminded_of_it(store, method):
    number = topic(store, "COLLECTING")
    do(store, method, number=number)
    with store.transaction() as session:
        topics.LIFE.warn(session, SERVICE, NOW + timedelta(days=2))
        assert [] == said(session, "mediation_deadline_approaching")
    assert None is do(store, "get_topic", number=number)["due_at"]
