"""Campaigns of visits 走访: the units to be visited, each visit, and what was said to have changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from capability.terms import Cleared
from chassis.sealing import Sealed
from chassis.store import Ltree, Root, new_id, person_ref
from contracts.intake.campaign_views import Need, VisitResult
from services.intake.tables.base import Base

COMMUNITY = "subltree(unit_path, 0, LEAST(nlevel(unit_path), 4))"
"""Where a year of visits is counted (`coverage.py`): what has four labels is a community in most places."""
UNSETTLED = frozenset({None, VisitResult.NOBODY, VisitResult.LATER})


class Target(Base):
    """One unit of a campaign, with its last visit. `asked`: the unit that the appeal came from, or stands for it."""

    __tablename__ = "campaign_target"
    __table_args__ = (
        Index("uq_campaign_target", "campaign_id", "unit_path", unique=True),
        Index("ix_campaign_target_unit", "unit_path", postgresql_using="gist"),
        Index(
            "ix_campaign_target_visited", text(COMMUNITY), "visited_at",
            postgresql_include=["unit_path", "campaign_id", "result", "need", "asked"],
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    unit_path: Mapped[str] = mapped_column(Ltree)
    name: Mapped[str]
    visitor_id: Mapped[str | None]
    visitor_name: Mapped[str | None]
    result: Mapped[str | None]
    visited_at: Mapped[datetime | None]
    need: Mapped[str | None]
    how_many: Mapped[int | None]
    asked: Mapped[bool] = mapped_column(default=False)
    came_of: Mapped[list[str]] = mapped_column(default=list)
    visitor = person_ref("visitor")

    @property
    def is_open(self) -> bool:
        return self.result in UNSETTLED


class Visit(Base):
    """One knock at a door. What was said there is ciphertext."""

    __tablename__ = "visit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    target_id: Mapped[UUID] = mapped_column(ForeignKey("campaign_target.id"))
    at: Mapped[datetime]
    by_id: Mapped[str]
    by_name: Mapped[str]
    result: Mapped[str]
    note: Mapped[str | None] = mapped_column(Sealed)
    target: Mapped[Target] = relationship()
    by = person_ref("by")

    @property
    def name(self) -> str:
        return self.target.name


class DataChange(Cleared, Base):
    """What a visitor says has changed on file; a person decides."""

    __tablename__ = "data_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    target_id: Mapped[UUID] = mapped_column(ForeignKey("campaign_target.id"))
    words: Mapped[str] = mapped_column(Sealed)
    state: Mapped[str]
    proposed_by_id: Mapped[str]
    proposed_by_name: Mapped[str]
    decided_by_id: Mapped[str | None]
    decided_by_name: Mapped[str | None]
    why: Mapped[str | None] = mapped_column(Sealed)
    target: Mapped[Target] = relationship()
    proposed_by, decided_by = person_ref("proposed_by"), person_ref("decided_by")

    @property
    def name(self) -> str:
        return self.target.name


class Campaign(Clocked, Root, Base):
    """Counts are of its targets, so they are true after every visit."""

    __tablename__ = "campaign"
    __table_args__ = (
        Index("uq_campaign_number", "case_number", unique=True),
        Index("ix_campaign_area", "area_path", postgresql_using="gist"),
    )

    state: Mapped[str]
    purpose: Mapped[str]
    topic: Mapped[str]
    question: Mapped[str | None]
    opened_by_id: Mapped[str]
    opened_by_name: Mapped[str]
    appeal_id: Mapped[UUID | None] = mapped_column(ForeignKey("appeal.id"), index=True)
    appeal_number: Mapped[str | None]
    appeal_path: Mapped[str | None]
    category: Mapped[str | None]
    evidence: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[str | None]
    concluded_at: Mapped[datetime | None]
    targets: Mapped[list[Target]] = relationship(order_by=Target.id)
    visits: Mapped[list[Visit]] = relationship(order_by=Visit.at)
    changes: Mapped[list[DataChange]] = relationship(order_by=DataChange.id)
    opened_by = person_ref("opened_by")

    @property
    def units(self) -> int:
        return len(self.targets)

    @property
    def unreached(self) -> int:
        return sum(each.is_open for each in self.targets)

    @property
    def visited(self) -> int:
        return sum(each.result == VisitResult.IN for each in self.targets)

    @property
    def needing(self) -> int:
        return sum(each.need == Need.YES for each in self.targets)

    @property
    def appeals(self) -> int:
        """1 where one of the units in need is the one somebody asked for."""
        return sum(each.asked for each in self.targets)

    @property
    def proactive(self) -> int:
        return self.needing - self.appeals

    @property
    def settled(self) -> int:
        return self.units - self.unreached

    @property
    def progress(self) -> str:
        return f"{self.settled}/{self.units}"
