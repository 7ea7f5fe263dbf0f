"""Mediation organisations and their members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.store import Ltree
from services.mediation.tables.base import Base


class Org(Base):
    """A mediation organisation 调解组织. `statutory`: a people's mediation committee (人民调解法 art. 8, 34).

    `area4` stands in the numbers of its cases; `rota` is who is on duty 值班, account by weekday (1 Monday … 7 Sunday);
    `open_days` are the recurrences of its open days: name, weekdays, from, to, place, on_day_off.
    """

    __tablename__ = "org"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    statutory: Mapped[bool]
    unit: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    seal_id: Mapped[str | None]
    seal_text: Mapped[str | None]
    area4: Mapped[str | None]
    rota: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    open_days: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
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
