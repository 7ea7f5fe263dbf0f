"""The rota of a room: who sits there when, from whatever organisation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import Ltree, new_id
from services.intake.tables.base import Base


class Turn(Base):
    """Somebody of an organisation sits in the room of a place, by `hours` as posts have them (`kernel.calendar`)."""

    __tablename__ = "clinic_turn"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_path: Mapped[str] = mapped_column(Ltree)
    room: Mapped[str]
    hours: Mapped[str]
    person_id: Mapped[str]
    person_name: Mapped[str]
    org_name: Mapped[str]
    __table_args__ = (Index("uq_clinic_turn", "area_path", "person_id", "hours", unique=True),)
