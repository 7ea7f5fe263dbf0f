"""Appeals 诉求工单 and what belongs to one. Words of people are ciphertext at rest."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Moment, Root, new_id, person_ref
from kernel.attachments import Attachments
from services.intake.tables.base import Base, keep_first_responder
from services.intake.tables.people import Person

OPEN_PLACE = text("state NOT IN ('ANSWERED','DIVERTED','DECLINED','MERGED','WITHDRAWN','CLOSED')")
"""Work goes on: as index ix_appeal_open_place says it, so that a query may use it."""


class Appeal(Cleared, Root, Base):
    """One work order. Its `case_number` is the number people know.

    `first_responder_*` never change (首问负责制): refused here and by a trigger of the store.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(
            "state IN ('REGISTERED','ANSWERED','DIVERTED','DECLINED','MERGED','WITHDRAWN','CLOSED')"
            " OR lead_unit IS NOT NULL",
            name="appeal_accepted_has_lead_unit",
        ),
        CheckConstraint(
            "state NOT IN ('ASSIGNED','IN_PROGRESS','WHISTLED','IN_MEDIATION')"
            " OR (due_at IS NOT NULL AND handler_id IS NOT NULL)",
            name="appeal_assigned_has_deadline",
        ),
        CheckConstraint("result_kind <> 'SOLVED' OR evidence_count > 0", name="appeal_solved_has_evidence"),
        Index("uq_appeal_number", "case_number", unique=True),
        Index("uq_appeal_outside", "outside_number", unique=True, postgresql_where=text("outside_number IS NOT NULL")),
        Index("ix_appeal_area", "area_path", postgresql_using="gist"),
        Index("ix_appeal_open_place", "area_path", "created_at", postgresql_using="gist", postgresql_where=OPEN_PLACE),
        Index("ix_appeal_closed_category", "category", "id", postgresql_where=text("state = 'CLOSED'")),
        Index("ix_appeal_state", "state", "id"),
        Index("ix_appeal_handler", "handler_id", "id"),
        Index("ix_appeal_first_responder", "first_responder_id", "id"),
        Index("ix_appeal_registered_by", "registered_by", "id"),
        Index("ix_appeal_reporter", "reporter_id", postgresql_where=text("reporter_id IS NOT NULL")),
        Index("ix_appeal_contact", "contact_person_id", postgresql_where=text("contact_person_id IS NOT NULL")),
        Index("ix_appeal_merged", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    state: Mapped[str]
    channel: Mapped[str]
    source: Mapped[str]
    nature: Mapped[str]
    category: Mapped[str]
    title: Mapped[str] = mapped_column(Sealed)
    content: Mapped[str] = mapped_column(Sealed)
    place_text: Mapped[str] = mapped_column(Sealed)
    urgency: Mapped[str]
    urgency_reasons: Mapped[list[str]]
    damage_ongoing: Mapped[bool]
    danger_flags: Mapped[list[str]]
    secret: Mapped[bool]
    against: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # unit codes and person ids complained of
    attachments: Mapped[Attachments]
    registered_by: Mapped[str]
    outside_number: Mapped[str | None]  # of the platform that took the call

    reporter_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    contact_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    contact_preference: Mapped[str | None]
    contact_relation: Mapped[str | None]
    contact_authorised: Mapped[bool | None]

    first_responder_id: Mapped[str]
    first_responder_name: Mapped[str]
    lead_unit: Mapped[str | None]
    handler_id: Mapped[str | None]
    handler_name: Mapped[str | None]
    offered_to_id: Mapped[str | None]
    offered_to_name: Mapped[str | None]

    promise_at: Mapped[datetime]
    first_contact_due: Mapped[datetime]
    first_contacted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)

    result_kind: Mapped[str | None]
    result_text: Mapped[str | None] = mapped_column(Sealed)
    legal_basis: Mapped[str | None]
    result_at: Mapped[datetime | None]
    evidence_count: Mapped[int] = mapped_column(default=0)
    result_attachments: Mapped[Attachments] = mapped_column(default=list)
    reopen_count: Mapped[int] = mapped_column(default=0)
    whistled: Mapped[bool] = mapped_column(default=False)
    supervision_needed_at: Mapped[datetime | None]
    supervision_level: Mapped[str | None]
    supervision_due: Mapped[datetime | None]
    supervision_words: Mapped[str | None] = mapped_column(Sealed)
    solved: Mapped[str | None]
    satisfied: Mapped[str | None]
    closed_at: Mapped[datetime | None]

    account_asked_at: Mapped[datetime | None]  # while it waits for approval to be put on account
    signed_at: Mapped[datetime | None]
    object_until: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]

    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("appeal.id"))
    merged_into_number: Mapped[str | None]
    mediation_case_id: Mapped[UUID | None]
    mediation_outcome: Mapped[str | None]

    updated_at: Mapped[datetime] = mapped_column(Moment)  # by the service's clock, not the store's

    reporter: Mapped[Person | None] = relationship(foreign_keys=[reporter_id])
    contact_person: Mapped[Person | None] = relationship(foreign_keys=[contact_person_id])
    handlings: Mapped[list[Handling]] = relationship(order_by="Handling.at")
    extensions: Mapped[list[Extension]] = relationship(order_by="Extension.at")
    dispute: Mapped[Dispute | None] = relationship()
    merged: Mapped[list[Appeal]] = relationship(
        foreign_keys="Appeal.merged_into", order_by="Appeal.created_at", viewonly=True
    )
    surveys: Mapped[list[Any]] = relationship("Campaign", order_by="Campaign.created_at", viewonly=True)
    needs: Mapped[list[NeedItem]] = relationship(order_by="NeedItem.listed_at")
    accounts: Mapped[list[OnAccount]] = relationship(order_by="OnAccount.asked_at")
    endings: Mapped[list[Ending]] = relationship(order_by="Ending.at")
    offered_to = person_ref("offered_to")

    @property
    def appeal_id(self) -> UUID:
        """Its id, as its facts call it."""
        return self.id

    @property
    def account_waiting(self) -> OnAccount | None:
        """What waits for approval to be put on account."""
        return self.accounts[-1] if self.account_asked_at else None

    @property
    def ending(self) -> Ending | None:
        """Why it is in its present, final state; endings it was taken up again from are kept beside it."""
        return self.endings[-1] if self.endings and self.endings[-1].resumed_at is None else None

    @validates("first_responder_id", "first_responder_name")
    def _first_responder_stays(self, key: str, value: str) -> str:
        known = getattr(self, key)
        if known is not None and known != value:
            raise ValueError(f"{key} never changes")
        return value


