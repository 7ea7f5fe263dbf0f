"""Who may do a thing is one rule: it stands on the command, is checked by the service and printed in the documents."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contracts import registry
from kernel.rights import Right, anybody
from services.portal.api import describing
from services.portal.api.route import ROUTES
from tests.unit.walks import studios
from tests.unit.walks.room import everybody
from tests.unit.walks.rooms import LISTED, LIVES

COMMANDS = list(registry.COMMANDS.values())
ROUTED = [command for command in COMMANDS if command.route]
WITH_LIVES = {"intake", "dispatch", "mediation", "notify"}


def lacking(command):
    return not isinstance(getattr(command, "by", None), Right) or not str(command.by)


def test_given_every_command_when_looked_at_then_it_says_who_may():
    assert [] == [command.method for command in COMMANDS if lacking(command)]


def test_given_a_command_without_a_right_when_looked_at_then_it_is_found():
    assert lacking(type("Forgotten", (), {}))


def test_given_every_route_when_looked_at_then_it_is_public_if_and_only_if_anybody_may():
    free = [command.method for command in ROUTED if str(command.by) == str(anybody())]
    assert [command.method for command in ROUTED if command.public] == free


def test_given_every_command_that_changes_a_row_when_looked_at_then_it_moves_in_a_life():
    moving = {name for life in (*LIVES, *studios.LIVES) for name in life.commands}
    changing = {command.method for command in COMMANDS if command.versioned and command.service in WITH_LIVES}
    assert changing == moving


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.command.method)
def test_given_a_route_when_described_then_the_right_that_is_checked_is_printed(route):
    assert f"谁可以办：{route.command.by}" in describing.operation(route)["description"]


@pytest.mark.parametrize("make", [*LISTED, *studios.ROOMS], ids=lambda make: make.__name__)
def test_given_everybody_when_rows_are_looked_for_then_the_store_finds_what_they_may_see(make, database):
    room = make(database)
    for state in room.life.states:
        with room.looking(state) as (session, row):
            for who in everybody(row.area_path, *room.people):
                condition = room.life.rules.sight.where(room.row, who)
                found = session.scalars(select(room.row).where(condition)).all()
                assert room.life.sees(who, row) == (row in found), (who.id, state)
