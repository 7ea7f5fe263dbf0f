"""What is shown of a case to whom (domain §3.2, §3.6 inv. 6). Who may do what stands with the commands (`by`).

What somebody may not see does not exist for them: NotFound, with the words of an unknown number.
"""

from __future__ import annotations

from collections.abc import Iterable

from capability.life import unknown_number
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.intake.appeals import GetAppeal
from contracts.intake.base import ASKED_ABOUT_BY, COMPLAINANT, KNOWING, WORD_READERS
from kernel.codes import AppealState
from kernel.rights import Right, Tests
from services.intake.conditions import NON_TERMINAL
from services.intake.tables import Appeal

TESTS: Tests = {
    "open": lambda who, appeal: appeal.state in NON_TERMINAL,
    "unhandled": lambda who, appeal: appeal.handler_id is None,
    "asked_on_account": lambda who, appeal: getattr(appeal.account_waiting, "asked_by_id", None) == who.id,
    "awaits_answer": lambda who, appeal: appeal.state == AppealState.RESULT_REPORTED,
}
"""What decides the named rights of intake's commands."""


def allows(right: Right, who: Principal, appeal: Appeal) -> bool:
    return right.allows(who, appeal, TESTS)


def covers(who: Principal, roles: Iterable[str], place: str) -> bool:
    return any(who.holds(role, at=place) for role in roles)


def is_complainant(who: Principal, appeal: Appeal) -> bool:
    return allows(COMPLAINANT, who, appeal)


def require_same_secrecy(appeal: Appeal, survivor: Appeal) -> None:
    """Merging may not show a complaint to the side it complains of. Errors: Conflict."""
    if not set(appeal.against) <= set(survivor.against):
        raise Conflict("投诉工作人员或单位的诉求，不能并入被投诉一方看得到的工单", number=survivor.case_number)


def require_reader(who: Principal, appeal: Appeal | None, number: str) -> Appeal:
    """The appeal itself. Errors: NotFound where there is none, or not for the eyes of `who`."""
    if appeal is None or not allows(GetAppeal.by, who, appeal):
        raise unknown_number({"number": number})
    return appeal


def reads_words(who: Principal, appeal: Appeal) -> bool:
    return allows(WORD_READERS, who, appeal)


def asks_about(who: Principal, appeal: Appeal) -> bool:
    """Whether `who` is the follow-up caller of another unit and the result waits for the answer: she reads what she
    asks about, the matter and its result, and nothing of how it was handled (domain §4.8, 个人信息保护法 art. 6).
    """
    return allows(ASKED_ABOUT_BY, who, appeal)


def sees_reporter(who: Principal, appeal: Appeal) -> bool:
    return allows(KNOWING, who, appeal)
