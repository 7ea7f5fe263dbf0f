"""The bytes of attachments, content-addressed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import Moment
from services.portal.base import Base


class Upload(Base):
    """One file. The same content is kept once; `brought_by` are all who did. `attached_at`: since then it belongs to
    a case and is read with it. `content` is null where the bytes lie outside (`outside.py`). `gone_at`: nothing names
    it any more, and it is about to be deleted."""

    __tablename__ = "upload"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    uploaded_by: Mapped[str]
    brought_by: Mapped[list[str]] = mapped_column(ARRAY(Text))
    attached_at: Mapped[datetime | None] = mapped_column(Moment)
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    gone_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (Index("ix_upload_gone", "gone_at", postgresql_where=text("gone_at is not null")),)


class UploadUse(Base):
    """A matter that names a file."""

    __tablename__ = "upload_use"

    number: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("upload.sha256", ondelete="CASCADE"), primary_key=True, index=True)
