"""Telephones: one normal form for all services, the kind of a number, and why a text is none (domain §3.3, §4.8).

Normal forms, each with 转 and digits where there is an extension:

* mobiles ``13900139000``; landlines with their area code ``09516012345``; 400 and 800 numbers ``4007001234``;
* short numbers ``12345``; elsewhere the international form ``+85221234567``;
* ``6012345`` while the city is not known: `completed` puts the area code of policy key telephone.area_code before it.

Which numbers exist is what `phonenumbers` says (the numbering plan of the Ministry of Industry and Information
Technology, as published by libphonenumber).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberType

from kernel.codes.base import Code

HOME, HOME_CODE = "CN", 86
TAIL = 4


class TelephoneKind(Code):
    """What can be done with a number: only a mobile gets an SMS."""

    MOBILE = "MOBILE", "手机"
    LANDLINE = "LANDLINE", "固定电话"
    LOCAL = "LOCAL", "未写区号的固定电话"
    SERVICE = "SERVICE", "400或800电话"
    SHORT = "SHORT", "短号码"
    ABROAD = "ABROAD", "港澳台及国外电话"


class InvalidTelephone(ValueError):
    """No telephone; the words say why, in Chinese, for the one who typed it."""


@dataclass(frozen=True)
class Telephone:
    """A number, its kind, and the extension behind a switchboard."""

    number: str
    kind: TelephoneKind
    extension: str | None = None

    def __str__(self) -> str:
        return f"{self.number}{_TURN}{self.extension}" if self.extension else self.number

    @property
    def takes_sms(self) -> bool:
        """A landline, a switchboard and a number abroad do not: there somebody calls or comes."""
        return self.kind is TelephoneKind.MOBILE and self.extension is None

    @property
    def tail(self) -> str:
        """The last four digits of the number itself: what its owner proves to know it by."""
        return self.number[-TAIL:]


_TURN = "转"
_DASH_LIKE = "−ー一_~～"
_DROPPED = " .·•・。,()[]"
_EXTENSION = re.compile(r"(?:转接|转|轉|分机号|分机|ext\.?|x|#)[:\-\s]*(\d{1,6})\D*$", re.IGNORECASE)
_DASHED = re.compile(r"-(\d{1,5})$")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_ELEVEN = re.compile(r"1[3-9][0-9]{9}")
_SERVICE = re.compile(r"[48]00\d{7}")


def parse(text: str, area_code: str | None = None) -> Telephone:
    """The telephone a text means. `area_code`, such as 0951, completes a local number.

    Blanks, dashes, dots, commas, brackets, invisible signs and full-width digits do not matter, nor do 00 or +86 in
    front, nor a 0 before a mobile. Raises InvalidTelephone.
    """
    return completed(_parsed(text), area_code)


@lru_cache(maxsize=1024)  # one number is read at every border it crosses
def _parsed(text: str) -> Telephone:
    if known := mobile(text):
        return known
    plain, extension = _split(_plain(text))
    found = _judged(plain)
    if found is None and not extension:
        found, extension = _behind_dash(plain)
    if found is None:
        raise InvalidTelephone(_reason(re.sub(r"[^\d+]", "", plain)))
    return Telephone(found.number, found.kind, extension or None)


def mobile(digits: str) -> Telephone | None:
    """The mobile that these eleven figures are, told a hundred times faster than by parsing them; None for others."""
    if _ELEVEN.fullmatch(digits) and _mobiles().fullmatch(digits):
        return Telephone(digits, TelephoneKind.MOBILE)
    return None


@cache
def _mobiles() -> re.Pattern[str]:
    """The mobile numbers of the plan, as `phonenumbers` compares them."""
    plan: Any = PhoneMetadata.metadata_for_region(HOME)
    return re.compile(plan.mobile.national_number_pattern, re.ASCII)


def completed(phone: Telephone, area_code: str | None) -> Telephone:
    """A local number with the city's area code before it; any other as it is. Raises InvalidTelephone."""
    if phone.kind is not TelephoneKind.LOCAL or area_code is None:
        return phone
    whole = _national(area_code + phone.number)
    if whole is None:
        raise InvalidTelephone(_reason(area_code + phone.number))
    return Telephone(whole.number, whole.kind, phone.extension)


def tail(text: str) -> str:
    """The digits of a tail as people type it: blanks, dashes and full-width digits do not matter."""
    return re.sub(r"[-\s]", "", _plain(text))


