"""Random commands: only declared arrows happen; everything else is a conflict that changes nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as any_of
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chassis.errors import Conflict
from kernel.codes import AppealState, HazardState
from services.intake.conditions import ENDED, NON_TERMINAL
from services.intake.machines import APPEAL, HAZARD

MACHINES = [APPEAL, HAZARD]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.entity)
@given(data=any_of.data())
def test_given_any_commands_when_run_then_only_declared_arrows_happen(machine, data):
    row = SimpleNamespace(state=machine.initial)
    arrows = {(source, command): target for source, command, target in machine.arrows()}
    for command in data.draw(any_of.lists(any_of.sampled_from(sorted(machine.moves)), max_size=30)):
        before = row.state
        if (before, command) in arrows:
            machine.move(row, command)
            assert arrows[before, command] == row.state
        else:
            with pytest.raises(Conflict) as refusal:
                machine.move(row, command)
            allowed = sorted(str(state) for state in machine.moves[command].sources)
            assert (before, allowed) == (row.state, refusal.value.details["allowed_states"])


class Life(RuleBasedStateMachine):
    """An appeal's life: what has ended never moves again."""

    def __init__(self) -> None:
        super().__init__()
        self.row = SimpleNamespace(state=APPEAL.initial)
        self.ended: AppealState | None = None

    @rule(command=any_of.sampled_from(sorted(APPEAL.moves)))
    def command(self, command):
        if command in APPEAL.commands_from(self.row.state):
            APPEAL.move(self.row, command)
        if self.row.state in APPEAL.terminal and self.ended is None:
            self.ended = self.row.state

    @invariant()
    def what_has_ended_stays(self):
        assert self.ended in (None, self.row.state)


TestLife = Life.TestCase


def test_given_the_machines_when_looked_at_then_terminal_states_are_those_of_the_domain():
    assert {"ANSWERED", "DIVERTED", "DECLINED", "MERGED", "CLOSED", "WITHDRAWN"} == ENDED
    assert {"ANSWERED", "DIVERTED", "CLOSED"} == APPEAL.terminal - LATER
    assert {"name_owner"} == {name for source, name, _ in HAZARD.arrows() if source == HazardState.REMOVED}


LATER = {AppealState.OBJECTED, AppealState.LISTED, AppealState.ON_ACCOUNT}
"""Named in the domain, not reached by any command yet."""


def test_given_the_named_sets_when_compared_then_they_cover_every_state():
    assert set(AppealState) == NON_TERMINAL | ENDED | LATER


def test_given_what_has_ended_when_taken_up_again_then_only_by_its_own_moves():
    again = {command for source, command, target in APPEAL.arrows() if source in ENDED}
    assert {"object_ending", "survivor_ended", "unmerge_appeal"} == again
