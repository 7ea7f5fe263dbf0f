"""Sessions and talks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sealing import Sealed
from chassis.store import Moment, new_id
from services.mediation.tables.base import Base


class CaseSession(Base):
    """A session 调解会 or a talk with one side. Place and record are sealed: they may tell of homes and persons."""

    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"))
    no: Mapped[int]
    state: Mapped[str]
    kind: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    place_text: Mapped[str | None] = mapped_column(Sealed)
    helper_ids: Mapped[list[str]] = mapped_column(JSONB, default=list)
    notice_waived: Mapped[bool]
    outcome: Mapped[str | None]
    reason_code: Mapped[str | None]
    record_text: Mapped[str | None] = mapped_column(Sealed)
    present: Mapped[list[str]] = mapped_column(JSONB, default=list)
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("case_id", "no"),)


class Talk(Base):
    """A talk with one side alone 单方沟通. What was said is sealed, and is nobody's but the mediator's."""

    __tablename__ = "talk"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[UUID]
    how: Mapped[str]
    talked_at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Sealed)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(Moment)
