"""Reference data of places: the area tree with its history, posts with their holders, and the category tree."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from capability.leaves import Leave
from chassis.store import Ltree, new_id
from services.intake.tables.base import Base


class AreaNode(Base):
    """One stretch of days of one place. Grids are redrawn: a new stretch is a new row, old items keep their path.

    `area4` stands in the human numbers; below the community it is the community's.
    """

    __tablename__ = "area_node"

    code: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    level: Mapped[str]
    name: Mapped[str]
    path: Mapped[str] = mapped_column(Ltree)
    area4: Mapped[str]
    brand: Mapped[str | None]

    __table_args__ = (
        ExcludeConstraint(
            (text("path"), "="),
            (func.daterange(text("valid_from"), text("valid_to")), "&&"),
            name="area_node_one_place_a_path",
        ),
        Index("ix_area_node_path", "path", postgresql_using="gist"),
    )


class Polygon(UserDefinedType[str]):
    """PostgreSQL's own polygon, as text: `((lon,lat),…)`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "POLYGON"


class AreaOutline(Base):
    """Where an area lies, WGS-84. An area of several parts has several rows."""

    __tablename__ = "area_outline"
    __table_args__ = (Index("ix_area_outline", "outline", postgresql_using="gist"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    outline: Mapped[str] = mapped_column(Polygon)


class Post(Base):
    """A duty at a place that somebody always answers for (岗位AB制)."""

    __tablename__ = "post"
    __table_args__ = (Index("uq_post", "area_path", "duty", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    area_path: Mapped[str] = mapped_column(Ltree)
    duty: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    hours: Mapped[str]


class PostHolder(Base):
    """Who holds a post as A or B and when. The store itself refuses two of a rank at one time."""

    __tablename__ = "post_holder"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("post.id"))
    rank: Mapped[str]
    person_id: Mapped[str] = mapped_column(index=True)
    person_name: Mapped[str]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]

    __table_args__ = (
        ExcludeConstraint(
            (text("post_id"), "="),
            (text("rank"), "="),
            (func.tstzrange(text("valid_from"), text("valid_to")), "&&"),
            name="post_holder_one_of_a_rank",
        ),
    )


class PostLeave(Leave, Base):
    """A holder is away: work goes to the B-holder meanwhile."""

    __tablename__ = "post_leave"
    recorded_by: Mapped[str]


class Category(Base):
    """A node of the category tree; only leaves carry an urgency."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(primary_key=True)
    parent: Mapped[str | None]
    name: Mapped[str]
    level: Mapped[int]
    position: Mapped[int]
    default_urgency: Mapped[str | None]
    lead_kind: Mapped[str | None]
    lead_unit: Mapped[str | None]
    dispute: Mapped[bool] = mapped_column(default=False)
    hazard: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    questions: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
