"""Errands 代办 with their papers, contacts with the body that decides, and visits at home."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Moment, Root, new_id, person_ref
from kernel.attachments import Attachments
from services.intake.tables.base import Base, keep_first_responder
from services.intake.tables.people import Person


class Errand(Clocked, Cleared, Root, Base):
    """Applicant and proxy are people of intake, sealed as they are; what was written of them is sealed too."""

    __tablename__ = "errand"
    __table_args__ = (
        Index("uq_errand_number", "case_number", unique=True),
        Index("ix_errand_area", "area_path", postgresql_using="gist"),
        Index("ix_errand_due", "state", "due_at"),
        Index("ix_errand_applicant", "applicant_id", "matter"),
        Index(
            "uq_errand_proactive", "applicant_id", "matter", unique=True,
            postgresql_where=text("proactive and state not in ('CLOSED', 'FAILED')"),
        ),
    )  # fmt: skip
    state: Mapped[str]
    matter: Mapped[str]
    details: Mapped[str | None] = mapped_column(Sealed)
    applicant_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # nobody once it is cleared
    contact_preference: Mapped[str]
    proxy_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    proxy_relation: Mapped[str | None]
    authorisation: Mapped[Attachments] = mapped_column(default=list)
    authority: Mapped[str]
    authority_name: Mapped[str | None]
    at_home: Mapped[bool]
    promise_at: Mapped[datetime]
    first_responder_id: Mapped[str] = mapped_column(index=True)
    first_responder_name: Mapped[str]
    handler_id: Mapped[str | None] = mapped_column(index=True)
    handler_name: Mapped[str | None]
    supplement_asked_at: Mapped[datetime | None]
    submit_way: Mapped[str | None]
    decision: Mapped[str | None] = mapped_column(Sealed)
    delivery_way: Mapped[str | None]
    carrier: Mapped[str | None]
    tracking: Mapped[str | None] = mapped_column(Sealed)
    failure: Mapped[str | None]
    next_way: Mapped[str | None]
    proactive: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[list[str]] = mapped_column(default=list)
    hall_at: Mapped[datetime | None]
    superior: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(Moment)  # by the service's clock, not the store's

    asker: Mapped[Person | None] = relationship(foreign_keys=applicant_id, viewonly=True, lazy="selectin")
    speaker: Mapped[Person | None] = relationship(foreign_keys=proxy_id, viewonly=True, lazy="selectin")
    materials: Mapped[list[ErrandMaterial]] = relationship(order_by="ErrandMaterial.id", lazy="selectin")
    contacts: Mapped[list[AuthorityContact]] = relationship(order_by="AuthorityContact.at", lazy="selectin")
    visits: Mapped[list[HomeVisit]] = relationship(order_by="HomeVisit.at", lazy="selectin")
    first_responder, handler = person_ref("first_responder"), person_ref("handler")

    @property
    def errand_id(self) -> UUID:
        """Its id, as its facts call it."""
        return self.id

    @property
    def reporter_id(self) -> UUID | None:
        """Whose `contact_preference` it is."""
        return self.applicant_id

    @property
    def applicant(self) -> dict[str, Any] | None:
        return {**self.asker.masked, "contact_preference": self.contact_preference} if self.asker else None

    @property
    def proxy(self) -> dict[str, Any] | None:
        """Who asks for the applicant, with the applicant's word: nobody else is taken."""
        if self.speaker is None:
            return None
        return {**self.speaker.masked, "relation": self.proxy_relation, "authorised": True}

    @property
    def missing(self) -> list[ErrandMaterial]:
        return [paper for paper in self.materials if paper.received_at is None]

    @property
    def originals_here(self) -> list[ErrandMaterial]:
        """Originals received and not given back."""
        return [one for one in self.materials if one.form == "ORIGINAL" and one.received_at and not one.returned_at]


class ErrandMaterial(Base):
    """One paper of the checklist; each kind once an errand."""

    __tablename__ = "errand_material"
    __table_args__ = (Index("uq_errand_material", "errand_id", "kind", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    errand_id: Mapped[UUID] = mapped_column(ForeignKey("errand.id"))
    kind: Mapped[str]
    form: Mapped[str]
    supplement: Mapped[bool]
    received_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]


class AuthorityContact(Base):
    """One contact with the body that decides."""

    __tablename__ = "errand_contact"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    errand_id: Mapped[UUID] = mapped_column(ForeignKey("errand.id"), index=True)
    at: Mapped[datetime]
    body: Mapped[str]
    person_named: Mapped[str] = mapped_column(Sealed)
    outcome: Mapped[str] = mapped_column(Sealed)
    by_id: Mapped[str]
    by_name: Mapped[str]
    by = person_ref("by")


class HomeVisit(Base):
    """Staff went to who cannot come."""

    __tablename__ = "errand_visit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    errand_id: Mapped[UUID] = mapped_column(ForeignKey("errand.id"), index=True)
    at: Mapped[datetime]
    result: Mapped[str]
    note: Mapped[str | None] = mapped_column(Sealed)
    photos: Mapped[Attachments]
    by_id: Mapped[str]
    by_name: Mapped[str]
    by = person_ref("by")


keep_first_responder(Errand)
