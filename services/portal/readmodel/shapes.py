"""Shapes of what the read model is asked and answers; also its part of the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import Schema, validate

from contracts.fields import Code, Count, Facts, Flag, Many, Moment, One, Text
from contracts.schema import AnswerSchema, Shape, StrictShape
from contracts.shapes import Page
from contracts.tokens import area, case_no, unit_code
from kernel import codes
from services.portal.readmodel.picture import UNKNOWN
from services.portal.readmodel.tables import CasePage, TaskRow

STATES: dict[str, type[codes.AppealState] | type[codes.HazardState]] = {
    "APPEAL": codes.AppealState,
    "HAZARD": codes.HazardState,
}
STATE_CODES = sorted({state for kind in STATES.values() for state in kind.values()} | {UNKNOWN})
UNTOLD = "登记信息在途"


class Paged(StrictShape):
    """`cursor` is the `next_cursor` of the page before."""

    cursor = Text(400, optional=True)
    limit = Count(1, 200, default=50)


class Place(StrictShape):
    """What a cursor holds: the last row of the page before."""

    due = Moment(optional=True)
    key = Text(64)


class ListCases(Paged):
    """Every filter narrows; a missing one does not."""

    state = Many(Text(40, validate.OneOf(STATE_CODES, error="只能是：{choices}")), most=30)
    kind = Code(codes.CaseKind, optional=True)
    area_path = area(optional=True)
    mine = Flag(default=False)
    open = Flag(default=False)
    due_before = Moment(optional=True)
    overdue = Flag(default=False)


class ListDesk(Paged):
    """Of the asker's units; without `state` all that is open."""

    state = Many(Code(codes.TaskState), most=20)


class Named(Shape):
    """Somebody or something with a code and a name."""

    id = Text(64, optional=True)
    name = Text(60, optional=True)


class CaseRowView(AnswerSchema):
    """A case as the timeline knows it. Titles and words are with the services that own them."""

    number = case_no()
    kind = Code(codes.CaseKind)
    state = Text(40)
    state_label = Text(40)
    area_path = area()
    urgency = Code(codes.Urgency, optional=True)
    urgency_label = Text(40, optional=True)
    due_at = Moment(optional=True)
    overdue = Flag()
    lead_unit = unit_code(optional=True)
    handler = One(Named, optional=True)
    first_responder = One(Named, optional=True)
    opened_at = Moment()
    updated_at = Moment()
    secret = Flag()
    mediation_state = Code(codes.MediationState, optional=True)


class CaseRowPage(Page):
    items = Many(One(CaseRowView))


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


class DeskTaskView(AnswerSchema):
    """A task on a unit's desk."""

    task_id = Text(64)
    case_number = case_no()
    whistle_id = Text(64)
    whistle_number = case_no()
    unit = unit_code()
    unit_name = Text(60)
    kind = Code(codes.WhistleKind, optional=True)
    role = Code(codes.TaskRole, optional=True)
    state = Code(codes.TaskState)
    state_label = Text(40)
    objected = Flag()
    receiver = One(Named, optional=True)
    asked_action = Code(codes.AskedAction, optional=True)
    asked_time = Moment(optional=True)
    sign_due = Moment(optional=True)
    report_due = Moment(optional=True)
    finish_due = Moment(optional=True)
    next_due = Moment(optional=True)
    overdue = Flag()
    area_path = area()


class DeskTaskPage(Page):
    items = Many(One(DeskTaskView))


def case_row(page: CasePage, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(page, name) for name in PLAIN_CASE},
        "state_label": state_label(page.kind, page.state),
        "urgency_label": codes.label(codes.Urgency, page.urgency) if page.urgency else None,
        "overdue": page.due_at is not None and page.due_at < now,
        "handler": _named(page.handler_id, page.handler_name),
        "first_responder": _named(page.first_responder_id, page.first_responder_name),
    }


PLAIN_CASE = (
    "number", "kind", "state", "area_path", "urgency", "due_at", "lead_unit", "opened_at", "updated_at", "secret",
    "mediation_state",
)  # fmt: skip
PLAIN_TASK = (
    "task_id", "case_number", "whistle_id", "whistle_number", "unit", "unit_name", "kind", "role", "state",
    "objected", "asked_action", "asked_time", "sign_due", "report_due", "finish_due", "next_due", "area_path",
)  # fmt: skip


def task_row(row: TaskRow, now: datetime) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in PLAIN_TASK},
        "state_label": codes.label(codes.TaskState, row.state),
        "receiver": _named(row.receiver_id, row.receiver_name),
        "overdue": row.next_due is not None and row.next_due < now,
    }


def state_label(kind: str, state: str) -> str:
    known = STATES[kind]._value2member_map_.get(state)
    return getattr(known, "label", UNTOLD)


def _named(key: str | None, name: str | None) -> dict[str, Any] | None:
    return {"id": key, "name": name} if key else None


def described(shape: type[Schema]) -> list[dict[str, Any]]:
    """A shape as query parameters of the OpenAPI document."""
    return [{"in": "query", "schema": shape}]
