"""Tables of the duty catalogue 权责清单."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import new_id
from services.dispatch.tables import Base


class DutyCatalogue(Base):
    """One version of the duty catalogue 权责清单, imported whole or not at all."""

    __tablename__ = "duty_catalogue"
    version: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    fingerprint: Mapped[str]
    imported_at: Mapped[datetime]


class DutyItem(Base):
    """One line of a catalogue version."""

    __tablename__ = "duty_item"
    __table_args__ = (UniqueConstraint("catalogue", "code"), Index("ix_duty_item_list", "catalogue", "duty_list"))
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    catalogue: Mapped[str] = mapped_column(ForeignKey("duty_catalogue.version"))
    line: Mapped[int]
    code: Mapped[str]
    duty_list: Mapped[str]
    category: Mapped[str]
    item: Mapped[str]
    sub_item: Mapped[str | None]
    lead_unit: Mapped[str | None]
    assist_units: Mapped[list[str]] = mapped_column(default=list)
    legal_basis: Mapped[str | None]
    terms: Mapped[str | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
