"""Looking things up in a policy pack: the locality's own value first, then the default pack's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from kernel.deadlines.limits import BusinessHours, Limit
from kernel.policy.entries import Entry


class UnknownPolicyKey(ValueError):
    """No pack in the chain holds the key (for that code, on that day). `.key` and `.code` say which."""

    def __init__(self, pack: str, key: str, code: str | None, day: date | None) -> None:
        place = key if code is None else f"{key}[{code}]"
        super().__init__(f"策略包 {pack} 没有 {place}" + (f"（{day}）" if day else ""))
        self.key, self.code = key, code


@dataclass(frozen=True)
class PolicyPack:
    """The rules of one locality as data. `on` is the day they are asked for; None means the newest of each value.

    A key, or a single code of a key, that the locality leaves out comes from `base`.
    """

    name: str
    title: str
    release: str
    locality: str
    region: str | None
    illustrative: bool
    entries: Mapping[str, tuple[Entry, ...]]
    base: PolicyPack | None = None
    on: date | None = None
    unknown: tuple[str, ...] = ()

    @property
    def all_unknown(self) -> list[str]:
        """What this pack and its base hold and this program does not know (`newer.py`)."""
        return sorted({*self.unknown, *(self.base.all_unknown if self.base else ())})

    @property
    def version(self) -> str:
        """Name and release, e.g. "default/2026.1": what deadlines and reports keep beside a result."""
        return f"{self.name}/{self.release}"

    @cached_property
    def hours(self) -> BusinessHours:
        """Business hours of policy key hours.business."""
        return BusinessHours.parse(self.value("hours.business"))

    def keys(self) -> frozenset[str]:
        """Every key this pack or its base holds, whatever the day."""
        return frozenset(self.entries) | (self.base.keys() if self.base else frozenset())

    def on_day(self, day: date | None) -> PolicyPack:
        """The same rules as they stand on another day."""
        return replace(self, on=day, base=self.base.on_day(day) if self.base else None)

    def entry(self, key: str, code: str | None = None) -> Entry:
        """The value in force with its version, locality, dates and basis. Raises UnknownPolicyKey."""
        for entry in self._chain(key):
            if code is None or entry.knows(code) or (isinstance(entry.value, dict) and code in entry.value):
                return entry
        raise UnknownPolicyKey(self.name, key, code, self.on)

    def limit(self, key: str, code: str | None = None) -> Limit:
        """The limit of a key, for keys by code that of the code. Raises UnknownPolicyKey, also for "no limit"."""
        found = self.limit_or_none(key, code)
        if found is None:
            raise UnknownPolicyKey(self.name, key, code, self.on)
        return found

    def limit_or_none(self, key: str, code: str | None = None) -> Limit | None:
        """Like `limit`, but None where the pack says there is none. Raises UnknownPolicyKey for an unknown key."""
        for entry in self._chain(key):
            if entry.knows(code):
                return entry.limit(code)
        raise UnknownPolicyKey(self.name, key, code, self.on)

    def value(self, key: str, code: str | None = None) -> Any:
        """The value of a key, a copy; with `code`, that part of it. Raises UnknownPolicyKey."""
        for entry in self._chain(key):
            if entry.has_value and code is None:
                return deepcopy(entry.value)
            if isinstance(entry.value, dict) and code in entry.value:
                return deepcopy(entry.value[code])
        raise UnknownPolicyKey(self.name, key, code, self.on)

    def stamp(self, key: str, code: str | None = None) -> str:
        """Which version a looked-up value comes from, e.g. "jinan-like/2026.1". Raises UnknownPolicyKey."""
        entry = self.entry(key, code)
        holder: PolicyPack | None = self
        while holder and entry not in holder.entries.get(key, ()):
            holder = holder.base
        return f"{holder.name if holder else self.name}/{entry.version}"

    def _chain(self, key: str) -> Iterator[Entry]:
        """The entries in force for a key, the locality's before the base's."""
        held = [entry for entry in self.entries.get(key, ()) if entry.holds_on(self.on)]
        if held:
            yield max(held, key=lambda entry: entry.valid_from)
        if self.base:
            yield from self.base._chain(key)
