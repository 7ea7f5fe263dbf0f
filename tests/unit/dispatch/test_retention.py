"""Words of whistles that ended go with their term; where somebody was goes after a month, whatever runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from capability import terms
from chassis.erased import GONE
from chassis.identity import Principal
from services.dispatch import retention
from services.dispatch.tables import Task, Whistle
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW

WHO = Principal.service("dispatch")
GEO = {"lat": 38.47, "lng": 106.27}


@pytest.fixture
def blown(store):
    with store.transaction() as session:
        world.blown(session, reason="楼道积水", asked_place_text="5号楼2单元301室")
        session.execute(Task.__table__.update().values(geo=GEO, reported_in_at=NOW, result_text="已疏通，陈阿姨满意"))


def end(store):
    with store.transaction() as session:
        session.execute(Whistle.__table__.update().values(state="CLOSED", closed_at=NOW))


def clear(store, now):
    with store.transaction() as session:
        retention.RETENTION.clear_due(session, WHO, now)


def due(store, now):
    with store.transaction() as session:
        return {one["what"]: one["rows"] for one in terms.due(session, retention.TERMS, now) if one["rows"]}


def told(store):
    with store.transaction() as session:
        whistle, tasks = session.scalars(select(Whistle)).one(), session.scalars(select(Task)).all()
        return whistle.reason, {task.result_text for task in tasks}, {task.geo is None for task in tasks}


def test_given_a_running_whistle_when_years_pass_then_its_words_stay_and_the_place_of_its_people_goes(store, blown):
    clear(store, NOW + timedelta(days=2000))
    assert ("楼道积水", {"已疏通，陈阿姨满意"}, {True}) == told(store)


def test_given_a_place_of_yesterday_when_cleared_then_it_is_still_there(store, blown):
    clear(store, NOW + timedelta(days=1))
    assert {False} == told(store)[2]


def test_given_a_whistle_that_ended_when_its_term_is_over_then_counted_rows_are_those_cleared_once(store, blown):
    end(store)
    later = NOW + timedelta(days=1200)
    counted = due(store, later)
    assert (1, True) == (counted["哨单"], counted["哨令"] > 0)
    for _ in range(2):
        clear(store, later)
    assert ((GONE, {GONE}, {True}), {}) == (told(store), due(store, later))
    with store.transaction() as session:
        rows = session.execute(text("select details ->> 'what' from audit where act = 'retention'")).scalars().all()
    assert sorted(counted) == sorted(rows)


def test_given_an_empty_note_when_due_then_nothing_was_there_to_clear(store):
    assert {} == due(store, datetime.now(UTC) + timedelta(days=4000))
