"""Fields of events and views in Chinese: codes by their labels, moments in local time, people and units by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from marshmallow import Schema, fields

from kernel.calendar import day_words, told

S = TypeVar("S", bound=Schema)
FLAGS = {
    "in_time": ("按时", "已超时"),
    "reached": ("接通", "没有接通"),
    "work_continues": ("先处置、后裁定", ""),
    "notice_waived": ("双方同意不提前通知", ""),
    "upheld": ("采纳，退回重议", "没有采纳"),
    "passed": ("通过", "不通过，要返工"),
}
"""Words for yes and no, by field."""

UNIT_CODES = frozenset({"new_unit", "proposed_unit", "lead_unit", "handler_unit", "payer", "payers", "owner"})
NAMES = ("name", "masked_name", "unit_name", "number")
EMPTY = ("", "0")
OPTIONAL = re.compile(r"\[([^\]]*)\]")
FIELD = re.compile(r"\{(\w+)\}")


def spoken(template: str, words: Mapping[str, str]) -> str:
    """The template filled; a part in square brackets is left out where one of its fields is empty or 0."""

    def part(found: re.Match[str]) -> str:
        empty = any(words.get(name, "") in EMPTY for name in FIELD.findall(found[1]))
        return "" if empty else found[1]

    return FIELD.sub(lambda found: words.get(found[1], ""), OPTIONAL.sub(part, template))


def filled(template: str, schema: Schema, data: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """The template with the fields it names in Chinese. What cannot be said is empty, never an error."""
    named = {name: schema.fields[name] for name in FIELD.findall(template)}
    return spoken(template, {name: word(field, name, data.get(name), units) for name, field in named.items()})


@cache
def made(shape: type[S]) -> S:
    """One of each: making a schema costs as much as writing a row with it."""
    return shape()


def word(field: fields.Field[Any], name: str, value: Any, units: Mapping[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        inner = field.inner if isinstance(field, fields.List) else field
        return "、".join(filter(None, (word(inner, name, each, units) for each in value)))
    if isinstance(value, dict):
        return next((str(value[key]) for key in NAMES if value.get(key)), "")
    if isinstance(field, fields.Boolean):
        return FLAGS.get(name, ("是", "否"))[not value]
    if name in UNIT_CODES:
        return units.get(value, "其他单位")
    return _plain(field, name, value)


def _plain(field: fields.Field[Any], name: str, value: Any) -> str:
    if isinstance(field, fields.Enum):
        found = field.enum._value2member_map_.get(value)
        return getattr(found, "label", "") or str(value)
    if isinstance(field, fields.Date):
        return day_words(date.fromisoformat(value))
    if isinstance(field, fields.DateTime):
        return told(name, datetime.fromisoformat(value))
    return str(value)