def _plain(text: str) -> str:
    """ASCII digits, with every dash as - and without what only parts digits. Raises InvalidTelephone for no text."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in _UNSEEN)
    dashed = "".join("-" if _is_dash(sign) else sign for sign in shown)
    return "".join(sign for sign in dashed if sign not in _DROPPED and not sign.isspace()).strip("-")


_UNSEEN = ("Cf", "Mn", "Cc", "Me")


def _is_dash(sign: str) -> bool:
    return unicodedata.category(sign) == "Pd" or sign in _DASH_LIKE


def _split(plain: str) -> tuple[str, str]:
    """The number and the extension that is named as one. Raises InvalidTelephone for signs no number has."""
    named = _EXTENSION.search(plain)
    number, extension = (plain[: named.start()], named[1]) if named else (plain, "")
    if not number:
        raise InvalidTelephone("请填写电话号码")
    if re.search("[/;、]", number):
        raise InvalidTelephone("请只填写一个电话号码")
    if re.fullmatch(r"\+?[0-9-]+", number) is None:
        raise InvalidTelephone("电话号码只能由数字组成，如手机号 13900139000 或座机 0951-6012345")
    return number, extension


def _behind_dash(plain: str) -> tuple[Telephone | None, str]:
    """0951-6012345-801: what no number holds may be the extension of a switchboard."""
    dashed = _DASHED.search(plain)
    found = _judged(plain[: dashed.start()]) if dashed else None
    return (found, dashed[1]) if dashed and found and found.kind is not TelephoneKind.MOBILE else (None, "")


def _judged(number: str) -> Telephone | None:
    digits = number.replace("-", "")
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    if digits.startswith(f"+{HOME_CODE}"):
        return _national(digits.removeprefix(f"+{HOME_CODE}"))
    if digits.startswith("+"):
        return _abroad(digits)
    return _national(digits) or (_national(digits[2:]) if re.match(r"86\d{9}", digits) else None)


def _abroad(digits: str) -> Telephone | None:
    number = _read(digits)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return Telephone(f"+{number.country_code}{number.national_number}", TelephoneKind.ABROAD)


def _national(digits: str) -> Telephone | None:
    number = _read(digits)
    if number is None:
        return None
    if phonenumbers.is_valid_number(number):
        return _of_plan(number)
    if phonenumbers.is_valid_short_number_for_region(number, HOME) and not digits.startswith("0"):
        return Telephone(digits, TelephoneKind.SHORT)
    return Telephone(digits, TelephoneKind.LOCAL) if _LOCAL.fullmatch(digits) else None


def _of_plan(number: PhoneNumber) -> Telephone | None:
    digits, kind = str(number.national_number), phonenumbers.number_type(number)
    if kind == PhoneNumberType.MOBILE:
        return Telephone(digits, TelephoneKind.MOBILE)
    if _SERVICE.fullmatch(digits):
        return Telephone(digits, TelephoneKind.SERVICE)
    return Telephone(f"0{digits}", TelephoneKind.LANDLINE) if kind == PhoneNumberType.FIXED_LINE else None


def _read(digits: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, HOME)
    except NumberParseException:
        return None


def _reason(digits: str) -> str:
    """Why the digits are no telephone."""
    if (digits.startswith("+") and not digits.startswith(f"+{HOME_CODE}")) or re.match(r"00(?!86)", digits):
        return "港澳台或国外号码不完整或不存在，请以 + 和国家（地区）代码开头"
    bare = re.sub(r"^(?:\+86|0086)", "", digits)
    mobile = re.fullmatch(r"0?(1[3-9]\d)(\d*)", bare)
    if mobile:
        places = len(mobile[1] + mobile[2])
        return f"手机号段 {mobile[1]} 没有启用" if places == 11 else f"手机号应为 11 位，现在是 {places} 位"
    return _no_landline(bare) if bare.startswith("0") else _NEITHER


_NEITHER = "应为 11 位手机号、带区号的座机号，或 400、12345 一类号码"


def _no_landline(bare: str) -> str:
    area = bare[:3] if re.match(r"0(?:10|2)", bare) else bare[:4]
    right, given = _lengths(area), len(bare) - len(area)
    if not right:
        return f"没有 {area} 这个区号"
    if given not in right:
        return f"区号 {area} 后的号码应为 {'或'.join(str(each) for each in right)} 位，现在是 {given} 位"
    return f"区号 {area} 后没有以 {bare[len(area)]} 开头的号码"


@cache
def _lengths(area: str) -> tuple[int, ...]:
    """How many digits follow an area code; none where it does not exist."""
    return tuple(length for length in (7, 8) if any(_is_landline(area + str(n) + "1" * (length - 1)) for n in _FIRST))


_FIRST = range(2, 9)


def _is_landline(digits: str) -> bool:
    found = _national(digits)
    return found is not None and found.kind is TelephoneKind.LANDLINE
