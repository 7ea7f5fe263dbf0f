"""Who speaks for a party, and what parties say against a mediator."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sealing import Sealed
from chassis.store import Moment, new_id
from kernel.attachments import Attachments, Files
from services.mediation.tables.base import Base


class Representative(Base):
    """Somebody with a party's letter of authority 委托代理人. Name and telephone are sealed."""

    __tablename__ = "representative"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID]
    party_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Sealed)
    masked_name: Mapped[str]
    name_hash: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None]
    tie: Mapped[str]
    power: Mapped[str]
    granted: Mapped[list[str]] = mapped_column(JSONB, default=list)
    until: Mapped[date | None]
    letter: Mapped[Attachments] = mapped_column(Files, default=list)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "party_id"], ["party.case_id", "party.party_id"]),
        Index("ix_representative_party", "case_id", "party_id"),
    )


class Challenge(Base):
    """A party's word against a mediator 回避申请, and what the head of the organisation decided."""

    __tablename__ = "challenge"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), index=True)
    party_id: Mapped[UUID]
    mediator_id: Mapped[str]
    mediator_name: Mapped[str]
    ground: Mapped[str]
    words: Mapped[str] = mapped_column(Sealed)
    raised_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ruling: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(Sealed)
    ruled_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    ruled_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (Index("ux_challenge_open", "case_id", unique=True, postgresql_where=text("ruling IS NULL")),)

    @property
    def mediator(self) -> dict[str, str]:
        return {"id": self.mediator_id, "name": self.mediator_name}
