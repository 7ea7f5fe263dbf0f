"""Loading reference data: units, receivers, the duty catalogue. Loading twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Invalid
from kernel.calendar import is_written_well
from kernel.codes import AreaLevel, AssetLabel, UnitKind
from kernel.reference import read_yaml
from services.dispatch import duties
from services.dispatch.owners import Owner
from services.dispatch.tables import Receiver, Unit

Row = dict[str, str]


def load(session: Session, folder: Path, now: datetime) -> None:
    """Upserts what the folder holds; a receiver or unit no longer listed is set inactive, never deleted.

    Errors: Invalid, naming file and line.
    """
    _units(session, list(_rows(folder / "units.csv")))
    names = _names(folder / "accounts.yaml")
    _receivers(session, list(_rows(folder / "receivers.csv")), names)
    _owners(session, list(_rows(folder / "owners.csv")))
    duties.import_catalogue(session, (folder / "duty_catalogue.yaml").read_text(encoding="utf8"), now)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Rows with their line numbers; lines that begin with # are remarks."""
    with path.open(encoding="utf8") as file:
        lines = [(no, line) for no, line in enumerate(file, 1) if not line.startswith("#") and line.strip()]
    for (no, _), row in zip(lines[1:], csv.DictReader(line for _, line in lines), strict=True):
        yield no, row


def _units(session: Session, rows: list[tuple[int, Row]]) -> None:
    bad = [f"第 {no} 行：单位类型 {row['kind']} 无效" for no, row in rows if row["kind"] not in UnitKind.values()]
    bad += [
        f"第 {no} 行：层级 {row['level']} 无效" for no, row in rows if row["level"] not in ("", *AreaLevel.values())
    ]
    if bad:
        raise Invalid.because({"units.csv": bad})
    session.execute(update(Unit).values(active=False))
    for _, row in rows:
        plain = {column: row[column] for column in ("name", "kind", "area_path")}
        optional = {column: row[column] or None for column in ("level", "parent", "duty_phone")}
        values = {**plain, **optional, "active": True}
        upsert = insert(Unit).values(code=row["code"], **values)
        session.execute(upsert.on_conflict_do_update(index_elements=[Unit.code], set_=values))


def _receivers(session: Session, rows: list[tuple[int, Row]], names: dict[str, str]) -> None:
    bad = [f"第 {no} 行：没有账号 {row['account']}" for no, row in rows if row["account"] not in names]
    bad += [f"第 {no} 行：岗位应为 A 或 B" for no, row in rows if row["role"] not in ("A", "B")]
    bad += [f"第 {no} 行：值守时间“{row['hours']}”格式不正确" for no, row in rows if not is_written_well(row["hours"])]
    if bad:
        raise Invalid.because({"receivers.csv": bad})
    session.execute(update(Receiver).values(active=False))
    for _, row in rows:
        values = {"name": names[row["account"]], "post": row["role"], "hours": row["hours"], "active": True}
        upsert = insert(Receiver).values(unit_code=row["unit"], person_id=person_id(row["account"]), **values)
        keys = [Receiver.unit_code, Receiver.person_id]
        session.execute(upsert.on_conflict_do_update(index_elements=keys, set_=values))


def _owners(session: Session, rows: list[tuple[int, Row]]) -> None:
    known = set(session.scalars(select(Unit.code)))
    bad = [f"第 {no} 行：标识 {row['asset']} 无效" for no, row in rows if row["asset"] not in AssetLabel.values()]
    bad += [f"第 {no} 行：没有单位 {row['unit']}" for no, row in rows if row["unit"] not in known]
    if bad:
        raise Invalid.because({"owners.csv": bad})
    session.execute(delete(Owner))
    session.add_all(Owner(asset=row["asset"], unit_code=row["unit"]) for _, row in rows)


def person_id(account: str) -> str:
    """The id an account acts under."""
    return account


def _names(path: Path) -> dict[str, str]:
    return {account["id"]: account["name"] for account in read_yaml(path)["accounts"]}
