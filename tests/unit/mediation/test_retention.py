"""A dossier goes with its term, both parties and all words; a running case and a younger dossier stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from capability import terms
from chassis.erased import GONE
from chassis.identity import Principal
from services.mediation import retention
from services.mediation.tables import Case, Party
from tests.unit.mediation.test_holdings import CHEN, ZHAO, closed
from tests.unit.mediation.world import World

WHO = Principal.service("mediation")
YOUNG, OVER = timedelta(days=9 * 365), timedelta(days=11 * 366)


@pytest.fixture
def world(database):
    return World(database(Case.metadata))


def clear(world, span):
    with world.store.transaction() as session:
        retention.RETENTION.clear_due(session, WHO, world.now + span)


def due(world, span):
    with world.store.transaction() as session:
        return {
            one["what"]: one["rows"] for one in terms.due(session, retention.TERMS, world.now + span) if one["rows"]
        }


def people(world):
    with world.store.transaction() as session:
        return {(party.name, party.masked_name, party.phone) for party in session.scalars(select(Party))}


def test_given_a_running_case_when_the_term_passes_then_its_parties_stay(world):
    world.mediating()
    clear(world, OVER)
    assert GONE not in {masked for _, masked, _ in people(world)}


def test_given_a_dossier_within_its_term_when_cleared_then_it_stays(world):
    closed(world)
    clear(world, YOUNG)
    assert {CHEN, ZHAO} == {phone for _, _, phone in people(world)}


def test_given_a_dossier_whose_term_is_over_when_cleared_twice_then_nobody_is_in_it_and_its_words_are_gone(world):
    closed(world)
    assert 2 == due(world, OVER)["调解卷宗"]
    for _ in range(2):
        clear(world, OVER)
    assert ({(None, GONE, None)}, {}) == (people(world), due(world, OVER))
    with world.store.transaction() as session:
        case = session.scalars(select(Case)).one()
        assert ("TERMINATED", True) == (case.state, case.cause_text in (None, GONE))
