"""Reading policy packs from `data/policy`; a pack with any fault is refused with all its faults listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from kernel.codes import Role
from kernel.danger import DangerWords, InvalidDangerWords
from kernel.deadlines.limits import BusinessHours, InvalidHours
from kernel.deadlines.raising import ladder
from kernel.policy import newer
from kernel.policy.entries import Entry, parse_entry
from kernel.policy.keys import KEYS, Shape
from kernel.policy.pack import PolicyPack
from kernel.reference import Fingerprint, data_folder, fingerprint, read_yaml

DEFAULT = "default"
_HEAD = {"name", "title", "release", "locality", "region", "illustrative", "defaults", "entries"}


class UnknownPolicyPack(ValueError):
    """There is no file for a pack of that name."""


class InvalidPolicyPack(ValueError):
    """A pack that cannot be used. `.errors` lists everything wrong with it."""

    def __init__(self, name: str, errors: list[str]) -> None:
        super().__init__(f"策略包 {name} 无效：" + "；".join(errors))
        self.errors = errors


def pack(name: str = DEFAULT, on: date | None = None, folder: Path | None = None) -> PolicyPack:
    """The pack as it stands on a local day (None: the newest of each value).

    Files are read again when one of them has changed. Raises UnknownPolicyPack, InvalidPolicyPack.
    """
    place = folder or data_folder("policy")
    return _load(name, place, fingerprint(place)).on_day(on)


def names(folder: Path | None = None) -> list[str]:
    """The packs there are."""
    return sorted(path.stem for path in (folder or data_folder("policy")).glob("*.yaml"))


@lru_cache(maxsize=64)
def _load(name: str, folder: Path, seen: Fingerprint) -> PolicyPack:
    path = folder / f"{name}.yaml"
    if path.name not in {file for file, *_ in seen}:
        raise UnknownPolicyPack(f"没有名为“{name}”的策略包")
    base = None if name == DEFAULT else _load(DEFAULT, folder, seen)
    read = parse_pack(read_yaml(path), name, base)
    newer.tell(name, read.unknown)
    return read


def parse_pack(raw: Mapping[str, Any], name: str, base: PolicyPack | None = None) -> PolicyPack:
    """The pack described by `raw`. Raises InvalidPolicyPack listing every fault, each missing key by name; what only a
    newer program knows is no fault (`newer.py`).
    """
    errors = list(_head_faults(raw, name))
    found: dict[str, list[Entry]] = {}
    unknown: list[str] = []
    for line in _lines(raw, errors):
        entry = parse_entry(line, errors, unknown)
        if entry:
            found.setdefault(entry.key, []).append(entry)
    errors += [*_overlaps(found), *_value_faults(found)]
    if base is None:
        errors += _gaps(found, {line.get("key") for line in _lines(raw, [])})
    if errors:
        raise InvalidPolicyPack(name, errors)
    head = {field: raw[field] for field in ("name", "title", "release", "locality")}
    entries = {key: tuple(held) for key, held in found.items()}
    illustrative = bool(raw.get("illustrative", False))
    read = PolicyPack(**head, region=raw.get("region"), illustrative=illustrative, entries=entries, base=base)
    return replace(read, unknown=tuple(sorted(set(unknown))))


def _head_faults(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    for field in ("name", "title", "release", "locality"):
        if not isinstance(raw.get(field), str) or not raw[field]:
            yield f"{field} 必填"
    if raw.get("name") != name:
        yield f"name 应与文件名“{name}”一致"
    if not isinstance(raw.get("region"), str | None):
        yield "region 应为日历地区代码"
    yield from (f"未知字段 {field}" for field in sorted(set(raw) - _HEAD, key=str))


def _lines(raw: Mapping[str, Any], errors: list[str]) -> list[dict[str, Any]]:
    """The entries as written, completed with the pack's `defaults`, its release and its locality."""
    lines, defaults = raw.get("entries"), raw.get("defaults") or {}
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in [*lines, defaults]):
        errors.append("entries 应为列表，defaults 应为键值表")
        return []
    shared = {"version": raw.get("release"), "locality": raw.get("locality"), **defaults}
    return [{**shared, **line} for line in lines]


def _overlaps(found: Mapping[str, Iterable[Entry]]) -> Iterator[str]:
    for key, held in found.items():
        for earlier, later in pairwise(sorted(held, key=lambda entry: entry.valid_from)):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                yield f"{key}: 自 {later.valid_from} 起有两个有效值"


def _value_faults(found: Mapping[str, Iterable[Entry]]) -> Iterator[str]:
    """Values the kernel itself reads must be readable."""
    for entry in found.get("hours.business", ()):
        try:
            BusinessHours.parse(entry.value)
        except (InvalidHours, TypeError) as wrong:
            yield f"hours.business: {wrong}"
    for entry in found.get("dispatch.escalation", ()):
        try:
            ladder(entry.value)
        except (ValueError, KeyError, TypeError) as wrong:
            yield f"dispatch.escalation: {wrong}"
    for entry in found.get("intake.danger_words", ()):
        try:
            DangerWords.read(entry.value)
        except InvalidDangerWords as wrong:
            yield f"intake.danger_words: {wrong}"
    for entry in found.get("accounts.second_factor", ()):
        roles = entry.value.get("roles") if isinstance(entry.value, dict) else None
        if not isinstance(roles, list) or not set(map(str, roles)) <= set(Role.values()):
            yield "accounts.second_factor: roles 应为角色代码的列表"
    for entry in found.get("dispatch.rating", ()):
        if not isinstance(entry.value, dict) or sum(entry.value.values()) != 100:
            yield "dispatch.rating: 各项分值之和应为 100"


def _gaps(found: Mapping[str, Iterable[Entry]], written: set[Any]) -> Iterator[str]:
    """What the default pack must hold and does not; a key that is there but faulty was already told."""
    for key, shape in KEYS.items():
        if key not in written:
            yield f"{key}: 默认包必须有此键"
        for entry in found.get(key, ()):
            yield from (f"{key}: 缺少 {lacking}" for lacking in _lacking(entry, shape))


def _lacking(entry: Entry, shape: Shape) -> Iterator[str]:
    if shape.limit and not shape.codes and not entry.knows(None):
        yield "时限"
    if shape.value and not entry.has_value:
        yield "value"
    yield from (code for code in (shape.codes.values() if shape.codes else ()) if not entry.knows(code))
