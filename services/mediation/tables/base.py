"""What every table of mediation stands on."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from chassis.store import add_chassis_tables


class Base(DeclarativeBase):
    """Tables of mediation."""


add_chassis_tables(Base.metadata)
