"""Accounts, grants, sessions and counted attempts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.store import Ltree, Moment, new_id
from services.portal.base import Base


class Account(Base):
    """Somebody who can log in. `name` is a display name; no telephone and no identity number is kept here.

    `must_change`: somebody else knows the password, so the next login asks for another one.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="person")
    unit: Mapped[str | None]
    password_hash: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    grants: Mapped[list[GrantRow]] = relationship(lazy="raise", order_by="GrantRow.role, GrantRow.node")


class GrantRow(Base):
    """A role at an area node, perhaps inside a unit, from a day to a day (both included; Asia/Shanghai)."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "node", "unit", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    node: Mapped[str] = mapped_column(Ltree)
    unit: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class SessionRow(Base):
    """One login. The token itself is not stored, only its SHA-256."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Attempt(Base):
    """One counted try of something that may be tried only so often; `key_hash` is a keyed hash of who or what."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_window", "act", "key_hash", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    act: Mapped[str]
    key_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
