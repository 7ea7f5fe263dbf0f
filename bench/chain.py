"""`python -m bench.chain`: the highest rate at which whole cases go through and nothing is left behind.

One case: an appeal over HTTP, an emergency whistle over HTTP, the order in the department's hands, the messages to the
resident and the receiver sent, every event on the portal's timeline.

The floor is what the database alone allows: pgbench's one-row transactions a second, over the number of commands and
events one case takes (each is one durable transaction).
"""

from __future__ import annotations

from rich.console import Console

from bench import cases, processes
from bench.department import joined
from bench.desk import Desk, Refused, log_in
from bench.floors import pgbench
from bench.pacing import CLIENTS, rush
from bench.report import Line, report
from bench.sustaining import Sustaining
from bench.waiting import Waiting
from ops import lifecycle, provision
from ops.world import World

COMPARABLE = 7.0
"""Cases a second of a comparable system."""


def through(desk: Desk, number: int) -> None:
    cases.whistle(desk, cases.register(desk, number))


def commits(world: World, clients: int = 16, seconds: int = 5) -> float:
    """One-row transactions a second, by pgbench on the same server."""
    with provision.connected(world, "portal") as database:
        database.execute("create table if not exists bench_floor (no bigserial primary key, body text)")
    insert = "insert into bench_floor (body) values (repeat('x', 700));"
    return pgbench(provision.administrator_url(world, "portal"), [insert], clients, seconds, world.folder)


def transactions(chain: Sustaining, count: int = 20) -> float:
    """Durable transactions one case takes. Errors: Refused."""
    before = chain.waiting.transactions()
    told = rush(chain.desks[:4], count, chain.act, chain.numbers(count))
    chain.quiet()
    if told.failed:
        raise Refused(told.trouble)
    return (chain.waiting.transactions() - before) / count


def measure(world: World) -> list[Line]:
    token = log_in(world, cases.GRID_WORKER)
    desks = [Desk(world, token) for _ in range(CLIENTS)]
    with joined(world, cases.UNIT) as arrivals, Waiting(world) as waiting:
        chain = Sustaining(desks, through, lambda: len(arrivals.times()), waiting)
        chain.attempt(2, 5)
        held, spent = processes.spent(world, chain.highest)
        each = transactions(chain)
    floor = commits(world) / each
    Console().print(f"{each:.1f} durable transactions a case; processor seconds by process: {spent}")
    return [
        Line("whole chain, sustained", [held.rate], [floor], "cases/s", None, "its commits, pgbench", bound=150),
        Line("whole chain, a comparable system", [held.rate], [COMPARABLE], "cases/s", 1.0, "a comparable system"),
    ]


def main() -> None:
    with lifecycle.running("benched", clock=True) as world:
        processes.at_noon(world)
        lines = measure(world)
    report("chain", lines)


if __name__ == "__main__":
    main()
