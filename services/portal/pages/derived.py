"""What the labels of a view's fields say, whatever it shows: its line in a list, its facts, its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from contracts import registry
from contracts.fields import Many, One, Text
from contracts.schema import CommandSchema, Shape
from contracts.tokens import Amount
from services.portal.pages.fields import LONG, holds_files
from services.portal.readmodel.saying import FIELD, filled, made, word

View = Mapping[str, Any]
MEASURES = {"percent": "%"}
"""What an amount is counted in, where it is no money."""
IN_HEAD = frozenset({"number", "state", "area_path", "due_at"})
"""What every page and row shows in a place of its own."""


class Table(NamedTuple):
    """A list of parts by the labels of their fields."""

    label: str
    heads: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Derived:
    """`words` are the first long text; `facts` what else has something to say, in the order of the class; lists of
    parts are `tables`."""

    title: str
    words: str
    facts: list[tuple[str, str]]
    files: list[tuple[str, list[View]]]
    tables: list[Table]


def derived(shape: type[Shape], view: View, units: Mapping[str, str]) -> Derived:
    """A view by its labels; `units` are names by code. What its viewer may not see came empty and is left out."""
    shown = [(name, field) for name, field in _labelled(shape) if view.get(name) not in (None, "", [])]
    long = next((name for name, field in shown if isinstance(field, Text) and field.longest >= LONG), "")
    facts = ((field.label, _said(field, name, view, units)) for name, field in shown if name != long)
    return Derived(
        headline(shape, view),
        str(view.get(long, "")),
        [(label, words) for label, words in facts if words],
        [(field.label, list(view[name])) for name, field in shown if holds_files(field)],
        [_table(field, view[name], units) for name, field in shown if _holds_parts(field)],
    )


def _holds_parts(field: Any) -> bool:
    return isinstance(field, Many) and isinstance(field.inner, One) and not holds_files(field)


def _table(field: Any, parts: list[View], units: Mapping[str, str]) -> Table:
    parts_of = field.inner.schema.fields
    columns = [(name, column) for name, column in parts_of.items() if getattr(column, "label", "")]
    rows = [[_said(column, name, part, units) for name, column in columns] for part in parts]
    return Table(getattr(field, "label", ""), [column.label for _, column in columns], rows)


def of_list(answer: type[Shape], items: list[View], units: Mapping[str, str]) -> Table:
    """The rows of an answer, by the labels of its rows."""
    field: Any = made(answer).fields["items"]
    return _table(field, items, units)


def headline(shape: type[Shape] | None, view: View) -> str:
    """The line in a list; empty where the view has none."""
    return filled(shape.about.headline, made(shape), view, {}) if shape and shape.about else ""


def _labelled(shape: type[Shape]) -> Iterator[tuple[str, Any]]:
    elsewhere = IN_HEAD | set(FIELD.findall(shape.about.headline if shape.about else ""))
    for name, field in made(shape).fields.items():
        if getattr(field, "label", "") and name not in elsewhere:
            yield name, field


def _said(field: Any, name: str, view: View, units: Mapping[str, str]) -> str:
    if holds_files(field) or _holds_parts(field):
        return ""
    said = word(field, name, view.get(name), units)
    return f"{said}{MEASURES.get(name, ' 元')}" if said and isinstance(field, Amount) else said


def readers(command: type[CommandSchema]) -> frozenset[str]:
    """To whose roles the page of a list is offered: those it is for, or those who may read one of its rows."""
    row = registry.listed(command.answer)
    read = registry.READS.get(row.about.kind) if row and row.about else None
    return frozenset(command.by.roles or (read.by.roles if read else ()))


LISTS = [command for command in registry.COMMANDS.values() if command.page and not command.public]
BOARDS = [command for command in registry.COMMANDS.values() if command.page and command.public]
"""Lists with a page of their own: for who has logged in, and of a place for everybody."""
