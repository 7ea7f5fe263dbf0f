"""What the portal holds about a person: the entries of their cases, with masked names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import holdings
from capability.holdings import Holding, Subject
from capability.life import permit
from chassis.entrypoints import Ask, asked
from chassis.envelope import Event
from chassis.erased import GONE, nameless
from chassis.identity import Principal
from contracts.intake.erasures import ReportErased
from contracts.portal.holdings import CopyFromPortal
from kernel.calendar import moment_words
from services.portal.readmodel import terms, words
from services.portal.readmodel.tables import Entry, Matter
from services.portal.uploads import sweeping

SECONDS = 3.0
"""How long intake may take to note the report; then the event comes again, and the report is the same."""


def _entries(session: Session, subject: Subject) -> Iterable[Entry]:
    query = select(Entry).where(Entry.case_number.in_(subject.numbers)).order_by(Entry.time, Entry.event_id)
    ids = {str(each) for each in subject.person_ids}
    return [entry for entry in session.scalars(query) if nameless(entry.data, ids) != entry.data or _all(subject)]


def _all(subject: Subject) -> bool:
    """Whether it is a copy that is asked for: the person sees every entry of the own cases."""
    return bool(subject.people)


def _holdings(person_ids: Iterable[Any]) -> tuple[Holding, ...]:
    ids = {str(each) for each in person_ids}
    shown = {
        "经过": lambda entry: words.label(entry.source, entry.name),
        "什么时候": lambda entry: moment_words(entry.time),
    }
    cleared = {
        "data": lambda entry: nameless(entry.data, ids),
        "actor_name": lambda entry: GONE if entry.actor in ids else entry.actor_name,
    }
    return (Holding("时间线", _entries, shown, cleared),)


@asked(CopyFromPortal)
def copy_held(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for all but intake."""
    permit(who, CopyFromPortal, None)
    return {"items": holdings.copy(session, _holdings(command["person_ids"]), holdings.subject_of(command))}


def erase_held(session: Session, who: Principal, event: Event, now: datetime, ask: Ask) -> None:
    """Errors: those of intake; then the event comes again."""
    told = holdings.carry_out(session, who, event, now, _holdings(event.data["person_ids"]))
    if told:
        forget_names(session, event.data["numbers"])
        told["cleared"] += sweeping.forget(session, event.data["numbers"], now)
        ask(ReportErased, {name: _plain(told[name]) for name in ("erasure_id", "cleared")}, deadline=SECONDS)


def forget_names(session: Session, numbers: Sequence[str]) -> None:
    """Matters are found no more by names that none of their entries has."""
    held = defaultdict[str, set[str]](set)
    for entry in session.scalars(select(Entry).where(Entry.case_number.in_(numbers))):
        held[entry.subject] |= terms.of_names(entry.data)
    for matter in session.scalars(select(Matter).where(Matter.case_number.in_(numbers)).with_for_update()):
        matter.words = [
            word for word in matter.words if not word.startswith(terms.NAME) or word in held[matter.id]
        ]  # fmt: skip


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)
