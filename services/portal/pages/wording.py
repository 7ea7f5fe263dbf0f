"""Codes, moments and time left as people read them. Times are Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from kernel import codes
from kernel.calendar import due_words, local

SOON = timedelta(hours=2)
ENUMS: dict[str, Any] = {
    name: value for name, value in vars(codes).items() if isinstance(value, type) and issubclass(value, codes.Code)
}  # fmt: skip


def parsed(at: datetime | str | None) -> datetime | None:
    """Views of services hold moments as text, rows of the read model as they are."""
    return datetime.fromisoformat(at) if isinstance(at, str) else at


def said(at: datetime | str | None) -> str:
    """7月9日（周二）15:00; midnight is the end of the day before, as deadlines mean it."""
    known = parsed(at)
    return due_words(known) if known else "—"


def iso(at: datetime | str | None) -> str:
    known = parsed(at)
    return known.isoformat() if known else ""


def left(at: datetime | str | None, now: datetime) -> str:
    """还剩 2 小时 15 分 / 已超时 10 分钟"""
    due = parsed(at)
    if due is None:
        return "不限时"
    return f"还剩 {span(due - now)}" if due >= now else f"已超时 {span(now - due)}"


def tone(at: datetime | str | None, now: datetime) -> str:
    """How the time left is drawn beside its words."""
    due = parsed(at)
    if due is None:
        return "calm"
    return "late" if due < now else "soon" if due - now <= SOON else "calm"


def span(length: timedelta) -> str:
    """In at most two units, days first."""
    minutes = int(length.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"
    return f"{max(rest, 1)} 分钟"


def clock(at: datetime | str | None) -> str:
    """15:00, on the wall clock."""
    known = parsed(at)
    return f"{local(known):%H:%M}" if known else ""


def label(code: str | None, of: str) -> str:
    """The Chinese word for a code of the named enumeration; the code itself where it is newer than this page."""
    if not code:
        return "—"
    found = ENUMS[of]._value2member_map_.get(code)
    return str(getattr(found, "label", code))


def labels(found: list[str] | None, of: str) -> str:
    return "、".join(label(code, of) for code in found or ())


FILTERS: dict[str, Callable[..., str]] = {
    "clock": clock,
    "said": said,
    "iso": iso,
    "left": left,
    "tone": tone,
    "label": label,
    "labels": labels,
}
