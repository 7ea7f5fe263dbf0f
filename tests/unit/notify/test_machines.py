"""Random commands: only declared arrows happen, and what is refused changes nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, Invalid
from services.notify import follow_ups
from services.notify.states import FOLLOW_UP, MESSAGE, OPEN_FOLLOW_UPS
from services.notify.tables import FollowUp
from tests.unit.notify.facts import HE_JING, only_follow_up, shanghai, with_follow_up

README = Path(follow_ups.__file__).with_name("README.md")
ARROWS = {(source.value, command, target.value) for source, command, target in FOLLOW_UP.arrows()}

moments = st.builds(shanghai, st.integers(8, 10), st.integers(0, 23))
commands = st.one_of(
    st.tuples(st.just("attempt_follow_up"), st.booleans(), moments),
    st.tuples(st.just("complete_follow_up"), st.sampled_from(["YES", "NO"]), moments),
    st.tuples(st.just("close_follow_up_invalid"), st.sampled_from(["NO_ANSWER", "REFUSED", "ANONYMOUS"]), moments),
)


def perform(session, key, name, choice, moment):
    common = {"follow_up_id": key, "expected_version": None}
    if name == "attempt_follow_up":
        return follow_ups.attempt(session, HE_JING, {**common, "method": "CALL", "reached": choice}, moment)
    if name == "complete_follow_up":
        return follow_ups.complete(session, HE_JING, {**common, "solved": choice, "satisfied": "SATISFIED"}, moment)
    return follow_ups.close_invalid(session, HE_JING, {**common, "reason_code": choice}, moment)


def test_given_random_commands_when_performed_then_only_declared_arrows_happen(store):
    with_follow_up(store)
    key = only_follow_up(store).id

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(commands, max_size=8))
    def check(sequence):
        with store.sessions() as session:  # rolled back on leaving
            for name, choice, moment in sequence:
                step(session, key, name, choice, moment)

    check()


def step(session, key, name, choice, moment):
    """One command, in a savepoint as its own transaction would be."""
    row = session.get(FollowUp, key)
    before = (row.state, row.version, len(row.attempts))
    savepoint = session.begin_nested()
    try:
        perform(session, key, name, choice, moment)
    except (Conflict, Invalid) as error:
        savepoint.rollback()
        session.expire_all()
        refused(before, session.get(FollowUp, key), name, error)
    else:
        savepoint.commit()
        assert (before[0], name, str(row.state)) in ARROWS
        assert before[1] < row.version


def refused(before, row, name, error):
    """A refusal changed nothing, and names the states that would do where the state was the reason."""
    assert before == (row.state, row.version, len(row.attempts))
    if not any((before[0], name) == arrow[:2] for arrow in ARROWS):
        assert sorted(FOLLOW_UP.moves[name].sources) == error.details["allowed_states"]


@given(st.lists(st.sampled_from(sorted(MESSAGE.moves)), max_size=6))
def test_given_random_settlements_when_moved_then_only_what_was_sent_moves_on_and_a_settled_message_never(sequence):
    row = SimpleNamespace(state=MESSAGE.initial)
    for command in sequence:
        before, fitting = row.state, MESSAGE.moves[command].sources
        if before in fitting:
            MESSAGE.move(row, command)
        else:
            with pytest.raises(Conflict) as refusal:
                MESSAGE.move(row, command)
            assert (before, sorted(fitting)) == (row.state, refusal.value.details["allowed_states"])
        assert before not in MESSAGE.terminal or before == row.state


def test_given_the_readme_when_compared_then_its_diagrams_are_those_of_the_machines():
    told = README.read_text(encoding="utf-8")
    assert [True, True] == [machine.mermaid() in told for machine in (MESSAGE, FOLLOW_UP)]


def test_given_the_machines_when_asked_then_due_and_trying_are_open():
    assert {"DUE", "TRYING"} == set(OPEN_FOLLOW_UPS)
