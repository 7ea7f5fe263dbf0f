"""Colours of the style sheet as numbers: its variables in each theme, and how well one can be read upon another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

SHEET = Path(__file__).parent / "static" / "shaodao.css"
THEMES = {"light": "浅色", "dark": "深色"}
TEXT, EDGE = 4.5, 3.0
"""Least contrast of words, and of the edges of what can be used (WCAG 2.2, 1.4.3 and 1.4.11)."""
VARIABLE = re.compile(r"--([a-z-]+): (#[0-9a-f]{3}(?:[0-9a-f]{3})?);")
DARK = "prefers-color-scheme: dark"


class Pair(NamedTuple):
    """`front` lies upon `back`; `least` is the contrast it needs."""

    front: str
    back: str
    use: str
    least: float = TEXT


PAIRS = (
    Pair("ink", "ground", "正文，页面底色"), Pair("ink", "paper", "正文，卡片"), Pair("ink", "tint", "正文，提示底色"),
    Pair("ink", "late-tint", "正文，警告底色"), Pair("soft", "ground", "次要文字，页面底色"),
    Pair("soft", "paper", "次要文字，卡片"), Pair("soft", "tint", "次要文字，提示底色"),
    Pair("accent", "ground", "链接，页面底色"), Pair("accent", "paper", "链接和按钮"), Pair("accent", "tint", "选中的"),
    Pair("accent-dark", "paper", "指着的链接"), Pair("accent-dark", "ground", "指着的链接"),
    Pair("accent-dark", "tint", "指着的按钮"), Pair("on-accent", "accent", "主要按钮"),
    Pair("on-accent", "accent-dark", "指着的主要按钮"), Pair("late", "paper", "逾期"), Pair("late", "ground", "逾期"),
    Pair("late", "tint", "逾期，选中的"), Pair("late", "late-tint", "警告"), Pair("paper", "ink", "紧急"),
    Pair("ink", "step-a", "图，最浅一级"), Pair("ink", "step-b", "图，第二级"), Pair("on-step", "step-c", "图，第三级"),
    Pair("on-step", "step-d", "图，最深一级"), Pair("edge", "paper", "输入框的边", EDGE),
    Pair("edge", "ground", "输入框的边", EDGE), Pair("accent", "late-tint", "焦点框", EDGE),
)  # fmt: skip
"""Every colour that lies upon another one somewhere."""


def themes() -> dict[str, dict[str, str]]:
    """The value of each variable, by theme; what the dark one does not say is as in the light one."""
    light, _, rest = SHEET.read_text().partition("@media screen and (" + DARK)
    dark = rest.partition("\n}")[0]
    found = dict(VARIABLE.findall(light))
    return {"light": found, "dark": {**found, **dict(VARIABLE.findall(dark))}}


def contrast(first: str, second: str) -> float:
    """The WCAG 2 contrast ratio of two colours `#rgb` or `#rrggbb`: 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
