"""Fields of the forms on a page, drawn from the fields of a command, and how what people enter becomes its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema
from marshmallow import fields as contract
from marshmallow.validate import Range

from chassis.envelope import rfc3339
from contracts.fields import Code, Count, Day, Flag, Many, Moment, One, Text
from contracts.shapes import Attachment
from contracts.tokens import Amount, FileContent, Phone
from kernel.calendar.zone import SHANGHAI
from services.portal.api.reading import count

View = Mapping[str, Any]
Choices = list[tuple[str, str]]
Chosen = Callable[[View], Choices]

ROWS = 6
"""How many rows of a list a form offers."""
LONG = 500
"""Texts that may be this long get several lines."""
FILES_HELP = "每个不超过 8 MB，最多 9 个"
AMOUNT_LENGTH, PHONE_LENGTH, LINES_LENGTH = 15, 20, 4000


class Kind(StrEnum):
    """How a field is drawn and read."""

    WORD = "word"
    WORDS = "words"
    CHOICE = "choice"
    PICKS = "picks"
    """Several of a list: one tick each, named `field:code`, so that a form stays a plain table of names and values."""
    LINES = "lines"
    """Several words of no list: one a line."""
    NUMBER = "number"
    PHONE = "phone"
    TICK = "tick"
    WHEN = "when"
    DAY = "day"
    FILES = "files"
    FILE = "file"
    """One file, whose bytes the command itself takes."""
    FIXED = "fixed"
    """What the page knows and nobody enters; its one choice is the value."""


@dataclass(frozen=True)
class Field:
    """`choices` may depend on the view the form stands beside; `most` is a length, a number, or a count of files.
    `whole`: what is chosen is a number."""

    name: str
    label: str
    kind: Kind = Kind.WORDS
    choices: Choices | Chosen = ()  # type: ignore[assignment]
    required: bool = True
    most: int = 1000
    value: str = ""
    help: str = ""
    whole: bool = False
    accept: str = ""

    def options(self, view: View) -> Choices:
        return self.choices(view) if callable(self.choices) else list(self.choices)


def drawn(shape: type[Schema], choices: Mapping[str, Chosen | Choices | None]) -> Iterator[Field]:
    """The fields of a command that have a label, those of its groups as `group.name` under the group's own label where
    it has one, of its lists as `list.0.name`.

    `choices` by name are what a field is chosen from, where its contract does not say.
    """
    for name, field in shape().fields.items():
        yield from _field(name, field, choices)


def _field(
    name: str, field: Any, choices: Mapping[str, Chosen | Choices | None], needed: bool = True
) -> Iterator[Field]:
    if isinstance(field, One):
        for inner, each in field.schema.fields.items():
            for drawing in _field(f"{name}.{inner}", each, choices, needed and field.required):
                yield replace(drawing, label=f"{field.label}{drawing.label}") if field.label else drawing
    elif isinstance(field, Many) and isinstance(field.inner, One) and not holds_files(field):
        for row in range(ROWS):
            for drawing in _field(f"{name}.{row}", field.inner, choices, needed and field.required and row == 0):
                yield replace(drawing, label=f"{drawing.label}（第{row + 1}项）") if row else drawing
    elif field.label:
        yield _one(name, field, choices.get(name.rpartition(".")[2]), needed and field.required)


def holds_files(field: Any) -> bool:
    return isinstance(field, Many) and isinstance(field.inner, One) and isinstance(field.inner.schema, Attachment)


def _one(name: str, field: Any, choices: Chosen | Choices | None, required: bool) -> Field:
    kind = _kind(field, choices)
    if choices is None and kind in (Kind.CHOICE, Kind.PICKS):
        choices = getattr(field, "inner", field).enum.choices()
    help = field.help or (FILES_HELP if kind is Kind.FILES else "")
    value = field.load_default if kind in (Kind.CHOICE, Kind.NUMBER) else None
    return Field(
        name, field.label, kind, choices or [], required, _most(field, kind),
        value=str(value) if isinstance(value, str | int) else "", help=help,
        whole=isinstance(getattr(field, "inner", field), Count), accept=",".join(getattr(field, "types", ())),
    )  # fmt: skip


KINDS: dict[type[contract.Field[Any]], Kind] = {
    Code: Kind.CHOICE,
    Count: Kind.NUMBER,
    Flag: Kind.TICK,
    Moment: Kind.WHEN,
    Day: Kind.DAY,
    Phone: Kind.PHONE,
    FileContent: Kind.FILE,
    Many: Kind.PICKS,
}


def _kind(field: Any, choices: Any) -> Kind:
    if holds_files(field):
        return Kind.FILES
    if choices is not None:
        return Kind.PICKS if isinstance(field, Many) else Kind.CHOICE
    if isinstance(field, Many) and not isinstance(field.inner, Code):
        return Kind.LINES
    known = next((kind for of, kind in KINDS.items() if isinstance(field, of)), None)
    return known or (Kind.WORDS if isinstance(field, Text) and field.longest >= LONG else Kind.WORD)


def _most(field: Any, kind: Kind) -> int:
    if isinstance(field, Text):
        return field.longest
    spans = [check.max for check in field.validators if isinstance(check, Range)]
    most = {
        Kind.NUMBER: spans[0] if spans else 0,
        Kind.FILES: 9,
        Kind.PHONE: PHONE_LENGTH,
        Kind.LINES: LINES_LENGTH,
    }.get(kind)
    return int(most or (AMOUNT_LENGTH if isinstance(field, Amount) else 30))


def read(field: Field, form: Mapping[str, str]) -> Any:
    """What was entered, as the command wants it; blank is None. Files are read elsewhere.

    A number or moment that is none goes on as it is: the service says what is wrong with it, by field.
    """
    if field.kind is Kind.PICKS:
        picked = [name.partition(":")[2] for name in form if name.startswith(f"{field.name}:")]
        return [count(each) for each in picked] if field.whole else picked
    entered = form.get(field.name, "").strip()
    if field.kind is Kind.LINES:
        return [line.strip() for line in entered.splitlines() if line.strip()]
    if field.kind is Kind.TICK:
        return bool(entered)
    if not entered:
        return None
    if field.whole:
        found = count(entered)
        return entered if found is None else found
    return local_moment(entered) if field.kind is Kind.WHEN else entered


def local_moment(entered: str) -> str:
    """`2024-07-09T15:00` of a date-time input, on the clocks of Shanghai, as a moment."""
    try:
        return rfc3339(datetime.fromisoformat(entered).replace(tzinfo=SHANGHAI))
    except ValueError:
        return entered


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """`{"respondent.name": …, "losses.0.item": …}` as the command holds it: groups and rows nobody filled in are left
    out, so errors of a row carry its place among the filled ones."""
    told: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for path, value in values.items():
        head, _, rest = path.partition(".")
        place, _, name = rest.partition(".")
        if not rest:
            told[head] = value
        elif place.isdigit():
            rows.setdefault(head, {}).setdefault(int(place), {})[name] = value
        else:
            told.setdefault(head, {})[rest] = value
    told.update({head: [row for _, row in sorted(found.items()) if any(row.values())] for head, found in rows.items()})
    return {name: value for name, value in told.items() if not _blank(value)}


def _blank(value: Any) -> bool:
    return (isinstance(value, dict) and not any(value.values())) or value == []


def paths(messages: Any, before: str = "") -> dict[str, list[str]]:
    """What is wrong, by the names of `nested`."""
    if isinstance(messages, dict):
        found: dict[str, list[str]] = {}
        for name, each in messages.items():
            for path, texts in paths(each, f"{before}.{name}" if before else str(name)).items():
                found.setdefault(path, []).extend(texts)
        return found
    return {before: [str(each) for each in messages] if isinstance(messages, list) else [str(messages)]}
