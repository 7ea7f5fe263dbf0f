"""Whistle numbers: W + local day + the area of the source's number + sequence + check digit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernel import numbers
from kernel.calendar import local_day
from services.dispatch.tables import NumberCounter

AREA = slice(9, 13)
NO_AREA = "0000"


def whistle_number(session: Session, source_number: str, now: datetime) -> str:
    """The next number of the day in the source's area; whoever asks at the same time waits for this transaction."""
    day, area4 = local_day(now), source_number[AREA]
    if not (len(area4) == 4 and area4.isascii() and area4.isdigit()):
        area4 = NO_AREA
    return numbers.case_number("W", day, area4, _next(session, f"W{day:%Y%m%d}{area4}"))


def _next(session: Session, series: str) -> int:
    first = insert(NumberCounter).values(series=series, last=1)
    step = first.on_conflict_do_update(index_elements=[NumberCounter.series], set_={"last": NumberCounter.last + 1})
    return session.execute(step.returning(NumberCounter.last)).scalar_one()
