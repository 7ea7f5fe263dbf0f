"""The dispute ledger, its sweeps and analyses, and mediation on the spot."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, String, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column

from capability.clocked import Clocked
from capability.terms import Cleared
from chassis.sealing import Sealed, SealedJson
from chassis.store import Moment, Root, person_ref
from services.mediation.tables.base import Base


class Entry(Clocked, Root, Base):
    """A dispute of the ledger. `parties` are keyed hashes of names, to find who quarrels again.

    `warned`: of which of them, or of its place, it was told that this is one too many.
    """

    __tablename__ = "ledger_entry"
    state: Mapped[str]
    origin: Mapped[str]
    dispute_type: Mapped[str]
    risk_level: Mapped[str]
    matter: Mapped[str | None] = mapped_column(Sealed)
    persons: Mapped[int]
    parties: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    warned: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    owner_id: Mapped[str | None]
    owner_name: Mapped[str | None]
    measures: Mapped[str | None] = mapped_column(Sealed)
    reporter_id: Mapped[str | None]
    result: Mapped[str | None] = mapped_column(Sealed)
    mediation_number: Mapped[str | None] = mapped_column(unique=True)
    sweep_number: Mapped[str | None] = mapped_column(index=True)
    entered_at: Mapped[datetime] = mapped_column(Moment)
    sealed: Mapped[bool] = mapped_column(default=False)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    struck_at: Mapped[datetime | None] = mapped_column(Moment)
    owner = person_ref("owner")
    __table_args__ = (
        Index("ix_ledger_area", "area_path", postgresql_using="gist"),
        Index("ix_ledger_entered", "entered_at"),
        Index("ix_ledger_parties", "parties", postgresql_using="gin"),
    )


class Sweep(Clocked, Root, Base):
    """`month` is the first day of the month whose periodic sweep it is; of others there is none."""

    __tablename__ = "sweep"
    state: Mapped[str]
    kind: Mapped[str]
    scope: Mapped[str]
    month: Mapped[date | None] = mapped_column(Date)
    conclusion: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("area_path", "month"),
        Index("ix_sweep_area", "area_path", postgresql_using="gist"),
    )


_FOUND = select(func.count(Entry.id)).where(Entry.sweep_number == Sweep.case_number).correlate_except(Entry)
Sweep.found = column_property(_FOUND.scalar_subquery())


class Analysis(Clocked, Root, Base):
    """What entered in the month that begins with `month`; `trends` as they are shown."""

    __tablename__ = "dispute_analysis"
    state: Mapped[str]
    month: Mapped[date] = mapped_column(Date)
    entered: Mapped[int]
    struck_off: Mapped[int]
    trends: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    conclusion: Mapped[str | None]
    concluder_id: Mapped[str | None]
    concluder_name: Mapped[str | None]
    concluded_by = person_ref("concluder")
    __table_args__ = (
        UniqueConstraint("area_path", "month"),
        Index("ix_analysis_area", "area_path", postgresql_using="gist"),
    )


class Quick(Cleared, Root, Base):
    """Mediation on the spot. Who quarrelled and about what is sealed."""

    __tablename__ = "quick_mediation"
    state: Mapped[str]
    dispute_type: Mapped[str]
    first_masked: Mapped[str]
    second_masked: Mapped[str]
    sides: Mapped[dict[str, Any]] = mapped_column(SealedJson)
    matter: Mapped[str] = mapped_column(Sealed)
    maker_id: Mapped[str]
    maker_name: Mapped[str]
    mediation_number: Mapped[str | None]
    maker = person_ref("maker")
    __table_args__ = (Index("ix_quick_area", "area_path", postgresql_using="gist"),)
