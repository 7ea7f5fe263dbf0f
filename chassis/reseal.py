"""`python -m chassis.reseal SERVICE`: seals every personal field again under the current key, while the service runs.

Afterwards no row needs an older key. Rows change without a new version: what they say stays the same.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Table, func, or_, select, type_coerce, update

from chassis.sealing import Sealed, current_key_id
from chassis.settings import read
from chassis.store import Store

BATCH = 500


def sealed_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Sealed)]


def reseal(store: Store, metadata: MetaData) -> int:
    """The number of rows sealed again."""
    tables = [table for table in metadata.sorted_tables if sealed_columns(table)]
    return sum(_table(store, table) for table in tables)


def _table(store: Store, table: Table) -> int:
    done = 0
    while count := _batch(store, table):
        done += count
    return done


def _batch(store: Store, table: Table) -> int:
    """One transaction. Rows somebody else works on are waited for, so that none is forgotten."""
    columns, keys = sealed_columns(table), list(table.primary_key.columns)
    old = or_(*(_sealed_by_another(column) for column in columns))
    with store.transaction() as session:
        rows = session.execute(select(*keys, *columns).where(old).limit(BATCH).with_for_update()).mappings().all()
        for row in rows:
            same = {column: row[column] for column in columns}
            if "updated_at" in table.columns:
                same[table.c.updated_at] = table.c.updated_at
            session.execute(update(table).where(*(key == row[key] for key in keys)).values(same))
    return len(rows)


def _sealed_by_another(column: Column[Any]) -> Any:
    head = current_key_id().encode() + b"\0"
    return func.substring(type_coerce(column, LargeBinary), 1, len(head)) != head


def main(service: str) -> None:
    tables = import_module(f"{read('SERVICES_PACKAGE', 'services')}.{service}.tables")
    store = Store(read("DATABASE_URL"), pool_size=1)
    print(f"{service}: {reseal(store, tables.Base.metadata)} rows sealed again under {current_key_id()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
