"""What is said of each event, to staff and to the resident (words.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contracts import registry
from contracts.schema import EventSchema
from kernel.reference import read_yaml
from services.portal.readmodel.saying import spoken, words_of

FILE = Path(__file__).with_name("words.yaml")
NEW = "有了新的进展。"
"""Said of an event this portal does not know yet."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Words:
    """`resident` is None where the event is not for residents; `rank` is its place in the story."""

    label: str
    staff: str
    resident: str | None
    rank: int


def _read() -> dict[Key, Words]:
    told = read_yaml(FILE)
    lines = [(source, name, each) for source, events in told.items() for name, each in events.items()]
    return {
        (source, name): Words(each["label"], each["staff"], each["resident"], rank)
        for rank, (source, name, each) in enumerate(lines)
    }


WORDS: dict[Key, Words] = _read()


@cache
def _schema(source: str, name: str) -> EventSchema:
    return registry.event_named(source, name)()


def rank(source: str, name: str) -> int:
    known = WORDS.get((source, name))
    return known.rank if known else len(WORDS)


def label(source: str, name: str) -> str:
    known = WORDS.get((source, name))
    return known.label if known else "进展"


def for_staff(source: str, name: str, data: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """One plain sentence. `units` are names of units by code."""
    known = WORDS.get((source, name))
    return spoken(known.staff, words_of(_schema(source, name), data, units)) if known else NEW


def for_resident(source: str, name: str, data: Mapping[str, Any], units: Mapping[str, str]) -> str | None:
    """One sentence in plain words, or None: not for residents."""
    known = WORDS.get((source, name))
    if known is None or known.resident is None:
        return None
    return spoken(known.resident, words_of(_schema(source, name), data, units))
