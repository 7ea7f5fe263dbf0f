"""When somebody wants to be phoned, in their own words ("上午九点后", "14:30"), for the order of call sheets."""

from __future__ import annotations

import re

HOUR = 60
A_DAY = 24 * HOUR
PARTS = {
    "凌晨": 5, "清早": 7, "清晨": 7, "早": 8, "上午": 9, "午前": 9, "中午": 12, "午休": 12, "下午": 14, "午后": 14,
    "午睡": 15, "傍晚": 17, "晚": 19, "夜": 20,
}  # fmt: skip
"""Parts of the day by the hour they are taken to begin with."""
FIGURES = {sign: no for no, sign in enumerate("零一二三四五六七八九十")} | {"十一": 11, "十二": 12, "两": 2}
FIRST_AFTERNOON = 7
"""Nobody asks to be phoned before this hour: three o'clock is in the afternoon."""

_HOUR = re.compile(r"(\d{1,2}|十[一二]?|[一二两三四五六七八九])[点时](?!间)(半|一刻|三刻)?(?:(\d{1,2})分?)?")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}


def minute_of(told: str | None) -> int:
    """The minute of the day with which the time told begins; the day's last where none is told or understood."""
    words = told or ""
    part = next((word for word in PARTS if word in words), "")
    clock = _CLOCK.search(words) or _HOUR.search(words)
    if clock is None:
        return PARTS[part] * HOUR if part else A_DAY - 1
    hour, *rest = (each or "" for each in clock.groups())
    minute = next((_QUARTERS.get(each) or int(each) for each in rest if each), 0)
    return min(_in_day(FIGURES.get(hour) or int(hour), part) * HOUR + minute, A_DAY - 1)


def _in_day(hour: int, part: str) -> int:
    """Of twelve hours those of the day: by the part of the day that is told, else by when people are awake."""
    late = PARTS[part] >= 12 if part else hour < FIRST_AFTERNOON
    return hour + 12 if late and hour < (11 if part == "中午" else 12) else hour
