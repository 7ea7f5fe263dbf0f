"""Many rows made from a few real ones, by SQL, as the administrator of a bench world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg

COLUMNS = """
select column_name from information_schema.columns
where table_schema = 'public' and table_name = %s and is_generated = 'NEVER' and column_default is null
"""


def copies(
    database: psycopg.Connection,
    table: str,
    like: Sequence[Any],
    rows: str,
    changed: Mapping[str, str],
    key: str = "id",
) -> None:
    """For each of `rows`, a source in SQL, a copy of each row of `table` whose key is in `like`.

    `changed` gives the columns that differ, as SQL over the row `t` and the source. What has a default gets it.
    """
    names = [row[0] for row in database.execute(COLUMNS, [table])]
    values = ", ".join(changed.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    query = f"insert into {table} ({columns}) select {values} from {table} t, {rows} where t.{key}::text = any("
    database.execute(query.replace("%", "%%").encode() + b"%s)", [[str(each) for each in like]])


PLAIN = {
    "text": "''", "varchar": "''", "int2": "0", "int4": "0", "int8": "0", "bool": "false", "timestamptz": "now()",
    "date": "current_date", "jsonb": "'{}'", "bytea": "'\\x'", "_text": "'{}'", "_varchar": "'{}'", "ltree": "'a'",
    "uuid": "gen_random_uuid()", "numeric": "0",
}  # fmt: skip
NEEDED = """
select column_name, udt_name from information_schema.columns
where table_schema = 'public' and table_name = %s and is_nullable = 'NO' and column_default is null
  and is_generated = 'NEVER' and is_identity = 'NO'
"""


def made(database: psycopg.Connection, table: str, rows: str, given: Mapping[str, str]) -> None:
    """A row for each of `rows`, a source in SQL, before any index but the primary key is there: indexes follow.

    `given` gives columns as SQL over the source; others that must not be null are empty.
    """
    needed = dict(database.execute(NEEDED, [table]).fetchall())
    values = {**{name: PLAIN[kind] for name, kind in needed.items() if name not in given}, **given}
    columns = ", ".join(f'"{name}"' for name in values)
    found = database.execute(SECONDARY, [table]).fetchall()
    for name, _ in found:
        database.execute(f"drop index {name}".encode())
    database.execute(f"insert into {table} ({columns}) select {', '.join(values.values())} from {rows}".encode())
    for _, again in found:
        database.execute(again.encode())
    settle(database, table)


SECONDARY = """
select indexname, indexdef from pg_indexes where tablename = %s
  and indexname not in (select conname from pg_constraint)
"""


def numbered(count: int) -> str:
    """A source of `n` from 1 to `count`."""
    return f"generate_series(1, {count}) n"


def settle(database: psycopg.Connection, *tables: str) -> None:
    """What autovacuum would have done by and by."""
    for table in tables:
        database.execute(f"vacuum analyze {table}".encode())


def made_id(series: int) -> str:
    """SQL for the UUID of row `n` in a series: in order, as ours are, and nameable by rows of several tables."""
    return f"('0190000{series}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"


def made_number(kind: str) -> str:
    """SQL for a number of that kind that the contracts take, of row `n`."""
    return f"'{kind}2025' || lpad(n::text, 14, '0')"


SETTINGS = {"jit": "off", "random_page_cost": "1.1", "work_mem": "'8MB'", "max_parallel_workers_per_gather": "0"}


def as_a_world_sets_it(database: psycopg.Connection) -> None:
    """As `ops/postgres.py` does, for connections made from now on."""
    for name, value in SETTINGS.items():
        database.execute(f"alter database {database.info.dbname} set {name} = {value}".encode())
