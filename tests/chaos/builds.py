"""Builds that are broken on purpose, so that every checker is seen to fail; and builds of another version.

Each is a function of this module, named in PROGRAM.build and applied when that program starts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from marshmallow import fields
from sqlalchemy import event
from sqlalchemy.orm import Session

from bus.draining import DrainingConsumer
from bus.failing import Failures
from bus.hearing import Inbox
from chassis import closing, inbox, outbox
from contracts.intake.appeals import AppealRegistered
from contracts.intake.triage import AppealAssigned
from relay.log import OutboxLog, Row
from relay.pipeline import Pipeline
from tests.chaos.control import Control
from tests.chaos.points import Points

UNSAID = "chaos_unsaid"
LATER = "added_later"
EVERY, FORGOTTEN = 20, range(20, 25)


def no_inbox(control: Control, program: str) -> None:
    """Claims, but does not look whether somebody claimed before: a second delivery has a second effect."""
    claimed = inbox.first_times

    def first_times(session: Session, claims: Iterable[Any], now: Any) -> set[Any]:
        claimed(session, claims, now)
        return set(claims)

    inbox.first_times = first_times


def ack_first(control: Control, program: str) -> None:
    """Acks when a message arrives, works afterwards: who dies in between loses it."""
    handled, acked = Inbox.handle_message, DrainingConsumer.ack_message

    def handle_message(self: Inbox, body: Any, message: Any) -> None:
        acked(self.consumer, message)
        handled(self, body, message)

    def ack_message(self: DrainingConsumer, message: Any) -> None:
        if not message.acknowledged:
            acked(self, message)

    Inbox.handle_message, DrainingConsumer.ack_message = handle_message, ack_message  # type: ignore[method-assign]


def no_outbox(control: Control, program: str) -> None:
    """Commits, then publishes: who dies in between has changed something and told nobody."""
    points, put = Points(control, program), outbox.enqueue

    def keep(session: Session, *message: Any) -> None:
        put(session, *message)
        said = closing.added(session, outbox.ROWS)
        session.info.setdefault(UNSAID, []).extend(said)
        said.clear()

    def say(session: Session) -> None:
        if rows := session.info.pop(UNSAID, None):
            points.pass_by("unsaid")
            with Pipeline(os.environ["RELAY_AMQP_URI"]) as pipeline:
                pipeline.publish([_row(row) for row in rows])

    outbox.enqueue = keep
    event.listen(Session, "after_commit", say)


def _row(row: dict[str, Any]) -> Row:
    return Row(0, row["id"], row["exchange"], row["routing_key"], row["body"], row["headers"])


def skips_rows(control: Control, program: str) -> None:
    """A relay that overlooks some of what it has to send."""
    unsent = OutboxLog.unsent
    skipping = lambda self, but=(): [row for row in unsent(self, but) if row.position % EVERY]  # noqa: E731
    OutboxLog.unsent = skipping  # type: ignore[method-assign]


def forgets_acks(control: Control, program: str) -> None:
    """A service that does its work and leaves a few of its messages lying in the queue."""
    acked, count = DrainingConsumer.ack_message, iter(range(10**9))

    def ack_message(self: DrainingConsumer, message: Any) -> None:
        if not message.headers["_taken"][0].endswith(".inbox") or next(count) not in FORGOTTEN:
            acked(self, message)

    DrainingConsumer.ack_message = ack_message  # type: ignore[method-assign]


def drops_poison(control: Control, program: str) -> None:
    """A service that throws away what it cannot read instead of parking it."""
    Failures._park = lambda *_: None  # type: ignore[method-assign]


def says_more(control: Control, program: str) -> None:
    """A newer producer: its facts about appeals hold a field nobody knows yet."""
    body = outbox._body
    outbox._body = lambda *told: {**body(*told), LATER: "新字段"}


def expects_more(control: Control, program: str) -> None:
    """A newer consumer: it knows an optional field that older producers do not send."""
    for contract in (AppealRegistered, AppealAssigned):
        contract._declared_fields[LATER] = fields.String(load_default=None, allow_none=True)
