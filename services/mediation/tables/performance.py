"""What becomes of an agreement: terms that were not kept, and looks whether it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from chassis.sealing import Sealed
from chassis.store import Moment, Root, new_id, person_ref
from kernel.attachments import Attachments, Files
from services.mediation.tables.base import Base
from services.mediation.tables.cases import Case


class Breach(Base):
    """A term that was not kept by its day 未履行, with evidence, and the urging 催告 that followed."""

    __tablename__ = "breach"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    term_no: Mapped[int]
    words: Mapped[str] = mapped_column(Sealed)
    attachments: Mapped[Attachments] = mapped_column(Files, default=list)
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    urged_at: Mapped[datetime | None] = mapped_column(Moment)
    urged_how: Mapped[str | None]
    urged_until: Mapped[datetime | None] = mapped_column(Moment)
    urged_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class PerformanceCheck(Clocked, Root, Base):
    """One look at one day of one agreement. What people said is sealed."""

    __tablename__ = "performance_check"
    state: Mapped[str]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), index=True)
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"))
    occasion: Mapped[str]
    day: Mapped[date]
    sealed: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[str | None] = mapped_column(index=True)
    owner_name: Mapped[str | None]
    how: Mapped[str | None]
    kept: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(Sealed)
    attachments: Mapped[Attachments] = mapped_column(Files, default=list)
    done_by_id: Mapped[str | None]
    done_by_name: Mapped[str | None]
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    case: Mapped[Case] = relationship(lazy="joined", innerjoin=True)
    owner = holder = person_ref("owner")
    done_by = person_ref("done_by")
    __table_args__ = (
        UniqueConstraint("agreement_id", "occasion", "day"),
        Index("ix_performance_check_area", "area_path", postgresql_using="gist"),
        Index("ix_performance_check_due", "state", "due_at"),
    )

    mediation_number = property(lambda row: row.case.mediation_number)
