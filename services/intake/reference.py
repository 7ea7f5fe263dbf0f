"""Loads areas, posts and categories of a district: `python -m tools.load intake FOLDER`. Twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Invalid
from kernel import areas as paths
from kernel.calendar import at, is_written_well
from kernel.codes import AreaLevel, UnitKind, Urgency
from kernel.reference import read_yaml
from services.intake import areas, categories, outlines, posts
from services.intake.rota import Turn
from services.intake.tables import AreaNode, Category, Post, PostHolder, PostLeave

Row = dict[str, Any]
ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when the first holder of a post holds it: before any case."""


def load(session: Session, folder: Path, now: datetime) -> None:
    """Upserts what the folder holds; a category no longer listed is set inactive, a holder replaced ends now.

    Errors: Invalid, naming the file and what is wrong.
    """
    _load_areas(session, _rows(folder / "areas.csv"))
    if (folder / "outlines.geojson").exists():
        outlines.load(session, folder / "outlines.geojson")
    accounts = {account["id"]: account for account in read_yaml(folder / "accounts.yaml")["accounts"]}
    _load_posts(session, _rows(folder / "posts.csv"), accounts, now)
    if (folder / "roster.csv").exists():
        _load_roster(session, _rows(folder / "roster.csv"), accounts)
    if (folder / "leaves.csv").exists():
        _load_leaves(session, _rows(folder / "leaves.csv"))
    if (folder / "clinic_rota.csv").exists():
        _load_clinics(session, _rows(folder / "clinic_rota.csv"), accounts)
    _load_categories(session, read_yaml(folder / "categories.yaml"))
    session.flush()
    for capability in (areas, posts, categories):
        capability.forget()


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf8") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    return [{key: value or None for key, value in row.items()} for row in csv.DictReader(lines)]


def _load_areas(session: Session, rows: list[Row]) -> None:
    chain = [(row["path"], row.get("area4")) for row in rows]
    nodes = [_node(row, areas.area4_of(_above(chain, row["path"]), row["path"])) for row in rows]
    known = [
        paths.AreaNode(
            node["code"], AreaLevel(node["level"]), node["name"], node["path"], node["valid_from"], node["valid_to"]
        )
        for node in nodes
    ]
    _refuse("areas.csv", paths.history_faults(known))
    for node in nodes:
        _upsert(session, AreaNode, node, ("code", "valid_from"))


def _above(chain: list[tuple[str, str | None]], path: str) -> list[tuple[str, str | None]]:
    return [(above, code) for above, code in chain if path == above or path.startswith(above + ".")]


def _node(row: Row, area4: str) -> Row:
    until = row.get("valid_to")
    return {
        "code": row["code"],
        "level": row["level_code"],
        "name": row["local_name"],
        "path": row["path"],
        "area4": area4,
        "brand": row.get("brand"),
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_to": date.fromisoformat(until) if until else None,
    }


def _load_posts(session: Session, rows: list[Row], accounts: Mapping[str, Row], now: datetime) -> None:
    _refuse("posts.csv", list(_post_faults(rows, accounts)))
    for row in rows:
        unit = row.get("unit") or accounts[row["holder_a"]]["unit"]
        kept = {"name": row["duty_name"], "unit": unit, "hours": row["hours"]}
        _upsert(session, Post, {"area_path": row["area_path"], "duty": row["duty"], **kept}, ("area_path", "duty"))
        place = (Post.area_path == row["area_path"], Post.duty == row["duty"])
        post_id = session.scalars(select(Post.id).where(*place)).one()
        for rank, account in ((posts.A, row["holder_a"]), (posts.B, row.get("holder_b"))):
            _hold(session, post_id, rank, accounts.get(account or ""), now)


def _post_faults(rows: list[Row], accounts: Mapping[str, Row]) -> Iterator[str]:
    for row in rows:
        where = f"{row['area_path']} {row['duty']}"
        holders = [row["holder_a"], *([row["holder_b"]] if row.get("holder_b") else [])]
        yield from (f"{where}：没有账号 {holder}" for holder in holders if holder not in accounts)
        if len(set(holders)) < len(holders):
            yield f"{where}：A岗与B岗不能是同一人"
        if not is_written_well(row["hours"] or ""):
            yield f"{where}：值守时间“{row['hours']}”格式不正确"


