"""Tables of rectification 整改. Whose a spot is presumed to be, and the day of a look-back, are ciphertext."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from chassis.sealing import Sealed
from chassis.store import Root, new_id, person_ref
from contracts.dispatch.rectification_views import RectificationState, SpotState
from kernel.attachments import Attachments, Files
from kernel.masking import mask_name
from services.dispatch.tables import Base


class Rectification(Clocked, Root, Base):
    """`called` are the units it was handed to; `passes` count the look-backs since the last relapse."""

    __tablename__ = "rectification"
    state: Mapped[str]
    source_number: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    form: Mapped[str]
    legal_basis: Mapped[str | None]
    correct_by: Mapped[datetime]
    issued_by_id: Mapped[str]
    issued_by_name: Mapped[str]
    issuer: Mapped[str | None]
    delivery: Mapped[str]
    delivery_note: Mapped[str | None] = mapped_column(Sealed)
    delivered: Mapped[Attachments] = mapped_column(Files)
    called: Mapped[list[str]] = mapped_column(default=list)
    whistles: Mapped[list[str]] = mapped_column(default=list)
    relapses: Mapped[int] = mapped_column(default=0)
    passes: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    spots: Mapped[list[Spot]] = relationship(order_by="Spot.no")
    proofs: Mapped[list[Proof]] = relationship(order_by="Proof.at")
    enforcements: Mapped[list[Enforcement]] = relationship(order_by="Enforcement.at")
    draws: Mapped[list[LookBack]] = relationship(order_by="LookBack.no")
    issued_by = person_ref("issued_by")
    __table_args__ = (
        Index("ix_rectification_area", "area_path", postgresql_using="gist"),
        Index("ix_rectification_due", "state", "due_at"),
    )

    def until(self, due: datetime | None, now: datetime) -> None:
        """While it is to be put right the notice's own day counts, also after a proof that would not do."""
        super().until(self.correct_by if self.state == RectificationState.ISSUED else due, now)

    @property
    def total(self) -> int:
        return len(self.spots)

    @property
    def settled(self) -> int:
        return sum(spot.state == SpotState.SETTLED for spot in self.spots)

    @property
    def left(self) -> list[Spot]:
        """What nobody has seen put right."""
        return [spot for spot in self.spots if spot.state != SpotState.SETTLED]

    @property
    def level(self) -> int:
        return 1 + self.relapses

    @property
    def users(self) -> list[dict[str, Any]]:
        return [{"no": spot.no, "name": spot.user_name} for spot in self.spots if spot.user_name]

    @property
    def look_backs(self) -> list[LookBack]:
        """Those whose day has come: of a sealed one nothing is shown."""
        return [draw for draw in self.draws if draw.opened_at]

    @property
    def faults(self) -> list[str]:
        return [spot.what for spot in self.left]


class Spot(Base):
    """One thing to put right, one spot 点位."""

    __tablename__ = "rectification_spot"
    rectification_id: Mapped[UUID] = mapped_column(ForeignKey("rectification.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str]
    place_text: Mapped[str | None] = mapped_column(Sealed)
    square_metres: Mapped[int | None]
    user_name: Mapped[str | None] = mapped_column(Sealed)
    photos: Mapped[Attachments] = mapped_column(Files)
    state: Mapped[str]
    relapses: Mapped[int] = mapped_column(default=0)
    settled_by_id: Mapped[str | None]
    settled_by_name: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    evidence: Mapped[Attachments] = mapped_column(Files, default=list)

    @property
    def user(self) -> str | None:
        return mask_name(self.user_name) if self.user_name else None


class Proof(Base):
    """What the owner sent through the code on the door; nobody has checked who that was."""

    __tablename__ = "rectification_proof"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rectification_id: Mapped[UUID] = mapped_column(ForeignKey("rectification.id"), index=True)
    at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(Sealed)
    photos: Mapped[Attachments] = mapped_column(Files)
    rejected: Mapped[str | None]
    by_id: Mapped[str | None]
    by_name: Mapped[str | None]
    by = person_ref("by")


class Enforcement(Base):
    """执法记录 of one visit of the squad."""

    __tablename__ = "enforcement"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rectification_id: Mapped[UUID] = mapped_column(ForeignKey("rectification.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    executor: Mapped[str]
    assistants: Mapped[list[str]]
    step: Mapped[str]
    spots: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    legal_basis: Mapped[str]
    noticed_on: Mapped[date] = mapped_column(Date)
    emergency: Mapped[str | None]
    result: Mapped[str]
    evidence: Mapped[Attachments] = mapped_column(Files)
    by = person_ref("by")


class LookBack(Base):
    """A look-back 回头看. `day` is sealed until it comes; `looked_on` is when the clock last asked whether it has."""

    __tablename__ = "look_back"
    rectification_id: Mapped[UUID] = mapped_column(ForeignKey("rectification.id"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(Sealed)
    looked_on: Mapped[date | None] = mapped_column(Date)
    opened_at: Mapped[datetime | None]
    result: Mapped[str | None]
    at: Mapped[datetime | None]
    by_id: Mapped[str | None]
    by_name: Mapped[str | None]
    photos: Mapped[Attachments] = mapped_column(Files, default=list)
    by = person_ref("by")
    __table_args__ = (Index("ix_look_back_sealed", "looked_on", postgresql_where=text("opened_at is null")),)
