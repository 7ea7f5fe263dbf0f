"""The pool of legal helpers and the questions put to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from capability.clocked import Clocked
from chassis.sealing import Sealed
from chassis.store import Ltree, Moment, Root, person_ref
from services.mediation.tables.base import Base


class LegalHelper(Base):
    """Somebody who helps in one place; `duty` are the weekdays on which a lawyer answers first."""

    __tablename__ = "legal_helper"
    account: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(Ltree, primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    skills: Mapped[list[str]] = mapped_column(JSONB)
    dialects: Mapped[list[str]] = mapped_column(JSONB)
    duty: Mapped[list[int]] = mapped_column(JSONB)
    __table_args__ = (Index("ix_legal_helper_area", "area_path", postgresql_using="gist"),)


class LegalQuestion(Clocked, Root, Base):
    """Who asked, what, and the answer are sealed; the public words are others."""

    __tablename__ = "legal_question"
    state: Mapped[str]
    topic: Mapped[str]
    question: Mapped[str] = mapped_column(Sealed)
    answer: Mapped[str | None] = mapped_column(Sealed)
    asker_id: Mapped[str]
    asker_name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    taker_id: Mapped[str | None]
    taker_name: Mapped[str | None]
    answerer_id: Mapped[str | None]
    answerer_name: Mapped[str | None]
    reasons: Mapped[list[str]] = mapped_column(JSONB, default=list)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    public_question: Mapped[str | None]
    public_answer: Mapped[str | None]
    answerer = person_ref("answerer")
    taken_down_by = person_ref("taker")
    __table_args__ = (
        Index("ix_legal_area", "area_path", postgresql_using="gist"),
        Index("ix_legal_due", "state", "due_at"),
        Index("ix_legal_answerer", "answerer_id", "state"),
    )
