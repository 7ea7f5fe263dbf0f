"""Fields beyond `fields`: several of a list, values the page knows, and names that are paths into a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.portal.pages.fields import Choices, Field, View, read

PICKS: Any = "picks"
"""Several of a list: one tick each, named `field:code`, so that a form stays a plain table of names and values."""
FIXED: Any = "fixed"
"""What the page knows and nobody enters; `choices` gives the one value."""
PHONE: Any = "phone"


def picks(name: str, label: str, choices: Any, **more: Any) -> Field:
    pairs = choices.choices() if hasattr(choices, "choices") else choices
    return Field(name, label, PICKS, pairs, required=False, **more)


def fixed(name: str, choices: Any) -> Field:
    return Field(name, "", FIXED, choices, required=False)


def phone(name: str, label: str, **more: Any) -> Field:
    return Field(name, label, PHONE, required=False, most=20, **more)


def entered(field: Field, form: Mapping[str, str]) -> Any:
    """What was entered into a field, as the command wants it; blank is None."""
    if field.kind == PICKS:
        return [name.partition(":")[2] for name in form if name.startswith(f"{field.name}:")]
    return read(field, form)


def known(view: View, path: str) -> Choices:
    """The one value of a fixed field, as a list of choices."""
    found = view.get(path)
    return [(str(found), "")] if found else []


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
