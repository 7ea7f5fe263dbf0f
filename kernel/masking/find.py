"""Finding phone and ID numbers in free text, however they are spelt, and refusing such text (domain §4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from marshmallow import ValidationError

from kernel.masking.patterns import Match, PersonalKind, matches
from kernel.masking.show import mask_id_number, mask_phone
from kernel.masking.spelling import Spelling


@dataclass(frozen=True)
class Finding:
    """A number at `text[start:end]`. The number itself is not kept, only its masked form."""

    kind: PersonalKind
    start: int
    end: int
    masked: str


def find_personal(text: str) -> list[Finding]:
    """Telephones, identity numbers, permits after their word and bank cards, in the order of the text.

    Also when written with blanks, dashes, dots, commas, slashes, brackets, invisible signs, full-width, Chinese or
    spoken digits, or an ID with its last sign forgotten. The ID's own check digit is not asked for, since a mistyped
    one still says whose it is. No findings are our own case numbers, meter readings, sums, tickets, and the public
    line of an office where its word stands before it.
    """
    spelling = Spelling(text)
    found = {match for reading in spelling.readings for match in matches(reading)}
    clusters = _clusters(sorted(found, key=_in_order))
    return [_finding(spelling, cluster) for cluster in clusters]


def _finding(spelling: Spelling, cluster: list[Match]) -> Finding:
    first, end = cluster[0], _end(cluster)
    start, stop = spelling.places[first.start], spelling.places[end - 1] + 1
    return Finding(first.kind, start, stop, _masked(spelling.plain, cluster))


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


def _in_order(match: Match) -> tuple[int, int, int]:
    """Earliest first, of those the longest, of those the kind named first: a permit may also be an identity number."""
    return match.start, -match.end, list(PersonalKind).index(match.kind)


def _clusters(found: list[Match]) -> list[list[Match]]:
    """Matches that overlap, together: digits with blanks between them can be read in more than one way."""
    clusters: list[list[Match]] = []
    for match in found:
        if clusters and match.start < _end(clusters[-1]):
            clusters[-1].append(match)
        else:
            clusters.append([match])
    return clusters


def _end(cluster: list[Match]) -> int:
    return max(match.end for match in cluster)


def _masked(plain: str, cluster: list[Match]) -> str:
    """The masked form of the first match when it holds all the others; stars only when it is unclear which is meant."""
    first, end = cluster[0], _end(cluster)
    number = plain[first.start : end]
    if end > first.end:
        return "*" * sum(character.isdigit() for character in number)
    return _MASKS[first.kind](number)


def _mask_code(number: str) -> str:
    """A permit keeps its letters, a bank card its last four signs; nothing else is shown."""
    return re.sub(r"\d", "*", re.sub(r"[^0-9A-Za-z]", "", number))


def _mask_card(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return "*" * (len(digits) - 4) + digits[-4:]


_MASKS: dict[PersonalKind, Callable[[str], str]] = {
    PersonalKind.MOBILE: mask_phone,
    PersonalKind.LANDLINE: mask_phone,
    PersonalKind.ABROAD: mask_phone,
    PersonalKind.ID_NUMBER: mask_id_number,
    PersonalKind.PERMIT: _mask_code,
    PersonalKind.BANK_CARD: _mask_card,
}
