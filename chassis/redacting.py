"""An error told without the contents of the message it is about: it lies in tables and logs that many may read."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import orjson

HIDDEN = "…"
SHORTEST = 2
"""A single sign of a body tells nobody anything, and is part of every sentence."""
LONGEST_BODY = 1 << 20
QUOTED = re.compile(r"\"[^\"\n]*\"|(?<!\w)b?'[^'\n]*'")
FIELD = re.compile(r"'[a-z_]{1,40}'")
DIGITS = re.compile(r"\d(?:[ .\-]?\d){4,}")
KIND = ("type", "source", "specversion")
"""What an envelope says of its own kind: an error is of no use without it."""


def told(error: BaseException, body: bytes) -> str:
    """The error's last lines, without values."""
    return without_values("".join(traceback.format_exception_only(type(error), error)).strip(), body)


def traced(error: BaseException, body: bytes) -> str:
    """The same with the places it came through, the innermost last, and what caused it."""
    places = [f"{PurePath(at.filename).name}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    before = [f"{traced(cause, body)}\nwhich led to"] if cause else []
    return "\n".join([*before, *places, told(error, body)])


def without_values(text: str, body: bytes) -> str:
    """The text without what the body holds, without anything quoted and without long numbers, however it came there.

    Names of fields, of classes and of an event's type stay.
    """
    said = QUOTED.sub(lambda found: found[0] if FIELD.fullmatch(found[0]) else HIDDEN, text)
    for value in sorted(_values(body), key=len, reverse=True):
        if value in said:
            said = _alone(value).sub(HIDDEN, said)
    return DIGITS.sub(HIDDEN, said)


def _values(body: bytes) -> set[str]:
    """Every text and number a JSON body holds, as errors would show it; none for any other body."""
    try:
        read = orjson.loads(body) if len(body) <= LONGEST_BODY else None
    except ValueError:
        return set()
    held = {name: value for name, value in read.items() if name not in KIND} if isinstance(read, dict) else read
    return {text for text in _leaves(held) if len(text) >= SHORTEST}


def _leaves(held: Any) -> Iterator[str]:
    waiting = [held]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
        elif value is not None and not isinstance(value, bool):
            yield str(value).strip()


def _alone(value: str) -> re.Pattern[str]:
    """The value where it stands for itself: `id` is not hidden in `invalid`. Chinese has no such border."""
    before, after = (r"(?<![A-Za-z0-9_])", r"(?![A-Za-z0-9_])")
    word = re.compile("[A-Za-z0-9_]")
    start, end = before if word.match(value[0]) else "", after if word.match(value[-1]) else ""
    return re.compile(start + re.escape(value) + end)
