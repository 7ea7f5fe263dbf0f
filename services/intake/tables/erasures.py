"""Erasures 删除请求, with what each store reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Moment, Root, person_ref
from kernel.codes.holdings import Store
from services.intake.tables.base import Base
from services.intake.tables.people import Person


class Erasure(Clocked, Cleared, Root, Base):
    """`person_ids`: all records of the person. `cleared`: rows of intake so far. `reports`: by store, when it was done,
    how much went and what stays."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index("uq_erasure_number", "case_number", unique=True),
        Index("ix_erasure_area", "area_path", postgresql_using="gist"),
        Index(
            "uq_erasure_open", "person_id", unique=True, postgresql_where=text("state in ('ASKED', 'RUNNING')")
        ),
    )  # fmt: skip
    state: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ground: Mapped[str]
    proof: Mapped[str] = mapped_column(Sealed)
    asker_id: Mapped[str]
    asker_name: Mapped[str]
    refusal: Mapped[str | None] = mapped_column(Sealed)
    person_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    cleared: Mapped[int] = mapped_column(default=0)
    reports: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(Moment)  # by the service's clock, not the store's

    subject: Mapped[Person] = relationship(viewonly=True, lazy="selectin")
    asked_by = person_ref("asker")

    @property
    def person(self) -> dict[str, Any]:
        return self.subject.masked

    @property
    def stores(self) -> list[dict[str, Any]]:
        return [{"store": store, **_read(self.reports.get(store, {}))} for store in Store]

    @property
    def missing(self) -> list[Store]:
        """Stores that have not reported; none before the erasure was approved."""
        return [store for store in Store if store not in self.reports] if self.person_ids else []


def _read(report: dict[str, Any]) -> dict[str, Any]:
    """A report with its moments, which lie as texts."""
    if not report:
        return {}
    kept = [{**each, "until": each["until"] and datetime.fromisoformat(each["until"])} for each in report["kept"]]
    return {**report, "at": datetime.fromisoformat(report["at"]), "kept": kept}
