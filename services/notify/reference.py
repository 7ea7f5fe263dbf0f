"""Loads notify's part of the reference data: the names of places. Loading twice changes nothing."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernel.calendar import local_day
from services.notify.tables import Area


def load(session: Session, folder: Path, now: datetime) -> None:
    """Upserts `areas.csv`. Places that no longer hold keep their name: old notices and messages speak of them."""
    today = local_day(now).isoformat()
    with (folder / "areas.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    for row in sorted(rows, key=lambda row: (row["valid_to"] or "9999") > today):
        _upsert(session, row)


def _upsert(session: Session, row: dict[str, str]) -> None:
    known = {"code": row["code"], "level": row["level_code"], "name": row["local_name"], "area4": row["area4"] or None}
    fresh = insert(Area).values(path=row["path"], **known)
    session.execute(fresh.on_conflict_do_update(index_elements=["path"], set_=known))
