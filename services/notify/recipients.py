"""Whom a table of news/ can name: each function here is the name of a recipient, and says who that is for an event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kernel.codes import AppealStage, CaseKind, EscalationLevel, Role, known
from services.notify import areas, files
from services.notify.areas import Recipient
from services.notify.files import Heard
from services.notify.rules import policy
from services.notify.tables import AppealFile

LADDER = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
"""Who hears of an overdue appeal after the person at work on it, one step a level (an assumption, nobody's rule)."""


def reporter(heard: Heard) -> Iterable[Recipient]:
    """The appeal's own reporter; nobody where it is known that there is none."""
    file = heard.appeal
    return [files.reporter(file)] if file.has_reporter or not file.registered else []


def followers(heard: Heard) -> Iterable[Recipient]:
    """Each reporter once, also of what was merged into it, by the number each knows."""
    return map(files.reporter, files.followers(heard.session, heard.appeal))


def handler(heard: Heard) -> Iterable[Recipient]:
    return [_person(heard.data["handler"])]


def first_responder(heard: Heard) -> Iterable[Recipient]:
    return [_person(heard.data["first_responder"])]


def at_work(heard: Heard) -> Iterable[Recipient]:
    """The handler and the first responder; where neither is known the community."""
    return dict.fromkeys(_at_work(heard.appeal)) or [_group(heard, Role.COMMUNITY)]


def overdue_holder(heard: Heard) -> Iterable[Recipient]:
    """Each level tells the next one up: whoever is at work, the community, the street, the district.

    A supervision begins with the level that has it (policy key intake.supervision): the handler cannot mend it.
    """
    first = heard.data["level"] - 2
    if heard.data["stage"] == AppealStage.SUPERVISION:
        holder = Role(policy(heard.data["due_at"]).value("intake.supervision")["level"])
        first = LADDER.index(holder) + heard.data["level"] - 1
    at_work = _at_work(heard.appeal) if first < 0 else []
    return at_work[:1] or [_group(heard, LADDER[min(max(first, 0), len(LADDER) - 1)])]


def supervisor(heard: Heard) -> Iterable[Recipient]:
    """The level above that has it now; of one nobody here knows, the district."""
    level = known(Role, str(heard.data["level"]))
    return [_group(heard, level if isinstance(level, Role) else Role.DISTRICT)]


def lead_unit(heard: Heard) -> Iterable[Recipient]:
    return [areas.unit(heard.session, heard.data["lead_unit"])]


def street(heard: Heard) -> Iterable[Recipient]:
    """The street's duty group, which approves."""
    return [_group(heard, Role.STREET)]


def receiver(heard: Heard) -> Iterable[Recipient]:
    """The receiver; where nobody of the unit is at work, the unit: its head and desk."""
    return [_of_unit(heard, heard.data["receiver"])]


def escalation_holder(heard: Heard) -> Iterable[Recipient]:
    """The holder of the level: a named person, the street's or district's duty group, or the unit."""
    level, person = heard.data["level"], heard.data["notify_receiver"]
    groups = {EscalationLevel.STREET: Role.STREET, EscalationLevel.DISTRICT: Role.DISTRICT}
    return [_group(heard, groups[level]) if level in groups and person is None else _of_unit(heard, person)]


def source_holder(heard: Heard) -> Iterable[Recipient]:
    """Whoever works on the appeal a whistle was blown for; of a hazard the community's duty group."""
    source = heard.data["source"]
    file = heard.session.get(AppealFile, source["id"]) if source["kind"] == CaseKind.APPEAL else None
    return _at_work(file)[:1] or [_group(heard, Role.COMMUNITY)]


def parties(heard: Heard) -> Iterable[Recipient]:
    """Every party the event names."""
    return [areas.party(heard.session, one, heard.event.area_path) for one in heard.data["parties"]]


def _at_work(file: AppealFile | None) -> list[Recipient]:
    """The handler before the first responder, as far as they are known."""
    if file is None:
        return []
    both = ((file.handler_id, file.handler_name), (file.first_responder_id, file.first_responder_name))
    return [areas.person(id_, name or id_) for id_, name in both if id_]


def _group(heard: Heard, role: Role) -> Recipient:
    return areas.group(heard.session, role, heard.event.area_path)


def _person(ref: dict[str, Any]) -> Recipient:
    return areas.person(ref["id"], ref["name"])


def _of_unit(heard: Heard, person: dict[str, Any] | None) -> Recipient:
    unit = heard.data["unit"]
    return _person(person) if person else areas.unit(heard.session, unit["code"], unit["name"])