keep_first_responder(Appeal)


class Handling(Base):
    """A record of work 办理记录, or of reaching the citizen (`stage` is then empty)."""

    __tablename__ = "handling"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    how: Mapped[str]
    stage: Mapped[str | None]
    content: Mapped[str | None] = mapped_column(Sealed)
    attachments: Mapped[Attachments] = mapped_column(default=list)
    interim_measure: Mapped[str | None] = mapped_column(Sealed)
    told_citizen: Mapped[bool] = mapped_column(default=False)


class Extension(Base):
    """A limit that was moved, with the reason the citizen was told."""

    __tablename__ = "extension"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[str]
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    reason_code: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed)


class Dispute(Base):
    """The quarrel found behind an appeal, handed to mediation. The respondent's words are ciphertext."""

    __tablename__ = "dispute"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[str]
    dispute_type: Mapped[str]
    cause: Mapped[str]
    cause_text: Mapped[str] = mapped_column(Sealed)
    risk_level: Mapped[str]
    losses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    claimed_amount: Mapped[Decimal | None]
    claimant_party_id: Mapped[UUID] = mapped_column(default=new_id)
    respondent_party_id: Mapped[UUID] = mapped_column(default=new_id)
    respondent_name: Mapped[str] = mapped_column(Sealed)
    respondent_masked_name: Mapped[str]
    respondent_phone: Mapped[str | None] = mapped_column(Sealed)
    respondent_place: Mapped[str] = mapped_column(Sealed)


class NeedItem(Base):
    """What an appeal waits for on the need list; one row a time it was listed."""

    __tablename__ = "need_item"

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    listed_at: Mapped[datetime] = mapped_column(primary_key=True)
    need: Mapped[str] = mapped_column(Sealed)
    meeting_by: Mapped[datetime]
    meeting_at: Mapped[datetime | None]
    meeting: Mapped[str | None] = mapped_column(index=True)
    decision: Mapped[str | None]
    until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Sealed)
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    decided_by = person_ref("decided_by")


class OnAccount(Base):
    """A time that an appeal was asked to be put on account, and what became of it. `decider` is above who asked."""

    __tablename__ = "on_account"

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(primary_key=True)
    asked_by_id: Mapped[str]
    asked_by_name: Mapped[str]
    decider: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed)
    review_at: Mapped[datetime]
    decision: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(Sealed)
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    asked_by, decided_by = person_ref("asked_by"), person_ref("decided_by")


class Ending(Base):
    """Why an appeal ended without a result: answered, diverted, declined, merged or withdrawn; one row a time."""

    __tablename__ = "ending"

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    by_id: Mapped[str]
    by_name: Mapped[str]
    kind: Mapped[str]
    reason_code: Mapped[str | None]
    where_to_go: Mapped[str | None]
    words: Mapped[str | None] = mapped_column(Sealed)
    evidence: Mapped[Attachments] = mapped_column(default=list)
    resumed_at: Mapped[datetime | None]


class AppealWhistle(Base):
    """A whistle blown for an appeal. Over is final, in whatever order the facts arrive."""

    __tablename__ = "appeal_whistle"

    whistle_id: Mapped[UUID] = mapped_column(primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    over: Mapped[bool]
