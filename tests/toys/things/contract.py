"""The toy's language."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields


class ThingChanged(Schema):
    source, name, version = "things", "thing_changed", 1
    word = fields.String(required=True)


class ThingCounted(Schema):
    """Heard together with others."""

    source, name, version = "things", "thing_counted", 1
    word = fields.String(required=True)


class ThingView(Schema):
    id = fields.UUID()
    version = fields.Integer()
    word = fields.String()


class MakeThing(Schema):
    method = "make_thing"
    answer = ThingView
    versioned, keeps_answer = False, True

    class Meta:
        unknown = RAISE

    word = fields.String(required=True)


class Echo(MakeThing):
    """Answers its word and changes nothing."""

    method = "echo"
    keeps_answer = False


class Nap(MakeThing):
    """`word` holds seconds."""

    method = "nap"
