"""`python -m tools.trail`: whether the audit trail in DATABASE_URL is whole; the status is 1 where it is not."""

from __future__ import annotations

import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.audit import GENESIS, hash_of
from chassis.envelope import rfc3339
from chassis.settings import read
from chassis.store import Store
from chassis.tables import AUDIT


def broken_link(session: Session) -> int | None:
    """The number of the first row that does not fit the one before it; None when the chain is whole."""
    before, expected = GENESIS, 1
    for stored in session.execute(select(AUDIT).order_by(AUDIT.c.no)).mappings():
        row = {key: stored[key] for key in ("no", "principal_id", "act", "subject", "purpose", "details")}
        row = {"no": row.pop("no"), "at": rfc3339(stored["at"]), **row}
        if stored["no"] != expected or stored["hash"] != hash_of(before, row):
            return expected
        before, expected = stored["hash"], expected + 1
    return None


def main() -> int:
    with Store(read("DATABASE_URL"), pool_size=1).transaction() as session:
        broken = broken_link(session)
    print("whole" if broken is None else f"row {broken} does not fit the one before it")
    return 0 if broken is None else 1


if __name__ == "__main__":
    sys.exit(main())
