"""Human numbers: S for appeals, Y for hazards, then the local day, the area's four digits and a running number.

A counter row is raised by upsert in the caller's transaction, so a number is never given twice and one that was rolled
back is given again. The row stays locked until that transaction commits; so that registrations of one street do not
wait for each other, each area has STRIPES counters whose numbers interleave (1, 9, 17 … and 2, 10, 18 …).
"""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernel import numbers
from kernel.calendar import local_day
from services.intake.tables import NumberCounter

APPEAL, HAZARD = "S", "Y"
STRIPES = 8

_COUNTER: Any = NumberCounter.__table__
_ONE_MORE = (
    insert(_COUNTER)
    .values({name: bindparam(name) for name in ("kind", "day", "area4", "stripe")} | {"given": 1})
    .on_conflict_do_update(index_elements=["kind", "day", "area4", "stripe"], set_={"given": _COUNTER.c.given + 1})
    .returning(_COUNTER.c.given)
)


def next_number(session: Session, kind: str, area4: str, now: datetime) -> str:
    """The next number of the kind for the local day and area. Errors: InvalidNumber when 99,999 were given that day."""
    day, stripe = local_day(now), random.randrange(STRIPES)
    place = {"kind": kind, "day": day, "area4": area4, "stripe": stripe}
    given = session.connection().execute(_ONE_MORE, place).scalar_one()
    return numbers.case_number(kind, day, area4, (given - 1) * STRIPES + stripe + 1)
