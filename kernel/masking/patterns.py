"""What personal numbers look like in text `spelling` has made plain, and what only looks like one (domain §4.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from kernel.codes.base import Code
from kernel.id_number import NEW, check_sign
from kernel.numbers import check


class PersonalKind(Code):
    """What was found."""

    MOBILE = "MOBILE", "手机号码"
    LANDLINE = "LANDLINE", "固定电话号码"
    ABROAD = "ABROAD", "境外电话号码"
    ID_NUMBER = "ID_NUMBER", "身份证号码"
    PERMIT = "PERMIT", "证件号码"
    BANK_CARD = "BANK_CARD", "银行账号"


class Match(NamedTuple):
    """A match in the plain text."""

    kind: PersonalKind
    start: int
    end: int


JOINTS = " -._·(),/"
_JOINT = f"[{re.escape(JOINTS)}]{{0,8}}"
_IS = r"[号码证件编是为:：#(\s]{0,8}"
_DIGIT = r"\d"
_CASE_NUMBER = re.compile(r"[A-Z]{1,2}\d{17}[0-9A-Z]")


def _spelt(*places: str) -> str:
    """A pattern for these characters with blanks, dashes, commas, slashes, dots or brackets between them."""
    return _JOINT.join(places)


def _spelt_many(place: str, least: int, most: int) -> str:
    return f"{place}(?:{_JOINT}{place}){{{least - 1},{most - 1}}}"


_MONTH_DAY = (
    "(?:" + _spelt("0", "[1-9]") + "|" + _spelt("1", "[0-2]") + ")",
    "(?:" + _spelt("[0-2]", _DIGIT) + "|" + _spelt("3", "[01]") + ")",
)
_BIRTHDAY = (
    "(?:" + "|".join(_spelt(*century) for century in ("18", "19", "20")) + ")", *[_DIGIT] * 2, *_MONTH_DAY
)  # fmt: skip
_SEVENTEEN = ("[1-9]", *[_DIGIT] * 5, *_BIRTHDAY, *[_DIGIT] * 3)
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-9])"
_TIGHT_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_WORD = "(?:身份证|证件|证号|居民证|老证)"
_PHONE_WORD = "(?:座机|固话|固定电话|家电|宅电|电话|致电|拨打|联系方式|号码|[Tt][Ee][Ll])"
_CARD_WORD = "(?:银行卡|储蓄卡|信用卡|借记卡|存折|卡号|账号|帐号|账户|帐户)"
_PERMIT_WORD = (
    "(?:护照|证件|通行证|回乡证|台胞证|居留证|居留许可|永居证|居留身份证|军官证|士兵证|警官证|驾驶证|驾照|签证|出生证"
    "|残疾人?证)"
)
_EXTENSION = r"(?:\s*(?:转接?|分机号?|ext\.?)\s*\d{1,6})?"
_AREA = "(?:10|2[0-9]|[3-9][0-9]{2})"
_SEVEN = _spelt("[2-9]", *[_DIGIT] * 6) + rf"\d?{_EXTENSION}"
_LANDLINE = f"0{_AREA}{_JOINT}{_SEVEN}"
_HOME = rf"(?:\+|00)?86{_JOINT}"
_FIFTEEN = _spelt("[1-9]", *[_DIGIT] * 7, *_MONTH_DAY, *[_DIGIT] * 3)
_TIGHT_SEVENTEEN = rf"{_PROVINCE}\d{{4}}(?:18|19|20)\d{{2}}{_TIGHT_DAY}\d{{3}}"
_TIGHT_FIFTEEN = rf"{_PROVINCE}\d{{6}}{_TIGHT_DAY}\d{{3}}"
_PERMIT = rf"[A-Za-z]{{0,3}}{_JOINT}{_spelt_many(_DIGIT, 6, 20)}[A-Za-z]?"


def _apart(number: str, word: str = r"(?<![0-9])", *, after: str = "(?![0-9])") -> str:
    """The number, named n, behind a word or where no digit stands before it."""
    return f"{word}(?P<n>{number}){after}"


def _alone(number: str) -> str:
    """No letter beside it either: long runs of digits are parts of many codes."""
    return _apart(number, "(?<![0-9A-Za-z])", after="(?![0-9A-Za-z])")


_PATTERNS: tuple[tuple[PersonalKind, str], ...] = (
    (PersonalKind.ID_NUMBER, _apart(_spelt(*_SEVENTEEN, "[Xx]"), after="")),
    (PersonalKind.ID_NUMBER, _apart(_spelt(*_SEVENTEEN, _DIGIT))),
    (PersonalKind.ID_NUMBER, _alone(_TIGHT_SEVENTEEN)),
    (PersonalKind.ID_NUMBER, _alone(_TIGHT_FIFTEEN)),
    (PersonalKind.ID_NUMBER, _apart(_spelt(*_SEVENTEEN), _ID_WORD + _IS, after="(?![0-9Xx])")),
    (PersonalKind.ID_NUMBER, _apart(_FIFTEEN, _ID_WORD + _IS, after="(?![0-9Xx])")),
    (PersonalKind.MOBILE, _apart(f"(?:{_HOME})?" + _spelt("1", "[3-9]", *[_DIGIT] * 9))),
    (PersonalKind.LANDLINE, _apart(rf"\(?{_LANDLINE}")),
    (PersonalKind.LANDLINE, _apart(rf"{_HOME}(?:\(?{_LANDLINE}|{_AREA}{_JOINT}{_SEVEN})")),
    (PersonalKind.LANDLINE, _apart(_SEVEN, _PHONE_WORD + _IS)),
    (PersonalKind.ABROAD, _apart(rf"(?:\+|00)(?:852|853|886){_JOINT}{_spelt_many(_DIGIT, 8, 8)}\d?")),
    (PersonalKind.PERMIT, _apart(_PERMIT, f"{_PERMIT_WORD}(?:{_IS}|军字第|第)")),
    (PersonalKind.BANK_CARD, _apart(_spelt_many(_DIGIT, 12, 19), _CARD_WORD + _IS)),
    (PersonalKind.BANK_CARD, _alone(r"(?:62|4\d|5[1-5]|35)(?:[ -]?\d){14,17}")),
)
_COMPILED = tuple((kind, re.compile(f"(?={pattern})", re.ASCII)) for kind, pattern in _PATTERNS)

_LABEL = re.compile(
    r"(?:表号?|表底数?|读数|示数|底数|户号|用户编号|票号?|票据号?|发票|代码|单号?|工单|订单|快递|运单|编号|序列号|设备号|流水号?"
    r"|合同号?|文号|批号|条码|金额|总价|合计|工程款|坐标|由|变为)[号码编数]{0,2}[是为:\s#]{0,3}$"
)
"""Words before figures that belong to a meter, a ticket, an order or a sum."""
_UNIT = re.compile(r"\s*(?:元|万|亿|块|角|度|吨|方|立方|千瓦|[kK][wW]|平方|平米|米|公里|㎡|户|人|次)")
_OFFICE = re.compile(
    r"(?:(?:值班|办公|服务|客服|热线|报修|抢修|监督|举报|投诉|咨询|窗口|公开|对外|总机|前台|24小时)(?:电话|座机|热线|号码|专线)?"
    r"|(?:社区|居委会|村委会|街道|办事处|物业|派出所|司法所|供电所|供电公司|单位|部门|中心|大队|中队|公司|管理站|服务站|指挥部)"
    r"(?:的)?(?:电话|座机|热线))[号码是为:(\s]{0,4}$"
)
"""Words before the public line of an office, which may stand in any text."""
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){2,}")
_DECIMAL = r"(?:0|[1-9]\d{0,2})\.\d{1,2}"
_DECIMALS = re.compile(rf"(?:{_DECIMAL}[ ,/]+){{2,}}{_DECIMAL}\.?|(?:{_DECIMAL}[ ,/]+){{2,}}[1-9]\d{{0,2}}")
"""A row of measurements. Longer ones, and noughts alone, may as well be a telephone that is spelt so."""
_DATE = re.compile(r"(?:19|20)\d{2}[-./ ]?\d{1,2}[-./ ]?\d{1,2}")


def matches(plain: str) -> Iterator[Match]:
    """Every match in plain text, overlapping ones too, without what only looks like a personal number."""
    own = [match.span() for match in _CASE_NUMBER.finditer(plain) if check(match[0])]
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(plain):
            start, end = match.span("n")
            inside = any(first <= start and end <= last for first, last in own)
            if not inside and not _is_harmless(kind, plain[:start], plain[start:end], plain[end:]):
                yield Match(kind, start, end)


def _is_harmless(kind: PersonalKind, before: str, number: str, after: str) -> bool:
    if _THOUSANDS.fullmatch(number) or _DECIMALS.fullmatch(number) or _counts_up(number):
        return True
    if kind is PersonalKind.PERMIT:
        return _DATE.fullmatch(number) is not None
    if kind is PersonalKind.BANK_CARD:
        return not _has_word(_CARD_WORD, before) and not _luhn(number)
    if kind is PersonalKind.LANDLINE and _OFFICE.search(before[-24:]):
        return True
    weak = kind is PersonalKind.LANDLINE or (kind is PersonalKind.ID_NUMBER and not _is_id(number))
    return weak and (_LABEL.search(before[-12:]) is not None or _UNIT.match(after) is not None)


def _has_word(word: str, before: str) -> bool:
    return re.search(f"{word}{_IS}$", before[-20:]) is not None


def _is_id(number: str) -> bool:
    digits = re.sub(r"[^0-9Xx]", "", number).upper()
    return len(digits) == NEW and digits[-1] == check_sign(digits[:-1])


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in re.sub(r"\D", "", number)][::-1]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _counts_up(number: str) -> bool:
    """1,3,5,7,9,11,13: houses in a row, parted by commas or slashes."""
    parts = re.split(r"[,/]", number)
    counted = [int(part) for part in parts if part.isdigit()]
    return len(counted) == len(parts) > 3 and all(one < next_one for one, next_one in pairwise(counted))
