"""Message templates: plain Chinese words in a data file, checked when loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from kernel.calendar import told
from kernel.codes import Audience, MessageChannel
from kernel.codes.base import Code
from kernel.reference import read_yaml

FILE = Path(__file__).with_name("templates.yaml")


@dataclass(frozen=True)
class Template:
    """What a kind of message says, to whom, by which channels in order, and whether an emergency may wake people."""

    key: str
    audience: Audience
    channels: tuple[MessageChannel, ...]
    emergency_breaks_quiet: bool
    title: str
    body: str

    @property
    def words(self) -> frozenset[str]:
        """The names of the blanks."""
        return frozenset(name for text in (self.title, self.body) for _, name, _, _ in Formatter().parse(text) if name)

    def filled(self, words: dict[str, Any]) -> tuple[str, str]:
        """Title and body. Errors: KeyError for a blank nobody filled (a fault of the caller)."""
        spoken = {name: speak(value, name) for name, value in words.items()}
        return self.title.format_map(spoken), self.body.format_map(spoken)


def speak(value: Any, name: str = "") -> str:
    """A value as people read it: codes by label, moments as a field of that name holds them, lists joined."""
    if isinstance(value, Code):
        return value.label
    if isinstance(value, datetime):
        return told(name, value)
    if isinstance(value, list | tuple):
        return "、".join(speak(part, name) for part in value)
    return "未填" if value is None else str(value)


def parse(key: str, raw: dict[str, Any]) -> Template:
    """Errors: KeyError, ValueError or TypeError naming what is wrong in the file."""
    channels = tuple(MessageChannel(channel) for channel in raw["channels"])
    if not channels:
        raise ValueError(f"{key}: channels 不能为空")
    if not isinstance(raw["emergency_breaks_quiet"], bool):
        raise TypeError(f"{key}: emergency_breaks_quiet 应为 true 或 false")
    return Template(key, Audience(raw["audience"]), channels, raw["emergency_breaks_quiet"], raw["title"], raw["body"])


@cache
def every() -> dict[str, Template]:
    """All templates by key."""
    return {key: parse(key, raw) for key, raw in read_yaml(FILE).items()}


def of_appeals() -> tuple[str, ...]:
    """The keys of all news of appeals."""
    return tuple(key for key in every() if key.startswith("appeal_"))


def template(key: str) -> Template:
    """Errors: KeyError for a key nobody wrote (a fault of the caller)."""
    return every()[key]
