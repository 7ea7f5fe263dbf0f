"""What the portal remembers of what it heard. No personal data: titles, words and telephones stay with their owners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store import Ltree, Moment
from services.portal.base import Base


class CasePage(Base):
    """One appeal or hazard. `facts` is all that was learned, each with the version it came with; the other columns
    follow from it (facts.py), so the order in which events arrive makes no difference."""

    __tablename__ = "case_page"
    __table_args__ = (
        Index("ix_case_page_area", "area_path", postgresql_using="gist"),
        Index("ix_case_page_due", text("coalesce(due_at, 'infinity')"), "number"),
        Index("ix_case_page_handler", "handler_id"),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[str | None]
    state: Mapped[str]
    area_path: Mapped[str] = mapped_column(Ltree)
    urgency: Mapped[str | None]
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    lead_unit: Mapped[str | None]
    handler_id: Mapped[str | None]
    handler_name: Mapped[str | None]
    first_responder_id: Mapped[str | None]
    first_responder_name: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    secret: Mapped[bool]
    against: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mediation_state: Mapped[str | None]
    last_seq: Mapped[int] = mapped_column(BigInteger)
    last_versions: Mapped[dict[str, int]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class TimelineEntry(Base):
    """One event. `seq` counts the entries of a case in the order of their commits: having seen n is having seen all."""

    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("ix_timeline_entry_time", "case_number", "time"),
        Index("ix_timeline_entry_seq", "case_number", "seq", unique=True),
    )

    event_id: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger)
    time: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str]
    name: Mapped[str]
    subject: Mapped[str]
    aggregate_version: Mapped[int]
    actor: Mapped[str]
    actor_name: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class TaskRow(Base):
    """A unit's task 哨令 on its desk. `next_due` is the clock that runs now."""

    __tablename__ = "task_row"
    __table_args__ = (
        Index("ix_task_row_desk", "unit", text("coalesce(next_due, 'infinity')"), "task_id"),
        Index("ix_task_row_case", "case_number"),
        Index("ix_task_row_area", "area_path", postgresql_using="gist"),
        Index("ix_task_row_check", "updated_at", postgresql_where=text("state IN ('FINISHED', 'CONFIRMED')")),
        Index("ix_task_row_objected", "updated_at", postgresql_where=text("objected")),
    )

    task_id: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str]
    whistle_id: Mapped[str]
    whistle_number: Mapped[str]
    unit: Mapped[str]
    unit_name: Mapped[str]
    kind: Mapped[str | None]
    role: Mapped[str | None]
    state: Mapped[str]
    objected: Mapped[bool]
    receiver_id: Mapped[str | None]
    receiver_name: Mapped[str | None]
    asked_action: Mapped[str | None]
    asked_time: Mapped[datetime | None] = mapped_column(Moment)
    sign_due: Mapped[datetime | None] = mapped_column(Moment)
    report_due: Mapped[datetime | None] = mapped_column(Moment)
    finish_due: Mapped[datetime | None] = mapped_column(Moment)
    next_due: Mapped[datetime | None] = mapped_column(Moment)
    area_path: Mapped[str] = mapped_column(Ltree)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class WhistleRow(Base):
    """A whistle 哨单, for the street that approves it."""

    __tablename__ = "whistle_row"
    __table_args__ = (
        Index("ix_whistle_row_case", "case_number"),
        Index("ix_whistle_row_area", "area_path", postgresql_using="gist"),
        Index("ix_whistle_row_approve", "updated_at", postgresql_where=text("state = 'PENDING_APPROVAL'")),
    )

    whistle_id: Mapped[str] = mapped_column(primary_key=True)
    whistle_number: Mapped[str]
    case_number: Mapped[str]
    state: Mapped[str | None]
    kind: Mapped[str | None]
    asked_action: Mapped[str | None]
    asked_time: Mapped[datetime | None] = mapped_column(Moment)
    units: Mapped[str]
    drafted_by: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class FollowUpRow(Base):
    """A follow-up 回访, for the clerks. It is work only while its case waits for it."""

    __tablename__ = "follow_up_row"
    __table_args__ = (
        Index("ix_follow_up_row_case", "case_number"),
        Index("ix_follow_up_row_area", "area_path", postgresql_using="gist"),
        Index("ix_follow_up_row_open", "start_by", postgresql_where=text("state IN ('DUE', 'TRYING')")),
    )

    follow_up_id: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str]
    state: Mapped[str]
    start_by: Mapped[datetime | None] = mapped_column(Moment)
    handler_id: Mapped[str | None]
    handler_unit: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    updated_at: Mapped[datetime] = mapped_column(Moment)
