"""Masked forms of personal data (domain §4.8). What is masked stays masked: masking twice changes nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from kernel import telephone
from kernel.names import COMPOUND_SURNAMES, HAN, tidy
from kernel.telephone import TelephoneKind

_HAN_NAME = re.compile(f"[{HAN}]+")
_MASKED = re.compile(r"([^*]{0,2})\*+[^*]?")
_LONGEST_HAN_NAME = 4


def mask_name(name: str) -> str:
    """王永祥 → 王*祥, 王芳 → 王*, 欧阳建国 → 欧阳*国, 欧阳锋 → 欧阳*.

    A single character gives "*". Longer names and names of other scripts keep their first character only. A name that
    already has the masked form is returned as it is.
    """
    text = "".join(tidy(unicodedata.normalize("NFKC", name)).split())
    if not text or _is_masked(text):
        return text
    if len(text) == 1:
        return "*"
    if _HAN_NAME.fullmatch(text) is None or len(text) > _LONGEST_HAN_NAME:
        return f"{text[0]}***"
    family = 2 if len(text) > 2 and text[:2] in COMPOUND_SURNAMES else 1
    given = len(text) - family
    shown = text[-1] if given > 1 else ""
    return text[:family] + "*" * (given - len(shown)) + shown


def mask_phone(phone: str) -> str:
    """13812341234 → 138****1234; a landline keeps its area code and last two digits: 0951*****45.

    Numbers abroad keep their first four and last two signs, 400 numbers three and two. An extension is not shown. A
    mistyped mobile or landline is masked like a right one; anything else becomes stars only.
    """
    try:
        known = telephone.parse(phone)
    except telephone.InvalidTelephone:
        return phone if _masked_phone(phone) else _mistyped(phone)
    shown, end = _EDGES[known.kind](known.number)
    return shown + "*" * (len(known.number) - len(shown) - len(end)) + end


_EDGES: dict[TelephoneKind, Callable[[str], tuple[str, str]]] = {
    TelephoneKind.MOBILE: lambda number: (number[:3], number[-4:]),
    TelephoneKind.LANDLINE: lambda number: (number[: 3 if re.match(r"0(?:10|2)", number) else 4], number[-2:]),
    TelephoneKind.ABROAD: lambda number: (number[:4], number[-2:]),
    TelephoneKind.SERVICE: lambda number: (number[:3], number[-2:]),
    TelephoneKind.SHORT: lambda number: ("", ""),
    TelephoneKind.LOCAL: lambda number: ("", ""),
}


def _mistyped(phone: str) -> str:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    mobile = re.fullmatch(r"(?:0|(?:00)?86)?(1[3-9]\d)\d{4}(\d{4})", digits)
    if mobile:
        return f"{mobile[1]}****{mobile[2]}"
    landline = re.fullmatch(r"(0(?:10|2\d|[3-9]\d{2}))(\d{5,6})(\d{2})", digits)
    return f"{landline[1]}{'*' * len(landline[2])}{landline[3]}" if landline else "*" * len(digits)


def mask_id_number(number: str) -> str:
    """前3后2: 640104198501011234 → 640*************34; anything that is not 15 or 18 places becomes stars only."""
    text = re.sub(r"[^0-9X*]", "", unicodedata.normalize("NFKC", number).upper())
    if len(text) not in (15, 18):
        return "*" * len(text)
    return text[:3] + "*" * (len(text) - 5) + text[-2:]


def _is_masked(name: str) -> bool:
    form = _MASKED.fullmatch(name)
    return form is not None and (len(form[1]) < 2 or form[1] in COMPOUND_SURNAMES)


def _masked_phone(text: str) -> bool:
    return re.fullmatch(r"\d{3}\*{4}\d{4}|0\d{2,3}\*{5,6}\d{2}|[48]00\*{5}\d{2}|\+\d{3}\*+\d{2}|\*+", text) is not None
