"""`python -m tools.reseal SERVICE`: seals every personal field anew under the current (first) key of SEAL_KEYS.

Run after a new first key was added; when it is done, the old key may be taken away. Safe to run again and while the
service works: each row is locked for the moment it is rewritten.
"""

from __future__ import annotations

import sys

from sqlalchemy import LargeBinary, MetaData, Table, select, type_coerce, update
from sqlalchemy.orm import Session

from chassis.sealing import Sealed, current_key, seal, unseal
from chassis.settings import read
from chassis.store import Store
from tools.tables import metadata_of


def sealed_columns(metadata: MetaData) -> list[tuple[Table, list[str]]]:
    """Every table that has sealed columns, with their names."""
    found = [(table, _sealed(table)) for table in metadata.sorted_tables]
    return [(table, names) for table, names in found if names]


def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.c if isinstance(column.type, Sealed)]


def reseal_column(session: Session, table: Table, name: str) -> int:
    """Rewrites the values that are not under the current key; how many there were."""
    raw = type_coerce(table.c[name], LargeBinary)
    keys = list(table.primary_key.columns)
    prefix = current_key().encode() + b"\0"
    query = select(*keys, raw).where(table.c[name].is_not(None)).with_for_update()
    stale = (row for row in session.execute(query) if not bytes(row[-1]).startswith(prefix))
    changed = 0
    for row in stale:
        where = [key == value for key, value in zip(keys, row[:-1], strict=True)]
        fresh = type_coerce(seal(unseal(bytes(row[-1]))), LargeBinary)
        session.execute(update(table).where(*where).values({name: fresh}))
        changed += 1
    return changed


def main(service: str) -> None:
    store = Store(read("DATABASE_URL"), pool_size=1)
    for table, names in sealed_columns(metadata_of(service)):
        for name in names:
            with store.transaction() as session:
                print(f"{table.name}.{name}: {reseal_column(session, table, name)} sealed anew")


if __name__ == "__main__":
    main(*sys.argv[1:])
