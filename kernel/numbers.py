"""Human numbers of cases, with a check digit because people read them out on the phone.

``{kind}{yyyymmdd}{area4}{seq5}{check}``, e.g. S20240709640100017 and its check digit: one or two kind letters, local
day, four digits of the area, five of the day's sequence. The check sign is Damm's: any single wrong sign, also a kind
letter for another, any swap of two neighbours, and a lost first letter are caught. One digit tells ten kinds apart, so
from the eleventh kind on its place is taken by a letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "S": "诉求",
        "Y": "隐患",
        "W": "哨单",
        "M": "调解",
        "F": "回访",
        "X": "微心愿",
        "D": "代办",
        "Z": "走访",
        "K": "预约",
        "H": "商户",
        "G": "关怀对象",
        "R": "关怀轮次",
        "T": "关怀电话",
        "I": "工单导入",
        "J": "社情日记",
        "GJ": "楼门管家",
        "LT": "楼门岗位",
        "BI": "表彰",
        "JE": "结对",
        "C": "议事会",
        "U": "议题",
        "A": "民主决策",
        "Q": "删除请求",
        "E": "整改",
        "P": "巡查",
        "L": "平安小院",
        "PJ": "巡查计划",
        "HJ": "呼叫",
        "HE": "呼叫器",
        "JU": "社会救助",
        "KO": "开放日",
        "GI": "来访",
        "N": "大面积事件",
        "B": "民情分析",
        "V": "联席会",
        "LD": "矛盾纠纷清单",
        "FL": "法律咨询",
        "PH": "排查",
        "FO": "纠纷分析",
        "XO": "先行调解",
        "SD": "民情诊断",
        "WO": "请社区协助",
        "EO": "竞聘",
        "PO": "改造项目",
        "AO": "现场问题",
        "CO": "居民公约",
        "VO": "志愿者报到",
        "GO": "楼门告示",
        "SO": "督办单",
        "DO": "当面送达",
        "YO": "隐私日查",
        "LO": "履行回访",
        "ZO": "知识库",
        "ZU": "志愿服务队",
        "HU": "志愿服务记录",
    }
)
"""Kind letters: 诉求 appeal, 隐患 hazard, and so on. New ones are added at the end: a kind's place is checked.

The alphabet being short, new kinds have two letters; the second is chosen so that the first cannot be lost unseen.
"""

CHECK_SIGNS = ("0123456789", "ABCDEFGHJK", "LMNPQRSTUV")
"""The check signs of the first ten kinds, of the next ten and of the rest, by the digit they stand for: no more than
thirty kinds have as many letters."""

LARGEST_SEQUENCE = 99_999

BODY = 18
"""Signs behind the kind: day, area, sequence, check sign."""

_NUMBER = re.compile(r"([A-Z]{1,2})(\d{8})(\d{4})(\d{5})([0-9A-HJ-NP-V])", re.ASCII)
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class InvalidNumber(ValueError):
    """Not a number of ours: wrong form, kind, day or check digit."""


@dataclass(frozen=True)
class CaseNumber:
    """The parts of a number."""

    kind: str
    day: date
    area4: str
    seq: int


def check_digit(digits: str) -> str:
    """Damm's check digit of a string of ASCII digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def case_number(kind: str, day: date, area4: str, seq: int) -> str:
    """A number with its check digit. `day` is the local day, `area4` four digits, `seq` 1 to 99999.

    Raises InvalidNumber for an unknown kind, another form of area, or when the day's numbers are used up.
    """
    if kind not in KINDS:
        raise InvalidNumber(f"不认识的编号类别“{kind}”")
    if re.fullmatch(r"[0-9]{4}", area4) is None:
        raise InvalidNumber(f"区域代码“{area4}”应为4位数字")
    if not 1 <= seq <= LARGEST_SEQUENCE:
        raise InvalidNumber(f"当日流水号 {seq} 超出范围")
    body = f"{day:%Y%m%d}{area4}{seq:05d}"
    return f"{kind}{body}{_check(kind, body)}"


def normalise(text: str) -> str:
    """The number as stored, from how people type it: blanks, dashes, full-width and small letters do not matter."""
    return re.sub(r"[\s\-—–]", "", unicodedata.normalize("NFKC", text)).upper()


def kind_of(number: str) -> str:
    """The kind letters of a number as stored, of whatever kind."""
    return number[:-BODY]


def check(number: str) -> bool:
    """Whether it is a number of ours, exactly as stored. For typed input: ``check(normalise(text))``."""
    try:
        parse(number)
    except InvalidNumber:
        return False
    return True


def parse(number: str) -> CaseNumber:
    """The parts of a number as stored. Raises InvalidNumber."""
    written = _NUMBER.fullmatch(number)
    if written is None or written[1] not in KINDS:
        raise InvalidNumber("编号格式不正确")
    kind, day, area4, seq, sign = written.groups()
    if sign != _check(kind, day + area4 + seq):
        raise InvalidNumber("编号校验位不符，请核对是否抄错")
    try:
        return CaseNumber(kind, date(int(day[:4]), int(day[4:6]), int(day[6:])), area4, int(seq))
    except ValueError as wrong:
        raise InvalidNumber("编号中的日期不存在") from wrong


def _check(kind: str, body: str) -> str:
    """The kind counts as the last digit of its place among those as long; its tens choose the row of signs."""
    place = [one for one in KINDS if len(one) == len(kind)].index(kind) + 1
    return CHECK_SIGNS[(place - 1) // 10][int(check_digit(f"{place % 10}{body}"))]
