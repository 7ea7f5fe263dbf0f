"""Patrols 巡查: a plan on a day, and the lines of its checklist."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from capability.clocked import Clocked
from chassis.sealing import Sealed
from chassis.store import Root, new_id, person_ref
from contracts.intake.patrols import PatrolResult
from kernel.attachments import Attachments
from services.intake.tables.base import Base

POINT_FOUND = "result = 'FOUND'"


class PatrolPoint(Base):
    """One line of the checklist. What was seen there is ciphertext."""

    __tablename__ = "patrol_point"
    __table_args__ = (Index("ix_patrol_point_found", "patrol_id", postgresql_where=text(POINT_FOUND)),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    patrol_id: Mapped[UUID] = mapped_column(ForeignKey("patrol.id"), index=True)
    place: Mapped[int]
    name: Mapped[str]
    result: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Sealed)
    place_text: Mapped[str | None] = mapped_column(Sealed)
    photos: Mapped[Attachments] = mapped_column(default=list)
    at: Mapped[datetime | None]
    by_id: Mapped[str | None]
    by_name: Mapped[str | None]
    came_of: Mapped[str | None]
    by = person_ref("by")

    @property
    def to_raise(self) -> bool:
        """Found, and nobody has been told yet."""
        return self.result == PatrolResult.FOUND and self.came_of is None

    @property
    def is_open(self) -> bool:
        return self.result is None or self.to_raise


class Patrol(Clocked, Root, Base):
    """A plan on a day. `walker_ids` are who is to go; `late`: done when the day was over."""

    __tablename__ = "patrol"
    __table_args__ = (
        UniqueConstraint("plan_id", "day"),
        Index("ix_patrol_area", "area_path", postgresql_using="gist"),
        Index("ix_patrol_due", "state", "due_at"),
        Index("ix_patrol_day", "day", postgresql_include=["id", "area_path", "state", "late"]),
    )
    state: Mapped[str]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("patrol_plan.id"))
    plan_number: Mapped[str]
    day: Mapped[date]
    theme: Mapped[str]
    walker_ids: Mapped[list[str]]
    walker_names: Mapped[list[str]]
    late: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    points: Mapped[list[PatrolPoint]] = relationship(order_by=PatrolPoint.place)

    @property
    def walkers(self) -> list[dict[str, str]]:
        return [{"id": key, "name": name} for key, name in zip(self.walker_ids, self.walker_names, strict=True)]

    @property
    def settled(self) -> int:
        return sum(not one.is_open for one in self.points)

    @property
    def total(self) -> int:
        return len(self.points)

    @property
    def progress(self) -> str:
        return f"{self.settled}/{self.total}"

    @property
    def found(self) -> int:
        return sum(one.result == PatrolResult.FOUND for one in self.points)

    @property
    def photos(self) -> Attachments:
        return [photo for one in self.points for photo in one.photos]
