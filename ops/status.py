"""What runs, since when, and what waits: the rows of `shaodao status`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql
from rich.table import Table

from kernel.calendar import load_calendar, missing
from kernel.calendar.zone import local, local_day
from kernel.deadlines.recount import days_ahead
from kernel.policy import pack
from ops import department_orders, processes, programs, provision, rabbitmq_api, readiness, servers
from ops.cluster import status as cluster_status
from ops.problems import Problem
from ops.world import World

UNKNOWN = "–"
COUNTS = {
    "outbox": "SELECT count(*) FROM outbox WHERE sent_at IS NULL",
    "parked": "SELECT count(*) FROM parked WHERE state = 'PARKED'",
}
COLUMNS = ("process", "pid", "since", "died", "ready", "queue", "readers", "unsent", "parked")


def table(world: World) -> Table:
    """One row a server and a program; queue and table counts stand with the service they belong to."""
    # as narrow as it goes: on eighty signs no name is cut
    shown = Table(title=f"world {world.name}", box=None, pad_edge=False)
    for name in COLUMNS:
        shown.add_column(name, no_wrap=name == "process")
    for row in [*server_rows(world), *program_rows(world)]:
        shown.add_row(*row)
    return shown


def calendar_line(world: World) -> str | None:
    """The years near by whose official holidays are not loaded, in one line; None where all are."""
    rules = pack(world.settings["policy_pack"], local_day(world.now()))
    years = missing.ahead(load_calendar(rules.region), local_day(world.now()), days_ahead(rules))
    told = ", ".join(map(str, years))
    return f"calendar: no notice for {told}; weekends and days fixed by law count (data/calendar)" if told else None


def policy_line(world: World) -> str | None:
    """What the policy files hold and this version does not know, in one line; None where there is nothing."""
    unknown = pack(world.settings["policy_pack"], local_day(world.now())).all_unknown
    return f"policy: not known here, left out: {', '.join(unknown)} (newer, or mistyped)" if unknown else None


def server_rows(world: World) -> list[list[str]]:
    rows = []
    if world.members:
        return [[name, *[UNKNOWN] * 3, said, *[UNKNOWN] * 4] for name, said in cluster_status.nodes(world)]
    running = {name: servers.is_running(world, name) for name in ("postgres", "rabbitmq")}
    for name, up in running.items():
        external = world.external("amqp" if name == "rabbitmq" else name) is not None
        rows.append([name, UNKNOWN, UNKNOWN, UNKNOWN, "external" if external else yes(up), *[UNKNOWN] * 4])
    return rows


def program_rows(world: World) -> list[list[str]]:
    if not programs.plan_file(world).exists():
        return []
    # without its supervisor nothing runs, whatever it last wrote
    states = readiness.state(world) if processes.find(world, "supervisor") else {}
    queues = queues_of(world)
    return [
        program_row(world, program, states.get(program.name, {}), queues) for program in programs.programs_of(world)
    ]


def program_row(
    world: World, program: programs.Program, state: dict[str, Any], queues: dict[str, dict[str, Any]]
) -> list[str]:
    running = state.get("pid") is not None
    began = since(state["since"], datetime.now(UTC)) if running else UNKNOWN
    row = [program.name, str(state.get("pid") or UNKNOWN), began, str(state.get("restarts", UNKNOWN))]
    row.append(yes(running and readiness.why_not_ready(program) is None))
    queue = queues.get(f"{program.name}.inbox", {})
    counts = counts_of(world, program.name)
    return [
        *row,
        *(str(queue.get(key, UNKNOWN)) for key in ("messages", "consumers")),
        counts["outbox"],
        counts["parked"],
    ]


def since(seconds: float, now: datetime) -> str:
    """The hour and minute of today, the day of what is older; Beijing time as on the pages."""
    then = local(datetime.fromtimestamp(seconds, UTC))
    return then.strftime("%H:%M" if then.date() == local_day(now) else "%m-%d")


def remarks(world: World) -> list[str]:
    """What a table of processes does not show: years without a calendar, departments that do not sign."""
    return [*filter(None, [calendar_line(world), policy_line(world)]), *unsigned(world)]


def unsigned(world: World) -> list[str]:
    if "dispatch" not in programs.planned_services(world) or not servers.is_running(world, "postgres"):
        return []
    try:
        return department_orders.remarks(world)
    except Problem:
        return []


def queues_of(world: World) -> dict[str, dict[str, Any]]:
    try:
        return rabbitmq_api.queues(world)
    except (OSError, Problem):
        return {}


def counts_of(world: World, service: str) -> dict[str, str]:
    """Unsent outbox rows and parked messages; unknown where the database is down or the tables are not there."""
    if service not in world.settings["hash_keys"]:
        return dict.fromkeys(COUNTS, UNKNOWN)
    try:
        with provision.connected(world, service) as database:
            return {name: str(first(database, query)) for name, query in COUNTS.items()}
    except psycopg.Error:
        return dict.fromkeys(COUNTS, UNKNOWN)


def first(database: psycopg.Connection, query: str) -> Any:
    row = database.execute(sql.SQL(query)).fetchone()
    return row[0] if row else None


def yes(value: bool) -> str:
    return "[green]yes[/]" if value else "[red]no[/]"
