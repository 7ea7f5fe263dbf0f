"""`python -m bench.appeals`: creating an appeal over HTTP, durable and its event guaranteed, against bare transactions.

Floors and figure take turns, round by round, so that a machine whose pace drifts moves both. Intake runs twice: it is
the service an appeal keeps longest, and one process of it cannot use a second core (docs/operations.md, Scale).
"""

from __future__ import annotations

import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from bench.inserts import Floor
from bench.load import Load, run
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle
from ops.world import World
from tests.stories.people import PASSWORD
from tests.stories.steps.appeals import SEWAGE

SECONDS, ROUNDS, CLIENTS, AIM = 8.0, 5, (1, 16), 0.15
SCALE = {"intake": 2}


def log_in(world: World) -> str:
    answer = httpx.post(
        f"{world.portal_url}/api/session", json={"username": "lishan", "password": PASSWORD}, trust_env=False
    )
    return str(answer.json()["token"])


def create(world: World, clients: int, token: str, seconds: float = SECONDS) -> Load:
    def one(_: int) -> tuple[str, dict[str, Any], dict[str, str]]:
        return "/api/appeals", SEWAGE, {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}

    return run(world.port("portal"), clients, seconds, one)


def quiet(waiting: Waiting) -> None:
    """What an earlier round set going is done first; what is not after two minutes is left to the next."""
    with suppress(TimeoutError):
        waiting.until_none()


def rounds(world: World, clients: int, floor: Floor, waiting: Waiting) -> list[Line]:
    """Both floors and the figure, each as often and alone on the machine."""
    token, psycopg, pgbench, rates = log_in(world), [], [], []
    for _ in range(ROUNDS):
        quiet(waiting)
        psycopg.append(floor.psycopg(clients, SECONDS))
        pgbench.append(floor.pgbench(clients, SECONDS))
        load = create(world, clients, token)
        rates.append(load.rate)
        Console().print(f"{clients} clients: {load}; psycopg {psycopg[-1]:.0f}/s, pgbench {pgbench[-1]:.0f}/s")
    floors = {"psycopg": psycopg, "pgbench": pgbench}
    return [
        Line(f"create, {clients} clients", rates, reached, "appeals/s", AIM, f"the same inserts, {library}")
        for library, reached in floors.items()
    ]


def main() -> None:
    with (
        lifecycle.running("benched", scale=SCALE) as world,
        tempfile.TemporaryDirectory() as folder,
        Waiting(world) as waiting,
    ):
        create(world, 1, log_in(world), 1.0)
        floor = Floor.of(world, Path(folder))
        lines = [line for clients in CLIENTS for line in rounds(world, clients, floor, waiting)]
    report("appeals", lines)


if __name__ == "__main__":
    main()
