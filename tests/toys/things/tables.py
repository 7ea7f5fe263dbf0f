"""What the toy keeps: things it was asked to make, and the effects of what it heard."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.standing import Standing, standing_of
from chassis.store import Aggregate, add_chassis_tables


class Base(DeclarativeBase):
    """Tables of the toy."""


add_chassis_tables(Base.metadata)


class Thing(Aggregate, Base):
    __tablename__ = "thing"
    word: Mapped[str]


@standing_of.register
def stands(row: Thing) -> Standing:
    return Standing(kind="THING", state="THERE")


class Effect(Base):
    """One row an effect; two rows of one event would be a doubled effect."""

    __tablename__ = "effect"
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[str]
    subject: Mapped[str]
    word: Mapped[str]
