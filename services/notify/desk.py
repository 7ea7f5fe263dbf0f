"""The follow-up clerk's desk: lists and single follow-ups, each only for the eyes of the place's staff."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from contracts.notify.follow_ups import FollowUpView, GetFollowUp, ListFollowUps
from kernel.codes import Role
from services.notify.follow_ups import conflict_of_interest, in_sight
from services.notify.messages import FOLLOW_UP_READERS as READERS
from services.notify.states import FOLLOW_UP
from services.notify.tables import AppealFile, FollowUp

PLAIN = [name for name in FollowUpView().fields if hasattr(FollowUp, name)]
"""What is shown as it is."""


@asked(ListFollowUps)
def list_page(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Open to do, the earliest `start_by` first. Errors: Forbidden without a reading role, Invalid for a bad cursor."""
    who.require(*READERS)
    nodes = {grant.node for grant in who.grants if grant.role in READERS}
    near = or_(*(FollowUp.area_path.within(node) for node in sorted(nodes)))
    shown = or_(AppealFile.id.is_(None), ~AppealFile.against.has_any(array(sorted(who.sides))))
    query = select(FollowUp, AppealFile).outerjoin(AppealFile, AppealFile.id == FollowUp.subject_id)
    query = query.where(near, shown, FollowUp.superseded_at.is_(None))
    if command["state"]:
        query = query.where(FollowUp.state.in_(command["state"]))
    if command["cursor"]:
        query = query.where(tuple_(FollowUp.start_by, FollowUp.id) > _place(command["cursor"]))
    rows = session.execute(query.order_by(FollowUp.start_by, FollowUp.id).limit(command["limit"] + 1)).all()
    page = rows[: command["limit"]]
    items = [_view(who, row, file) for row, file in page]
    return {"items": items, "next_cursor": _cursor(page[-1][0]) if len(rows) > len(page) else None}


@asked(GetFollowUp)
def get(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The latest follow-up of a case. Errors: NotFound, also outside one's places."""
    latest = select(FollowUp).where(FollowUp.subject_number == command["case_number"]).order_by(FollowUp.cycle.desc())
    row = session.scalars(latest.limit(1)).first()
    if row is None or not in_sight(session, who, row):
        raise NotFound("没有找到该诉求的回访")
    return view(session, who, row)


def view(session: Session, who: Principal, row: FollowUp) -> dict[str, Any]:
    """A follow-up as `who` may see it: what they may do now, and a secret reporter only for whom may follow up."""
    return _view(who, row, session.get(AppealFile, row.subject_id))


def _view(who: Principal, row: FollowUp, file: AppealFile | None) -> dict[str, Any]:
    may_act = who.holds(Role.FOLLOWUP, at=row.area_path) and conflict_of_interest(who, row, file) is None
    hidden = row.resident_id is None or (not may_act and (file is None or file.secret or not file.registered))
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "allowed_commands": FOLLOW_UP.commands_from(row.state) if may_act and row.superseded_at is None else [],
        "resident": None if hidden else {"person_id": row.resident_id, "masked_name": row.resident_name},
        "attempt_count": len(row.attempts),
        "contacted": any(one.reached for one in row.attempts),
        "valid": row.solved is not None if row.completed_at else None,
    }


def _cursor(row: FollowUp) -> str:
    return base64.urlsafe_b64encode(json.dumps([row.start_by.isoformat(), str(row.id)]).encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        start_by, key = json.loads(base64.urlsafe_b64decode(cursor))
        return datetime.fromisoformat(start_by), UUID(key)
    except (ValueError, TypeError) as error:
        raise Invalid.because({"cursor": ["不是有效的翻页标记"]}) from error
