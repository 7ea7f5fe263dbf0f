"""Care stations 日间照料站 and who is on duty there: from which of them somebody goes to an old person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from math import asin, cos, inf, radians, sin, sqrt
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.store import Ltree
from kernel import areas
from kernel.calendar import is_open, load_calendar
from services.notify.rules import policy
from services.notify.tables import Base

EARTH_METRES = 6_371_000
Point = dict[str, float] | None


class CareStation(Base):
    """A day-care centre, loaded from the reference data."""

    __tablename__ = "care_station"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    area_path: Mapped[str] = mapped_column(Ltree)
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    @property
    def geo(self) -> Point:
        return {"lat": self.lat, "lon": self.lon} if self.lat is not None and self.lon is not None else None


class CareShift(Base):
    """Somebody's hours at a station, as posts have them (`kernel.calendar.is_open`)."""

    __tablename__ = "care_shift"
    station_code: Mapped[str] = mapped_column(ForeignKey("care_station.code"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    hours: Mapped[str]


def nearest(session: Session, path: str, geo: Point, now: datetime, tried: Collection[str]) -> CareStation | None:
    """The nearest station with somebody on duty, of those not tried: by metres where both places are known, else by
    steps in the area tree; None where nobody is on duty."""
    calendar = load_calendar(policy(now).region)
    manned = {shift.station_code for shift in session.scalars(select(CareShift)) if is_open(shift.hours, now, calendar)}
    found = session.scalars(select(CareStation).where(CareStation.code.in_(manned - set(tried))))
    return min(found, key=lambda one: (metres(geo, one.geo), steps(path, one.area_path), one.code), default=None)


def metres(here: Point, there: Point) -> float:
    """Along the surface; infinite where a place is not known."""
    if here is None or there is None:
        return inf
    lat, other = radians(here["lat"]), radians(there["lat"])
    across = sin((other - lat) / 2) ** 2
    along = cos(lat) * cos(other) * sin(radians(there["lon"] - here["lon"]) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(across + along))


def steps(here: str, there: str) -> int:
    """How many borders of the area tree lie between two places."""
    shared: Any = areas.common(here, there)
    return areas.depth(here) + areas.depth(there) - 2 * (areas.depth(shared) if shared else 0)
