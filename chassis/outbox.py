"""Saying: a fact is recorded in the transaction of the change it tells of; the relay publishes it (ADR 3)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from marshmallow import ValidationError
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from chassis.envelope import EventContract, rfc3339, type_of
from chassis.identity import Principal
from chassis.store import Aggregate, new_id
from chassis.tables import OUTBOX

CHANNEL = "outbox"
PENDING = "outbox_rows"
# one statement for all rows and the wake-up: a round trip to the database costs more than the rows
SAID = """
    said as (
      insert into outbox (id, exchange, routing_key, subject, body, headers, recorded_at)
      select id, exchange, routing_key, subject, body, headers, recorded_at
      from rows from (
        jsonb_to_recordset(cast(:rows as jsonb)) as (id uuid, exchange text, routing_key text, subject text, body text,
                                                     headers jsonb, recorded_at timestamptz)
      ) with ordinality as row (id, exchange, routing_key, subject, body, headers, recorded_at, no)
      order by no
    )
"""
WRITE = text(f"with {SAID} select pg_notify(:channel, '')")


class EventSchemaContract(EventContract, Protocol):
    fields: dict[str, Any]

    def dump(self, obj: Any) -> Any: ...


@cache
def _schema(contract: type[EventSchemaContract]) -> EventSchemaContract:
    return contract()


@cache
def _required(contract: type[EventSchemaContract]) -> frozenset[str]:
    fields: dict[str, Any] = _schema(contract).fields
    return frozenset(name for name, field in fields.items() if field.required and not field.allow_none)


def _body(contract: type[EventSchemaContract], data: dict[str, Any]) -> dict[str, Any]:
    """The data as the contract writes them; dumping checks the kinds, this checks that nothing promised is missing."""
    body: dict[str, Any] = _schema(contract).dump(data)
    if missing := [name for name in _required(contract) if body.get(name) is None]:
        raise ValidationError({name: ["Missing data for required field."] for name in missing})
    return body


def record(
    session: Session,
    contract: type[EventSchemaContract],
    about: Aggregate,
    who: Principal,
    now: datetime,
    **data: Any,
) -> None:
    """Tells a fact about an aggregate: one more version, one outbox row, in the caller's transaction.

    Errors: marshmallow's ValidationError when `data` is not what the contract promises (a fault of the caller).
    """
    about.id = about.id or new_id()
    about.version = (about.version or 0) + 1
    body = _body(contract, data)
    envelope = {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/{contract.source}",
        "type": type_of(contract),
        "subject": str(about.id),
        "time": rfc3339(now),
        "datacontenttype": "application/json",
        "dataschema": f"urn:shaodao:{contract.source}:{contract.name}:v{contract.version}",
        "aggregateversion": about.version,
        "areapath": about.area_path,
        "actor": who.id,
        "casenumber": about.case_number,
        **{key: session.info[key] for key in ("causationid", "traceparent") if session.info.get(key)},
        "data": body,
    }
    text_of_it = json.dumps(envelope, ensure_ascii=False)
    enqueue(session, now, str(envelope["id"]), f"{contract.source}.events", contract.name, str(about.id), text_of_it)


def enqueue(
    session: Session,
    now: datetime,
    message_id: str,
    exchange: str,
    routing_key: str,
    subject: str,
    body: str,
    headers: dict[str, str] | None = None,
) -> None:
    """Puts any message on its way out; the relay is the only one who publishes."""
    row = {
        "id": message_id,
        "exchange": exchange,
        "routing_key": routing_key,
        "subject": subject,
        "body": body,
        "headers": headers or {},
        "recorded_at": rfc3339(now),
    }
    session.info.setdefault(PENDING, []).append(row)


@event.listens_for(Session, "before_commit")
def write_out(session: Session) -> None:
    """Writes what was recorded, all at once and in order, and wakes the relay. Part of the commit of every session."""
    if said := pending(session):
        session.flush()
        session.connection().execute(WRITE, said)


def pending(session: Session) -> dict[str, str]:
    """The parameters of SAID for what was recorded and not yet written, which the caller now writes; {} for nothing."""
    rows = session.info.pop(PENDING, None)
    return {"rows": json.dumps(rows, ensure_ascii=False), "channel": CHANNEL} if rows else {}


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """What was recorded in a transaction that did not happen was not said."""
    session.info.pop(PENDING, None)


def events_since(session: Session, position: int, limit: int, older_than_seconds: float = 0) -> list[dict[str, Any]]:
    """Published events after `position`, in order of publication: `[{position, envelope}]`, at most `limit`."""
    old = OUTBOX.c.sent_at < func.clock_timestamp() - timedelta(seconds=older_than_seconds)
    query = select(OUTBOX.c.sent_no, OUTBOX.c.body).where(OUTBOX.c.sent_no > position, old)
    rows = session.execute(query.where(OUTBOX.c.exchange.like("%.events")).order_by(OUTBOX.c.sent_no).limit(limit))
    return [{"position": row.sent_no, "envelope": row.body} for row in rows]
