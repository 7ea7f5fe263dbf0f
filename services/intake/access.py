"""Who may do what with a case, checked here by role, place and item (domain §3.2, §3.6 inv. 6).

What somebody may not see does not exist for them: NotFound, with the words of an unknown number. Forbidden is for
those who may see an item and not do the act.
"""

from __future__ import annotations

from typing import Protocol

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Principal
from kernel.codes import AppealState, Role
from kernel.numbers import check
from services.intake import conditions
from services.intake.machines import APPEAL, FACTS, HAZARD, NON_TERMINAL
from services.intake.tables import Appeal, Hazard


class Placed(Protocol):
    """Anything that lies in an area and has a number people know."""

    area_path: str
    case_number: str


REGISTRARS = (Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
READERS = (Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.FOLLOWUP, Role.AUDITOR)
WORD_READERS = tuple(role for role in READERS if role is not Role.FOLLOWUP)
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


def is_complained_of(who: Principal, item: Placed) -> bool:
    """Whether `who`, or a unit of hers, is complained of: such a person sees, does and hears nothing of the item."""
    return isinstance(item, Appeal) and who.is_among(item.against)


def may(who: Principal, command: str, item: Appeal | Hazard) -> bool:
    """Whether `who` may do `command` with this item, whatever its state."""
    if is_complained_of(who, item):
        return False
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
    """Errors: NotFound for what `who` may not see; Forbidden, naming the roles and the place that would do."""
    if not may(who, command, item):
        require_reader(who, item)
        roles = list(ROLES_FOR.get(command, ()))
        raise Forbidden("您没有在此处办理此事的权限", command=command, roles=roles, place=item.area_path)


def allowed_commands(who: Principal, item: Appeal | Hazard) -> list[str]:
    """What the state allows now and `who` may do: pages draw their buttons from it."""
    machine = HAZARD if isinstance(item, Hazard) else APPEAL
    commands = machine.commands_from(item.state)
    free = [command for command in commands if command not in FACTS and may(who, command, item)]
    return free if isinstance(item, Hazard) else [each for each in free if conditions.refusal(item, each) is None]


def require_same_secrecy(appeal: Appeal, survivor: Appeal) -> None:
    """Merging may not show a complaint to the side it complains of. Errors: Conflict."""
    if not set(appeal.against) <= set(survivor.against):
        raise Conflict("投诉工作人员或单位的诉求，不能并入被投诉一方看得到的工单", number=survivor.case_number)


def is_complainant(who: Principal, appeal: Appeal) -> bool:
    """The resident who reported, by the account it was reported with or as the person on record."""
    return is_resident(who) and who.id in (appeal.registered_by, str(appeal.reporter_id))


def takes_part(who: Principal, appeal: Appeal) -> bool:
    return who.id in (appeal.handler_id, appeal.first_responder_id) or is_complainant(who, appeal)


def is_reader(who: Principal, item: Placed) -> bool:
    """Those who answer for the place or work on the item; other services get it without words."""
    if is_complained_of(who, item):
        return False
    return who.kind == "service" or covers(who, READERS, item.area_path) or _has_part(who, item)


def require_reader(who: Principal, item: Placed) -> None:
    """Errors: NotFound for whoever is no reader of the item."""
    if not is_reader(who, item):
        raise unknown(item.case_number)


def unknown(number: str) -> NotFound:
    """What is answered for a number that does not exist, or not for the asker; with a hint where it was misread."""
    return NotFound("没有找到这个编号" if check(number) else "编号有误，请核对是否抄错", number=number)


def _has_part(who: Principal, item: Placed) -> bool:
    if isinstance(item, Appeal):
        return takes_part(who, item)
    return isinstance(item, Hazard) and item.reported_by_id == who.id


def reads_words(who: Principal, item: Placed) -> bool:
    """Whether what people wrote is shown: to staff of the place and those who take part, never to other services.

    The follow-up caller needs the number and the state alone (domain §4.8).
    """
    if who.kind == "service" or is_complained_of(who, item):
        return False
    return covers(who, WORD_READERS, item.area_path) or _has_part(who, item)


def asks_about(who: Principal, appeal: Appeal) -> bool:
    """Whether `who` is the follow-up caller of another unit and the result waits for the answer: she reads what she
    asks about, the matter and its result, and nothing of how it was handled (domain §4.8, 个人信息保护法 art. 6).
    """
    waits = appeal.state == AppealState.RESULT_REPORTED and appeal.lead_unit not in who.units
    return waits and not is_complained_of(who, appeal) and who.holds(Role.FOLLOWUP, at=appeal.area_path)


def sees_reporter(who: Principal, appeal: Appeal) -> bool:
    """Of a secret reporter only the first responder, the auditor and the reporter know (domain §3.6 inv. 6)."""
    if is_complained_of(who, appeal):
        return False
    if not appeal.secret:
        return True
    return (
        who.id == appeal.first_responder_id
        or is_complainant(who, appeal)
        or who.holds(Role.AUDITOR, at=appeal.area_path)
    )


def reaches(who: Principal, appeal: Appeal) -> bool:
    """Whether `who` may have the telephone of the reporter, secret or not, and nothing else.

    That is who sends the messages; the follow-up caller of another unit while a result waits for the answer; and who
    may see more anyway.
    """
    if is_complained_of(who, appeal):
        return False
    return who == Principal.service("notify") or asks_about(who, appeal) or reveals(who, appeal)


def reveals(who: Principal, appeal: Appeal) -> bool:
    """Whether `who` may see name and telephone of this appeal's people: scope and an open case; secret ones fewer."""
    if not sees_reporter(who, appeal):
        return False
    if who.kind == "service" or who.holds(Role.AUDITOR, at=appeal.area_path):
        return True
    involved = who.id in (appeal.handler_id, appeal.first_responder_id)
    return appeal.state in NON_TERMINAL and (involved or covers(who, REVEALERS, appeal.area_path))
