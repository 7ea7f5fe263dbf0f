"""Saying: a fact is recorded in the transaction of the change it tells of; the relay publishes it (ADR 3).

The facts of one commit are one message of their exchange: a batch, its key their names joined by dots (ADR 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

import orjson
from marshmallow import ValidationError
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from chassis import closing, unsaid
from chassis.envelope import EventContract, rfc3339, type_of
from chassis.identity import Principal
from chassis.standing import standing_of
from chassis.store import NEWS, Aggregate, new_id
from chassis.tables import OUTBOX
from chassis.telemetry import logs

ROWS = "outbox_rows"
LONGEST_KEY, LARGEST_BATCH = 255, 1 << 18
"""A routing key has at most 255 bytes. What many events of one commit are beyond that is another message."""


Told = tuple[list[str], int, int]
"""Events that the batches of a savepoint share, how many of them are this batch's, and their size."""


class Written(TypeDecorator[Any]):
    """Rows as JSON; the events of a batch are joined once, here."""

    impl, cache_ok = JSONB, True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return [{**row, "body": row["body"] if isinstance(row["body"], str) else _joined(row["body"])} for row in value]


def _joined(batch: Told) -> str:
    return f"[{','.join(batch[0][: batch[1]])}]"


# one expression for all rows: each of its own costs more than they do
_SAID = (
    text(
        f"""
        insert into outbox (id, exchange, routing_key, subject, body, headers, recorded_at)
        select id, exchange, routing_key, subject, body, headers, recorded_at
        from rows from (
          jsonb_to_recordset(:{ROWS}) as (id uuid, exchange text, routing_key text, subject text, body text,
                                          headers jsonb, recorded_at timestamptz)
        ) with ordinality as row (id, exchange, routing_key, subject, body, headers, recorded_at, no)
        order by no
        """
    )
    .bindparams(bindparam(ROWS, type_=Written))
    .columns()
    .cte("said")
)


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


def _body(contract: type[EventSchemaContract], about: Aggregate, data: dict[str, Any]) -> dict[str, Any]:
    """The data as the contract writes them, what it requires and `data` lacks from the aggregate itself.

    Dumping checks the kinds, this checks that nothing promised is missing.
    """
    required = _required(contract)
    own = {name: getattr(about, name, None) for name in required - data.keys()}
    body: dict[str, Any] = _schema(contract).dump({**own, **data})
    if missing := [name for name in required if body.get(name) is None]:
        raise ValidationError({name: ["Missing data for required field."] for name in missing})
    return body


def record(
    session: Session, contract: type[EventSchemaContract], about: Aggregate, who: Principal, now: datetime, **data: Any
) -> dict[str, Any]:
    """Tells a fact about an aggregate: one more version, one outbox row, in the caller's transaction; its envelope.

    What the contract requires and `data` lacks is the aggregate's own attribute.

    Errors: marshmallow's ValidationError when `data` is not what the contract promises (a fault of the caller).
    """
    return record_all(session, about, who, now, [(contract, data)])[0]


def record_all(
    session: Session, about: Aggregate, who: Principal, now: datetime,
    said: Sequence[tuple[type[EventSchemaContract], dict[str, Any]]],
) -> list[dict[str, Any]]:  # fmt: skip
    """As `record`, several facts of one change, in order: how the aggregate stands after them is asked once."""
    logs.about(about.case_number)
    about.id = about.id or new_id()
    unsaid.told(session, about)
    head, envelopes = _head(session, about, who, now), []
    for contract, data in said:
        about.version = (about.version or 0) + 1
        envelopes.append(_envelope(contract, head, about.version, _body(contract, about, data)))
        _tell(session, now, envelopes[-1], f"{contract.source}.events", contract.name)
    return envelopes


def _tell(session: Session, now: datetime, envelope: dict[str, Any], exchange: str, name: str) -> None:
    """Puts an event into the last batch of the transaction for this exchange, or begins one."""
    said: list[dict[str, Any]] = closing.added(session, ROWS) or []
    told = orjson.dumps(envelope).decode()
    at = next((no for no in reversed(range(len(said))) if said[no]["exchange"] == exchange), None)
    if at is not None:
        before = said[at]
        (all_told, count, size), names = before["body"], before["routing_key"].split(".")
        key = before["routing_key"] if name in names else ".".join([*names, name])
        if len(key) <= LONGEST_KEY and size + len(told) <= LARGEST_BATCH:
            # another row, not a changed one: a savepoint that is undone gives back the rows there were
            all_told[count:] = [told]
            said[at] = {**before, "routing_key": key, "body": (all_told, count + 1, size + len(told))}
            return
    enqueue(session, now, envelope["id"], exchange, name, envelope["subject"], ([told], 1, len(told)))


def _head(session: Session, about: Aggregate, who: Principal, now: datetime) -> dict[str, Any]:
    """What the envelopes of all facts of one change have in common."""
    return {
        "subject": str(about.id),
        "time": rfc3339(now),
        "areapath": about.area_path,
        "actor": who.id,
        "casenumber": about.case_number,
        **standing_of(about).attributes(),
        **{key: session.info[key] for key in ("causationid", "traceparent") if session.info.get(key)},
    }


def _envelope(contract: type[EventContract], head: dict[str, Any], version: int, data: Any) -> dict[str, Any]:
    """A CloudEvent of its own id, as chassis.envelope reads it."""
    return {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/{contract.source}",
        "type": type_of(contract),
        "datacontenttype": "application/json",
        "dataschema": f"urn:shaodao:{contract.source}:{contract.name}:v{contract.version}",
        "aggregateversion": version,
        **head,
        "data": data,
    }


def enqueue(
    session: Session,
    now: datetime,
    message_id: str,
    exchange: str,
    routing_key: str,
    subject: str,
    body: str | Told,
    headers: dict[str, str] | None = None,
) -> None:
    """Puts any message on its way out, in order; the relay is woken after the commit, and alone publishes."""
    row = {
        "id": message_id,
        "exchange": exchange,
        "routing_key": routing_key,
        "subject": subject,
        "body": body,
        "headers": headers or {},
        "recorded_at": rfc3339(now),
    }
    said: list[dict[str, Any]] | None = closing.added(session, ROWS)
    if said is None:
        said = []
        closing.add(session, _SAID, outbox_rows=said)
        session.info[NEWS] = True
    said.append(row)


def end(session: Session) -> int:
    """The position of what was published last; 0 where nothing was."""
    return int(session.execute(select(func.coalesce(func.max(OUTBOX.c.sent_no), 0))).scalar_one())


def events_since(session: Session, position: int, limit: int, older_than_seconds: float = 0) -> list[dict[str, Any]]:
    """Published batches after `position`, in order of publication: `[{position, envelopes}]`, at most `limit`."""
    old = OUTBOX.c.sent_at < func.clock_timestamp() - timedelta(seconds=older_than_seconds)
    query = select(OUTBOX.c.sent_no, OUTBOX.c.body).where(OUTBOX.c.sent_no > position, old)
    rows = session.execute(query.where(OUTBOX.c.exchange.like("%.events")).order_by(OUTBOX.c.sent_no).limit(limit))
    return [{"position": row.sent_no, "envelopes": row.body} for row in rows]
