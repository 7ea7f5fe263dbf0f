"""What every service does beside its own capabilities: forget what is old, and answer for what it said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import RAISE, Schema, fields, validate
from sqlalchemy.orm import Session

from chassis import answered, outbox, parked
from chassis.entrypoints import asked, every
from chassis.errors import Forbidden
from chassis.identity import Principal
from chassis.store import Store


class PublishedBatch(Schema):
    """One message of the log: the facts of one commit, as they were published."""

    position = fields.Integer(required=True)
    envelopes = fields.String(required=True)


class PublishedEvents(Schema):
    """`end` is the position of what was published last, whatever was asked for: where a new reader begins."""

    events = fields.List(fields.Nested(PublishedBatch))
    end = fields.Integer()


class EventsSince(Schema):
    """At most `limit` published messages after `position`, none younger than `older_than_seconds`."""

    method = "events_since"
    answer = PublishedEvents
    versioned, keeps_answer = False, False

    class Meta:
        unknown = RAISE

    position = fields.Integer(required=True, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=1000))
    older_than_seconds = fields.Float(load_default=0.0, validate=validate.Range(min=0))


@every(seconds=600, transaction=False)
def forget_answers(store: Store, who: Principal, now: datetime) -> None:
    answered.forget(store, now)


@every(seconds=3600, transaction=False)
def forget_parked(store: Store, who: Principal, now: datetime) -> None:
    parked.look_after(store, now)


@asked(EventsSince)
def events_since(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The log of published facts, for peers that missed some. Errors: Forbidden for people."""
    if who.kind != "service":
        raise Forbidden("只有服务可以读取事件日志")
    return {"events": outbox.events_since(session, **command), "end": outbox.end(session)}
