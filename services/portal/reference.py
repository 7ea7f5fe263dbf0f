"""Loads the accounts of a district. Loading twice changes nothing; passwords people have set stay."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernel.codes import PrincipalKind, Role
from kernel.reference import read_yaml
from services.portal.accounts.passwords import hashed
from services.portal.accounts.tables import Account, GrantRow

FILE = "accounts.yaml"


def load(session: Session, folder: Path, now: datetime) -> None:
    """Brings accounts and their grants to what `accounts.yaml` in `folder` says; accounts it does not name stay.

    Errors: ValueError for a role or kind nobody knows; then nothing is loaded.
    The demo password is hashed once for all: the file is illustrative, and every account in it shares the password.
    """
    told = read_yaml(folder / FILE)
    people = told["accounts"]
    _accounts(session, people, hashed(str(told["demo_password"])), now)
    _grants(session, people)


def _accounts(session: Session, people: list[dict[str, Any]], password_hash: str, now: datetime) -> None:
    rows = [
        {
            "id": person["id"],
            "username": person["username"].lower(),
            "name": person["name"],
            "kind": PrincipalKind(person.get("kind", PrincipalKind.PERSON)).value,
            "unit": person.get("unit"),
            "password_hash": password_hash,
            "active": person.get("active", True),
            "created_at": now,
            "updated_at": now,
        }
        for person in people
    ]
    wanted = insert(Account).values(rows)
    told = {name: wanted.excluded[name] for name in ("username", "name", "kind", "unit", "active")}
    changed = tuple_(*(Account.__table__.c[name] for name in told)).is_distinct_from(tuple_(*told.values()))
    session.execute(
        wanted.on_conflict_do_update(index_elements=["id"], set_={**told, "updated_at": now}, where=changed)
    )


def _grants(session: Session, people: list[dict[str, Any]]) -> None:
    rows = [_grant(person["id"], grant) for person in people for grant in person.get("grants", [])]
    ids = [person["id"] for person in people]
    kept = {(row["account_id"], row["role"], row["node"], row["unit"]) for row in rows}
    held = session.query(GrantRow).filter(GrantRow.account_id.in_(ids))
    gone = [row.id for row in held if (row.account_id, row.role, row.node, row.unit) not in kept]
    session.execute(delete(GrantRow).where(GrantRow.id.in_(gone)))
    if not rows:
        return
    wanted = insert(GrantRow).values(rows)
    dates = {"valid_from": wanted.excluded.valid_from, "valid_to": wanted.excluded.valid_to}
    keys = ["account_id", "role", "node", "unit"]
    session.execute(wanted.on_conflict_do_update(index_elements=keys, set_=dates))


def _grant(account_id: str, grant: dict[str, Any]) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "role": Role(grant["role"]).value,
        "node": grant["node"],
        "unit": grant.get("unit"),
        "valid_from": _day(grant.get("valid_from")),
        "valid_to": _day(grant.get("valid_to")),
    }


def _day(value: Any) -> date | None:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))
