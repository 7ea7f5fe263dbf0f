"""Accounts, grants, second factors, sessions, tokens of programs, and what is counted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.sealing import Sealed
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


class SecondFactor(Base):
    """What an authenticator app and the portal both know (TOTP, RFC 6238). It counts once `confirmed_at` is set.

    `last_step`: the 30-second step of the last code that was taken; that one and earlier ones are not taken again.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(Sealed)
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    """A code on paper that stands once for the app; only its keyed hash is stored."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class OutsideLogin(Base):
    """Somebody whom a provider of sign-ins (OpenID Connect) knows as `subject`, and whose account that is here."""

    __tablename__ = "outside_login"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("account_id", "issuer"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime] = mapped_column(Moment)


class SessionRow(Base):
    """One login. The token itself is not stored, only its SHA-256.

    `way`: how it was opened; `network` and `device`: from where, as coarse as its owner needs to know it again.
    """

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=new_id, server_default=func.gen_random_uuid())
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    way: Mapped[str] = mapped_column(default="PASSWORD", server_default="PASSWORD")
    network: Mapped[str] = mapped_column(default="", server_default="")
    device: Mapped[str] = mapped_column(default="", server_default="")


class ProgramToken(Base):
    """With it a program does some operations (`scopes`) as the account, until a day. Only its SHA-256 is stored."""

    __tablename__ = "program_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)


class Spent(Base):
    """Requests of programs in one window of time, by whom they count for."""

    __tablename__ = "spent"

    counted_for: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[datetime] = mapped_column(Moment, primary_key=True, index=True)
    times: Mapped[int]


class Attempt(Base):
    """One counted try of something that may be tried only so often; `key_hash` is a keyed hash of who or what."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_window", "act", "key_hash", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    act: Mapped[str]
    key_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
