"""Dates by which follow-ups must begin, counted again after the calendar has changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from kernel.calendar import load_calendar
from kernel.deadlines import Term, recompute
from kernel.deadlines.recount import note, when_changed
from services.notify.follow_ups import A_MOMENT, LATE, START
from services.notify.rules import policy
from services.notify.states import OPEN_FOLLOW_UPS, DeliveryState
from services.notify.tables import FollowUp, Message
from services.notify.templates import FORMS


@every(seconds=60)
def recompute_deadlines(session: Session, who: Principal, now: datetime) -> int:
    """Moves the dates of open follow-ups to earlier days; a later one stays, since the resident was told. How many."""
    found = when_changed(session, FollowUp, now, policy(now), lambda _: (_counted(session, now), None))
    for row in found:
        _remind(session, row)
    return len(found)


def _counted(session: Session, now: datetime) -> list[FollowUp]:
    """The follow-ups whose date moved, their messages still to be changed."""
    still = (FollowUp.state.in_(OPEN_FOLLOW_UPS), FollowUp.start_by > now)
    rows = session.scalars(select(FollowUp).where(*still).order_by(FollowUp.id).with_for_update())
    return [row for row in rows if _moved(row, now)]


def _moved(row: FollowUp, now: datetime) -> bool:
    rules = policy(row.counted_from)
    before = Term(row.counted_from, rules.limit(START), row.start_by)
    after = recompute(before, now, load_calendar(rules.region), rules.hours, told=True)
    if after != before:
        note(row.id, START, after.history[-1])
    row.start_by = after.due_at
    return after.due_at != before.due_at


def _remind(session: Session, row: FollowUp) -> None:
    """The reminder that waits names the new date and leaves after it."""
    waiting = select(Message).where(Message.subject_id == row.id, Message.template == LATE)
    for message in session.scalars(waiting.where(Message.state == DeliveryState.QUEUED).with_for_update()):
        words = {"number": row.subject_number, "start_by": row.start_by}
        message.title, message.body = FORMS[LATE].filled(words)
        message.send_after = row.start_by + A_MOMENT
