"""The timeline as people read it: newest first, by days, and what was done in one go told as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kernel.calendar import moment_words

TOGETHER = timedelta(minutes=10)
SYSTEM = "service:"
Item = dict[str, Any]


@dataclass
class Group:
    """One act, with what followed from it at once; in the order it happened."""

    items: list[Item]

    @property
    def head(self) -> Item:
        """What somebody did goes before what the system did about it."""
        return next((item for item in self.items if not _by_system(item)), self.items[0])

    @property
    def rest(self) -> list[Item]:
        return [item for item in self.items if item is not self.head]

    def takes(self, item: Item) -> bool:
        """Whether it belongs to the same act: the same person within minutes, or the system at the same moment."""
        last, first = self.items[-1]["time"], self.items[0]["time"]
        if item["time"] == last:
            return True
        if _by_system(item):
            return bool(item["time"] - last <= timedelta(minutes=1))
        return bool(item["actor"]["id"] == self.head["actor"]["id"] and item["time"] - first <= TOGETHER)


@dataclass
class Day:
    heading: str
    groups: list[Group] = field(default_factory=list)


def folded(items: Iterable[Item]) -> list[Day]:
    """`items` in the order they happened; the newest day and act first."""
    groups: list[Group] = []
    for item in items:
        if groups and groups[-1].takes(item) and _day(groups[-1].items[-1]) == _day(item):
            groups[-1].items.append(item)
        else:
            groups.append(Group([item]))
    days: list[Day] = []
    for group in reversed(groups):
        if not days or days[-1].heading != _day(group.head):
            days.append(Day(_day(group.head)))
        days[-1].groups.append(group)
    return days


def _by_system(item: Item) -> bool:
    return str(item["actor"]["id"]).startswith(SYSTEM)


def _day(item: Item) -> str:
    return moment_words(item["time"])[:-5]
