"""The pool of legal helpers, the questions put to them, and the knowledge base."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from capability.clocked import Clocked
from capability.terms import Cleared
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


class Knowledge(Clocked, Root, Base):
    """An entry of the knowledge base. `texts` are its versions, the newest last; `grams` by what words it is found."""

    __tablename__ = "knowledge"
    state: Mapped[str]
    topic: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    legal_basis: Mapped[str]
    keywords: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    grams: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    texts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    owner_id: Mapped[str]
    owner_name: Mapped[str]
    expires_on: Mapped[date] = mapped_column(Date)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    review_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str | None]
    owner = person_ref("owner")
    __table_args__ = (
        Index("ix_knowledge_area", "area_path", postgresql_using="gist"),
        Index("ix_knowledge_due", "state", "due_at"),
        Index("ix_knowledge_grams", "grams", postgresql_using="gin"),
    )

    @property
    def versions(self) -> list[dict[str, Any]]:
        """The newest first."""
        dated = ({**each, "written_at": datetime.fromisoformat(each["written_at"])} for each in self.texts or ())
        return sorted(dated, key=lambda each: each["no"], reverse=True)

    @property
    def version_no(self) -> int:
        return len(self.texts or ())


class LegalQuestion(Clocked, Cleared, Root, Base):
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
    knowledge = ()
    """In force at a moment: looked up where one question is asked for."""
    __table_args__ = (
        Index("ix_legal_area", "area_path", postgresql_using="gist"),
        Index("ix_legal_due", "state", "due_at"),
        Index("ix_legal_answerer", "answerer_id", "state"),
    )
