"""Staged decisions. A decision keeps the stages of the template it began with, and every try of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from capability.publishing import Published
from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Root
from kernel.attachments import Attachments, Files
from services.mediation.tables.base import Base

Parts = list[dict[str, Any]]


class Decision(Published, Cleared, Root, Base):
    """`at_stage` is the place of the present stage in `stages`; behind the last it is over."""

    __tablename__ = "decision"
    state: Mapped[str]
    template: Mapped[str]
    template_name: Mapped[str]
    stages: Mapped[Parts] = mapped_column(JSONB)
    at_stage: Mapped[int] = mapped_column(default=0)
    subject: Mapped[str]
    proposal: Mapped[str] = mapped_column(Sealed)
    published: Mapped[str | None]
    records: Mapped[Parts] = mapped_column(JSONB, default=list)
    papers: Mapped[Attachments] = mapped_column(Files, default=list)
    reason: Mapped[str | None]
    __table_args__ = (
        Index("ix_decision_area", "area_path", postgresql_using="gist"),
        Index("ix_decision_published", "state", "published_until"),
    )

    @property
    def present(self) -> dict[str, Any] | None:
        return self.stages[self.at_stage] if self.at_stage < len(self.stages) else None

    @property
    def stage(self) -> str | None:
        return self.present["code"] if self.present else None

    @property
    def stage_name(self) -> str | None:
        return self.present["name"] if self.present else None

    @property
    def history(self) -> Parts:
        return [{**each, **{name: datetime.fromisoformat(each[name]) for name in ("at", "until") if each.get(name)}}
                for each in self.records or ()]  # fmt: skip
