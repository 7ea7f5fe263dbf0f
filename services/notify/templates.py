"""What is told: the tables in news/*.yaml with their plain Chinese words, checked when read.

Which recipients, conditions and steps their names mean, telling.py knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any

from kernel.calendar import told
from kernel.codes import Audience, MessageChannel
from kernel.codes.base import Code
from kernel.reference import read_yaml

Names = tuple[str, ...]
FOLDER = Path(__file__).with_name("news")
SAYS = "says"
"""The key of a file under which stand the messages that code queues."""

TO_STAFF = (MessageChannel.APP, MessageChannel.EMAIL, MessageChannel.SMS)
CHANNELS = {
    Audience.RESIDENT: (MessageChannel.SMS, MessageChannel.EMAIL),
    Audience.STAFF: TO_STAFF,
    Audience.UNIT: TO_STAFF,
}
"""By which channels people are told, the preferred one first, where the message names none of its own."""


class WrongNews(ValueError):
    """A table of news/ cannot be right; the text names file, event and key."""


@dataclass(frozen=True)
class Template:
    """What a kind of message says, and, where no code queues it, to whom and when (README, "A telling")."""

    key: str
    title: str
    body: str
    channels: Names = ()
    to: str = ""
    when: Names = ()
    unless: Names = ()
    breaks_quiet: Names = ()
    cycle: Names = ()
    words: dict[str, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Made of the words, so that other words are another version."""
        return sha256(f"{self.title}\n{self.body}".encode()).hexdigest()[:8]

    @property
    def blanks(self) -> frozenset[str]:
        """Their names. Errors: ValueError for a brace without its other."""
        return frozenset(name for text in (self.title, self.body) for _, name, _, _ in Formatter().parse(text) if name)

    def channels_for(self, audience: str) -> tuple[MessageChannel, ...]:
        return tuple(map(MessageChannel, self.channels)) or CHANNELS[Audience(audience)]

    def filled(self, words: dict[str, Any]) -> tuple[str, str]:
        """Title and body. Errors: KeyError for a blank nobody filled (a fault of the caller)."""
        spoken = {name: speak(value, name) for name, value in words.items()}
        return self.title.format_map(spoken), self.body.format_map(spoken)


@dataclass(frozen=True)
class Entry:
    """What a file says of one event."""

    place: str
    event: str
    about: str = "subject"
    keeps: Names = ()
    takes_back: Names = ()
    does: Names = ()
    tells: tuple[Template, ...] = ()


def speak(value: Any, name: str = "") -> str:
    """A value as people read it: codes by label, moments as a field of that name holds them, lists joined."""
    if isinstance(value, Code):
        return value.label
    if isinstance(value, datetime):
        return told(name, value)
    if isinstance(value, list | tuple):
        return "、".join(speak(part, name) for part in value)
    return "未填" if value is None else str(value)


def read(place: str, event: str, raw: Any) -> Entry:
    """An entry of a file. Errors: WrongNews."""
    at = "tells"
    try:
        raw = {"tells": [{"key": key, **row} for key, row in raw.items()]} if event == SAYS else raw
        tells = [Template(**_listed(Template, {"key": event, **row})) for row in raw.get("tells", ())]
        for form in tells:
            at = f"{form.key}: title, body"
            form.filled(dict.fromkeys(form.blanks))
            at = f"{form.key}: channels"
            form.channels_for(Audience.STAFF)
        return Entry(place, event, **{**_listed(Entry, raw), "tells": tuple(tells)})
    except (TypeError, AttributeError, ValueError, LookupError) as error:
        raise WrongNews(f"{place}: {event}: {at}: {error}") from error


def _listed(kind: Any, raw: dict[str, Any]) -> dict[str, Any]:
    """One name stands for a list of one."""
    several = {each.name for each in fields(kind) if each.default == ()}
    return {key: (value,) if key in several and isinstance(value, str) else value for key, value in raw.items()}


def load(folder: Path) -> tuple[Entry, ...]:
    """The entries of all files. Errors: WrongNews, also for an event or a key that stands there twice."""
    files = {path.name: read_yaml(path) for path in sorted(folder.glob("*.yaml"))}
    found = tuple(read(place, event, raw) for place, table in files.items() for event, raw in table.items())
    seen = set[tuple[str, str]]()
    for entry in found:
        for name in [("event", entry.event), *(("key", form.key) for form in entry.tells)]:
            if name in seen and name[1] != SAYS:
                raise WrongNews(f"{entry.place}: {entry.event}: {name[0]}: “{name[1]}”写在两处")
            seen.add(name)
    return found


ENTRIES = load(FOLDER)
FORMS = {form.key: form for entry in ENTRIES for form in entry.tells}
"""All templates by key."""
