"""What is said of each event, to staff and to the resident, as its class says it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from contracts import registry
from contracts.schema import EventSchema
from services.portal.readmodel.saying import filled

NEW = "有了新的进展。"
"""Said of an event this portal does not know yet."""

_KNOWN = {(fact.source, fact.name): fact for fact in registry.EVENTS.values()}
_RANK = {key: rank for rank, key in enumerate(_KNOWN)}


@cache
def _schema(fact: type[EventSchema]) -> EventSchema:
    return fact()


def rank(source: str, name: str) -> int:
    """The place of an event in the story."""
    return _RANK.get((source, name), len(_RANK))


def label(source: str, name: str) -> str:
    known = _KNOWN.get((source, name))
    return known.title if known else "进展"


def for_staff(source: str, name: str, data: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """One plain sentence. `units` are names of units by code."""
    known = _KNOWN.get((source, name))
    return filled(known.for_staff, _schema(known), data, units) if known else NEW


def for_resident(source: str, name: str, data: Mapping[str, Any], units: Mapping[str, str]) -> str | None:
    """One sentence in plain words, or None: not for residents."""
    known = _KNOWN.get((source, name))
    if known is None or known.for_resident is None:
        return None
    return filled(known.for_resident, _schema(known), data, units)
