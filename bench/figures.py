"""`python -m bench.figures`: every statistic the product answers, asked of 1,000,000 matters in stores of its own.

Each is asked of its operation by who sees the whole city and, where it is of a place, of a street and a community;
the floor is an empty statement. Beside each: the processor time of this process, and rows read without an index.
PostgreSQL is set as `ops/postgres.py` sets a world's. The status is 1 where a p95 is over the bound.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from types import SimpleNamespace
from typing import Any

import psycopg
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import counted_city as city
from bench.filling import as_a_world_sets_it, settle
from bench.report import Line, report
from capability import tallies
from chassis.identity import Grant, Principal
from chassis.store import Store
from contracts import registry
from kernel.calendar import local_day
from services.intake import analyses, hotspots, on_account
from tests.support.postgres import TestServer
from tools.tables import metadata_of
from tools.tallies import rebuild

SIZE, ROUNDS = int(os.environ.get("BENCH_MATTERS", "1000000")), int(os.environ.get("BENCH_ROUNDS", "100"))
BOUND_MS = 50.0
TIMER = "(a timer, each ten minutes)"
"""Nobody waits for it: without a bound."""
PLACES = {"city": city.CITY, "street": city.STREET, "community": city.COMMUNITY}
LOOK = {"night_from": "22:00", "night_to": "06:00"}
BY_PLACE = {
    "notify": ("report_rates", "list_rated"),
    "dispatch": (
        "report_appraisal", "list_appraised", "report_supervisions", "list_counted_supervisions", "report_crossings",
        "list_crossings",
    ),
    "intake": ("list_coverage", "list_patrol_coverage"),
    "mediation": ("list_studio_years",),
}  # fmt: skip
MORE: dict[str, dict[str, Any]] = {
    "list_appraised": {"measure": "SIGN"},
    "list_counted_supervisions": {"measure": "IN_TIME"},
}
READ = "select relname, seq_tup_read from pg_stat_user_tables where n_live_tup > 25000"
Ask = Callable[[Session], Any]


def month(now: datetime) -> str:
    """The last whole one."""
    return f"{local_day(now).replace(day=1) - timedelta(days=1):%Y-%m}"


def of_places(service: str, now: datetime) -> dict[str, Ask]:
    found: dict[str, Ask] = {}
    for method in BY_PLACE[service]:
        of = registry.command(service, method)
        for name, place in PLACES.items():
            asked = {
                "area_path": place,
                **({"month": month(now)} if "month" in of().fields else {}),
                **MORE.get(method, {}),
            }
            found[f"{method} of the {name}"] = _asking(service, method, of().load(asked), now)
    return found


def _asking(service: str, method: str, command: dict[str, Any], now: datetime) -> Ask:
    act = operation(service, method)
    who = Principal("u-bench", "某", (Grant("DISTRICT", city.CITY), Grant("COMMUNITY", city.COMMUNITY)))
    return lambda session: act(session, who, command, now)


def operation(service: str, method: str) -> Callable[..., Any]:
    """The function that answers this question."""
    module = import_module(f"services.{service}.service")
    return getattr(module, f"{service.capitalize()}Service").entrypoints[method].operation


def of_day(service: str, method: str, now: datetime) -> dict[str, Ask]:
    """Who looked at personal data on a day."""
    act, who = operation(service, method), Principal.service("notify")
    command = registry.command(service, method)().load({"day": f"{local_day(now) - timedelta(days=3)}", **LOOK})
    return {method: lambda session: act(session, who, command, now)}


def counted_by_rules(now: datetime) -> dict[str, Ask]:
    """What intake counts by itself: for a cap, for a month's analysis, for hot spots."""
    appeal: Any = SimpleNamespace(area_path=f"{city.COMMUNITY}.g1", state="IN_PROGRESS")
    who = Principal.service("intake")
    rule = {"least": SIZE, "share_percent": 5}
    last = local_day(now).replace(day=1) - timedelta(days=1)
    of_month = (city.COMMUNITY, last.replace(day=1), last)
    return {
        "cap of what is put on account": lambda session: on_account.require_room(session, appeal, rule, now),
        "month of a community, for its analysis": lambda session: analyses.appeals_of(session, *of_month),
        f"hot spots {TIMER}": lambda session: hotspots.propose(session, who, now),
    }


def asks(service: str, now: datetime) -> dict[str, Ask]:
    more = {**of_day("intake", "looks_into_intake", now), **counted_by_rules(now)} if service == "intake" else {}
    return {**of_places(service, now), **more}


def measured(store: Store, service: str, floor: float) -> Iterator[Line]:
    for name, act in asks(service, datetime.now(UTC)).items():
        took = [_once(store, act) for _ in range(ROUNDS + 1)][1:]
        wall, own = quantiles((wall for wall, _ in took), n=20)[-1], median(own for _, own in took)
        said = f"p95 {wall:.1f} ms, {own:.1f} of processor here; without an index: {unread(store, act)}"
        Console().print(f"  {service}: {name}: {said}")
        bound = None if name.endswith(TIMER) else BOUND_MS
        yield Line(f"{name}, p95", [wall], [floor], "ms", None, "select 1", at_least=False, bound=bound)


def _once(store: Store, act: Ask) -> tuple[float, float]:
    """Milliseconds, by the clock and of this process. What it wrote is rolled back."""
    with store.sessions() as session:
        began, worked = time.perf_counter(), time.process_time()
        act(session)
        return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)


def unread(store: Store, act: Ask) -> str:
    """The large tables it goes through without an index."""

    def read() -> dict[str, int]:
        with store.engine.connect() as connection:
            connection.execute(text("select pg_stat_force_next_flush()"))
        with store.engine.connect() as connection:
            return dict(iter(connection.execute(text(READ))))

    with store.sessions() as session:
        session.execute(text("select pg_stat_force_next_flush()"))
        before = read()
        act(session)
        session.execute(text("select pg_stat_force_next_flush()"))
    after = read()
    return " ".join(name for name in after if after[name] > before[name]) or "nothing"


def main(*services: str) -> int:
    with tempfile.TemporaryDirectory(prefix="shaodao-bench-", ignore_cleanup_errors=True) as folder:
        server = TestServer(Path(folder))
        try:
            lines = [line for service in services or tuple(BY_PLACE) for line in _of(server, service)]
        finally:
            server.stop()
    report("figures", lines)
    missed = [line.name for line in lines if not line.met]
    Console().print(f"over {BOUND_MS:g} ms: {'; '.join(missed) or 'none'}")
    return 1 if missed else 0


def _of(server: TestServer, service: str) -> Iterator[Line]:
    store = filled(server, service)
    floor = median(_once(store, lambda session: session.execute(text("select 1")))[0] for _ in range(ROUNDS))
    yield from measured(store, service, floor)


def filled(server: TestServer, service: str) -> Store:
    began, metadata = time.perf_counter(), metadata_of(service)
    url = server.database(metadata)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database:
        as_a_world_sets_it(database)
        getattr(city, service)(database, SIZE)
    store = Store(url)
    counted = sum(rebuild(store, tally) for tally in metadata.info.get(tallies.KEPT, ()))
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database:
        settle(database, "tally", "tally_mark")
        database.execute("checkpoint")
    took = time.perf_counter() - began
    Console().print(f"{service}: {SIZE:,} matters, {counted:,} buckets kept, filled in {took:.0f} s")
    return store


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
