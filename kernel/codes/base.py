"""The one shape of a code: a string on the wire, a Chinese label on the screen."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self, TypeVar

E = TypeVar("E", bound=StrEnum)

SHAPE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
"""What every code looks like, also one that is not known here."""


class Code(StrEnum):
    """A closed set of codes. The value travels and is stored; `.label` is what people read.

    Members are written ``NAME = "NAME", "中文"``; the value always equals the name.
    """

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def values(cls) -> list[str]:
        """Every code of the set, in the order it is declared (for `validate.OneOf`)."""
        return [member.value for member in cls]

    @classmethod
    def labels(cls) -> list[str]:
        """Every Chinese label, in the same order as `values()`."""
        return [member.label for member in cls]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(code, label) pairs for select boxes."""
        return [(member.value, member.label) for member in cls]


class Unknown(str):
    """A code that a newer peer says and this program does not know: kept and handed on as it came."""

    __slots__ = ()

    @property
    def value(self) -> str:
        return str(self)

    @property
    def label(self) -> str:
        """Nobody here has a word for it."""
        return str(self)


def known(codes: type[E], value: str) -> E | Unknown:
    """The member of that value; what has the shape of a code and is none yet, as Unknown. Errors: ValueError."""
    try:
        return codes(value)
    except ValueError:
        if SHAPE.fullmatch(value):
            return Unknown(value)
        raise


def label(codes: type[Code], value: str) -> str:
    """What people read for a code that came from elsewhere."""
    return known(codes, value).label
