"""Files of 12345 orders, and their rows. What is personal is ciphertext, and goes once it is decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.sealing import SealedBytes, SealedJson
from chassis.store import Moment, Root, person_ref
from contracts.intake.imports import PREVIEWED, RowState
from services.intake.tables.base import Base


class Import(Root, Base):
    """One file. It is kept, sealed, until every row of it is decided."""

    __tablename__ = "import"
    state: Mapped[str]
    due_at: Mapped[datetime | None]
    file_name: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(SealedBytes, deferred=True)
    encoding: Mapped[str | None]
    category: Mapped[str | None]
    uploader_id: Mapped[str]
    uploader_name: Mapped[str]
    rows: Mapped[int]
    good: Mapped[int]
    bad: Mapped[int]
    already: Mapped[int]
    imported: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(Moment)  # by the service's clock, not the store's
    uploader = person_ref("uploader")
    __table_args__ = (
        Index("ix_import_area", "area_path", postgresql_using="gist"),
        Index("ix_import_state", "state", "id"),
    )

    @property
    def bad_rows(self) -> list[ImportRow]:
        session = Session.object_session(self)
        wrong = select(ImportRow).where(ImportRow.import_id == self.id, ImportRow.state == RowState.BAD)
        return list(session.scalars(wrong.order_by(ImportRow.line).limit(PREVIEWED))) if session else []


class ImportRow(Base):
    """A row that is not blank. `command`: what it becomes; it goes once it is an appeal."""

    __tablename__ = "import_row"
    import_id: Mapped[UUID] = mapped_column(ForeignKey("import.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    outside_number: Mapped[str | None]
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    command: Mapped[dict[str, Any] | None] = mapped_column(SealedJson, deferred=True)
    number: Mapped[str | None]
    __table_args__ = (Index("ix_import_row_state", "import_id", "state", "line"),)
