"""Kind, state and codes of a matter, as terms an index can hold."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement

from chassis.standing import Standing
from services.portal.readmodel.kinds import RESTING
from services.portal.readmodel.tables import Matter

OPEN, OVER = "open", "over"
"""Somebody is awaited, or it rests until something that belongs to it is done; or neither."""


def of(stands: Standing, desks: list[str]) -> list[str]:
    is_open = desks or stands.state == RESTING
    codes = {**stands.tally, "kind": stands.kind, "state": stands.state}
    return sorted([OPEN if is_open else OVER, *(f"{name}:{code}" for name, code in codes.items() if code)])


def is_any(name: str, codes: Iterable[str]) -> ColumnElement[bool]:
    """That the code of this name is one of these."""
    return _any(f"{name}:{code}" for code in codes)


def all_of(wanted: Iterable[str]) -> ColumnElement[bool]:
    """That it has each of these marks."""
    found: ColumnElement[bool] = Matter.marks.contains(list(wanted))
    return found


def still(*, open: bool, over: bool) -> ColumnElement[bool]:
    """That it is one of what is wanted."""
    return _any(mark for mark, wanted in ((OPEN, open), (OVER, over)) if wanted)


def _any(wanted: Iterable[str]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = Matter.marks.overlap(list(wanted))
    return found
