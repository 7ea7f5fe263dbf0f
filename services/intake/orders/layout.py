"""The columns of a 12345 work order, as district exports lay them out (domain §4.2), and how their headings vary."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

COLUMNS = (
    "工单编号", "工单类型", "一级分类", "二级分类", "三级分类", "标题", "主要内容", "工单状态", "来电人", "电话",
    "被反映区/街乡镇", "村/社区", "小区点位", "二级承办单位", "工单性质", "创建时间", "办结时间", "办理结果",
    "回复内容", "是否有效回访", "是否联系", "是否解决", "是否满意",
)  # fmt: skip
KEY, AREA = "工单编号", "被反映区/街乡镇"
NEEDED = (KEY, "工单类型", "主要内容", AREA)
ALSO = {
    "工单号": KEY, "编号": KEY, "诉求类型": "工单类型", "类型": "工单类型", "诉求内容": "主要内容", "内容": "主要内容",
    "联系人": "来电人", "联系电话": "电话", "来电号码": "电话", "街乡镇": AREA, "被反映街乡镇": AREA, "被反映区": AREA,
    "社区": "村/社区", "点位": "小区点位", "承办单位": "二级承办单位",
}  # fmt: skip
"""Other headings for the same. Where two stand in one file (被反映区, 街乡镇) their words are joined."""
EXACT_BELOW = 10**15
"""Spreadsheets keep 15 digits of a number; of a longer one the rest is gone."""

Cells = dict[str, str]


MOMENTS = frozenset({"创建时间", "办结时间"})
"""Columns in which a date is one. Elsewhere the program made it of something like 2-3-5."""


class Lost(ValueError):
    """Something that the program which wrote the file has made of something else; the words say what, in Chinese."""


def cut(number: str) -> str:
    return f"表格软件把长号码存成了数字（{number}），后面几位已经丢了，请在原系统按文本重新导出"


def dated(day: str) -> str:
    return f"表格软件把这里填的当成了日期（{day}），请把这一列设成文本再填"


def is_heading(row: Sequence[Any]) -> bool:
    return KEY in (column(cell) for cell in row)


def column(heading: Any) -> str:
    """The column a heading means, or the heading itself; blanks and full-width signs do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", str(heading)).split()).lstrip("\ufeff")
    return ALSO.get(plain, plain)


def words(cell: Any) -> str:
    """What stands in a cell. Errors: Lost."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _number(cell: float) -> str:
    if abs(cell) >= EXACT_BELOW:
        raise Lost(cut(f"{cell:.2G}"))
    return str(int(cell)) if cell == int(cell) else str(cell)


def by_column(headings: Sequence[str], row: Sequence[Any]) -> tuple[Cells, Mapping[str, str]]:
    """The words by column; and by column why there are none, since they were lost before."""
    told: Cells = {}
    lost: dict[str, str] = {}
    for name, cell in zip(headings, row, strict=False):
        try:
            told[name] = told.get(name, "") + _expected(name, cell)
        except Lost as what:
            lost[name] = str(what)
    return told, lost


def _expected(name: str, cell: Any) -> str:
    """Errors: Lost."""
    if isinstance(cell, date | time | timedelta) and name not in MOMENTS:
        raise Lost(dated(words(cell)))
    return words(cell)
