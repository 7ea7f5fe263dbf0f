"""Finding phone and ID numbers in free text, however they are spelt, and refusing such text (domain §4.8)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from marshmallow import ValidationError

from kernel.codes.base import Code
from kernel.masking.show import mask_id_number, mask_phone
from kernel.numbers import check


class PersonalKind(Code):
    """What was found."""

    MOBILE = "MOBILE", "手机号码"
    LANDLINE = "LANDLINE", "固定电话号码"
    ID_NUMBER = "ID_NUMBER", "身份证号码"


@dataclass(frozen=True)
class Finding:
    """A number at `text[start:end]`. The number itself is not kept, only its masked form."""

    kind: PersonalKind
    start: int
    end: int
    masked: str


class _Match(NamedTuple):
    """A match in the normalised text."""

    kind: PersonalKind
    start: int
    end: int


_SPOKEN = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_JOINTS = " -._·()"
_JOINT = f"[{re.escape(_JOINTS)}]{{0,3}}"
_CASE_NUMBER = re.compile(r"[A-Z]\d{18}")


def _spelt(*places: str) -> str:
    """A pattern for these characters with blanks, dashes, dots or brackets between them."""
    return _JOINT.join(places)


_DIGIT = r"\d"
_BIRTHDAY = (
    "(?:" + "|".join(_spelt(*century) for century in ("18", "19", "20")) + ")",
    *[_DIGIT] * 2,
    "(?:" + _spelt("0", "[1-9]") + "|" + _spelt("1", "[0-2]") + ")",
    "(?:" + _spelt("[0-2]", _DIGIT) + "|" + _spelt("3", "[01]") + ")",
)
_PATTERNS = {
    PersonalKind.ID_NUMBER: _spelt("[1-9]", *[_DIGIT] * 5, *_BIRTHDAY, *[_DIGIT] * 3, "[0-9Xx]"),
    PersonalKind.MOBILE: f"(?:(?:00)?86{_JOINT})?" + _spelt("1", "[3-9]", *[_DIGIT] * 9),
    PersonalKind.LANDLINE: r"\(?"
    + _spelt("0(?:10|2[0-9]|[3-9][0-9]{2})", "[2-9]", *[_DIGIT] * 6)
    + f"(?:{_JOINT}{_DIGIT})?",
}
_COMPILED = {kind: re.compile(f"(?<![0-9])(?=({pattern})(?![0-9]))", re.ASCII) for kind, pattern in _PATTERNS.items()}


def find_personal(text: str) -> list[Finding]:
    """Mobile numbers, landlines with area code and 18-digit ID numbers, in the order of the text.

    Also when written with blanks, dashes, dots, brackets, invisible characters, full-width or Chinese digits. The ID's
    own check digit is not asked for, since a mistyped one still says whose it is. Our own case numbers are no finding.
    """
    plain, places = _normalised(text)
    return [
        Finding(cluster[0].kind, places[cluster[0].start], places[_end(cluster) - 1] + 1, _masked(plain, cluster))
        for cluster in _clusters(_matches(plain))
    ]


def mask_personal(text: str) -> str:
    """The text with every finding replaced by its masked form."""
    for finding in reversed(find_personal(text)):
        text = text[: finding.start] + finding.masked + text[finding.end :]
    return text


def refuse_personal(text: str) -> None:
    """Marshmallow validator for free text that leaves the service. Raises ValidationError naming what was found."""
    kinds = {finding.kind.label for finding in find_personal(text)}
    if kinds:
        raise ValidationError(f"内容中含有{'、'.join(sorted(kinds))}，请删除后再提交")


def _matches(plain: str) -> list[_Match]:
    """Every match, overlapping ones too, earliest first and of those the longest first."""
    own = [match.span() for match in _CASE_NUMBER.finditer(plain) if check(match[0])]
    every = [
        _Match(kind, *match.span(1))
        for kind, pattern in _COMPILED.items()
        for match in pattern.finditer(plain)
        if not any(start <= match.start(1) and match.end(1) <= end for start, end in own)
    ]
    return sorted(every, key=lambda match: (match.start, -match.end))


def _clusters(matches: list[_Match]) -> list[list[_Match]]:
    """Matches that overlap, together: digits with blanks between them can be read in more than one way."""
    clusters: list[list[_Match]] = []
    for match in matches:
        if clusters and match.start < _end(clusters[-1]):
            clusters[-1].append(match)
        else:
            clusters.append([match])
    return clusters


def _end(cluster: list[_Match]) -> int:
    return max(match.end for match in cluster)


def _masked(plain: str, cluster: list[_Match]) -> str:
    """The masked form of the first match when it holds all the others; stars only when it is unclear which is meant."""
    first, end = cluster[0], _end(cluster)
    number = plain[first.start : end]
    if end > first.end:
        return "*" * sum(character.isdigit() for character in number)
    return mask_id_number(number) if first.kind is PersonalKind.ID_NUMBER else mask_phone(number)


def _normalised(text: str) -> tuple[str, list[int]]:
    """The text with ASCII digits and plain joints, and for each of its characters the place in the original."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in _simple(character):
            plain.append(part)
            places.append(place)
    return "".join(plain), places


def _simple(character: str) -> str:
    if unicodedata.category(character) in ("Cf", "Mn"):
        return ""
    return "".join(_joint(part) for part in unicodedata.normalize("NFKC", character).translate(_SPOKEN))


def _joint(character: str) -> str:
    if character.isspace():
        return " "
    if character == "~" or unicodedata.category(character) == "Pd":
        return "-"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
