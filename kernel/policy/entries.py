"""One value of a policy pack, checked: what it says, for where, from when to when, and on what ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.deadlines.limits import WALL_UNITS, InvalidLimit, Limit
from kernel.policy.keys import KEYS, Shape

BASIS = {"V": "已核实的法规原文", "W": "网页或公开代码", "M": "记忆未核", "A": "产品假设", "S": "种子文本所述"}
"""On what ground a value stands (domain §0); S: told by one of the seed texts."""

EVERY_OTHER = "*"
"""In `limits`: the limit of every code not named."""

_FIELDS = {"key", "limit", "limits", "value", "version", "locality", "valid_from", "valid_to", "basis", "source"}


@dataclass(frozen=True)
class Entry:
    """One value of one key. Days are Asia/Shanghai dates: `valid_from` the first, `valid_to` the last (None: open)."""

    key: str
    version: str
    locality: str
    valid_from: date
    valid_to: date | None
    basis: str
    source: str
    limits: Mapping[str, Limit | None]
    value: Any = None
    has_value: bool = False

    def holds_on(self, day: date | None) -> bool:
        """Whether the value holds on `day`; None asks for no day."""
        return day is None or (self.valid_from <= day and (self.valid_to is None or day <= self.valid_to))

    def knows(self, code: str | None) -> bool:
        """Whether there is a limit for the code, or one for every code; "no limit" (null) counts as known."""
        return code in self.limits or EVERY_OTHER in self.limits

    def limit(self, code: str | None) -> Limit | None:
        """The limit of the code. Raises KeyError when `knows` is false."""
        return self.limits[code] if code is not None and code in self.limits else self.limits[EVERY_OTHER]


def parse_entry(raw: Mapping[str, Any], errors: list[str], unknown: list[str]) -> Entry | None:
    """The entry, or None after adding every fault, in Chinese, to `errors`. What only a newer program knows, a key or a
    code of one, is left out and added to `unknown`.
    """
    key = str(raw.get("key"))
    shape = KEYS.get(key)
    if shape is None:
        unknown.append(key)
        return None
    written = _limits(raw, key, errors)
    limits = _known(written, shape, key, unknown)
    if written and not limits:
        return None
    faults = [*_head_faults(raw), *_shape_faults(raw, shape, limits)]
    errors += [f"{key}: {fault}" for fault in faults]
    if faults:
        return None
    head = {name: raw[name] for name in ("key", "version", "locality", "valid_from", "basis")}
    return Entry(
        **head,
        valid_to=raw.get("valid_to"),
        source=str(raw.get("source", "")),
        limits=limits,
        value=raw.get("value"),
        has_value="value" in raw,
    )


def _limits(raw: Mapping[str, Any], key: str, errors: list[str]) -> dict[str, Limit | None]:
    written = raw.get("limits", {EVERY_OTHER: raw["limit"]} if "limit" in raw else {})
    if not isinstance(written, dict):
        errors.append(f"{key}: limits 应为 代码: 时限")
        return {}
    limits: dict[str, Limit | None] = {}
    for code, text in written.items():
        try:
            limits[str(code)] = None if text is None else Limit.parse(str(text))
        except InvalidLimit as wrong:
            errors.append(f"{key}: {wrong}")
    return limits


def _known(limits: Mapping[str, Limit | None], shape: Shape, key: str, unknown: list[str]) -> dict[str, Limit | None]:
    codes = {EVERY_OTHER, *(shape.codes.values() if shape.codes else ())}
    unknown += [f"{key}[{code}]" for code in limits if code not in codes]
    return {code: limit for code, limit in limits.items() if code in codes}


def _head_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    for name in ("version", "locality"):
        if not isinstance(raw.get(name), str) or not raw[name]:
            yield f"{name} 必填"
    if raw.get("basis") not in BASIS:
        yield f"basis 应为 {'、'.join(BASIS)} 之一"
    first, last = raw.get("valid_from"), raw.get("valid_to")
    if type(first) is not date or (last is not None and type(last) is not date):
        yield "valid_from、valid_to 应为日期"
    elif last is not None and last < first:
        yield "valid_to 早于 valid_from"
    yield from (f"未知字段 {name}" for name in sorted(set(raw) - _FIELDS, key=str))


def _shape_faults(raw: Mapping[str, Any], shape: Shape, limits: Mapping[str, Limit | None]) -> Iterator[str]:
    if "limit" in raw and "limits" in raw:
        yield "limit 与 limits 只能有一个"
    if not shape.limit and limits:
        yield "此键没有时限"
    may_have_value = shape.value or shape.codes is not None
    if shape.limit and not limits and not (may_have_value and "value" in raw):
        yield "缺少时限"
    if "value" in raw and not may_have_value:
        yield "此键没有 value"
    if shape.value and not shape.limit and "value" not in raw:
        yield "缺少 value"
    emergency = limits.get("EMERGENCY")
    if emergency is not None and emergency.unit not in WALL_UNITS:
        yield "EMERGENCY 的时限必须按钟点计，不得等待办公时间"
