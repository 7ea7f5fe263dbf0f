"""Asking once: a command with an idempotency key gets the answer it got the first time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import batches, closing
from chassis.errors import Conflict, ServiceError
from chassis.store import Store
from chassis.tables import ANSWERED

KEPT = timedelta(days=7)
"""How long a repeated request is told from a new one."""
BATCH = 1000

_PLACE = ("principal_id", "method", "key")
_COLUMNS = (*_PLACE, "fingerprint", "answer", "answered_at")
_KEPT = (
    insert(ANSWERED)
    .values({name: bindparam(f"answered_{name}", type_=ANSWERED.c[name].type) for name in _COLUMNS})
    .on_conflict_do_nothing()
    .returning(ANSWERED.c.key)
    .cte("kept")
)
_KEY = select(_KEPT.c.key).scalar_subquery().label("kept_key")
_FIND = select(ANSWERED.c.fingerprint, ANSWERED.c.answer).where(
    *(ANSWERED.c[name] == bindparam(name) for name in _PLACE)
)
_FORGET = text(
    f"""
    delete from answered where ctid = any(array(
      select ctid from answered where answered_at < :before limit {BATCH} for update skip locked
    )) returning 1
    """
)


class AskedBefore(Exception):
    """Somebody with the same key was first: this transaction must not happen."""


@dataclass(frozen=True)
class Request:
    """One command as it was asked: by whom, which, under which key (None: every time is the first)."""

    principal_id: str
    method: str
    key: str | None
    payload: Any

    @property
    def place(self) -> dict[str, Any]:
        return {"principal_id": self.principal_id, "method": self.method, "key": self.key}

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.payload, sort_keys=True, default=str).encode()).hexdigest()


def once(store: Store, request: Request, now: datetime, do: Callable[[Session], Any], **info: Any) -> Any:
    """`do(session)` in a transaction of its own that also keeps the answer, or the answer kept before.

    Errors: Conflict when the key was used for another request. An error of `do` leaves no trace: the key stays free.
    The happy path pays one insert; only a repetition, or a refusal that may be one, looks the key up.
    """
    try:
        with store.transaction(**info) as session:
            answer = do(session)
            _keep(session, request, answer, now)
            return answer
    except (AskedBefore, ServiceError):
        if request.key and (kept := _kept(store, request)):
            return kept[0]
        raise


def forget(store: Store, now: datetime) -> int:
    """Drops the answers nobody will ask for again, a batch a transaction; how many."""
    return batches.run(store, lambda session: len(session.execute(_FORGET, {"before": now - KEPT}).all()))


def _keep(session: Session, request: Request, answer: Any, now: datetime) -> None:
    """Errors: AskedBefore when the key is taken, also by a request still at work, which this waits for."""
    if not request.key:
        return
    row = {**request.place, "fingerprint": request.fingerprint, "answer": answer, "answered_at": now}
    closing.add(session, _KEPT, results=(_KEY,), **{f"answered_{name}": value for name, value in row.items()})
    written = closing.write(session)
    if written is None or written.kept_key is None:
        raise AskedBefore


def _kept(store: Store, request: Request) -> tuple[Any] | None:
    with store.transaction() as session:
        row = session.execute(_FIND, request.place).first()
    if row is None:
        return None
    if row.fingerprint != request.fingerprint:
        raise Conflict("同一个幂等键已用于另一个请求", idempotency_key=request.key)
    return (row.answer,)
