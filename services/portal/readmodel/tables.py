"""What the portal remembers of what it heard. No personal data: titles, words and telephones stay with their owners."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Computed, Identity, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from chassis.store import Ltree, Moment
from services.portal.base import Base
from services.portal.readmodel.kinds import RESTING

BY_DUE = text("coalesce(due_at, 'infinity')")
ROOT = text("root")
NUMBERED = text("number <> ''")
PERIOD_SECONDS = 30 * 24 * 3600
PERIOD = (
    "ARRAY[(floor((EXTRACT(epoch FROM (opened_at - '1970-01-01 00:00:00+00'::timestamp with time zone))"
    f" / ({PERIOD_SECONDS})::numeric)))::integer]"
)
"""In which thirty days a matter was opened, as a term an index can hold."""


class Matter(Base):
    """How one aggregate stood after the newest of its facts that came here, as its owner says (chassis.standing).

    Whatever a row says came with one fact, that of the highest version, so the order of arrival makes no difference.
    `opened_at` is the time of the earliest fact, `updated_at` of the newest. A `root`, of whatever kind, has its own
    number as the case's; what belongs to it has the root's. `desks` is whom it waits for, a role with each place at
    which it covers this one: `role:STREET@yinchuan.xingqing`; None where nobody is awaited. `tally` are codes and ids
    by name.
    """

    __tablename__ = "matter"
    __table_args__ = (
        Index("ix_matter_case", "case_number"),
        Index("ix_matter_due", BY_DUE, "id", postgresql_where=text(f"desks IS NOT NULL OR state = '{RESTING}'")),
        Index("ix_matter_roots", BY_DUE, "id", postgresql_where=ROOT),
        Index("ix_matter_area", "area_path", postgresql_using="gist", postgresql_where=ROOT),
        Index("ix_matter_opened", "opened_at", postgresql_where=text("kind = 'APPEAL'")),
        Index("ix_matter_desks", "desks", postgresql_using="gin", postgresql_where=text("desks IS NOT NULL")),
        Index("ix_matter_against", "against", postgresql_using="gin", postgresql_where=text("against <> '{}'")),
        Index("ix_matter_handler", text("(tally ->> 'handler')"), postgresql_where=ROOT),
        Index(
            "ix_matter_unit",
            text("(tally ->> 'unit')"),
            BY_DUE,
            "id",
            postgresql_where=text("kind = 'TASK'"),
            # which cases a unit was called to is read from here alone; `tally` is what the first column is made of
            postgresql_include=["case_number", "tally"],
        ),
        Index(
            "ix_matter_found", "sights", "marks", "words", "period", postgresql_using="gin", postgresql_where=NUMBERED
        ),
        Index("ix_matter_clock", "due_at", postgresql_where=text("number <> '' AND due_at IS NOT NULL")),
        Index("ix_matter_recent", "opened_at", "id", postgresql_where=NUMBERED),
        Index("ix_matter_number", "number", postgresql_where=NUMBERED, postgresql_ops={"number": "text_pattern_ops"}),
        Index("ix_matter_into", text("(tally ->> 'into')"), postgresql_where=text("tally ? 'into'")),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[str]
    case_number: Mapped[str]
    root: Mapped[bool]
    parent: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    waits: Mapped[list[str]] = mapped_column(ARRAY(Text))
    desks: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    urgency: Mapped[str]
    secret: Mapped[bool]
    against: Mapped[list[str]] = mapped_column(ARRAY(Text))
    tally: Mapped[dict[str, str]] = mapped_column(JSONB)
    area_path: Mapped[str] = mapped_column(Ltree)
    version: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    opens: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True, default=list)
    sights: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True, default=list)
    marks: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True, default=list)
    words: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True, default=list)
    period: Mapped[list[int]] = mapped_column(ARRAY(Integer), Computed(PERIOD, persisted=True), deferred=True)
    mediated: Mapped[bool | None] = query_expression()
    """Of a root that was looked for (scope.seen): whether its case is in mediation, or was."""


class Entry(Base):
    """One event. `seq` grows, among the entries of a case, in the order of their commits: having seen one is having
    seen all before it."""

    __tablename__ = "entry"
    __table_args__ = (
        Index("ix_entry_seq", "case_number", "seq", unique=True),
        Index("ix_entry_newest", "seq"),
    )

    event_id: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    time: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str]
    name: Mapped[str]
    subject: Mapped[str]
    aggregate_version: Mapped[int]
    actor: Mapped[str]
    actor_name: Mapped[str | None]
    area_path: Mapped[str] = mapped_column(Ltree)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ClearedCase(Base):
    """A case that was over for so long that nobody is named in it any more, and when that was done."""

    __tablename__ = "cleared_case"
    case_number: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
