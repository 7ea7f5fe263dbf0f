"""Loads notify's part of the reference data: the names of places and units. Loading twice changes nothing."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernel.calendar import local_day
from services.notify.care_stations import CareShift, CareStation
from services.notify.service_points import ServicePoint
from services.notify.tables import Area, Unit


def load(session: Session, folder: Path, now: datetime) -> None:
    """Upserts `areas.csv`, `units.csv` and the care stations. What no longer holds keeps its name: old
    messages speak of it."""
    today = local_day(now).isoformat()
    for row in sorted(_rows(folder / "areas.csv"), key=lambda row: (row["valid_to"] or "9999") > today):
        known = {"path": row["path"], "code": row["code"], "level": row["level_code"], "name": row["local_name"]}
        _upsert(session, Area, "path", {**known, "area4": row["area4"] or None})
    for row in _rows(folder / "units.csv"):
        _upsert(session, Unit, "code", {"code": row["code"], "name": row["name"]})
    _load_stations(session, folder)
    session.execute(delete(ServicePoint))
    for row in _rows(folder / "service_points.csv"):
        session.add(ServicePoint(**{**row, "rooms": row["rooms"] or None}))


def _load_stations(session: Session, folder: Path) -> None:
    """`care_stations.csv` and, anew each time, `care_shifts.csv`: who left is on duty no more."""
    for row in _rows(folder / "care_stations.csv"):
        geo = {name: float(row[name]) if row[name] else None for name in ("lat", "lon")}
        known = {name: row[name] for name in ("code", "name", "area_path")}
        _upsert(session, CareStation, "code", {**known, **geo})
    session.execute(delete(CareShift))
    for row in _rows(folder / "care_shifts.csv"):
        session.add(CareShift(station_code=row["station"], account=row["account"], hours=row["hours"]))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _upsert(session: Session, model: Any, key: str, values: dict[str, Any]) -> None:
    session.execute(insert(model).values(values).on_conflict_do_update(index_elements=[key], set_=values))
