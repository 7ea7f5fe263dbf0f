"""The declarative base all of the portal's tables share."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from chassis.store import add_chassis_tables


class Base(DeclarativeBase):
    """Tables of the portal."""


add_chassis_tables(Base.metadata)
