"""Asking once: a command with an idempotency key gets the answer it got the first time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.tables import ANSWERED


def once(
    session: Session, who: Principal, method: str, key: str | None, request: Any, now: datetime, do: Callable[[], Any]
) -> Any:
    """`do()`, or what it answered when the same principal asked the same with the same key.

    Errors: Conflict when the key was used for another request. An error of `do` leaves no trace: the key stays free.
    """
    if not key:
        return do()
    place = {"principal_id": who.id, "method": method, "key": key}
    fingerprint = _fingerprint(request)
    claim = insert(ANSWERED).values(**place, fingerprint=fingerprint, answered_at=now).on_conflict_do_nothing()
    mine = [ANSWERED.c[column] == value for column, value in place.items()]
    if session.execute(claim.returning(ANSWERED.c.key)).first() is None:
        earlier = session.execute(select(ANSWERED.c.fingerprint, ANSWERED.c.answer).where(*mine)).one()
        if earlier.fingerprint != fingerprint:
            raise Conflict("同一个幂等键已用于另一个请求", idempotency_key=key)
        return earlier.answer
    answer = do()
    session.execute(update(ANSWERED).where(*mine).values(answer=answer))
    return answer


def _fingerprint(request: Any) -> str:
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
