"""Who chose what by phone is in no store (decision 22): whoever reads all tables learns who voted, and the sums."""

from __future__ import annotations

from itertools import compress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text

from chassis.identity import Grant, Principal
from chassis.store import Moment
from contracts.mediation.councils import CastVote
from contracts.mediation.elections import CastBallot
from services.mediation.tables import Base, Council, Election
from tests.unit.mediation import electing, meeting
from tests.unit.mediation.electing import XINHUA
from tests.unit.mediation.meeting import AFTER, GRID

CHOICES = [(1, 2), (1,), (3,), (2, 3), (2,)]
"""Of five voters, each for one or two of those who stand."""
SHARED = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def store(world):
    return world.store


def voter(no: int, place: str) -> Principal:
    return Principal(str(UUID(int=no + 1)), "住*", (Grant("RESIDENT", place),), "resident")


def raw(session: Any) -> list[tuple[str, str]]:
    """All rows of all tables as they lie there."""
    tables = sorted(inspect(session.get_bind()).get_table_names())
    every = " union all ".join(f"select '{name}', row::text from \"{name}\" row" for name in tables)
    return [(name, row) for name, row in session.execute(text(every))]


def unsealed(session: Any, name: str) -> list[str]:
    """The same rows of one table; without moments, whose order is that of the votes."""
    columns = [each for each in Base.metadata.tables[name].columns if not isinstance(each.type, Moment)]
    return [f"{name} {row}" for row in session.execute(select(*columns))]


def fresh(session: Any, name: str, before: set[tuple[str, str]], after: list[tuple[str, str]]) -> list[str]:
    """The rows of one table that were not there before, unsealed."""
    new = [each not in before for each in after if each[0] == name]
    return list(compress(unsealed(session, name), new)) if any(new) else []


def left_by(store: Any, number: str, vote: Any, choices: list[Any]) -> list[str]:
    """What the votes leave in the store, whichever matter it was. Where a row lies on disk is the database's choice."""
    with store.transaction() as session:
        before = set(raw(session))
    for no, chosen in enumerate(choices):
        vote(no, chosen)
    with store.transaction() as session:
        after = raw(session)
        its = its_id(session, number)
        left = [row for name in sorted({name for name, _ in after}) for row in fresh(session, name, before, after)]
    return sorted(row.replace(its, "ITS").replace(number, "NUMBER") for row in left)


def its_id(session: Any, number: str) -> str:
    rows = (session.scalars(select(table.id).filter_by(case_number=number)).all() for table in (Council, Election))
    return str(next(found[0] for found in rows if found))


@SHARED
@given(st.permutations(CHOICES))
def test_given_the_same_ballots_from_other_voters_when_all_stores_are_read_then_nothing_is_different(store, shuffled):
    def leaves(choices):
        number = electing.voting(store, mode="PHONE", seats=2)
        return left_by(store, number, lambda no, chosen: electing.do(
            store, "cast_ballot", voter(no, f"{XINHUA}.g1"), number=number, choices=list(chosen)), choices)  # fmt: skip

    told = leaves(CHOICES)
    assert told == leaves(shuffled)
    assert [5, 1] == [sum(row.startswith(name) for row in told) for name in ("election_ballot ", "election ")]


@SHARED
@given(st.permutations([1, 1, 2, 3, 2]))
def test_given_the_same_votes_from_other_neighbours_when_all_stores_are_read_then_nothing_is_different(store, shuffled):
    def leaves(choices):
        number = meeting.held(store)
        return left_by(store, number, lambda no, chosen: meeting.do(
            store, "cast_vote", voter(no, f"{GRID}.m1"), AFTER, number=number, option_no=chosen), choices)  # fmt: skip

    told = leaves([1, 1, 2, 3, 2])
    assert told == leaves(shuffled)
    assert [5, 1] == [sum(row.startswith(name) for row in told) for name in ("council_vote ", "council ")]


@pytest.mark.parametrize("command", [CastVote, CastBallot])
def test_given_a_ballot_when_sent_under_a_key_then_neither_answer_nor_print_of_what_was_asked_is_kept(command):
    assert not command.keeps_answer


def test_given_an_election_by_account_when_it_is_not_counted_then_nobody_is_shown_how_it_stands(store):
    number = electing.voting(store, mode="PHONE", seats=2)
    electing.do(store, "cast_ballot", number=number, choices=[2])
    seen = electing.do(store, "get_election", number=number)
    assert ([None] * 7, "cast") == ([each["votes"] for each in seen["standing"]], "cast" if "cast" not in seen else "")
