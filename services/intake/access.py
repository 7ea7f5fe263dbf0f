"""Who may do what with a case, checked here by role, place and item (domain §3.2, §3.6 inv. 6)."""

from __future__ import annotations

from typing import Protocol

from chassis.errors import Forbidden
from chassis.identity import Principal
from kernel.codes import Role
from services.intake import conditions
from services.intake.machines import APPEAL, FACTS, HAZARD, NON_TERMINAL
from services.intake.tables import Appeal, Hazard


class Placed(Protocol):
    """Anything that lies in an area."""

    area_path: str


REGISTRARS = (Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
READERS = (Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.FOLLOWUP, Role.AUDITOR)
WORKERS = (Role.GRID, Role.COMMUNITY, Role.STREET)
COORDINATORS = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
DESKS = (Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT)
REVEALERS = (Role.GRID, Role.COMMUNITY, Role.STREET, Role.FOLLOWUP)
REPORTERS = (Role.GRID, Role.COMMUNITY, Role.STEWARD, Role.STREET, Role.RESIDENT)
VERIFIERS = (Role.GRID, Role.COMMUNITY, Role.STREET)

ROLES_FOR: dict[str, tuple[Role, ...]] = {
    "accept_appeal": (Role.GRID, *COORDINATORS),
    "assign_appeal": COORDINATORS,
    "answer_appeal": DESKS,
    "divert_appeal": DESKS,
    "decline_appeal": DESKS,
    "merge_appeal": DESKS,
    "withdraw_appeal": WORKERS,
    "record_contact": WORKERS,
    "record_handling": WORKERS,
    "extend_appeal": WORKERS,
    "raise_urgency": DESKS,
    "identify_dispute": WORKERS,
    "report_result": WORKERS,
    "object_ending": DESKS,
    "decide_supervision": (Role.STREET, Role.DISTRICT),
    "secure_hazard": WORKERS,
    "verify_hazard": VERIFIERS,
}
"""Roles that do at the item's place; who is the handler, or the one who reported, may do more (`is_own`)."""

HANDLERS = frozenset({"sign_appeal", "record_contact", "record_handling", "extend_appeal", "identify_dispute"}) | {
    "report_result",
    "raise_urgency",
}
COMPLAINANTS = frozenset({"withdraw_appeal", "object_ending", "raise_urgency"})
"""What the resident who reported may do with the own case."""


AGAINST_INTEREST = frozenset({"withdraw_appeal", "decide_supervision"})
"""Never by the handler, whom they would rid of the case or judge (domain §3.6 inv. 7)."""


def is_resident(who: Principal) -> bool:
    return who.kind == "resident" or (who.roles <= {Role.RESIDENT, Role.PROXY} and bool(who.roles))


def covers(who: Principal, roles: tuple[Role, ...], place: str) -> bool:
    return any(who.holds(role, at=place) for role in roles)


def may(who: Principal, command: str, item: Appeal | Hazard) -> bool:
    """Whether `who` may do `command` with this item, whatever its state."""
    if isinstance(item, Hazard):
        return covers(who, ROLES_FOR[command], item.area_path)
    if command in HANDLERS and item.handler_id == who.id:
        return True
    if command in COMPLAINANTS and is_complainant(who, item):
        return True
    if command in AGAINST_INTEREST and item.handler_id == who.id:
        return False
    return command in ROLES_FOR and covers(who, ROLES_FOR[command], item.area_path)


def require(who: Principal, command: str, item: Appeal | Hazard) -> None:
    """Errors: Forbidden, naming the roles and the place that would do."""
    if not may(who, command, item):
        roles = list(ROLES_FOR.get(command, ()))
        raise Forbidden("您没有在此处办理此事的权限", command=command, roles=roles, place=item.area_path)


def allowed_commands(who: Principal, item: Appeal | Hazard) -> list[str]:
    """What the state allows now and `who` may do: pages draw their buttons from it."""
    machine = HAZARD if isinstance(item, Hazard) else APPEAL
    commands = machine.commands_from(item.state)
    free = [command for command in commands if command not in FACTS and may(who, command, item)]
    return free if isinstance(item, Hazard) else [each for each in free if conditions.refusal(item, each) is None]


def is_complainant(who: Principal, appeal: Appeal) -> bool:
    """The resident who reported, by the account it was reported with or as the person on record."""
    return is_resident(who) and who.id in (appeal.registered_by, str(appeal.reporter_id))


def takes_part(who: Principal, appeal: Appeal) -> bool:
    return who.id in (appeal.handler_id, appeal.first_responder_id) or is_complainant(who, appeal)


def require_reader(who: Principal, item: Placed) -> None:
    """Those who answer for the place or work on the item; other services get it without words. Errors: Forbidden."""
    if who.kind == "service" or covers(who, READERS, item.area_path):
        return
    if isinstance(item, Appeal) and takes_part(who, item):
        return
    if isinstance(item, Hazard) and item.reported_by_id == who.id:
        return
    raise Forbidden("您不能查看此件", roles=list(READERS), place=item.area_path)


def reads_words(who: Principal, item: Placed) -> bool:
    """Whether what people wrote is shown: to staff of the place and those who take part, never to other services."""
    return who.kind != "service" and not who.roles <= {Role.FOLLOWUP}


def sees_reporter(who: Principal, appeal: Appeal) -> bool:
    """Of a secret reporter only the first responder, the auditor and the reporter know (domain §3.6 inv. 6)."""
    if not appeal.secret:
        return True
    return (
        who.id == appeal.first_responder_id
        or is_complainant(who, appeal)
        or who.holds(Role.AUDITOR, at=appeal.area_path)
    )


def reveals(who: Principal, appeal: Appeal) -> bool:
    """Whether `who` may see the telephone of this appeal's people: scope and an open case; secret ones fewer still."""
    if not sees_reporter(who, appeal):
        return False
    if who.kind == "service" or who.holds(Role.AUDITOR, at=appeal.area_path):
        return True
    involved = who.id in (appeal.handler_id, appeal.first_responder_id)
    return appeal.state in NON_TERMINAL and (involved or covers(who, REVEALERS, appeal.area_path))
