"""Tombstones: who was erased stays nameless here, whichever event tells of them later, and however old it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.tables import ERASED

GONE = "（已删除）"
EVERYWHERE = ""
NAMED = (("person_id", "masked_name"), ("id", "name"))
"""How events name a person: the id and the name beside it. The ids of staff are no UUIDs."""


def remember(session: Session, person_ids: Iterable[Any], numbers: Iterable[str], now: datetime) -> None:
    """From now on these are nameless in these cases; for `EVERYWHERE` in all. Twice is once."""
    cases = list(numbers)
    rows = [{"person_id": str(each), "case_number": case, "at": now} for each in person_ids for case in cases]
    if rows:
        session.execute(insert(ERASED).on_conflict_do_nothing(), rows)


def without_names(session: Session, event: Event) -> Event:
    """The event without the names of those who were erased; asks the store only where a resident is named."""
    told = {str(each) for each in _people(event.data)}
    if not told:
        return event
    there = ERASED.c.case_number.in_([EVERYWHERE, event.case_number])
    gone = set(session.scalars(select(ERASED.c.person_id).where(ERASED.c.person_id.in_(told), there)))
    return replace(event, data=nameless(event.data, gone)) if gone else event


def nameless(data: Any, gone: set[str]) -> Any:
    """The same facts, with `GONE` for the names of these people."""
    if isinstance(data, list):
        return [nameless(each, gone) for each in data]
    if not isinstance(data, dict):
        return data
    names = {name: GONE for key, name in NAMED if name in data and str(data.get(key)) in gone}
    return {name: nameless(value, gone) for name, value in data.items()} | names


def _people(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        yield from (data[key] for key, name in NAMED if name in data and _is_resident(data.get(key)))
        data = list(data.values())
    for each in data if isinstance(data, list) else ():
        yield from _people(each)


def _is_resident(key: Any) -> bool:
    if isinstance(key, UUID):
        return True
    try:
        return isinstance(key, str) and bool(UUID(key))
    except ValueError:
        return False
