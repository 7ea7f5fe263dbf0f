"""Clocks that an ending stopped: those of a case that is taken up again, or that another case takes over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.store import new_id
from kernel.codes import AppealStage
from kernel.deadlines.table import cancel, find_open
from services.intake import clocks
from services.intake.tables import Appeal, Deadline


def stopped_at(session: Session, appeal: Appeal, moment: datetime) -> list[Deadline]:
    """The clocks that an ending stopped, the earliest of each stage."""
    at = (Deadline.subject_id == appeal.id, Deadline.cancelled_at == moment)
    rows = session.scalars(select(Deadline).where(*at).order_by(Deadline.due_at.desc()))
    return list({row.stage: row for row in rows}.values())


def take_over(session: Session, into: Appeal, theirs: Iterable[Deadline], now: datetime) -> None:
    """Of two running clocks of one stage the earlier wins; a stage the survivor has met stays met."""
    for row in theirs:
        own = find_open(session, Deadline, into.id, row.stage)
        if own is None or own.due_at <= row.due_at:
            continue
        cancel(session, Deadline, into.id, now, row.stage)
        session.flush()
        session.add(_moved(row, into, now))
        clocks.show(into, row)


def run_again(session: Session, appeal: Appeal, ended_at: datetime, now: datetime) -> datetime:
    """The clocks go on as if nothing had happened: a date that was told is never later. The feedback date.

    A feedback clock that had been met (a result was there) starts anew, for the result no longer stands.
    """
    for row in stopped_at(session, appeal, ended_at):
        if row.stage in (AppealStage.FIRST_CONTACT, AppealStage.FEEDBACK):
            row.cancelled_at, row.wake_at = None, now
            clocks.show(appeal, row)
    session.flush()
    if find_open(session, Deadline, appeal.id, AppealStage.FEEDBACK) is None:
        return clocks.restart_feedback(session, appeal, now)
    return appeal.due_at or appeal.promise_at


def _moved(row: Deadline, into: Appeal, now: datetime) -> Deadline:
    """The same clock for another appeal; what was raised of it is not raised again."""
    kept = {column.key: getattr(row, column.key) for column in Deadline.__table__.columns}
    return Deadline(**{**kept, "id": new_id(), "subject_id": into.id, "cancelled_at": None, "wake_at": now})
