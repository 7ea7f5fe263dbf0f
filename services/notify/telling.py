"""What the tables of news/ say is told: one operation for every event they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from importlib import import_module
from inspect import isfunction, signature
from types import ModuleType
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.registry import CAPABILITIES, EVENTS
from services.notify import files, messages, recipients, safe_calls, saying, sessions, steps, templates
from services.notify.areas import GROUP_LEVELS, Recipient
from services.notify.files import Heard
from services.notify.messages import News
from services.notify.templates import SAYS, Entry, Template, WrongNews

OWN = "notify"
NAMED = (("id", "name"), ("person_id", "masked_name"))
"""How events name people: members of staff, and residents."""
ROOMS = [import_module(f"services.notify.{room}") for room in CAPABILITIES["notify"]]
"""What a rule is about, it stands with."""


def functions(of: str, answer: str, *modules: ModuleType) -> dict[str, Callable[..., Any]]:
    """Those a table can name: what the modules define with these parameters, answering so."""
    found = {
        name: one for module in modules for name, one in vars(module).items() if isfunction(one) and name[0] != "_"
    }
    return {
        name: one
        for name, one in found.items()
        if " ".join(signature(one).parameters) == of and re.fullmatch(answer, signature(one).return_annotation)
    }


STEPS = functions("heard", "None", steps, sessions, safe_calls, *ROOMS)
CONDITIONS = functions("heard to", ".*", steps)
RECIPIENTS = functions("heard", r".*\[Recipient\]", recipients, *ROOMS) | {
    str(role): partial(recipients.duty, role) for role in GROUP_LEVELS
}


def paths(shape: Schema) -> list[str]:
    """The fields of an event, and the parts of those that have some as `field.part`."""
    found = []
    for name, one in shape.fields.items():
        inner = getattr(one, "inner", one)
        parts = paths(inner.schema) if isinstance(inner, fields.Nested) else []
        found += [name, *(f"{name}.{part}" for part in parts)]
    return found


def contract_of(entry: Entry) -> Any:
    """The event's contract, where all names of the entry are known. Errors: WrongNews, naming file, event and key."""

    def known(among: Collection[str], **named: Collection[str]) -> None:
        for key, names in named.items():
            if missing := [name for name in names if name not in among]:
                others = "、".join(among)
                raise WrongNews(f"{entry.place}: {entry.event}: {key}: 没有“{'、'.join(missing)}”，可用：{others}")

    contracts = {one.name: one for one in sorted(EVENTS.values(), key=lambda one: one.version)}
    known(contracts, event=[entry.event])
    told = paths(contracts[entry.event]())
    known(STEPS, keeps=entry.keeps, does=entry.does)
    known([*told, *CONDITIONS], about=[entry.about])
    known(templates.FORMS, takes_back=entry.takes_back)
    for form in entry.tells:
        people = [name for name in told for key, called in NAMED if {f"{name}.{key}", f"{name}.{called}"} <= set(told)]
        known([*RECIPIENTS, *people], to=[form.to])
        known(form.blanks, words=form.words)
        blanks = [form.words.get(blank, blank) for blank in form.blanks]
        names = {"when": form.when, "unless": form.unless, "breaks_quiet": form.breaks_quiet, "cycle": form.cycle}
        known([*told, *CONDITIONS], **names, words=blanks)
    return contracts[entry.event]


ENTRIES = {entry.event: entry for entry in templates.ENTRIES if entry.event != SAYS}


TOLD = [contract_of(entry) for entry in ENTRIES.values()]


@hears(*(contract for contract in TOLD if contract.source != OWN))
def tell(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Keeps what the table says; then, unless a newer event has overtaken this one, takes back, does and tells."""
    entry, heard = ENTRIES[event.name], Heard(session, who, event, now)
    for name in entry.keeps:
        STEPS[name](heard)
    if heard.overtaken:
        return
    about = said(heard, None, entry.about)
    if entry.takes_back:
        messages.withdraw(session, now, files.with_tasks(session, about), *entry.takes_back)
    for name in entry.does:
        STEPS[name](heard)
    for form in entry.tells:
        _tell(heard, form, about)


saying.TELLS.update({contract.name: tell for contract in TOLD if contract.source == OWN})


def _tell(heard: Heard, form: Template, about: UUID) -> None:
    """Queues it for each recipient for whom its conditions hold."""
    for to in RECIPIENTS.get(form.to, partial(recipients.person, form.to))(heard):
        of = partial(said, heard, to)
        if all(map(of, form.when)) and not any(map(of, form.unless)):
            words = {blank: of(form.words.get(blank, blank)) for blank in form.blanks}
            words |= {"number": to.number} if to.number else {}
            cycle = "-".join(str(of(name)) for name in form.cycle) or None
            news = News.of(heard.event, about, cycle, breaks_quiet=any(map(of, form.breaks_quiet)))
            messages.queue(heard.session, form.key, to, news, words, heard.now)


def said(heard: Heard, to: Recipient | None, name: str) -> Any:
    """What a function of steps.py says, or the event in a field; of a list the part of each."""
    if name in CONDITIONS:
        return CONDITIONS[name](heard, to)
    value: Any = heard.data
    for part in name.split("."):
        value = [one[part] for one in value] if isinstance(value, list) else value and value[part]
    return value
