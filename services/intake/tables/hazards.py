"""Hazards 隐患 and the measures taken on the spot."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Moment, Root, new_id, person_ref
from kernel.attachments import Attachments
from services.intake.tables.base import Base
from services.intake.tables.people import Person

A_RESIDENT = {"id": "resident", "name": "居民"}
"""Stands where a member of staff would be named; residents are not."""


class Hazard(Cleared, Root, Base):
    """Something dangerous at a place; it outlives the appeal it was found with."""

    __tablename__ = "hazard"
    __table_args__ = (
        Index("uq_hazard_number", "case_number", unique=True),
        Index("ix_hazard_area", "area_path", postgresql_using="gist"),
        Index("ix_hazard_state", "state", "id"),
    )

    state: Mapped[str]
    kind: Mapped[str]
    level: Mapped[str]
    urgency: Mapped[str]
    urgency_reasons: Mapped[list[str]]
    danger_flags: Mapped[list[str]]
    place_text: Mapped[str] = mapped_column(Sealed)
    description: Mapped[str] = mapped_column(Sealed)
    geo: Mapped[dict[str, Any] | None]
    photos: Mapped[Attachments]
    reported_by_id: Mapped[str] = mapped_column(index=True)
    reported_by_name: Mapped[str]
    by_resident: Mapped[bool]
    channel: Mapped[str]
    asset: Mapped[str | None]
    reporter_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    on_duty_id: Mapped[str | None]
    on_duty_name: Mapped[str | None]
    verified_by_id: Mapped[str | None]
    verified_by_name: Mapped[str | None]
    verify_note: Mapped[str | None] = mapped_column(Sealed)
    verify_photos: Mapped[Attachments] = mapped_column(default=list)
    removed_at: Mapped[datetime | None]

    updated_at: Mapped[datetime] = mapped_column(Moment)  # by the service's clock, not the store's

    measures: Mapped[list[Measure]] = relationship(order_by="Measure.at")
    reporter: Mapped[Person | None] = relationship(viewonly=True)
    verified_by, on_duty = person_ref("verified_by"), person_ref("on_duty")

    @property
    def hazard_id(self) -> UUID:
        """Its id, as its facts call it."""
        return self.id

    @property
    def reported_by(self) -> dict[str, Any]:
        """The member of staff who reported; residents are not named."""
        return A_RESIDENT if self.by_resident else {"id": self.reported_by_id, "name": self.reported_by_name}


class Measure(Base):
    """An interim safety measure: cordon, sign, guard, power off."""

    __tablename__ = "hazard_measure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    hazard_id: Mapped[UUID] = mapped_column(ForeignKey("hazard.id"), index=True)
    measure_code: Mapped[str]
    note: Mapped[str | None] = mapped_column(Sealed)
    photos: Mapped[Attachments]
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    by = person_ref("by")
