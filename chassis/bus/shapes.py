"""The one question every service answers."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class PublishedEvent(Schema):
    position = fields.Integer(required=True)
    envelope = fields.String(required=True)


class PublishedEvents(Schema):
    """`end` is the position of what was published last, whatever was asked for: where a new reader begins."""

    events = fields.List(fields.Nested(PublishedEvent))
    end = fields.Integer()


class EventsSince(Schema):
    """At most `limit` published events after `position`, none younger than `older_than_seconds`."""

    method = "events_since"
    answer = PublishedEvents
    versioned, keeps_answer = False, False

    class Meta:
        unknown = RAISE

    position = fields.Integer(required=True, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=500, validate=validate.Range(min=1, max=1000))
    older_than_seconds = fields.Float(load_default=0.0, validate=validate.Range(min=0))
