"""Giving numbers: a counter a kind, day and area, in a table that each service maps as its own.

    class NumberCounter(CounterMixin, Base):
        __tablename__ = "number_counter"

A counter row is raised by upsert in the caller's transaction, so a number is never given twice and one that was rolled
back is given again. The row stays locked until that transaction commits; so that many at once do not wait for each
other, a counter may have `stripes` rows whose numbers interleave (of 8: 1, 9, 17 … and 2, 10, 18 …).
"""

from __future__ import annotations

import random
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import numbers
from kernel.calendar import local_day

AREA = slice(-10, -6)
NO_AREA = "0000"


class CounterMixin:
    """How many numbers of a kind, day and area have been given on one stripe."""

    stripes: ClassVar[int] = 1

    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    area4: Mapped[str] = mapped_column(primary_key=True)
    stripe: Mapped[int] = mapped_column(primary_key=True)
    given: Mapped[int]


def next_number(session: Session, counter: type[CounterMixin], kind: str, area4: str, now: datetime) -> str:
    """The next number of the kind for the local day and area. Errors: InvalidNumber when 99,999 were given that day."""
    return next_numbers(session, counter, kind, area4, now, 1)[0]


def next_numbers(
    session: Session, counter: type[CounterMixin], kind: str, area4: str, now: datetime, count: int
) -> list[str]:
    """As many at once, of one stripe. Errors: as `next_number`."""
    day = local_day(now)
    places = _next_places(session, counter, {"kind": kind, "day": day, "area4": area4}, count)
    return [numbers.case_number(kind, day, area4, place) for place in places]


def next_of(session: Session, counter: type[CounterMixin], kind: str, day: date, area4: str) -> int:
    """The next of a series, from 1; on one stripe without gaps among what is committed."""
    return _next_places(session, counter, {"kind": kind, "day": day, "area4": area4}, 1)[0]


def _next_places(session: Session, counter: type[CounterMixin], series: dict[str, Any], count: int) -> list[int]:
    stripe = random.randrange(counter.stripes)
    table: Any = counter.__table__  # type: ignore[attr-defined]
    row = {**series, "stripe": stripe, "given": count}
    given: int = session.connection().execute(_step(table), row).scalar_one()
    return [place * counter.stripes + stripe + 1 for place in range(given - count, given)]


@cache
def _step(table: Any) -> Any:
    """Made once a table: a number is asked for by almost every command."""
    first = insert(table)
    key = ["kind", "day", "area4", "stripe"]
    more = first.on_conflict_do_update(index_elements=key, set_={"given": table.c.given + first.excluded.given})
    return more.returning(table.c.given)


def area_of(number: str) -> str:
    """The four digits of the area in a case's number; 0000 where it has none."""
    area4 = number[AREA]
    return area4 if len(area4) == 4 and area4.isascii() and area4.isdigit() else NO_AREA
