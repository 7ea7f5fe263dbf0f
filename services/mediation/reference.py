"""Loads the mediation organisations of a district: `python -m tools.load mediation FOLDER`."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.mediation.open_days import DayOffRule
from kernel.areas import is_path
from kernel.reference import read_yaml
from services.mediation.conflicts import hashed_phone
from services.mediation.tables import Member, Org

FILE = "mediation_orgs.yaml"


def load(session: Session, folder: Path, now: datetime) -> None:
    """Makes the stored organisations those of the file; loading twice changes nothing.

    What the file no longer names becomes inactive, since cases still point to it. Errors: ValueError naming the line.
    """
    listed = read_yaml(folder / FILE)["orgs"]
    for raw in listed:
        _org(session, raw)
    codes = {raw["code"] for raw in listed}
    for org in session.query(Org).filter(Org.code.not_in(codes)):
        org.active = False


def _org(session: Session, raw: dict[str, Any]) -> None:
    if not is_path(raw["area_path"]):
        raise ValueError(f"{FILE}: {raw['code']} 的区域路径格式不正确")
    org = session.get(Org, raw["code"]) or Org(code=raw["code"], members=[])
    org.name, org.kind, org.statutory = raw["name"], raw["kind"], bool(raw["statutory"])
    org.unit, org.area_path, org.active = raw.get("unit"), raw["area_path"], True
    org.seal_id, org.seal_text = raw["seal"]["id"], raw["seal"]["text"]
    org.area4, org.rota, org.open_days = raw.get("area4"), _rota(raw), _open_days(raw)
    session.add(org)
    _members(org, raw["members"])


def _rota(raw: dict[str, Any]) -> dict[str, str]:
    """Account by weekday. Errors: ValueError for a weekday that is none, or somebody who is no member."""
    members = {one["account"] for one in raw["members"]}
    for turn in raw.get("rota", []):
        if turn["weekday"] not in range(1, 8) or turn["account"] not in members:
            raise ValueError(f"{FILE}: {raw['code']} 的值班表有误（星期{turn['weekday']}，{turn['account']}）")
    return {str(turn["weekday"]): turn["account"] for turn in raw.get("rota", [])}


def _open_days(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """The recurrences. Errors: ValueError for a weekday, an hour or a rule that is none."""
    for one in raw.get("open_days", []):
        hours = time.fromisoformat(one["from"]) < time.fromisoformat(one["to"])
        if not hours or not one["place"] or one["on_day_off"] not in DayOffRule.values() or not _weekdays(one):
            raise ValueError(f"{FILE}: {raw['code']} 的开放日“{one['name']}”有误")
    return list(raw.get("open_days", []))


def _weekdays(one: dict[str, Any]) -> bool:
    return bool(one["weekdays"]) and set(one["weekdays"]) <= set(range(1, 8))


def _members(org: Org, listed: list[dict[str, Any]]) -> None:
    present = {member.account: member for member in org.members}
    for member in present.values():
        member.active = False
    for raw in listed:
        member = present.get(raw["account"]) or Member(account=raw["account"])
        if member.org is None:
            org.members.append(member)
        member.person_id = UUID(raw["person_id"]) if raw.get("person_id") else None
        member.phone_hash = hashed_phone(raw.get("phone"))
        member.name, member.post, member.sex = raw["name"], raw.get("post"), raw.get("sex")
        member.dialects, member.active = raw.get("dialects", []), True


def warnings(session: Session) -> list[str]:
    """What 人民调解法 art. 8 asks of a committee and the roster does not give: 3 to 9 members, a woman among them."""
    found = []
    for org in session.query(Org).filter(Org.active, Org.statutory).order_by(Org.code):
        active = [member for member in org.members if member.active]
        if not 3 <= len(active) <= 9:
            found.append(f"{org.name}：委员应为3至9人，现有{len(active)}人")
        if not any(member.sex == "F" for member in active):
            found.append(f"{org.name}：应当有妇女成员")
    return found
