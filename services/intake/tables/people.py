"""Residents. Names and telephones are ciphertext at rest and found again by keyed hash only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sealing import Sealed
from chassis.store import Ltree, new_id, person_ref
from services.intake.tables.base import Base


class Person(Base):
    """A resident who reported or speaks for somebody. The same name with the same telephone is the same person.

    Without a telephone a record is found again by year of birth or home, and a person decides. `merged_into`: somebody
    did, and this record is read with that one. `erased_at`: since then nothing here tells who it was.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("uq_person_phone_name", "phone_hash", "name_hash", unique=True),
        Index("ix_person_name", "name_hash"),
        Index("ix_person_merged", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    birth_year: Mapped[str | None] = mapped_column(Sealed)
    home: Mapped[str | None] = mapped_column(Sealed)
    name_hash: Mapped[str]
    phone_hash: Mapped[str | None]
    birth_hash: Mapped[str | None]
    home_hash: Mapped[str | None]
    masked_name: Mapped[str]
    masked_phone: Mapped[str | None]
    area_path: Mapped[str | None] = mapped_column(Ltree)
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def masked(self) -> dict[str, Any]:
        """As staff see a person."""
        return {"person_id": self.id, "masked_name": self.masked_name, "masked_phone": self.masked_phone}


class PersonMerge(Base):
    """Somebody found two records to be one person; `undone_at`: and somebody that they are not. Never changed else."""

    __tablename__ = "person_merge"
    __table_args__ = (Index("uq_person_merge", "gone_id", unique=True, postgresql_where=text("undone_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[str | None]
    undone_reason: Mapped[str | None] = mapped_column(Sealed)


class Consent(Base):
    """What a person agreed to, until it is withdrawn; a row a time."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("uq_consent_in_force", "person_id", "to", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    to: Mapped[str]
    how: Mapped[str]
    given_at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[str | None]
    given_to = person_ref("by")
