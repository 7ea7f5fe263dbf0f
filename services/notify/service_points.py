"""Service points 便民服务点 (domain §1.4 row 12), loaded from the reference data: who can be asked, where and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.entrypoints import asked
from chassis.identity import Principal
from chassis.store import Ltree
from contracts.notify.service_points import ListServicePoints, ServicePointState, ServicePointView
from kernel.areas import ancestors
from kernel.calendar import ALWAYS, hours_words, is_open, load_calendar
from services.notify.rules import policy
from services.notify.tables import Base

SHOWN = tuple(set(ServicePointView().fields) - {"state", "opens", "round_the_clock"})


class ServicePoint(Base):
    """`hours` as posts have them (`kernel.calendar.is_open`)."""

    __tablename__ = "service_point"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    area_path: Mapped[str] = mapped_column(Ltree)
    services: Mapped[str]
    rooms: Mapped[str | None]
    hours: Mapped[str]
    phone: Mapped[str]
    __table_args__ = (Index("ix_service_point_area", "area_path", postgresql_using="gist"),)

    @property
    def opens(self) -> str:
        """The posted hours in words."""
        return hours_words(self.hours)


@asked(ListServicePoints)
def list_points(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What is always manned comes first."""
    place, calendar = command["area_path"], load_calendar(policy(now).region)
    near = or_(ServicePoint.area_path.within(place), *(ServicePoint.area_path == above for above in ancestors(place)))
    rows = sorted(session.scalars(select(ServicePoint).where(near)), key=lambda row: (row.hours != ALWAYS, row.code))
    return {"items": [_shown(row, is_open(row.hours, now, calendar)) for row in rows], "next_cursor": None}


def nearest_phone(session: Session, place: str) -> str | None:
    """Whom somebody of a place can ring: the nearest line there is for it."""
    around = [place, *ancestors(place)]
    known = select(ServicePoint).where(ServicePoint.area_path.in_(around)).order_by(func.nlevel(ServicePoint.area_path))
    rows = session.scalars(known).all()
    return rows[-1].phone if rows else None


def _shown(row: ServicePoint, manned: bool) -> dict[str, Any]:
    state = ServicePointState.OPEN if manned else ServicePointState.SHUT
    known = {name: getattr(row, name) for name in SHOWN}
    return {**known, "state": state, "opens": row.opens, "round_the_clock": row.hours == ALWAYS}
