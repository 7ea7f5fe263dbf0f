"""Shapes of what the read model is asked and answers; also its part of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, validate

from contracts import registry
from contracts.fields import Code, Count, Day, Facts, Flag, Many, Moment, One, Text
from contracts.schema import AnswerSchema, Shape, StrictShape
from contracts.shapes import Page
from contracts.tokens import Token, area, case_no, category_code
from kernel import codes
from services.portal.readmodel import kinds
from services.portal.readmodel.tables import Matter

STATE_CODES = sorted({state for about in registry.MATTERS.values() for state in about.states.values()})


STATE = Text(40, validate.OneOf(STATE_CODES, error="只能是：{choices}"))


class Paged(StrictShape):
    """`cursor` is the `next_cursor` of the page before."""

    cursor = Text(400, optional=True)
    limit = Count(1, 200, default=50)


class Place(StrictShape):
    """What a cursor holds: the last row of the page before."""

    due = Moment(optional=True)
    key = Text(64)


class ListDesk(Paged):
    """Every filter narrows; a missing one does not."""

    state = Many(STATE, most=30)
    kind = Token(r"[A-Z_]{1,40}", "应为类别的代码", optional=True)
    due_before = Moment(optional=True)
    overdue = Flag(default=False)


class ListCases(ListDesk):
    """`mine` are those the asker handles, or that wait for her in person."""

    area_path = area(optional=True)
    mine = Flag(default=False)
    open = Flag(default=False)


class SearchMatters(Paged):
    """Every filter narrows, and every word of `q` has to fit: the beginning of a number, words of the timeline, a
    place, a category, or somebody's name, which is compared as it is shown (masked). Dates are days of Beijing. A
    `mark` is a code the matter's owner counts it by, with its name."""

    q = Text(60, optional=True, label="编号、词语、地方或姓名")
    person = Text(20, optional=True, label="居民姓名")
    kind = Token(r"[A-Z_]{1,40}", "应为类别的代码", optional=True, label="类别")
    state = Many(STATE, most=30, label="进展")
    area_path = area(optional=True, label="地方")
    open = Flag(default=False, label="在办")
    closed = Flag(default=False, label="已办结")
    overdue = Flag(default=False, label="已超时")
    due_from = Day(optional=True, label="期限不早于")
    due_to = Day(optional=True, label="期限不晚于")
    opened_from = Day(optional=True, label="登记不早于")
    opened_to = Day(optional=True, label="登记不晚于")
    urgency = Code(codes.Urgency, optional=True, label="紧急程度")
    category = category_code(optional=True, label="诉求类别")
    roots = Flag(default=False, label="只看整件事，不看其中的哨单、调解等")
    here = Flag(default=False, label="只看没有细分到下一级的")
    mark = Many(
        Token(r"[a-z_]{1,20}:[A-Za-z0-9_.-]{1,64}", "应为名称和代码，如 channel:PHONE"), most=10, label="统计口径"
    )


class Named(Shape):
    """Somebody or something with a code and a name."""

    id = Text(64, optional=True)
    name = Text(60, optional=True)


class MatterView(AnswerSchema):
    """A case, or something that belongs to one, as its owner last said how it stands. Titles and words are with the
    services that own them. `todo` is what whoever is awaited has to do."""

    id = Text(64)
    kind = Text(40)
    kind_label = Text(40)
    number = Text(40, optional=True)
    case_number = case_no()
    parent = Text(64, optional=True)
    state = Text(40)
    state_label = Text(40)
    todo = Text(40)
    area_path = area()
    urgency = Code(codes.Urgency, optional=True)
    urgency_label = Text(40, optional=True)
    due_at = Moment(optional=True)
    overdue = Flag()
    unit = Text(60, optional=True)
    handler = One(Named, optional=True)
    first_responder = One(Named, optional=True)
    receiver = One(Named, optional=True)
    opened_at = Moment()
    updated_at = Moment()
    secret = Flag()
    tally = Facts()


class MatterPage(Page):
    items = Many(One(MatterView))


class CaseView(MatterView):
    """The head of a case, and what belongs to it."""

    matters = Many(One(MatterView))


class EntryView(AnswerSchema):
    """One line of the story. `time` is when it happened, `seq` the order in which the portal heard of it."""

    seq = Count()
    id = Text(64)
    time = Moment()
    when = Text(40)
    source = Text(40)
    name = Text(60)
    label = Text(40)
    actor = One(Named)
    text = Text(1000)
    data = Facts()


class TimelineView(AnswerSchema):
    """The whole timeline in order."""

    number = case_no()
    last_seq = Count()
    items = Many(One(EntryView))


PLAIN = (
    "id", "kind", "number", "case_number", "parent", "state", "area_path", "urgency", "due_at", "opened_at",
    "updated_at", "secret", "tally",
)  # fmt: skip


def row(matter: Matter, now: datetime, names: Mapping[str, str], units: list[str]) -> dict[str, Any]:
    """`names` are those of members of staff by id, `units` those the viewer works for."""
    people = {told: matter.tally.get(each) for told, each in PEOPLE.items()}
    return {
        **{name: getattr(matter, name) or None for name in PLAIN},
        "secret": matter.secret,
        "tally": matter.tally,
        "kind_label": kinds.about(matter.kind).name,
        "state_label": kinds.about(matter.kind).state(matter.state),
        "todo": kinds.todo(matter.kind, matter.state, matter.waits, units),
        "urgency_label": codes.label(codes.Urgency, matter.urgency) if matter.urgency else None,
        "overdue": matter.due_at is not None and matter.due_at < now,
        "unit": matter.tally.get("unit"),
        **{told: {"id": key, "name": names.get(key)} if key else None for told, key in people.items()},
    }


PEOPLE = {"handler": "handler", "first_responder": "first", "receiver": "receiver"}


def described(shape: type[Schema]) -> list[dict[str, Any]]:
    """A shape as query parameters of the OpenAPI document."""
    return [{"in": "query", "schema": shape}]
