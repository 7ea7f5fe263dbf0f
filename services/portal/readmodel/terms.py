"""Text as terms an index can hold: two neighbouring signs of Chinese each, other words and longer figures whole.

PostgreSQL's own ways do not find a word of two signs in the middle of a sentence by index: a run of Chinese counts as
one word, and trigrams need three signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from chassis.envelope import Event
from kernel.masking import mask_name
from services.portal.readmodel import kinds, words
from services.portal.readmodel.entries import HIDDEN, unit_names, without_names

RUN = re.compile(r"[〇\u3400-\u9fff\U00020000-\U0003ffff]{2,}|[a-z][a-z0-9]+|[0-9]{4,}")
WRITTEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·*]{2,20}")
"""What may be somebody's name, masked or whole."""

NAME = "name:"
"""Before a masked name, so that words never find one."""


def of_text(text: str) -> set[str]:
    """Signs that stand alone and short figures are no terms: they would find everything."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return {term for run in RUN.findall(plain) for term in _cut(run)}


def _cut(run: str) -> Iterable[str]:
    return (run[at : at + 2] for at in range(len(run) - 1)) if run[0] > "z" else (run,)


def of_event(event: Event) -> list[str]:
    """What the timeline shows of an event: its sentence without any resident, and apart the masked names."""
    units, known = unit_names([event]), kinds.about(event.standing.kind).name if event.standing else ""
    said = words.for_staff(event.source, event.name, without_names(event.data), units).replace(HIDDEN, " ")
    shown = of_text(f"{known} {words.label(event.source, event.name)} {said}")
    return sorted(shown | of_names(event.data))


def of_names(data: Any) -> set[str]:
    """The masked names that the facts of an event hold."""
    return {NAME + name for name in _masked(data)}


def _masked(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        if WRITTEN.fullmatch(str(data.get("masked_name"))):
            yield data["masked_name"]
        data = list(data.values())
    for each in data if isinstance(data, list) else ():
        yield from _masked(each)


def of_name(written: str) -> str | None:
    """The term of a masked name, from the name as it is shown or as it is; None for what is nobody's name."""
    if not WRITTEN.fullmatch(written):
        return None
    return NAME + (written if "*" in written else mask_name(written))
