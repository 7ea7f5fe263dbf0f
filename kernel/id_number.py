"""Numbers of identity cards and residence permits (GB 11643, checksum of ISO 7064 MOD 11-2).

Only the checksum and the birthday are looked at. A district code younger or older than its holder is no fault: codes
come and go, and people keep the number they were given. 81, 82, 83 are permits for residents of Hong Kong, Macau and
Taiwan, 9… those of foreigners since 2023; all count alike. Numbers of 15 digits, given until 1999, have no checksum.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

NEW, OLD = 18, 15
_CENTENARIAN = re.compile(r"99[6-9]")


class InvalidIdNumber(ValueError):
    """No identity number; the words say why, in Chinese."""


@dataclass(frozen=True)
class IdNumber:
    """A number in its normal form, X as a capital, and the day of birth it names."""

    number: str
    birth: date


def parse(text: str, today: date) -> IdNumber:
    """The number a text means: blanks, dashes, invisible signs, full-width digits and a small x do not matter.

    Raises InvalidIdNumber, also for a birth after `today`.
    """
    number = _plain(text)
    if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", number) is None:
        raise InvalidIdNumber(f"证件号码应为 18 位，末位可以是 X（旧证 15 位），现在是 {len(number)} 位")
    birth = _birth(number)
    if birth is None:
        raise InvalidIdNumber("证件号码中的出生日期不存在")
    if birth > today:
        raise InvalidIdNumber("证件号码中的出生日期在今天之后")
    if len(number) == NEW and number[-1] != check_sign(number[:-1]):
        raise InvalidIdNumber("证件号码的校验位不符，请核对是否抄错")
    return IdNumber(number, birth)


def check_sign(body: str) -> str:
    """The last sign of a number whose first 17 digits are given."""
    total = sum(int(digit) * pow(2, NEW - 1 - place, 11) for place, digit in enumerate(body))
    return "0123456789X"[(12 - total) % 11]


def _plain(text: str) -> str:
    shown = unicodedata.normalize("NFKC", text).upper().replace("×", "X")
    return "".join(sign for sign in shown if sign.isalnum())


def _birth(number: str) -> date | None:
    """A number of 15 digits leaves the century out; 996 to 999 at its end mark those born in the one before."""
    century = "18" if len(number) == OLD and _CENTENARIAN.match(number[12:]) else "19"
    day = number[6:14] if len(number) == NEW else century + number[6:12]
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return None