def _hold(session: Session, post_id: Any, rank: str, account: Row | None, now: datetime) -> None:
    """Makes the account the holder of a rank: who held it before ends now, so that history stays."""
    stints = select(PostHolder).where(PostHolder.post_id == post_id, PostHolder.rank == rank)
    present = session.scalars(stints.where(PostHolder.valid_to.is_(None))).one_or_none()
    if present and account and present.person_id == account["id"]:
        present.person_name = account["name"]
        return
    if present:
        present.valid_to = max(now, present.valid_from)
        session.flush()
    if account:
        start = now if present else ALWAYS
        name = {"person_id": account["id"], "person_name": account["name"]}
        session.add(PostHolder(post_id=post_id, rank=rank, **name, valid_from=start, valid_to=None))
        session.flush()


def _load_roster(session: Session, rows: list[Row], accounts: Mapping[str, Row]) -> None:
    """`area_path,duty,day,person`: who has a post for one day, before its A and B; a day listed anew replaces the old.

    Errors: Invalid for an unknown post or account.
    """
    known = {(post.area_path, post.duty): post.id for post in session.scalars(select(Post))}
    _refuse(
        "roster.csv",
        [
            f"{row['day']} {row['area_path']} {row['duty']}：没有这个岗位或账号 {row['person']}"
            for row in rows
            if (row["area_path"], row["duty"]) not in known or row["person"] not in accounts
        ],
    )
    for row in rows:
        post_id, day = known[row["area_path"], row["duty"]], date.fromisoformat(row["day"])
        start, end = at(day, time()), at(day + timedelta(days=1), time())
        same = (PostHolder.post_id == post_id, PostHolder.rank == posts.ROSTER, PostHolder.valid_from == start)
        session.execute(delete(PostHolder).where(*same))
        name = {"person_id": row["person"], "person_name": accounts[row["person"]]["name"]}
        session.add(PostHolder(post_id=post_id, rank=posts.ROSTER, **name, valid_from=start, valid_to=end))


def _load_clinics(session: Session, rows: list[Row], accounts: Mapping[str, Row]) -> None:
    """`area_path,room,hours,person,org_name`: the whole rota of the diagnosis rooms. Errors: Invalid, by line."""
    bad = [row for row in rows if row["person"] not in accounts or not is_written_well(row["hours"] or "")]
    _refuse("clinic_rota.csv", [f"{row['area_path']} {row['hours']} {row['person']}：时间或账号不对" for row in bad])
    session.execute(delete(Turn))
    for row in rows:
        name = {"person_id": row["person"], "person_name": accounts[row["person"]]["name"]}
        session.add(Turn(**{key: row[key] for key in ("area_path", "room", "hours", "org_name")}, **name))


def _load_leaves(session: Session, rows: list[Row]) -> None:
    """`person,from,until`: when a holder is away, ISO 8601 with offset."""
    for row in rows:
        start, until = (datetime.fromisoformat(row[name]) for name in ("from", "until"))
        same = (PostLeave.person_id == row["person"], PostLeave.from_at == start)
        session.execute(delete(PostLeave).where(*same))
        posts.record_leave(session, row["person"], start, until, "reference")


def _load_categories(session: Session, raw: Mapping[str, Any]) -> None:
    found = list(_flat(raw["categories"], None, 1))
    _refuse("categories.yaml", list(_category_faults(found)))
    session.execute(update(Category).values(active=False))
    for position, row in enumerate(found):
        _upsert(session, Category, {**row, "position": position, "active": True}, ("code",))


def _flat(nodes: list[Row], parent: str | None, level: int) -> Iterator[Row]:
    for node in nodes:
        yield {
            "code": node["code"],
            "parent": parent,
            "name": node["name"],
            "level": level,
            "default_urgency": node.get("urgency"),
            "lead_kind": node.get("lead_kind"),
            "lead_unit": node.get("lead_unit"),
            **{flag: bool(node.get(flag)) for flag in ("dispute", "hazard", "sensitive")},
            "questions": node.get("questions", []),
        }
        yield from _flat(node.get("children", []), node["code"], level + 1)


def _category_faults(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        if row["default_urgency"] not in (None, *Urgency.values()):
            yield f"{row['code']}：紧急程度 {row['default_urgency']} 无效"
        if row["lead_kind"] not in (None, *UnitKind.values()):
            yield f"{row['code']}：单位类型 {row['lead_kind']} 无效"


def _upsert(session: Session, model: Any, row: Row, keys: tuple[str, ...]) -> None:
    wanted = insert(model).values(**row)
    rest = {name: value for name, value in row.items() if name not in keys}
    columns = [getattr(model, key) for key in keys]
    session.execute(wanted.on_conflict_do_update(index_elements=columns, set_=rest))


def _refuse(file: str, faults: list[str]) -> None:
    if faults:
        raise Invalid.because({file: faults})
