"""Open days and their visitors."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from capability.clocked import Clocked
from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Moment, Root, person_ref
from services.mediation.tables.base import Base
from services.mediation.tables.orgs import Org

VISIT_DONE = "state = 'DONE'"


class Visit(Clocked, Cleared, Root, Base):
    """Who came and why is sealed."""

    __tablename__ = "visit"
    state: Mapped[str]
    day_id: Mapped[UUID] = mapped_column(ForeignKey("open_day.id"), index=True)
    day_number: Mapped[str] = mapped_column(index=True)
    org_code: Mapped[str] = mapped_column(ForeignKey("org.code"), index=True)
    name: Mapped[str | None] = mapped_column(Sealed)
    masked_name: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(Sealed)
    matter: Mapped[str] = mapped_column(Sealed)
    receiver_id: Mapped[str]
    receiver_name: Mapped[str]
    way: Mapped[str | None]
    result: Mapped[str | None] = mapped_column(Sealed)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    mediation_number: Mapped[str | None]
    org: Mapped[Org] = relationship(lazy="joined", innerjoin=True)
    receiver = person_ref("receiver")
    __table_args__ = (
        Index("ix_visit_area", "area_path", postgresql_using="gist"),
        Index("ix_visit_counted", "org_code", "way", "done_at", postgresql_where=text(VISIT_DONE)),
    )

    org_name = property(lambda visit: visit.org.name)


class OpenDay(Root, Base):
    """One day of one recurrence: `told_day` is the day by its rule, `day` the one it is held on."""

    __tablename__ = "open_day"
    state: Mapped[str]
    org_code: Mapped[str] = mapped_column(ForeignKey("org.code"))
    occasion: Mapped[str]
    told_day: Mapped[date] = mapped_column(Date)
    day: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    place: Mapped[str]
    host_id: Mapped[str | None]
    host_name: Mapped[str | None]
    note: Mapped[str | None]
    org: Mapped[Org] = relationship(lazy="joined", innerjoin=True)
    host = person_ref("host")
    __table_args__ = (
        UniqueConstraint("org_code", "occasion", "told_day"),
        Index("ix_open_day_area", "area_path", postgresql_using="gist"),
        Index("ix_open_day_state", "state", "opens_at"),
    )

    org_name = property(lambda row: row.org.name)


OpenDay.received = column_property(
    select(func.count(Visit.id)).where(Visit.day_id == OpenDay.id).correlate_except(Visit).scalar_subquery()
)


class GrantedWish(Base):
    """A wish of the wall that a member of the organisation granted."""

    __tablename__ = "granted_wish"
    number: Mapped[str] = mapped_column(primary_key=True)
    org_code: Mapped[str] = mapped_column(ForeignKey("org.code"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
