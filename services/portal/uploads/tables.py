"""The bytes of attachments, content-addressed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import Moment
from services.portal.base import Base


class Upload(Base):
    """One file. The same content is kept once, whoever brings it."""

    __tablename__ = "upload"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
