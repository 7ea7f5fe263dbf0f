"""Whom a table of news/ can name: each function of `heard` alone says who that is for an event.

Besides, a table can name a role (its duty group at the place), and a field of the event that holds a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kernel.codes import AppealStage, CaseKind, EscalationLevel, Role, known
from services.notify import areas, files
from services.notify.areas import GROUP_LEVELS, Recipient
from services.notify.files import Heard
from services.notify.rules import policy
from services.notify.tables import AppealFile

LADDER = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
"""Who hears of an overdue appeal after the person at work on it, one step a level (an assumption, nobody's rule)."""
AT_WORK = "经办人"
"""Stands where the name of whom it waits for is not told."""


def reporter(heard: Heard) -> Iterable[Recipient]:
    """The appeal's own reporter; nobody where it is known that there is none."""
    file = heard.appeal
    return [files.reporter(file)] if file.has_reporter or not file.registered else []


def followers(heard: Heard) -> Iterable[Recipient]:
    """Each reporter once, also of what was merged into it, by the number each knows."""
    return map(files.reporter, files.followers(heard.session, heard.appeal))


def at_work(heard: Heard) -> Iterable[Recipient]:
    """The handler and the first responder; where neither is known the community."""
    return dict.fromkeys(_at_work(heard.appeal)) or duty(Role.COMMUNITY, heard)


def overdue_holder(heard: Heard) -> Iterable[Recipient]:
    """Each level tells the next one up: whoever is at work, the community, the street, the district.

    A supervision begins with the level that has it (policy key intake.supervision): the handler cannot mend it.
    """
    first = heard.data["level"] - 2
    if heard.data["stage"] == AppealStage.SUPERVISION:
        holder = Role(policy(heard.data["due_at"]).value("intake.supervision")["level"])
        first = LADDER.index(holder) + heard.data["level"] - 1
    at_work = _at_work(heard.appeal) if first < 0 else []
    return at_work[:1] or duty(LADDER[min(max(first, 0), len(LADDER) - 1)], heard)


def level_above(heard: Heard) -> Iterable[Recipient]:
    """The level above that has it now; of one nobody here knows, the district."""
    level = known(Role, str(heard.data["level"]))
    return duty(level if isinstance(level, Role) and level in GROUP_LEVELS else Role.DISTRICT, heard)


def owner_unit(heard: Heard) -> Iterable[Recipient]:
    """Who carries out a step."""
    return [areas.unit(heard.session, heard.data["owner"])]


def mending_unit(heard: Heard) -> Iterable[Recipient]:
    """Who is to mend what a supervisor found."""
    return [areas.unit(heard.session, heard.data["unit"])]


def called_unit(heard: Heard) -> Iterable[Recipient]:
    """The unit a whistle called: its head and desk."""
    return [_of_unit(heard, None)]


def supervised_unit(heard: Heard) -> Iterable[Recipient]:
    """Who answers for a task: the unit, which is its head and desk, and the receiver who has it."""
    holder = heard.data.get("holder")
    return [areas.unit(heard.session, heard.data["unit"]), *([areas.person(**holder)] if holder else [])]


def who_ordered(heard: Heard) -> Iterable[Recipient]:
    """Who ordered it; of what the platform ordered, or that rose above them, the duty group of its level; of a level
    that only a newer peer knows the district's."""
    issuer, level = heard.data["issued_by"], known(Role, str(heard.data["level"]))
    group = level if isinstance(level, Role) and level in GROUP_LEVELS else Role.DISTRICT
    return [areas.person(**issuer)] if issuer else duty(group, heard)


def supervision_holder(heard: Heard) -> Iterable[Recipient]:
    """The level that hears that it is late: the unit's head and desk, the street, the district."""
    told = known(Role, str(heard.data["told"]))
    return duty(told, heard) if isinstance(told, Role) and told in GROUP_LEVELS else supervised_unit(heard)


def payer_units(heard: Heard) -> Iterable[Recipient]:
    return [areas.unit(heard.session, code) for code in heard.data["payers"]]


def lead_unit(heard: Heard) -> Iterable[Recipient]:
    return [areas.unit(heard.session, heard.data["lead_unit"])]


def receiver(heard: Heard) -> Iterable[Recipient]:
    """The receiver; where nobody of the unit is at work, the unit: its head and desk."""
    return [_of_unit(heard, heard.data["receiver"])]


def escalation_holder(heard: Heard) -> Iterable[Recipient]:
    """The holder of the level: a named person, the street's or district's duty group, or the unit."""
    level, person = heard.data["level"], heard.data["notify_receiver"]
    groups = {EscalationLevel.STREET: Role.STREET, EscalationLevel.DISTRICT: Role.DISTRICT}
    return duty(groups[level], heard) if level in groups and person is None else [_of_unit(heard, person)]


def source_holder(heard: Heard) -> Iterable[Recipient]:
    """Whoever works on the appeal a whistle was blown for; of a hazard the community's duty group."""
    source = heard.data["source"]
    file = heard.session.get(AppealFile, source["id"]) if source["kind"] == CaseKind.APPEAL else None
    return _at_work(file)[:1] or duty(Role.COMMUNITY, heard)


def waited_for(heard: Heard) -> Iterable[Recipient]:
    """For whom its owner says that it waits: persons and units; else of the duty groups the nearest."""
    standing, holder = heard.event.standing, heard.data["holder"] or {}
    told = [one.split(":", 1) for one in (standing.waits if standing else ())]
    named = [areas.person(key, holder.get("name", AT_WORK)) for kind, key in told if kind == "person"]
    named += [areas.unit(heard.session, key) for kind, key in told if kind == "unit"]
    nearest = next((role for role in GROUP_LEVELS if f"role:{role}" in (standing.waits if standing else ())), None)
    return named or (duty(nearest, heard) if nearest else [])


def parties_on_file(heard: Heard) -> Iterable[Recipient]:
    """The parties of the case, where the event does not name them."""
    known = heard.dispute.parties if heard.dispute else []
    return [areas.party(heard.session, one, heard.event.area_path) for one in known]


def parties(heard: Heard) -> Iterable[Recipient]:
    """Every party the event names."""
    return [areas.party(heard.session, one, heard.event.area_path) for one in heard.data["parties"]]


def _at_work(file: AppealFile | None) -> list[Recipient]:
    """The handler before the first responder, as far as they are known."""
    return [areas.person(**ref) for ref in (file.handler, file.first_responder) if ref] if file else []


def duty(role: Role, heard: Heard) -> Iterable[Recipient]:
    """The duty group of a role at the place."""
    return [areas.group(heard.session, role, heard.event.area_path)]


def person(field: str, heard: Heard) -> Iterable[Recipient]:
    """The members of staff, or the resident, the event names in a field: one, none or a list of them."""
    named = heard.data[field]
    refs = [ref for ref in (named if isinstance(named, list) else [named]) if ref]
    place = heard.event.area_path
    return [areas.party(heard.session, ref, place) if "person_id" in ref else areas.person(**ref) for ref in refs]


def _of_unit(heard: Heard, ref: dict[str, Any] | None) -> Recipient:
    unit = heard.data["unit"]
    return areas.person(**ref) if ref else areas.unit(heard.session, unit["code"], unit["name"])
