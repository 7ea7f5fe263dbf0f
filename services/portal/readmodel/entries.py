"""Timeline entries as people read them: in order, in words, and with nobody's name who asked for secrecy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.calendar import moment_words
from services.portal.readmodel import picture, words
from services.portal.readmodel.tables import CasePage, TimelineEntry

View = dict[str, Any]

HIDDEN = "（保密）"
SYSTEM = "系统"
STAFF = "工作人员"
RESIDENT = "居民"
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Residents without an account act under an id made for them; members of staff have readable ids."""


def all_of(session: Session, number: str) -> list[TimelineEntry]:
    """The whole timeline in order."""
    found = session.scalars(select(TimelineEntry).where(TimelineEntry.case_number == number))
    return sorted(found, key=order)


def with_merged(session: Session, page: CasePage) -> list[TimelineEntry]:
    """The timeline of a case and of those that follow it, in order: the survivor shows what was merged into it."""
    numbers, fresh = {page.number}, picture.merged(page.facts)
    while fresh:
        following = (CasePage.number.in_(fresh), CasePage.state == "MERGED")
        rows = [row for row in session.scalars(select(CasePage).where(*following)) if row.number not in numbers]
        numbers |= {row.number for row in rows}
        fresh = [number for row in rows for number in picture.merged(row.facts)]
    found = session.scalars(select(TimelineEntry).where(TimelineEntry.case_number.in_(numbers)))
    return sorted(found, key=order)


def after(session: Session, number: str, seq: int) -> Sequence[TimelineEntry]:
    """What was told since `seq`, as it came in."""
    newer = (TimelineEntry.case_number == number, TimelineEntry.seq > seq)
    return session.scalars(select(TimelineEntry).where(*newer).order_by(TimelineEntry.seq)).all()


def order(entry: TimelineEntry) -> tuple[Any, ...]:
    """By time; of one instant as the story goes, so that the order of arrival leaves no trace."""
    rank = words.rank(entry.source, entry.name)
    return entry.time, rank, entry.subject, entry.aggregate_version, entry.event_id


def views(page: CasePage, entries: Iterable[TimelineEntry], *, discreet: bool) -> list[View]:
    """For staff. `discreet`: residents stay unnamed, though masked; always so where secrecy was asked for."""
    units, hide = picture.unit_names(page.facts), discreet or page.secret
    return [_view(entry, units, hide) for entry in entries]


def _view(entry: TimelineEntry, units: dict[str, str], hide: bool) -> View:
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


def actor_name(entry: TimelineEntry) -> str:
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


def for_resident(page: CasePage, entries: Iterable[TimelineEntry]) -> list[View]:
    """What the resident reads of the own case. The same sentence twice running is said once."""
    units = picture.unit_names(page.facts)
    told: list[View] = []
    for entry in entries:
        text = words.for_resident(entry.source, entry.name, entry.data, units)
        if text and (not told or told[-1]["text"] != text):
            told.append({"at": entry.time, "when": moment_words(entry.time), "text": text})
    return told
