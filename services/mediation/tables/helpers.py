"""Units that help, and what was heard of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.store import Moment, new_id
from services.mediation.tables.base import Base


class Helper(Base):
    """A unit asked to help 协助力量; it attends only with every party's consent (人民调解法 art. 20)."""

    __tablename__ = "helper"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"))
    whistle_id: Mapped[UUID]
    unit: Mapped[str]
    unit_name: Mapped[str]
    task_id: Mapped[UUID | None]
    state: Mapped[str]
    receiver: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    invited_at: Mapped[datetime] = mapped_column(Moment)
    consents: Mapped[list[HelperConsent]] = relationship(order_by="HelperConsent.at")
    __table_args__ = (UniqueConstraint("case_id", "whistle_id", "unit"),)


class HelperConsent(Base):
    """One party's consent to one helper."""

    __tablename__ = "helper_consent"
    helper_id: Mapped[UUID] = mapped_column(ForeignKey("helper.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)


class HeardTask(Base):
    """What was heard of a unit's whistle task, in whatever order: the helpers of a case are settled from these rows."""

    __tablename__ = "heard_task"
    whistle_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    unit_name: Mapped[str | None]
    source_id: Mapped[UUID] = mapped_column(index=True)
    task_id: Mapped[UUID | None]
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    receiver: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    replaced_by: Mapped[str | None]
