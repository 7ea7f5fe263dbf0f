"""Rows written in one statement stand as a flush would have written them (capability.at_once)."""

from __future__ import annotations

from sqlalchemy import func, select

from capability import at_once
from chassis.store import new_id
from services.dispatch.tables import Clock, Escalation, Task
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW, later


def clocks(session):
    return session.scalars(select(Clock).order_by(Clock.stage)).all()


def test_given_changed_rows_when_written_at_once_then_they_read_back_so_and_a_flush_finds_nothing_left(session):
    world.blown(session)
    session.flush()
    for clock in clocks(session):
        clock.overdue_raised, clock.wake_at = ["50%", clock.stage], later(hours=1)
    at_once.update(session, clocks(session), "overdue_raised", "wake_at")
    left = [row for row in session.dirty if session.is_modified(row)]
    session.expire_all()
    assert ([], [(["50%", clock.stage], later(hours=1)) for clock in clocks(session)]) == (
        left,
        [(clock.overdue_raised, clock.wake_at) for clock in clocks(session)],
    )


def test_given_a_task_whose_version_is_written_at_once_then_it_was_touched_as_by_any_update(session):
    world.blown(session)
    session.flush()
    task = session.scalars(select(Task).order_by(Task.id)).first()
    task.updated_at = NOW
    session.flush()
    task.version += 1
    at_once.update(session, [task], "version")
    session.expire_all()
    assert session.scalar(select(func.now())) == task.updated_at


def test_given_no_moment_when_written_at_once_then_the_column_is_empty(session):
    world.blown(session)
    session.flush()
    for clock in clocks(session):
        clock.wake_at = None
    at_once.update(session, clocks(session), "wake_at")
    session.expire_all()
    assert {None} == {clock.wake_at for clock in clocks(session)}


def test_given_rows_of_which_one_stands_already_when_inserted_then_the_ids_of_the_others_are_told(session):
    world.blown(session)
    session.flush()
    task_id = session.scalar(select(Task.id))
    names = ("id", "task_id", "stage", "level", "due_at", "raised_at")
    rows = [
        dict(zip(names, (new_id(), task_id, "SIGN", level, NOW, NOW), strict=True)) for level in ("COMMUNITY", "STREET")
    ]
    once = "on conflict (task_id, stage, level) do nothing"
    first = at_once.insert(session, Escalation, names, rows[:1], once)
    both = at_once.insert(session, Escalation, names, [{**row, "id": new_id()} for row in rows], once)
    assert (([rows[0]["id"]], 1), 2) == ((first, len(both)), len(session.scalars(select(Escalation)).all()))
