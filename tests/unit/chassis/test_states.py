"""A state table lets declared moves happen and names the way for all others."""

from __future__ import annotations

from enum import StrEnum
from types import SimpleNamespace

import pytest

from chassis.errors import Conflict
from chassis.life import Machine, Move


class Light(StrEnum):
    RED = "RED"
    GREEN = "GREEN"
    BROKEN = "BROKEN"


MACHINE = Machine(
    "light",
    Light.RED,
    {
        "go": Move({Light.RED}, Light.GREEN),
        "stop": Move({Light.GREEN}, Light.RED),
        "clean": Move({Light.RED, Light.GREEN}, None),
        "break": Move({Light.RED, Light.GREEN}, Light.BROKEN),
    },
)


def test_given_a_state_that_allows_it_when_moved_then_the_target_is_reached():
    row = SimpleNamespace(state="RED")
    MACHINE.move(row, "go")
    assert Light.GREEN == row.state


def test_given_a_move_without_target_when_moved_then_the_state_stays():
    row = SimpleNamespace(state="GREEN")
    MACHINE.move(row, "clean")
    assert "GREEN" == row.state


def test_given_a_state_that_forbids_it_when_moved_then_the_conflict_names_the_states_that_allow_it():
    row = SimpleNamespace(state="BROKEN")
    with pytest.raises(Conflict) as refused:
        MACHINE.move(row, "clean")
    assert (["GREEN", "RED"], "BROKEN", "BROKEN") == (
        refused.value.details["allowed_states"],
        refused.value.details["state"],
        row.state,
    )


def test_given_the_table_then_terminal_states_and_commands_follow_from_it():
    assert (frozenset({Light.BROKEN}), ["break", "clean", "go"]) == (MACHINE.terminal, MACHINE.commands_from("RED"))


def test_given_the_table_then_the_diagram_shows_every_arrow():
    drawn = MACHINE.mermaid()
    assert all(f"{source} --> {target}: {command}" in drawn for source, command, target in MACHINE.arrows())
