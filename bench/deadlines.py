"""`python -m bench.deadlines`: 10,000 deadlines fall due in one minute among 100,000 open cases; and how fast one is
computed.

The rate to keep up with is 10,000 a minute. Each must be told once, and in the outbox once.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

import psycopg
from rich.console import Console

from bench import cases, processes
from bench.desk import Desk, log_in
from bench.filling import copies, made_id, made_number, numbered, settle
from bench.report import Line, report
from bench.waiting import Waiting
from kernel.calendar import load_calendar
from kernel.deadlines import Limit, due_at
from ops import lifecycle, provision
from ops.waiting import wait_until
from ops.world import World
from tests.stories.sql import FACTS

OPEN = int(os.environ.get("BENCH_OPEN", "100000"))
DUE = OPEN // 10
PATIENCE_SECONDS = 120.0
COMPUTED = 20_000
MINUTE = 60.0
ALL = numbered(OPEN)
TASKS, APPEALS = 2, 3
CASE = made_number("S")
END = "now() + interval '2160 hours'"
FAR = {"started_at": "now()", "limit_text": "'2160h'", "due_at": END, "wake_at": END}
"""A limit that counted again gives the same."""


def fill_tasks(database: psycopg.Connection, task: str) -> None:
    """OPEN whistles with a task each, all clocks far away."""
    whistle, fresh = made_id(1), made_id(TASKS)
    (like,) = database.execute("select whistle_id from task where id = %s", [task]).fetchone() or ("",)
    copies(database, "whistle", [like], ALL, {"id": whistle, "number": made_number("W"), "case_number": CASE})
    copies(database, "task", [task], ALL, {"id": fresh, "whistle_id": whistle, "case_number": CASE})
    both = {"id": "gen_random_uuid()", "subject_id": fresh, **FAR}
    copies(database, "clock", [task], ALL, both, key="subject_id")
    settle(database, "whistle", "task", "clock")


def fill_appeals(database: psycopg.Connection, appeal: str) -> None:
    """OPEN appeals, all clocks far away."""
    fresh = made_id(APPEALS)
    copies(database, "appeal", [appeal], ALL, {"id": fresh, "case_number": CASE})
    copies(database, "deadline", [appeal], ALL, {"id": "gen_random_uuid()", "subject_id": fresh, **FAR}, "subject_id")
    settle(database, "appeal", "deadline")


def fall_due(database: psycopg.Connection, table: str, series: int, stage: str, now: datetime) -> None:
    """DUE clocks of the stage end within the minute before `now`, an hour after they were started."""
    query = f"""
        update {table} set due_at = %s::timestamptz - n * interval '1 minute' / {DUE}, started_at = %s,
          wake_at = %s::timestamptz - n * interval '1 minute' / {DUE}
        from generate_series(1, {DUE}) n where subject_id = {made_id(series)} and stage = '{stage}'
    """
    database.execute(query.encode(), [now, now - timedelta(hours=1), now])


def raised(world: World, service: str, event: str, table: str, series: int, stage: str) -> float:
    """Clocks raised a second, from the first batch to the last; all DUE of them, or as many as came in the time.

    How many are left is asked of the index of clocks: counting the facts five times a second took a core of its own.

    Errors: AssertionError when one was told twice.
    """
    facts, asleep = f"from {FACTS} where type like '%.{event}.v1'", "met_at is null and cancelled_at is null"
    with provision.connected(world, service) as database:
        one = lambda query, *values: database.execute(query.encode(), values or None).fetchone()[0]  # type: ignore[index]  # noqa: E731
        before, now = one(f"select count(*) {facts}"), world.now()
        fall_due(database, table, series, stage, now)
        left = lambda: one(f"select count(*) from {table} where wake_at <= %s and {asleep} and paused_at is null", now)  # noqa: E731
        wait_until(lambda: left() < DUE, seconds=30, what="the first is raised")
        began, first = time.perf_counter(), left()
        while left() and time.perf_counter() - began < PATIENCE_SECONDS:
            time.sleep(0.2)
        rate = (first - left()) / (time.perf_counter() - began)
        number = one(f"select count(*) {facts}") - before
        twice = f"select subject {facts} group by 1 having count(*) > 1"
        assert database.execute(twice.encode()).fetchall() == [], "raised twice"
    Console().print(f"{service}: {number:,} of {DUE:,} raised once, {rate:.0f} a second")
    return rate


def computed() -> tuple[float, float]:
    """Deadlines computed a second by the work calendar, and bare additions to a moment a second."""
    calendar, start, limit = load_calendar(), datetime(2026, 9, 29, 8, 30, tzinfo=UTC), Limit.parse("5wd")
    moments = [start + timedelta(minutes=number) for number in range(COMPUTED)]
    began = time.perf_counter()
    for moment in moments:
        due_at(moment, limit, calendar)
    ours = COMPUTED / (time.perf_counter() - began)
    began = time.perf_counter()
    for moment in moments:
        (moment + timedelta(days=7)).astimezone(UTC)
    return ours, COMPUTED / (time.perf_counter() - began)


def measure(world: World) -> list[Line]:
    desk = Desk(world, log_in(world, cases.GRID_WORKER))
    appeal = cases.register(desk, 1)
    task = cases.whistle(desk, appeal)["tasks"][0]["id"]
    with Waiting(world) as waiting:
        waiting.until_none()
        fill_tasks(waiting.databases["dispatch"], task)
        fill_appeals(waiting.databases["intake"], appeal["id"])
    pace, name = DUE / MINUTE, f"{DUE:,} in a minute"
    whistles = raised(world, "dispatch", "whistle_task_overdue", "clock", TASKS, "SIGN")
    appeals = raised(world, "intake", "appeal_overdue", "deadline", APPEALS, "FEEDBACK")
    return [
        Line(f"whistle deadlines raised among {OPEN:,} open", [whistles], [pace], "/s", 5.0, name),
        Line(f"appeal deadlines raised among {OPEN:,} open", [appeals], [pace], "/s", 5.0, name),
    ]


def main() -> None:
    runs = [computed() for _ in range(5)]
    ours, bare = [run[0] for run in runs], [run[1] for run in runs]
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("deadlines", [*lines, Line("deadlines computed (5wd)", ours, bare, "/s", None, "adding days to a moment")])


if __name__ == "__main__":
    main()
