"""Tables of mediation. The case is the one aggregate: its version counts every fact told about it and its parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from chassis.sealing import Sealed
from chassis.store import Aggregate, Ltree, Moment, add_chassis_tables, new_id
from kernel.attachments import Attachments, Files
from kernel.deadlines.table import DeadlineMixin
from kernel.numbering import CounterMixin


class Base(DeclarativeBase):
    """Tables of mediation."""


add_chassis_tables(Base.metadata)

UNFINISHED = "('ACCEPTED', 'OPENED', 'MEDIATING', 'AGREED', 'PERFORMING')"


class Org(Base):
    """A mediation organisation 调解组织. `statutory`: a people's mediation committee (人民调解法 art. 8, 34)."""

    __tablename__ = "org"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    statutory: Mapped[bool]
    unit: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    seal_id: Mapped[str | None]
    seal_text: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    members: Mapped[list[Member]] = relationship(back_populates="org", order_by="Member.account")
    __table_args__ = (Index("ix_org_area", "area_path", postgresql_using="gist"),)


class Member(Base):
    """A member of an organisation, by account; person record and telephone, where given, are for 回避."""

    __tablename__ = "member"
    org_code: Mapped[str] = mapped_column(ForeignKey("org.code"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]
    person_id: Mapped[UUID | None]
    phone_hash: Mapped[str | None]
    post: Mapped[str | None]
    sex: Mapped[str | None]
    dialects: Mapped[list[str]] = mapped_column(JSONB, default=list)
    active: Mapped[bool] = mapped_column(default=True)
    org: Mapped[Org] = relationship(back_populates="members")


class Case(Aggregate, Base):
    """A mediation case 调解案件. `docket`: （年）×人调字第n号, given once an organisation has it."""

    __tablename__ = "mediation_case"
    state: Mapped[str]
    mediation_number: Mapped[str] = mapped_column(unique=True)
    docket: Mapped[str | None] = mapped_column(unique=True)
    org_code: Mapped[str | None] = mapped_column(ForeignKey("org.code"))
    source_kind: Mapped[str]
    source_id: Mapped[UUID]
    source_number: Mapped[str]
    previous_id: Mapped[UUID | None]
    dispute_type: Mapped[str]
    cause: Mapped[str | None]
    risk_level: Mapped[str]
    claimed_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    handler: Mapped[dict[str, Any]] = mapped_column(JSONB)
    identified_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None]
    reason: Mapped[str | None]
    remedies: Mapped[list[str]] = mapped_column(JSONB, default=list)
    org: Mapped[Org | None] = relationship()
    parties: Mapped[list[Party]] = relationship(order_by="Party.no", cascade="save-update, merge")
    mediators: Mapped[list[CaseMediator]] = relationship(order_by="CaseMediator.assigned_at")
    helpers: Mapped[list[Helper]] = relationship(order_by="Helper.invited_at, Helper.unit")
    sessions: Mapped[list[CaseSession]] = relationship(order_by="CaseSession.no")
    agreements: Mapped[list[Agreement]] = relationship(order_by="Agreement.no", back_populates="case")
    clock: Mapped[Deadline] = relationship(
        primaryjoin="foreign(Deadline.subject_id) == Case.id", uselist=False, viewonly=True
    )
    __table_args__ = (
        Index("ux_case_open_source", "source_id", unique=True, postgresql_where=text(f"state IN {UNFINISHED}")),
        Index("ix_case_source", "source_id"),
        Index("ix_case_area", "area_path", postgresql_using="gist"),
        Index("ix_case_number_time", "case_number", "identified_at"),
    )


class Party(Base):
    """A party of a case 当事人. Name, phone and address are sealed; `masked_name` is all that leaves."""

    __tablename__ = "party"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    no: Mapped[int]
    person_id: Mapped[UUID | None]
    masked_name: Mapped[str]
    side: Mapped[str]
    name: Mapped[str | None] = mapped_column(Sealed)
    name_hash: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None]
    related: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    address: Mapped[str | None] = mapped_column(Sealed)
    willing: Mapped[str] = mapped_column(default="UNKNOWN")
    willing_how: Mapped[str | None]
    willing_at: Mapped[datetime | None] = mapped_column(Moment)


class Willingness(Base):
    """Every word of a party on mediation 调解意愿, in order: who took it down, how and when. Never changed."""

    __tablename__ = "willingness"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"), index=True)
    party_id: Mapped[UUID]
    willing: Mapped[str]
    how: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CaseMediator(Base):
    """Who mediates, and who did before a change. One is in charge: the one whose `ended_at` is empty."""

    __tablename__ = "case_mediator"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"))
    mediator_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    org_code: Mapped[str] = mapped_column(ForeignKey("org.code"))
    how_chosen: Mapped[str]
    assigned_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (Index("ux_mediator_active", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),)


class Helper(Base):
    """A unit asked to help 协助力量; it attends only with every party's consent (人民调解法 art. 20)."""

    __tablename__ = "helper"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"))
    whistle_id: Mapped[UUID]
    unit: Mapped[str]
    unit_name: Mapped[str]
    task_id: Mapped[UUID | None]
    state: Mapped[str]
    receiver: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    invited_at: Mapped[datetime] = mapped_column(Moment)
    consents: Mapped[list[HelperConsent]] = relationship(order_by="HelperConsent.at")
    __table_args__ = (UniqueConstraint("case_id", "whistle_id", "unit"),)


class HelperConsent(Base):
    """One party's consent to one helper."""

    __tablename__ = "helper_consent"
    helper_id: Mapped[UUID] = mapped_column(ForeignKey("helper.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)


class HeardTask(Base):
    """What was heard of a unit's whistle task, in whatever order: the helpers of a case are settled from these rows."""

    __tablename__ = "heard_task"
    whistle_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    unit_name: Mapped[str | None]
    source_id: Mapped[UUID] = mapped_column(index=True)
    task_id: Mapped[UUID | None]
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    receiver: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    replaced_by: Mapped[str | None]


class SourceEnd(Base):
    """What became of a source appeal: withdrawn, or merged into another. Kept, since the dispute may be heard later.

    `turn` is the version of the newest of them, or of a resumption; an older one heard later changes nothing.
    """

    __tablename__ = "source_end"
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    into_id: Mapped[UUID | None] = mapped_column(index=True)
    into_number: Mapped[str | None]
    turn: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)


class CaseSession(Base):
    """A session 调解会 or a talk with one side. Place and record are sealed: they may tell of homes and persons."""

    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("mediation_case.id"))
    no: Mapped[int]
    state: Mapped[str]
    kind: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    place_text: Mapped[str | None] = mapped_column(Sealed)
    helper_ids: Mapped[list[str]] = mapped_column(JSONB, default=list)
    notice_waived: Mapped[bool]
    outcome: Mapped[str | None]
    reason_code: Mapped[str | None]
    record_text: Mapped[str | None] = mapped_column(Sealed)
    present: Mapped[list[str]] = mapped_column(JSONB, default=list)
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("case_id", "no"),)


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

    `paper_date` stands on the paper and counts; `at` is when it was taken down.
    """

    __tablename__ = "signature"
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    signer: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)
    manner: Mapped[str]
    scan_sha256: Mapped[str | None]
    paper_date: Mapped[date]
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Deadline(DeadlineMixin, Base):
    """The limit of mediation, one row a case (policy key mediation.limit)."""

    __tablename__ = "deadline"


class NumberCounter(CounterMixin, Base):
    """Cases of a day and area; dockets of a year and organisation."""

    __tablename__ = "number_counter"
