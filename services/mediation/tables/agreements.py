"""Agreements with their terms and signatures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.sealing import Sealed
from chassis.store import Moment, new_id
from kernel.attachments import Attachments, Files
from kernel.calendar import end_of, local_day
from services.mediation.tables.base import Base
from services.mediation.tables.cases import Case

if TYPE_CHECKING:
    from services.mediation.tables.performance import Breach


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
    next_check_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    court_way: Mapped[str | None]
    sued_at: Mapped[str | None]
    filed_on: Mapped[date | None]
    case: Mapped[Case] = relationship(back_populates="agreements")
    terms: Mapped[list[Term]] = relationship(order_by="Term.no", back_populates="agreement")
    signatures: Mapped[list[Signature]] = relationship(order_by="Signature.at")
    breaches: Mapped[list[Breach]] = relationship(order_by="Breach.at, Breach.id")
    __table_args__ = (UniqueConstraint("case_id", "no"),)

    @property
    def open_breaches(self) -> list[Breach]:
        """Those nobody has urged, of terms that are not done yet."""
        undone = {term.no for term in self.terms if term.performed_at is None}
        return [one for one in self.breaches if one.urged_at is None and one.term_no in undone]


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
    remind_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    urged_until: Mapped[datetime | None] = mapped_column(Moment)
    agreement: Mapped[Agreement] = relationship(back_populates="terms")

    @property
    def told_due(self) -> datetime:
        """As agreed; what is due on the spot by the end of the day of effect."""
        return self.due_at or end_of(local_day(self.agreement.effective_at or self.agreement.drafted_at))

    @property
    def due(self) -> datetime:
        """As agreed, or as far as the urging gave time."""
        return self.urged_until or self.told_due


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
