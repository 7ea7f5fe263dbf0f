"""The tables every service has beside its own: what it said, heard, answered, could not handle, and who did what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from chassis.sealing import SealedBytes, SealedJson
from chassis.store import Moment

CHASSIS = MetaData()
"""What chassis code itself queries with; `add_chassis_tables` puts a copy beside a service's own tables."""

OUTBOX = Table(
    "outbox",
    CHASSIS,
    Column("position", BigInteger, primary_key=True, autoincrement=True),
    Column("id", UUID, nullable=False, unique=True),
    Column("exchange", Text, nullable=False),
    Column("routing_key", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("headers", JSONB, nullable=False, server_default=text("'{}'")),
    Column("recorded_at", Moment, nullable=False),
    Column("queued_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("sent_at", Moment),
    Column("sent_no", BigInteger),
    Index("ix_outbox_unsent", "position", postgresql_where=text("sent_at IS NULL")),
    Index("ix_outbox_sent_no", "sent_no", unique=True, postgresql_where=text("sent_no IS NOT NULL")),
)
"""Messages recorded with the change they tell of: of facts, those of one commit together. `sent_no` is the order of
publication, without gaps."""

INBOX = Table(
    "inbox",
    CHASSIS,
    Column("handler", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("heard_at", Moment, nullable=False),
)
"""One row an event and handler: the reason why a second delivery changes nothing."""

ANSWERED = Table(
    "answered",
    CHASSIS,
    Column("principal_id", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("answer", SealedJson),
    Column("answered_at", Moment, nullable=False),
    Index("ix_answered_at", "answered_at"),
)
"""Answers to commands that carried an idempotency key; sealed, for they hold whatever the asker may see."""

PARKED = Table(
    "parked",
    CHASSIS,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("event_id", Text),
    Column("handler", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("body", SealedBytes),
    Column("headers", SealedJson),
    Column("content_type", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked_at", Moment, nullable=False),
    Column("state", Text, nullable=False, server_default="PARKED"),
    Column("settled_at", Moment),
    Column("settled_by", Text),
    Column("reason", Text),
    Column("replay_id", UUID),
    Index("ix_parked_open", "parked_at", postgresql_where=text("state = 'PARKED'")),
    Index(
        "ix_parked_waiting",
        "handler",
        "event_id",
        unique=True,
        postgresql_where=text("state = 'PARKED' and event_id is not null"),
    ),
)
"""Messages no retry could mend, kept until a person replays or discards them.

Body and headers are sealed: personal data may be why nobody could take the message. They are null once their term
is over (chassis.parked). An event waits once for a person, however often it came.
"""

AUDIT = Table(
    "audit",
    CHASSIS,
    Column("no", BigInteger, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("principal_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_at", "at"),
)
"""Who did what to whose data and why. Append-only; each row's hash covers the row before it."""

PEER_CURSOR = Table(
    "peer_cursor",
    CHASSIS,
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)
"""How far this service has read each peer's log (the poll back-stop)."""

ERASED = Table(
    "erased",
    CHASSIS,
    Column("person_id", Text, primary_key=True),
    Column("case_number", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Who was erased here, in which case (empty: everywhere), so that no old event brings a name back. An id tells
nothing once the rows it stood for are cleared."""
