"""Counting deadlines again after the calendar has changed, the same way in every service that counts days.

A service's timer calls this every few seconds, and counts a page each time. As long as no file of the calendar changes,
it counts nothing again; it always looks whether the notice of a year is missing (policy key calendar.notice_ahead).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from kernel.calendar import WorkCalendar, load_calendar, local_day, missing
from kernel.deadlines.table import DeadlineMixin, Hold, recompute_open
from kernel.deadlines.terms import Line
from kernel.policy.pack import PolicyPack

RowT = TypeVar("RowT", bound=DeadlineMixin)
AnyRow = TypeVar("AnyRow")
Count = Callable[[UUID | None], tuple[Sequence[AnyRow], UUID | None]]
"""Counts what follows a row; the rows that moved, and after which to go on."""

_log = structlog.get_logger(__name__)
_counted: dict[Any, tuple[WorkCalendar, UUID | None]] = {}
"""The calendar each table is counted by in this process, and the row after which the count goes on, if it does."""


def recounted(
    session: Session, model: type[RowT], now: datetime, pack: PolicyPack, hold: Hold | None = None
) -> list[RowT]:
    """The open deadlines of a page that a changed calendar moves, or would move later: those were told, so they stay.

    Each is logged; `hold` as in `table.recompute_open`.
    """
    rows = when_changed(session, model, now, pack, lambda after: recompute_open(session, model, now, pack, hold, after))
    for row in rows:
        note(row.subject_id, row.stage, row.history[-1])
    return list(rows)


def when_changed(session: Session, of: Any, now: datetime, pack: PolicyPack, count: Count[AnyRow]) -> Sequence[AnyRow]:
    """What `count` finds, after the row it was told, until it says that nothing follows; if the calendar is another
    than when that was committed for `of`. Else nothing."""
    calendar = load_calendar(pack.region)
    missing.watch(calendar, local_day(now), days_ahead(pack))
    by, after = _counted.get(of, (None, None))
    if by is calendar and after is None:
        return []
    found, last = count(after if by is calendar else None)
    event.listen(session, "after_commit", lambda _: _counted.__setitem__(of, (calendar, last)), once=True)
    return found


def note(subject_id: UUID, stage: str, line: Line) -> None:
    """One line of the log for a date that moved, or was kept although the calendar gives a later one."""
    told = {key: line[key] for key in ("was", "calendar_gives", "kept")}
    _log.warning("deadline_recomputed", subject_id=str(subject_id), stage=stage, **told)


def days_ahead(pack: PolicyPack) -> int:
    """How many days before a year begins its notice must be loaded (policy key calendar.notice_ahead)."""
    limit = pack.limit("calendar.notice_ahead")
    return (limit.wall or timedelta(days=limit.amount)).days
