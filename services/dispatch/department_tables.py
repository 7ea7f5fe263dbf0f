"""Tables for units with software of their own: what was told to them, what they replied, and their webhooks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.sealing import Sealed
from chassis.store import new_id
from services.dispatch.tables import Base


class DepartmentMessage(Base):
    """One message to a unit, whichever ways it goes. `position` counts a unit's messages for those who poll."""

    __tablename__ = "department_message"
    __table_args__ = (
        UniqueConstraint("unit_code", "position"),
        Index("ix_department_message_new", "unit_code", "id", postgresql_where=text("position IS NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    position: Mapped[int | None]
    type: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]


class DepartmentReply(Base):
    """Every reply that came in and what became of it: DONE, NOTED on the task, or REFUSED with a code.

    `sender` is the login the broker vouched for; `unit_code` the unit it speaks for, where there is one.
    """

    __tablename__ = "department_reply"
    __table_args__ = (
        Index("ix_department_reply_unit", "unit_code", "received_at"),
        Index("ix_department_reply_refused", "sender", "received_at", postgresql_where=text("outcome = 'REFUSED'")),
        Index("ix_department_reply_message", "sender", "message_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    sender: Mapped[str]
    unit_code: Mapped[str | None]
    message_id: Mapped[str | None]
    message_type: Mapped[str | None]
    task_id: Mapped[UUID | None] = mapped_column(index=True)
    outcome: Mapped[str]
    code: Mapped[str | None]
    detail: Mapped[str | None]
    body: Mapped[bytes] = mapped_column(BYTEA)
    received_at: Mapped[datetime]


class Webhook(Base):
    """Where an HTTP-only unit wants its messages POSTed, and the secret that signs them.

    `failures` in a row; not asked before `open_at`, while a POST is under way or after one failed; `asked_at` last.
    """

    __tablename__ = "webhook"
    unit_code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    url: Mapped[str]
    secret: Mapped[str] = mapped_column(Sealed)
    active: Mapped[bool] = mapped_column(default=True)
    set_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    open_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]


class Delivery(Base):
    """One message on its way to a webhook: WAITING, DELIVERED or FAILED. Its id is the same on every attempt.

    `due_at` is when the next attempt may begin; a sender claims a row by moving it past its own time limit.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "unit_code", "due_at", postgresql_where=text("state = 'WAITING'")),
        Index("ix_delivery_unit", "unit_code", "state"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("department_message.id"), index=True)
    unit_code: Mapped[str]
    state: Mapped[str] = mapped_column(default="WAITING")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    last_status: Mapped[int | None]
    last_error: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    message: Mapped[DepartmentMessage] = relationship()
