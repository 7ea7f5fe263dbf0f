"""What the tables of news/ say is told: one operation for every event they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import FunctionType, ModuleType
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.registry import EVENTS
from services.notify import conditions, files, messages, recipients, steps, templates
from services.notify.areas import Recipient
from services.notify.files import Heard
from services.notify.messages import News, When
from services.notify.templates import SAYS, Entry, Names, Template, WrongNews

Said = Callable[[Heard, Any], Any]
"""What an event, or a function of conditions.py, says for a recipient."""


def functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Those a table can name: all that the module defines for others."""
    own = [one for one in vars(module).values() if isinstance(one, FunctionType) and one.__module__ == module.__name__]
    return {one.__name__: one for one in own if not one.__name__.startswith("_")}


RECIPIENTS, CONDITIONS, STEPS = functions(recipients), functions(conditions), functions(steps)


@dataclass(frozen=True)
class Finder:
    """Finds what the names of an entry mean. Errors: WrongNews, naming file, event and key."""

    entry: Entry
    contract: Any = None

    def one(self, key: str, name: str, among: Mapping[str, Any]) -> Any:
        if name in among:
            return among[name]
        raise WrongNews(f"{self.entry.place}: {self.entry.event}: {key}: 没有“{name}”，可用：{'、'.join(among)}")

    def all(self, key: str, names: Names, among: Mapping[str, Any]) -> list[Any]:
        return [self.one(key, name, among) for name in names]

    def said(self, key: str, *names: str) -> list[Said]:
        """For each a function of conditions.py, or a field of the event; `a.b` is a part of it."""
        return [CONDITIONS.get(name) or self._field(key, name.split(".")) for name in names]

    def _field(self, key: str, path: list[str]) -> Said:
        shape = self.contract()
        for name in path:
            field = self.one(key, name, shape.fields if shape else {})
            inner = getattr(field, "inner", field)
            shape = inner.schema if isinstance(inner, fields.Nested) else None
        return lambda heard, to: _part(heard.data, path)


def _part(value: Any, path: list[str]) -> Any:
    """The part of each, where it is a list."""
    for name in path:
        value = [one[name] for one in value] if isinstance(value, list) else value and value[name]
    return value


def _subject(heard: Heard, to: Recipient | None) -> UUID:
    return UUID(heard.event.subject)


class Telling:
    """A message of an event, its names found. Errors: WrongNews."""

    def __init__(self, form: Template, find: Finder) -> None:
        self.key, self.once = form.key, form.cycle == ("once",)
        self.to = find.one("to", form.to, RECIPIENTS)
        self.when, self.unless = find.said("when", *form.when), find.said("unless", *form.unless)
        self.breaks_quiet = find.said("breaks_quiet", *form.breaks_quiet)
        self.cycle = [] if self.once else find.said("cycle", *form.cycle)
        find.all("words", tuple(form.words), dict.fromkeys(form.blanks))
        self.words = {blank: find.said("words", form.words.get(blank, blank))[0] for blank in form.blanks}

    def tell(self, heard: Heard, about: UUID) -> None:
        """Queues it for each recipient for whom its conditions hold."""
        for to in self.to(heard):
            if all(said(heard, to) for said in self.when) and not any(said(heard, to) for said in self.unless):
                words = {blank: said(heard, to) for blank, said in self.words.items()}
                words |= {"number": to.number} if to.number else {}
                when = When(breaks_quiet=any(said(heard, to) for said in self.breaks_quiet))
                occasion = "1" if self.once else "-".join(str(said(heard, to)) for said in self.cycle)
                news = News.of(heard.event, about, occasion or None)
                messages.queue(heard.session, self.key, to, news, words, heard.now, when)


class Story:
    """An entry of a table, its names found. Errors: WrongNews."""

    def __init__(self, entry: Entry) -> None:
        newest_last = sorted(EVENTS.values(), key=lambda contract: contract.version)
        self.contract = Finder(entry).one("event", entry.event, {one.name: one for one in newest_last})
        find = Finder(entry, self.contract)
        self.keeps, self.does = find.all("keeps", entry.keeps, STEPS), find.all("does", entry.does, STEPS)
        self.about = find.said("about", entry.about)[0] if entry.about else _subject
        self.takes_back = [form.key for form in find.all("takes_back", entry.takes_back, templates.every())]
        self.tells = [Telling(form, find) for form in entry.tells]


STORIES = {entry.event: Story(entry) for entry in templates.entries() if entry.event != SAYS}


@hears(*(story.contract for story in STORIES.values()))
def tell(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Keeps what the table says; then, unless a newer event has overtaken this one, takes back, does and tells."""
    story, heard = STORIES[event.name], Heard(session, who, event, now)
    for keep in story.keeps:
        keep(heard)
    if heard.overtaken:
        return
    about = story.about(heard, None)
    if story.takes_back:
        messages.withdraw(session, now, files.with_tasks(session, about), *story.takes_back)
    for do in story.does:
        do(heard)
    for telling in story.tells:
        telling.tell(heard, about)
