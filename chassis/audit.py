"""The audit trail: append-only, each row's hash covers the one before it, so that a removed row shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from chassis.envelope import rfc3339
from chassis.identity import Principal
from chassis.tables import AUDIT

GENESIS = "0" * 64
_LOCK = 7_203_115  # any number, the same in every process: writers of one trail take turns


def note(session: Session, who: Principal, now: datetime, act: str, subject: str, purpose: str, **details: Any) -> None:
    """Records one act in the caller's transaction."""
    session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = session.execute(select(AUDIT.c.no, AUDIT.c.hash).order_by(AUDIT.c.no.desc()).limit(1)).first()
    row = {
        "no": last.no + 1 if last else 1,
        "at": rfc3339(now),
        "principal_id": who.id,
        "act": act,
        "subject": subject,
        "purpose": purpose,
        "details": details,
    }
    session.execute(insert(AUDIT).values(**{**row, "at": now}, hash=_hash(last.hash if last else GENESIS, row)))


def broken_link(session: Session) -> int | None:
    """The number of the first row that does not fit the one before it; None when the chain is whole."""
    before, expected = GENESIS, 1
    for stored in session.execute(select(AUDIT).order_by(AUDIT.c.no)).mappings():
        row = {key: stored[key] for key in ("no", "principal_id", "act", "subject", "purpose", "details")}
        row = {"no": row.pop("no"), "at": rfc3339(stored["at"]), **row}
        if stored["no"] != expected or stored["hash"] != _hash(before, row):
            return expected
        before, expected = stored["hash"], expected + 1
    return None


def _hash(before: str, row: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(row, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()
