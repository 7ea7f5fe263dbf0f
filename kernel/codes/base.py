"""The one shape of a code: a string on the wire, a Chinese label on the screen."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


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
