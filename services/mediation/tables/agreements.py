"""Agreements with their terms and signatures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.sealing import Sealed
from chassis.store import Moment, new_id
from kernel.attachments import Attachments, Files
from services.mediation.tables.base import Base
from services.mediation.tables.cases import Case


class Agreement(Base):
    """A mediation agreement 调解协议. `org_name`, `seal_text`, `statutory`: as they were when it was drafted."""

    __tablename__ = "agreement"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"))
    no: Mapped[int]
    state: Mapped[str]
    form: Mapped[str]
    facts: Mapped[str] = mapped_column(Sealed)
    liability: Mapped[str] = mapped_column(Sealed)
    copies: Mapped[int]
    org_name: Mapped[str]
    seal_text: Mapped[str]
    statutory: Mapped[bool]
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    drafted_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    effective_at: Mapped[datetime | None] = mapped_column(Moment)
    judicial: Mapped[str] = mapped_column(default="NONE")
    judicial_until: Mapped[datetime | None] = mapped_column(Moment)
    court: Mapped[str | None]
    applied_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    ruling_number: Mapped[str | None]
    copies_handed: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    performed_at: Mapped[datetime | None] = mapped_column(Moment)
    case: Mapped[Case] = relationship(back_populates="agreements")
    terms: Mapped[list[Term]] = relationship(order_by="Term.no")
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.at")
    __table_args__ = (UniqueConstraint("case_id", "no"),)


class Term(Base):
    """One duty of an agreement: who owes whom what, by when, and the proof that it was done."""

    __tablename__ = "term"
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    obligor_party_id: Mapped[UUID]
    obligee_party_id: Mapped[UUID]
    content: Mapped[str] = mapped_column(Sealed)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    method: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    performed_at: Mapped[datetime | None] = mapped_column(Moment)
    proof: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Sealed)
    attachments: Mapped[Attachments] = mapped_column(Files, default=list)
    recorded_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Signature(Base):
    """One signature, or the committee's seal. `who` is the party's id, the mediator's id, or the seal's.

    `representative_id` where somebody signed for a party.

    `paper_date` stands on the paper and counts; `at` is when it was taken down.
    """

    __tablename__ = "signature"
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    signer: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    representative_id: Mapped[UUID | None] = mapped_column(ForeignKey("representative.id"))
    manner: Mapped[str]
    scan_sha256: Mapped[str | None]
    paper_date: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
