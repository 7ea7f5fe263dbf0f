"""Words about a person's case leave dispatch with the case; while a whistle runs they stay."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contracts.intake.erasures import ErasureOrdered
from services.dispatch import holdings
from services.dispatch.tables import Whistle
from tests.support.delivering import failing, twice
from tests.support.events import hear, said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW

GONE = "（已删除）"
WORDS = {"asked_place_text": "5号楼2单元301室", "reason": "楼道积水"}


@pytest.fixture
def number(store):
    with store.transaction() as session:
        return world.blown(session, **WORDS)["source"]["number"]


def end(store):
    with store.transaction() as session:
        session.execute(Whistle.__table__.update().values(state="CLOSED"))


def reasons(store):
    with store.transaction() as session:
        return [(row.reason, row.asked_place_text) for row in session.scalars(select(Whistle))]


def reports(store):
    with store.transaction() as session:
        told = [fact["data"] for fact in said(session, "dispatch_erased")]
        return [(each["cleared"] > 0, [kept["why"] for kept in each["kept"]]) for each in told]


def order(*numbers):
    return hear(ErasureOrdered, {"numbers": list(numbers), "whole": False})


def test_given_a_running_whistle_when_its_case_is_erased_then_it_stays(store, number):
    twice(store, holdings.HELD.erase, order(number), NOW)
    ((_, why),) = reports(store)
    assert ({"RUNNING"}, "楼道积水") == (set(why), reasons(store)[0][0])


def test_given_a_closed_whistle_when_its_case_is_erased_then_its_words_go_once(store, number):
    end(store)
    for _ in range(2):
        twice(store, holdings.HELD.erase, order(number), NOW)
    assert [(GONE, GONE)] == reasons(store)
    assert [(True, [])] == reports(store)


def test_given_another_case_when_erased_then_this_one_stays(store, number):
    end(store)
    twice(store, holdings.HELD.erase, order("S202407060104000018"), NOW)
    assert "楼道积水" == reasons(store)[0][0]


def test_given_a_commit_that_fails_when_erasing_then_nothing_is_gone(store, number):
    end(store)
    failing(store, holdings.HELD.erase, order(number), NOW)
    assert ("楼道积水", []) == (reasons(store)[0][0], reports(store))
