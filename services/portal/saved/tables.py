"""Saved searches, each of one account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sealing import Sealed
from chassis.store import Moment, new_id
from services.portal.base import Base


class SavedSearch(Base):
    """`query` is the query string of /api/matters; sealed, for it may name somebody."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str] = mapped_column(Sealed)
    saved_at: Mapped[datetime] = mapped_column(Moment)
