"""Fields of the forms on a page, and how what people enter becomes fields of a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.envelope import rfc3339
from kernel.calendar.zone import SHANGHAI
from services.portal.api.reading import count

View = Mapping[str, Any]
Choices = list[tuple[str, str]]


class Kind(StrEnum):
    """How a field is drawn and read."""

    WORD = "word"
    WORDS = "words"
    CHOICE = "choice"
    NUMBER = "number"
    TICK = "tick"
    WHEN = "when"
    DAY = "day"
    FILES = "files"


@dataclass(frozen=True)
class Field:
    """`choices` may depend on the view the form stands beside; `most` is a length, a number, or a count of files."""

    name: str
    label: str
    kind: Kind = Kind.WORDS
    choices: Choices | Callable[[View], Choices] = ()  # type: ignore[assignment]
    required: bool = True
    most: int = 1000
    value: str = ""
    help: str = ""

    def options(self, view: View) -> Choices:
        return self.choices(view) if callable(self.choices) else list(self.choices)


def read(field: Field, form: Mapping[str, str]) -> Any:
    """What was entered, as the command wants it; blank is None. Files are read elsewhere.

    A number or moment that is none goes on as it is: the service says what is wrong with it, by field.
    """
    entered = form.get(field.name, "").strip()
    if field.kind is Kind.TICK:
        return bool(entered)
    if not entered:
        return None
    if field.kind is Kind.NUMBER:
        found = count(entered)
        return entered if found is None else found
    return local_moment(entered) if field.kind is Kind.WHEN else entered


def local_moment(entered: str) -> str:
    """`2024-07-09T15:00` of a date-time input, on the clocks of Shanghai, as a moment."""
    try:
        return rfc3339(datetime.fromisoformat(entered).replace(tzinfo=SHANGHAI))
    except ValueError:
        return entered


def word(name: str, label: str, most: int = 80, **more: Any) -> Field:
    return Field(name, label, Kind.WORD, most=most, **more)


def words(name: str, label: str, most: int = 1000, **more: Any) -> Field:
    return Field(name, label, Kind.WORDS, most=most, **more)


def choice(name: str, label: str, choices: Any, **more: Any) -> Field:
    """`choices`: an enumeration of codes, pairs, or a function of the view."""
    pairs = choices.choices() if hasattr(choices, "choices") else choices
    return Field(name, label, Kind.CHOICE, pairs, **more)


def number(name: str, label: str, most: int, **more: Any) -> Field:
    return Field(name, label, Kind.NUMBER, most=most, **more)


def day(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, Kind.DAY, **more)


def tick(name: str, label: str) -> Field:
    return Field(name, label, Kind.TICK, required=False)


def files(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, Kind.FILES, required=False, most=9, **more)
