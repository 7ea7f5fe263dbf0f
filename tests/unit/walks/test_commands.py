"""Every command on a row refuses in one order: who may not see it, who may not do it, an old version, a wrong state."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.walks import studios
from tests.unit.walks.room import ELSEWHERE, everybody
from tests.unit.walks.rooms import ROOMS

NOW = datetime(2024, 7, 10, 1, 0, tzinfo=UTC)
OLD = 4711
"""A version nobody has."""


@pytest.fixture(params=(*ROOMS, *studios.ROOMS), ids=lambda room: room.__name__)
def room(request, database):
    return request.param(database)


def test_given_everybody_when_a_command_is_tried_with_an_old_version_then_only_who_may_hears_of_it(room):
    for command in room.life.commands.values():
        with room.looking() as (session, row):
            people = everybody(row.area_path, *room.people)
            expected = {who.id: judged(room.life, who, command, row) for who in people}
            heard = {who.id: type(room.answer(session, who, command, OLD, NOW)).__name__ for who in people}
        assert expected == heard, command.method


def judged(life, who, command, row):
    """What the command's right says."""
    if not life.sees(who, row):
        return "NotFound"
    return "VersionMismatch" if life.may(who, command, row) else "Forbidden"


def test_given_whoever_holds_every_role_elsewhere_when_looked_at_then_nothing_is_there_to_do(room):
    with room.looking() as (_, row):
        strangers = [who for who in everybody(row.area_path) if who.grants and who.grants[0].node == ELSEWHERE]
        may = {
            (who.id, name)
            for who in strangers
            for name, command in room.life.commands.items()
            if room.life.may(who, command, row)
        }
    assert set() == may


def test_given_a_forbidden_act_when_refused_then_the_roles_and_the_place_are_named(room):
    for command in room.life.commands.values():
        with room.looking() as (session, row):
            seeing = (who for who in everybody(row.area_path, *room.people) if room.life.sees(who, row))
            who = next(who for who in seeing if not room.life.may(who, command, row))
            refused = room.answer(session, who, command, None, NOW)
            roles = [str(role) for role in command.by.chosen(who, row, room.life.rules.tests).roles]
            expected = (command.method, roles, row.area_path, True)
            details = refused.details
            assert expected == (details["command"], details["roles"], details["place"], str(command.by) in str(refused))


def test_given_a_wrong_state_when_commanded_then_the_conflict_names_the_states_that_would_do(room):
    life = room.life
    for command in life.commands.values():
        sources = life.moves[command.method].sources
        for state in set(life.states) - sources:
            with room.looking(state) as (session, row):
                people = everybody(row.area_path, *room.people)
                who = next(who for who in people if life.may(who, command, row))
                refused = room.answer(session, who, command, row.version, NOW)
                expected = ("Conflict", *room.fit(command, row))
                details = refused.details
                assert expected == (type(refused).__name__, details["state"], details["allowed_states"])


def test_given_every_state_when_buttons_are_offered_then_each_is_allowed_by_state_and_right(room):
    for state in room.life.states:
        with room.looking(state) as (_, row):
            for who in everybody(row.area_path, *room.people):
                offered = room.life.allowed_commands(who, row)
                fit = [name for name in offered if state in room.life.moves[name].sources]
                may = [name for name in offered if room.life.may(who, room.life.commands[name], row)]
                assert fit == offered == may
