"""Look-backs 回头看 (domain §2 A8, §3.6 inv. 14): on a day that nobody can know before it comes.

The day is drawn by a keyed hash of the number and the count of draws, uniform over the working days of the window
(policy key look_back), so that an auditor with the key can draw it again; it lies sealed until it comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis import audit
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from kernel.calendar import WorkCalendar, load_calendar, local, local_day
from services.dispatch import clocks
from services.dispatch.rectification_tables import LookBack, Rectification

AT_ONCE = 100
RULE = "look_back"


def rounds(now: datetime) -> list[dict[str, int]]:
    """The windows in days after the thing was put right, first to last."""
    return list(clocks.policy(now).value(RULE)["rounds"])


def window(rule: dict[str, int], relapses: int) -> tuple[int, int]:
    """The first and the last day of a window, halved by every relapse."""
    return max(1, rule["from_days"] >> relapses), max(1, rule["to_days"] >> relapses)


def drawn(number: str, no: int, since: date, days: tuple[int, int], calendar: WorkCalendar) -> date:
    """A working day of the window; where it has none, the first one after it."""
    span = [since + timedelta(days=day) for day in range(days[0], days[1] + 1)]
    open_days = [day for day in span if calendar.is_working(day)] or [calendar.next_working(span[-1])]
    return open_days[int(keyed_hash(f"{RULE}|{number}|{no}"), 16) % len(open_days)]


def seal(session: Session, who: Principal, row: Rectification, now: datetime) -> None:
    """Draws the next look-back. The trail says that it was drawn, by whom it was caused, not for when."""
    rules = clocks.policy(now)
    no, days = len(row.draws) + 1, window(rounds(now)[row.passes], row.relapses)
    day = drawn(row.number, no, local_day(now), days, load_calendar(rules.region))
    row.draws.append(LookBack(no=no, day=day.isoformat()))
    audit.note(session, who, now, "look_back_drawn", f"rectification:{row.number}", "回头看", no=no)


def come(session: Session, now: datetime) -> Iterator[LookBack]:
    """Sealed look-backs whose day has come, held until commit; each is unsealed once a day, at the hour of policy key
    look_back, to see whether it has."""
    today, rule = local_day(now), clocks.policy(now).value(RULE)
    if local(now).time() < time.fromisoformat(rule["from"]):
        return
    unasked = or_(LookBack.looked_on.is_(None), LookBack.looked_on < today)
    sealed = select(LookBack).where(LookBack.opened_at.is_(None), unasked).order_by(LookBack.rectification_id)
    for row in session.scalars(sealed.limit(AT_ONCE).with_for_update(skip_locked=True)):
        row.looked_on = today
        if date.fromisoformat(row.day) <= today:
            yield row
