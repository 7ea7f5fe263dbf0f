"""The follow-up clerk's desk: lists and single follow-ups, each only for the eyes of the place's staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import NotFound
from chassis.identity import Principal
from contracts.notify.base import CASE_READERS
from contracts.notify.follow_ups import AttemptFollowUp, FollowUpView, GetFollowUp, ListFollowUps
from kernel.codes import FollowUpState
from services.notify.states import FOLLOW_UP
from services.notify.tables import FollowUp

PLAIN = [name for name in FollowUpView().fields if hasattr(FollowUp, name)]
"""What is shown as it is."""

WANTED = frozenset(FollowUpState) - {FollowUpState.SUPERSEDED}
"""What is shown where no state is asked for."""


@asked(ListFollowUps)
def list_page(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The earliest `start_by` first. Errors: Forbidden without a reading role, Invalid for a bad cursor."""
    permit(who, ListFollowUps, None)
    query = select(FollowUp).where(CASE_READERS.where(FollowUp, who), FollowUp.state.in_(command["state"] or WANTED))
    return paging.page(session, query, command, lambda row: view(session, who, row), FollowUp.start_by, FollowUp.id)


@asked(GetFollowUp)
def get(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """The latest follow-up of a case. Errors: NotFound, also outside one's places."""
    latest = select(FollowUp).where(FollowUp.subject_number == command["case_number"]).order_by(FollowUp.cycle.desc())
    row = session.scalars(latest.limit(1)).first()
    if row is None or not FOLLOW_UP.sees(who, row):
        raise NotFound("没有找到该诉求的回访")
    return row


def view(session: Session, who: Principal, row: FollowUp) -> dict[str, Any]:
    """A follow-up as `who` may see it: what they may do now, and a secret reporter only for whom may follow up."""
    named = FOLLOW_UP.may(who, AttemptFollowUp, row) or (row.file and row.file.registered and not row.file.secret)
    known = row.resident_id is not None and named
    return {
        **{name: getattr(row, name) for name in PLAIN},
        "allowed_commands": FOLLOW_UP.allowed_commands(who, row),
        "resident": {"person_id": row.resident_id, "masked_name": row.resident_name} if known else None,
        "attempt_count": len(row.attempts),
        "contacted": bool(row.reached),
        "valid": row.solved is not None if row.completed_at else None,
    }
