"""Timeline entries as people read them: in order, in words, and with nobody's name who asked for secrecy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.envelope import Event
from kernel.calendar import moment_words
from services.portal.readmodel import lists, words
from services.portal.readmodel.tables import Entry, Matter

View = dict[str, Any]

HIDDEN = "（保密）"
SYSTEM = "系统"
STAFF = "工作人员"
RESIDENT = "居民"
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Residents without an account act under an id made for them; members of staff have readable ids."""


def all_of(session: Session, *numbers: str) -> list[Entry]:
    """The whole timeline of these cases in order."""
    return sorted(session.scalars(select(Entry).where(Entry.case_number.in_(numbers))), key=order)


def with_merged(session: Session, root: Matter) -> list[Entry]:
    """The timeline of a case and of those that follow it, in order: the survivor shows what was merged into it."""
    return all_of(session, root.number, *lists.merged(session, root.number))


def order(entry: Entry) -> tuple[Any, ...]:
    """By time; of one instant as the story goes, so that the order of arrival leaves no trace."""
    rank = words.rank(entry.source, entry.name)
    return entry.time, rank, entry.subject, entry.aggregate_version, entry.event_id


def views(root: Matter, entries: Sequence[Entry], *, discreet: bool, units: Mapping[str, str]) -> list[View]:
    """For staff. `discreet`: residents stay unnamed, though masked; always so where secrecy was asked for.

    `units` are names by code; what they lack the events themselves may name.
    """
    known, hide = {**unit_names(entries), **units}, discreet or root.secret
    return [_view(entry, known, hide) for entry in entries]


def _view(entry: Entry, units: Mapping[str, str], hide: bool) -> View:
    data = without_names(entry.data) if hide else entry.data
    return {
        "seq": entry.seq,
        "id": entry.event_id,
        "time": entry.time,
        "when": moment_words(entry.time),
        "source": entry.source,
        "name": entry.name,
        "label": words.label(entry.source, entry.name),
        "actor": {"id": entry.actor, "name": actor_name(entry)},
        "text": words.for_staff(entry.source, entry.name, data, units),
        "data": data,
    }


def actor_name(entry: Entry) -> str:
    if entry.actor.startswith("service:"):
        return SYSTEM
    return entry.actor_name or (RESIDENT if UUID_FORM.fullmatch(entry.actor) else STAFF)


def without_names(data: Any) -> Any:
    """The same facts without any resident's masked name or id."""
    if isinstance(data, list):
        return [without_names(each) for each in data]
    if not isinstance(data, dict):
        return data
    if "masked_name" in data:
        return {**data, "masked_name": HIDDEN, "person_id": None}
    if data.get("audience") == "RESIDENT":
        return {**data, "recipient": {"id": "", "name": HIDDEN}}
    return {name: without_names(value) for name, value in data.items()}


def unit_names(entries: Iterable[Entry | Event]) -> dict[str, str]:
    """Names of units by code, as the events of a case give them."""
    found: dict[str, str] = {}
    for entry in entries:
        _note_units(entry.data, found)
    return found


def _note_units(data: Any, found: dict[str, str]) -> None:
    if isinstance(data, dict):
        code, name = data.get("code", data.get("unit")), data.get("unit_name", data.get("name"))
        if isinstance(code, str) and isinstance(name, str):
            found[code] = name
        data = list(data.values())
    for each in data if isinstance(data, list) else ():
        _note_units(each, found)


def for_resident(entries: Sequence[Entry]) -> list[View]:
    """What the resident reads of the own case. The same sentence twice running is said once."""
    units, told = unit_names(entries), list[View]()
    for entry in entries:
        text = words.for_resident(entry.source, entry.name, entry.data, units)
        if text and (not told or told[-1]["text"] != text):
            told.append({"at": entry.time, "when": moment_words(entry.time), "text": text})
    return told
