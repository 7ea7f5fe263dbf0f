"""Incidents 大面积事件: the appeal that leads, and the notice for everybody who reports the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from chassis.store import Root, person_ref
from services.intake.tables.appeals import Appeal
from services.intake.tables.base import Base


class Incident(Root, Base):
    """At most one open at a place for a category; the store refuses a second."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("uq_incident_number", "case_number", unique=True),
        Index("ix_incident_area", "area_path", postgresql_using="gist"),
        Index("uq_incident_open", "area_path", "category", unique=True, postgresql_where=text("state = 'DECLARED'")),
    )

    state: Mapped[str]
    category: Mapped[str]
    notice: Mapped[str]
    expected_at: Mapped[datetime | None]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    lead_number: Mapped[str]
    declared_by_id: Mapped[str]
    declared_by_name: Mapped[str]
    result_text: Mapped[str | None]
    reason: Mapped[str | None]
    declared_by = person_ref("declared_by")


Incident.reports = column_property(  # type: ignore[attr-defined]
    select(func.count()).where(Appeal.merged_into == Incident.lead_id).correlate_except(Appeal).scalar_subquery()
)
