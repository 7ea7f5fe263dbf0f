"""Wordings 通知用语: what can be sent, filled with the values of an example, and its length as a text message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.notify.wordings import ListWordings
from contracts.registry import EVENTS
from kernel.codes import Audience, Role
from services.notify.gateways.texts import as_text, sms_parts, units
from services.notify.rules import digest_after
from services.notify.templates import CHANNELS, ENTRIES, SAYS, Entry, Template

UNKNOWN = "××××"
"""For what only a real case has: the place of a session, the words of a person."""
BY_CODE = "（按时间或规则）"
FACTS = {one.name: one for one in sorted(EVENTS.values(), key=lambda one: one.version)}


@asked(ListWordings)
def list_wordings(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, ListWordings, None)
    asked_for = command["template"]
    shown = [_shown(entry, form, now) for entry, form in all_forms() if asked_for in (None, form.key)]
    return {"items": sorted(shown, key=lambda one: (-one["units"], one["template"])), "next_cursor": None}


def all_forms() -> Iterator[tuple[Entry, Template]]:
    return ((entry, form) for entry in ENTRIES for form in entry.tells)


def _shown(entry: Entry, form: Template, now: datetime) -> dict[str, Any]:
    text = sample(entry, form)
    fact = FACTS.get(entry.event)
    return {
        **{name: getattr(form, name) for name in ("version", "title", "body")},
        "template": form.key, "event": fact.title if fact else BY_CODE, "to": _to(form), "channels": _channels(form),
        "sample": text, "units": units(text), "parts": len(sms_parts(text)),
        "may_wait": digest_after(form.key, now) is not None,
    }  # fmt: skip


def sample(entry: Entry, form: Template) -> str:
    """As a text message would read it."""
    fact = FACTS.get(entry.event) if entry.event != SAYS else None
    data = fact().load(fact.example) if fact else {}
    return as_text(*form.filled({blank: _value(data, form.words.get(blank, blank)) for blank in form.blanks}))


def _value(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return UNKNOWN if data is None else data


def _to(form: Template) -> str:
    return Role(form.to).label if form.to in set(Role) else form.to or BY_CODE


def _channels(form: Template) -> list[Any]:
    """Of residents first, where the message names none of its own."""
    return list(form.channels_for(Audience.STAFF)) if form.channels else list(CHANNELS[Audience.RESIDENT])
