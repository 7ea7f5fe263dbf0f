"""The case, the one aggregate: its version counts every fact told about it and its parts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.sealing import Sealed
from chassis.store import Aggregate, Moment, new_id
from kernel.deadlines.table import DeadlineMixin
from kernel.numbering import CounterMixin
from services.mediation.tables.base import Base
from services.mediation.tables.orgs import Org

if TYPE_CHECKING:
    from services.mediation.tables.agreements import Agreement
    from services.mediation.tables.extensions import ExtensionWord
    from services.mediation.tables.helpers import Helper
    from services.mediation.tables.issues import Issue
    from services.mediation.tables.participants import Challenge, Representative
    from services.mediation.tables.sessions import CaseSession, Talk


UNFINISHED = "('ACCEPTED', 'OPENED', 'MEDIATING', 'AGREED', 'PERFORMING', 'BREACHED')"


SUCCEEDED = "result = 'SUCCESS'"


class Case(Aggregate, Base):
    """A mediation case 调解案件. `docket`: （年）×人调字第n号, given once an organisation has it.

    One that mediation opened itself is its own source, and has no handler (`opening`). A `sealed` one is seen by few:
    `keeper_id` is its own mediator, `chosen` are the kinds of session its protected party agreed to.
    """

    __tablename__ = "mediation_case"
    state: Mapped[str]
    mediation_number: Mapped[str] = mapped_column(unique=True)
    docket: Mapped[str | None] = mapped_column(unique=True)
    org_code: Mapped[str | None] = mapped_column(ForeignKey("org.code"))
    origin: Mapped[str] = mapped_column(default="APPEAL")
    source_kind: Mapped[str]
    source_id: Mapped[UUID]
    source_number: Mapped[str]
    previous_id: Mapped[UUID | None]
    dispute_type: Mapped[str]
    cause: Mapped[str | None]
    cause_text: Mapped[str | None] = mapped_column(Sealed)
    place_text: Mapped[str | None] = mapped_column(Sealed)
    risk_level: Mapped[str]
    claimed_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    handler: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    identified_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str | None]
    reason: Mapped[str | None]
    sealed: Mapped[bool] = mapped_column(default=False)
    protected_party_id: Mapped[UUID | None]
    safe_phone: Mapped[str | None] = mapped_column(Sealed)
    safe_hours: Mapped[str | None] = mapped_column(Sealed)
    chosen: Mapped[list[str]] = mapped_column(JSONB, default=list)
    keeper_id: Mapped[str | None]
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    remedies: Mapped[list[str]] = mapped_column(JSONB, default=list)
    org: Mapped[Org | None] = relationship()
    parties: Mapped[list[Party]] = relationship(order_by="Party.no", cascade="save-update, merge")
    mediators: Mapped[list[CaseMediator]] = relationship(order_by="CaseMediator.assigned_at")
    challenges: Mapped[list[Challenge]] = relationship(order_by="Challenge.raised_at")
    helpers: Mapped[list[Helper]] = relationship(order_by="Helper.invited_at, Helper.unit")
    sessions: Mapped[list[CaseSession]] = relationship(order_by="CaseSession.no")
    talks: Mapped[list[Talk]] = relationship(order_by="Talk.no")
    extension_words: Mapped[list[ExtensionWord]] = relationship(order_by="ExtensionWord.at, ExtensionWord.id")
    issues: Mapped[list[Issue]] = relationship(order_by="Issue.kind")
    agreements: Mapped[list[Agreement]] = relationship(order_by="Agreement.no", back_populates="case")
    clock: Mapped[Deadline] = relationship(
        primaryjoin="foreign(Deadline.subject_id) == Case.id", uselist=False, viewonly=True
    )
    __table_args__ = (
        Index("ux_case_open_source", "source_id", unique=True, postgresql_where=text(f"state IN {UNFINISHED}")),
        Index("ix_case_source", "source_id"),
        Index("ix_case_area", "area_path", postgresql_using="gist"),
        Index("ix_case_number_time", "case_number", "identified_at"),
        Index("ix_case_succeeded", "org_code", "closed_at", postgresql_where=text(SUCCEEDED)),
    )


class Party(Base):
    """A party of a case 当事人. Name, phone and address are sealed; `masked_name` is all that leaves.

    `head` is who speaks for a body 单位 by law; `rights_at` when the notice of rights was heard.
    """

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
    kind: Mapped[str] = mapped_column(default="PERSON")
    head: Mapped[str | None] = mapped_column(Sealed)
    head_hash: Mapped[str | None]
    willing: Mapped[str] = mapped_column(default="UNKNOWN")
    willing_how: Mapped[str | None]
    willing_at: Mapped[datetime | None] = mapped_column(Moment)
    rights_at: Mapped[datetime | None] = mapped_column(Moment)
    representatives: Mapped[list[Representative]] = relationship(order_by="Representative.at, Representative.id")


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


class Deadline(DeadlineMixin, Base):
    """The limit of mediation, one row a case (policy key mediation.limit)."""

    __tablename__ = "deadline"


class NumberCounter(CounterMixin, Base):
    """Cases of a day and area; dockets of a year and organisation."""

    __tablename__ = "number_counter"
