"""Only the arrows of the state tables ever happen, whatever is tried in whatever order."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chassis.errors import Conflict, ServiceError
from contracts.dispatch.tasks import ProgressTask
from contracts.dispatch.whistles import CancelWhistle
from kernel.codes import TaskState
from services.dispatch import rectifications, stages, states, supervisions, tasks, whistles
from services.dispatch.tables import Objection, Rating, Task, Whistle
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, ZHOUMIN, do

MACHINES = {
    "whistle": states.WHISTLE,
    "task": states.TASK,
    "emergency task": states.EMERGENCY_TASK,
    "supervision": supervisions.LIFE,
}


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
@given(data=st.data())
def test_given_any_commands_when_tried_then_only_declared_arrows_happen(machine, data):
    row = SimpleNamespace(state=machine.initial)
    for command in data.draw(st.lists(st.sampled_from(sorted(machine.moves)), max_size=12)):
        before, move = row.state, machine.moves[command]
        if before in move.sources:
            machine.move(row, command)
            assert (move.target or before) == row.state
            continue
        with pytest.raises(Conflict) as refused:
            machine.move(row, command)
        assert (before, sorted(move.sources)) == (row.state, refused.value.details["allowed_states"])


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_given_a_machine_when_walked_then_every_arrow_can_be_reached(machine):
    reached, fresh = {machine.initial}, [machine.initial]
    while fresh:
        state = fresh.pop()
        for command in machine.commands_from(state):
            target = machine.moves[command].target or state
            if target not in reached:
                reached.add(target)
                fresh.append(target)
    sources = {source for move in machine.moves.values() for source in move.sources}
    assert set() == sources - reached


def test_given_the_task_tables_when_read_then_settled_states_have_no_way_out():
    for life in (states.TASK, states.EMERGENCY_TASK):
        assert set() == {source for source, _, target in life.arrows() if source != target} & stages.SETTLED
    assert stages.SETTLED - {TaskState.RATED} == states.TASK.terminal


@pytest.mark.parametrize("machine", [*MACHINES.values(), rectifications.LIFE], ids=[*MACHINES, "rectify"])
def test_given_the_readme_when_read_then_its_diagrams_are_the_lives(machine):
    assert machine.mermaid() in (Path(states.__file__).parent / "README.md").read_text(encoding="utf8")


def progress(session, task):
    return do(tasks.progress, session, HEWENBIN, world.command(ProgressTask, task, note="进展"), NOW)


def cancel(session, task):
    whistle = {"id": session.get(Task, task["id"]).whistle_id}
    command = world.command(CancelWhistle, whistle, reason_code="MISTAKE", reason="误发")
    return do(whistles.cancel, session, LIUWEI, command, NOW)


ACTS = {
    "sign_task": world.sign,
    "report_in": world.report,
    "progress_task": progress,
    "finish_task": world.finish,
    "confirm_task": lambda session, task: world.confirm(session, task, ZHOUMIN),
    "reject_task": lambda session, task: world.reject(session, task, ZHOUMIN),
    "rate_task": world.rate,
    "waive_rating": world.waive,
    "excuse": lambda session, task: world.waive(session, task, LIUWEI, "NOT_ATTENDED_EXCUSED"),
    "object_task": world.objecting,
    "uphold": lambda session, task: world.decide(session, task, "UPHELD"),
    "dismiss": lambda session, task: world.decide(session, task, "REJECTED"),
    "cancel": cancel,
}


ARROWS = {"excuse": "waive_rating"}
"""Acts that are not named as their move."""


def check_invariants(session, task_id):
    """Domain §3.6 as far as it touches dispatch."""
    task = session.get(Task, task_id)
    objections = session.scalars(select(Objection).where(Objection.unit_code == task.unit_code)).all()
    assert len(objections) <= 1
    for rating in session.scalars(select(Rating)):
        assert rating.rater["id"] != HEWENBIN.id
    whistle = session.get(Whistle, task.whistle_id)
    settled = all(each.state in stages.SETTLED for each in whistle.tasks)
    assert (whistle.state == "BLOWN") == (not settled)
    assert all(each.sign_due > each.created_at < each.report_due for each in whistle.tasks)


@pytest.mark.parametrize("kind", ["APPEAL", "EMERGENCY"])
def test_given_any_acts_in_any_order_when_tried_then_states_and_facts_follow_the_table(store, kind):
    machine = states.task_life(kind)
    plan = st.lists(st.sampled_from(sorted(ACTS)), min_size=3, max_size=14)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(acts=plan)
    def play(acts):
        with store.sessions() as session, session.begin() as transaction:
            task = world.task_of(world.blown(session, kind=kind, units=["sifasuo"]))
            for act in acts:
                one_act(session, machine, task, act)
            check_invariants(session, task["id"])
            transaction.rollback()

    play()


def one_act(session, machine, task, act):
    row = session.get(Task, task["id"])
    session.flush()
    before, version, told = row.state, row.version, len(said(session))
    try:
        with session.begin_nested():
            ACTS[act](session, task)
    except ServiceError:
        session.refresh(row)
        assert (before, version, told) == (row.state, row.version, len(said(session)))
        return
    session.refresh(row)
    assert expected(machine, act, before) == row.state
    assert told < len(said(session))


def expected(machine, act, before):
    """Where an accepted act leads. A whistle may be called off while this task is settled: then the task stays."""
    stays = {"cancel": stages.SETTLED, "uphold": machine.moves["uphold_late"].sources if late(machine) else set()}
    if before in stays.get(act, set()):
        return before
    return {source: target for source, command, target in machine.arrows() if command == ARROWS.get(act, act)}[before]


def late(machine):
    return "uphold_late" in machine.moves
