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
    session.execute(insert(AUDIT).values(**{**row, "at": now}, hash=hash_of(last.hash if last else GENESIS, row)))


def noted(session: Session, act: str, subject: str) -> bool:
    """Whether this was done to it before."""
    return session.scalar(select(AUDIT.c.no).where(AUDIT.c.act == act, AUDIT.c.subject == subject).limit(1)) is not None


def hash_of(before: str, row: dict[str, Any]) -> str:
    return hashlib.sha256((before + json.dumps(row, sort_keys=True, ensure_ascii=False)).encode()).hexdigest()
