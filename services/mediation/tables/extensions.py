"""What the parties say to more time for their mediation."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import Moment, new_id
from services.mediation.tables.base import Base


class ExtensionWord(Base):
    """A party's word on more time 延期意见, for the `term` that ran then. Never changed."""

    __tablename__ = "extension_word"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), index=True)
    party_id: Mapped[UUID]
    term: Mapped[int]
    word: Mapped[str]
    how: Mapped[str]
    said_at: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
