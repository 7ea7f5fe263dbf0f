"""The floor of creating appeals: the rows one real appeal leaves behind, a statement each, in one bare transaction.

Same cluster, columns, indexes, foreign keys and counters, but tables of their own: from the real outbox every row would
go out on the bus, and services would be at work with it while they are measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from bench.floors import bare_transactions, pgbench
from ops import provision
from ops.world import World
from services.intake.tables import NumberCounter

SCHEMA = "floor"
ROWS = {
    "appeal": "id = %s",
    "deadline": "subject_id::text = %s::text",
    "outbox": "subject = %s::text",
    # sealed: whose it is cannot be asked, but nobody asked for anything since
    "answered": "%s::text is not null and key = (select key from answered order by answered_at desc limit 1)",
}
KEYED = {"appeal": "id", "deadline": "subject_id"}
COUNTED = (
    f"insert into {SCHEMA}.number_counter as counter (kind, day, area4, stripe, given)"
    f" values ('S', current_date, '0101', floor(random() * {NumberCounter.stripes})::int, 1)"
    " on conflict (kind, day, area4, stripe) do update set given = counter.given + 1;"
)
FOREIGN = "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'f'"


@dataclass(frozen=True)
class Floor:
    """The rows of the newest appeal, and how many such transactions a second bare libraries reach."""

    url: str
    inserts: list[str]
    folder: Path

    @classmethod
    def of(cls, world: World, folder: Path) -> Floor:
        with provision.connected(world, "intake") as database:
            _tables(database)
            found = database.execute("select id from appeal order by created_at desc limit 1").fetchone()
            assert found
            inserts = [
                _insert(database, table, row)
                for table, condition in ROWS.items()
                for row in _rows(database, table, condition, found[0])
            ]
        return cls(provision.administrator_url(world, "intake"), [COUNTED, *inserts], folder)

    def pgbench(self, clients: int, seconds: float) -> float:
        """In C: the database alone."""
        fresh = "select gen_random_uuid() as fresh \\gset"
        return pgbench(self.url, ["begin;", fresh, *self.inserts, "commit;"], clients, int(seconds), self.folder)

    def psycopg(self, clients: int, seconds: float) -> float:
        """Through the library the services use, a connection and a thread each client."""
        statements = [line.replace("%", "%%").replace("':fresh'", "%(fresh)s") for line in self.inserts]
        return bare_transactions(self.url, statements, clients, seconds)


def _tables(database: Any) -> None:
    database.execute(f"drop schema if exists {SCHEMA} cascade")
    database.execute(f"create schema {SCHEMA}")
    for table in (*ROWS, "number_counter"):
        database.execute(f"create table {SCHEMA}.{table} (like public.{table} including all)")
        for name, definition in database.execute(FOREIGN, [f"public.{table}"]).fetchall():
            database.execute(f"alter table {SCHEMA}.{table} add constraint {name} {definition}")


def _rows(database: Any, table: str, condition: str, key: Any) -> list[dict[str, Any]]:
    columns = [row[0] for row in database.execute(
        "select column_name from information_schema.columns"
        " where table_schema = 'public' and table_name = %s and is_generated = 'NEVER'", [table]
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
    return re.sub(r"\s+", " ", f"insert into {SCHEMA}.{table} ({names}) values ({', '.join(values)});")
