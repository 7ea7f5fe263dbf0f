"""A life lets declared moves happen, names the way for all others, and refuses in one order."""

from __future__ import annotations

from enum import StrEnum
from types import SimpleNamespace

import pytest

from capability.life import Life, Rules
from capability.machine import Machine, Move
from chassis.errors import Conflict, Forbidden, NotFound, VersionMismatch
from chassis.identity import Grant, Principal
from kernel.codes import Role
from kernel.rights import at, everybody


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


class Go:
    method = "go"
    by = at(Role.GRID)


class Bulb:
    __tablename__ = "bulb"

    def __init__(self, state: str = "RED", version: int = 3) -> None:
        self.state, self.version, self.area_path = state, version, "a.b"


TOLD: list[tuple[str, dict[str, str]]] = []


def life(row, sight=None, refusal=None):
    """A bulb's life, with one bulb in the store."""
    rules = Rules(
        hold=lambda session, asked: row,
        sight=sight or everybody(),
        unknown=lambda asked: NotFound("没有"),
        tell=lambda session, event, row, who, now, **data: TOLD.append((event, {"state": row.state, **data})),
        tests={},
        refusal=lambda row, name: refusal,
    )
    moves = {Go: Move({Light.RED}, Light.GREEN), "break": Move({Light.RED, Light.GREEN}, Light.BROKEN)}
    return Life(Bulb, Light.RED, moves, rules)


GRID = Principal("u-1", "李", (Grant("GRID", "a"),))
STRANGER = Principal("u-2", "王", (Grant("GRID", "z"),))
OLD = {"expected_version": 2}


def begun(found, who=GRID, asked=OLD):
    return found.begin(None, who, Go, asked)


@pytest.mark.parametrize(
    ("found", "who", "error"),
    [
        (life(None), GRID, NotFound),
        (life(Bulb("BROKEN"), sight=at(Role.GRID)), STRANGER, NotFound),
        (life(Bulb("BROKEN")), STRANGER, Forbidden),
        (life(Bulb("BROKEN")), GRID, VersionMismatch),
    ],
    ids=["none", "unseen", "not allowed", "old"],
)
def test_given_several_things_wrong_when_begun_then_the_first_in_order_is_said(found, who, error):
    with pytest.raises(error) as refused:
        begun(found, who)
    assert error is type(refused.value)


def test_given_a_history_that_rules_it_out_when_begun_then_its_reason_is_the_conflict():
    with pytest.raises(Conflict, match="刚换过") as refused:
        begun(life(Bulb(), refusal=Conflict("刚换过", lamp="7")), asked={})
    assert {"lamp": "7", "command": "go", "state": "RED"} == refused.value.details


def test_given_what_has_begun_when_done_then_it_moves_once_and_is_told_as_it_stands():
    TOLD.clear()
    bulb = Bulb()
    found = life(bulb)
    found.advance(begun(found, asked={}))
    done = found.done(None, GRID, bulb, None, "lit", colour="white")
    assert (bulb, "GREEN", [("lit", {"state": "GREEN", "colour": "white"})]) == (done, bulb.state, TOLD)


def test_given_moves_by_command_and_by_fact_when_read_then_facts_are_nobodys_to_command():
    assert ({"break"}, {"go": Go}) == (life(None).follows, life(None).commands)


def test_given_a_state_a_right_and_a_history_when_buttons_are_drawn_then_all_three_count():
    offered = [
        life(None).allowed_commands(GRID, Bulb()),
        life(None).allowed_commands(GRID, Bulb("GREEN")),
        life(None).allowed_commands(STRANGER, Bulb()),
        life(None, refusal=Conflict("刚换过")).allowed_commands(GRID, Bulb()),
        life(None, sight=at(Role.STREET)).allowed_commands(GRID, Bulb()),
    ]
    assert [["go"], [], [], [], []] == offered
