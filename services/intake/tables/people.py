"""Residents. Names and telephones are ciphertext at rest and found again by keyed hash only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sealing import Sealed
from chassis.store import new_id
from services.intake.tables.base import Base


class Person(Base):
    """A resident who reported or speaks for somebody. The same name with the same telephone is the same person."""

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_phone_name", "phone_hash", "name_hash", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    name_hash: Mapped[str]
    phone_hash: Mapped[str | None]
    masked_name: Mapped[str]
    masked_phone: Mapped[str | None]
    created_at: Mapped[datetime]

    @property
    def masked(self) -> dict[str, Any]:
        """As staff see a person."""
        return {"person_id": self.id, "masked_name": self.masked_name, "masked_phone": self.masked_phone}
