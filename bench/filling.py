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
