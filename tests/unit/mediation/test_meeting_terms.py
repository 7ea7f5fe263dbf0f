"""Who came, spoke, voted and stood goes with its term once the matter is over; figures and resolutions stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from chassis.erased import GONE
from chassis.identity import Principal
from services.mediation.retention import TERMS
from services.mediation.tables import Attendee, Council, Election, Opinion, Project, SiteIssue, Topic, Vote
from tests.unit.mediation.test_taking_part import ELECTED, NAME, WORDS, close, elected, over

WHO = Principal.service("mediation")
FOUR_YEARS, ELEVEN_YEARS = timedelta(days=4 * 366), timedelta(days=11 * 366)


def clear(world, span):
    """Twice, so long after the rows were written, which is by the store's own clock."""
    for _ in range(2):
        with world.store.transaction() as session:
            TERMS.clear_due(session, WHO, datetime.now(UTC) + span)


def settled(world, model, state):
    with world.store.transaction() as session:
        session.execute(update(model).values(state=state))


def all_of(world, model, *names):
    with world.store.transaction() as session:
        return {tuple(getattr(row, name) for name in names) for row in session.scalars(select(model))}


def test_given_a_running_council_when_years_pass_then_its_roll_and_its_words_stay(world):
    over(world)
    clear(world, ELEVEN_YEARS)
    assert NAME in {name for (name,) in all_of(world, Attendee, "name")}
    assert {None} != {minutes for (minutes,) in all_of(world, Council, "minutes")}


def test_given_a_council_that_ended_when_three_years_are_over_then_the_roll_goes_and_the_minutes_stay(world):
    over(world)
    close(world)
    settled(world, Topic, "SETTLED")
    (voter,) = all_of(world, Vote, "voter_id")
    (before,) = all_of(world, Council, "signed_in", "minutes")
    clear(world, FOUR_YEARS)
    assert {(GONE, None, None)} == all_of(world, Attendee, "name", "group", "mark")
    assert ({(GONE, GONE)}, {(None,)}) == (all_of(world, Opinion, "words", "by_id"), all_of(world, Topic, "content"))
    assert voter not in all_of(world, Vote, "voter_id")
    assert {before} == all_of(world, Council, "signed_in", "minutes")


def test_given_a_council_that_ended_when_ten_years_are_over_then_its_words_go_and_its_objection_still_counts(world):
    over(world)
    close(world)
    clear(world, ELEVEN_YEARS)
    with world.store.transaction() as session:
        council = session.scalars(select(Council)).one()
        told = council.minutes, council.opinions, council.dissent, [each["words"] for each in council.filed]
    assert (None, [], None, [GONE]) == told


@pytest.mark.parametrize(("state", "gone"), [("RUNNING", False), ("ENDED", True)])
def test_given_an_election_when_ten_years_are_over_then_names_go_unless_its_project_still_runs(world, state, gone):
    elected(world)
    settled(world, Project, state)
    clear(world, ELEVEN_YEARS)
    with world.store.transaction() as session:
        election = session.scalars(select(Election)).one()
        first, marks = election.candidates[0], election.marks
    assert ((GONE, None, 1, False) if gone else (ELECTED, WORDS, 1, True)) == (
        first["name"], first["statement"], first["no"], bool(marks),
    )  # fmt: skip
    assert {(GONE, GONE)} == all_of(world, SiteIssue, "words", "place_text")
