"""What the parties dispute."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sealing import Sealed
from chassis.store import Moment
from services.mediation.tables.base import Base


class Issue(Base):
    """One point in dispute 争议焦点 with what each side says and, in the end, the finding. All words are sealed."""

    __tablename__ = "issue"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    claimant_says: Mapped[str] = mapped_column(Sealed)
    respondent_says: Mapped[str] = mapped_column(Sealed)
    finding: Mapped[str | None] = mapped_column(Sealed)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(Moment)
