"""Looking whether an agreement is kept 履行回访: opened by the clock at its day and later, done by who mediated.

What is done by its day needs no look then; the later look is always taken (policy keys mediation.perform_reminder and
mediation.perform_check).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import performance_checks as say
from contracts.mediation.performance_checks import CheckOccasion
from contracts.mediation.performance_checks import CheckState as S
from kernel.calendar import last_day
from services.mediation import access
from services.mediation.facts import NOBODYS_YET, in_charge
from services.mediation.numbering import root_number
from services.mediation.rules import due, rules
from services.mediation.tables import Agreement, Case, PerformanceCheck

KEY, LIMIT = "mediation.perform_reminder", "mediation.perform_check"
_BATCH = 100


def _is_party(who: Principal, row: PerformanceCheck) -> bool:
    return access.TESTS["party"](who, row.case)


LIFE: Life[PerformanceCheck, S] = Life(
    PerformanceCheck,
    S.OPEN,
    {
        say.RecordCheck: Move({S.OPEN}, S.DONE),
        "called_off": Move({S.OPEN}, S.CALLED_OFF),
        "late": Move({S.OPEN}, S.OPEN, say.PerformanceCheckOverdue, when_due=True),
    },
    Rules(
        by_number(PerformanceCheck), say.CHECK_READERS, unknown_number, outbox.record, {"party": _is_party}, due=due,
        approaching=MediationDeadlineApproaching,
    ),
    clocks={S.OPEN: LIMIT},
    answers=(say.GetCheck, say.ListChecks),
)  # fmt: skip


class Look(NamedTuple):
    """`due`: which day of the agreement it is about."""

    at: datetime
    occasion: CheckOccasion
    due: datetime


def looks(agreement: Agreement, now: datetime) -> list[Look]:
    """All that are to be taken, in order."""
    dues = sorted({term.told_due for term in agreement.terms})
    found = []
    for days in rules(now).pack.value(KEY)["follow_up_days"]:
        found += [Look(each, CheckOccasion.DUE, each) for each in dues] if days == 0 else [
            Look(dues[-1] + timedelta(days=days), CheckOccasion.LATER, dues[-1])
        ]  # fmt: skip
    return sorted(found)


def begin(agreement: Agreement, now: datetime) -> None:
    """With effect."""
    agreement.next_check_at = min((each.at for each in looks(agreement, now)), default=None)


@every(seconds=15)
def open_due(session: Session, who: Principal, now: datetime) -> int:
    """Opens those whose moment has come; how many."""
    query = select(Case, Agreement).join(Agreement, Agreement.case_id == Case.id).where(Agreement.next_check_at <= now)
    first = query.order_by(Agreement.next_check_at, Agreement.id).limit(_BATCH)
    found = session.execute(first.with_for_update(of=Case, skip_locked=True)).all()
    return sum(len(list(_opened(session, who, agreement, now))) for _, agreement in found)


def _opened(session: Session, who: Principal, agreement: Agreement, now: datetime) -> Iterator[PerformanceCheck]:
    """Looks again now that the case is locked."""
    session.refresh(agreement)
    begun, agreement_looks = agreement.next_check_at, looks(agreement, now)
    if begun is None or begun > now:
        return
    agreement.next_check_at = min((each.at for each in agreement_looks if each.at > now), default=None)
    for look in (each for each in agreement_looks if begun <= each.at <= now):
        if look.occasion == CheckOccasion.LATER or _is_undone(agreement, look.due):
            yield _open(session, who, agreement, look, now)


def _is_undone(agreement: Agreement, by: datetime) -> bool:
    return any(term.performed_at is None and term.told_due <= by for term in agreement.terms)


def _open(session: Session, who: Principal, agreement: Agreement, look: Look, now: datetime) -> PerformanceCheck:
    case = agreement.case
    row = PerformanceCheck(
        case=case,
        agreement_id=agreement.id,
        area_path=case.area_path,
        sealed=case.sealed,
        occasion=look.occasion,
        day=last_day(look.due),
    )
    _give(row, case)
    row.case_number = root_number(session, "LO", case.area_path, now)
    return LIFE.started(session, who, row, now, say.PerformanceCheckOpened, owner=row.owner)


def _give(row: PerformanceCheck, case: Case) -> None:
    mediator = in_charge(case)
    row.owner_id, row.owner_name = (mediator.mediator_id, mediator.name) if mediator else (None, None)


@asked(say.RecordCheck)
def record(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> PerformanceCheck:
    """Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.RecordCheck, command)
    row.how, row.kept, row.words = command["how"], command["kept"], command["words"]
    row.attachments = command["attachments"]
    row.done_by_id, row.done_by_name, row.done_at = who.id, who.name, now
    return LIFE.done(session, who, row, now, say.PerformanceChecked)


def _waiting(session: Session, case: Case) -> list[PerformanceCheck]:
    query = select(PerformanceCheck).where(PerformanceCheck.case_id == case.id, PerformanceCheck.state == S.OPEN)
    return list(session.scalars(query.order_by(PerformanceCheck.id).with_for_update()))


def hand_over(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """Another mediator has the case, or few may see it now; so with what is to be looked at."""
    for row in _waiting(session, case):
        _give(row, case)
        row.sealed = case.sealed
        if row.owner:
            outbox.record(session, say.PerformanceCheckHandedOver, row, who, now, owner=row.owner)


def call_off(session: Session, who: Principal, agreement: Agreement, now: datetime) -> None:
    """It is the court's now."""
    agreement.next_check_at = None
    for row in _waiting(session, agreement.case):
        LIFE.move(row, "called_off")
        LIFE.wind(row, now)
        outbox.record(session, say.PerformanceCheckCalledOff, row, who, now)


@standing_of.register
def _stands(row: PerformanceCheck) -> Standing:
    owner = (f"person:{row.owner_id}",) if row.owner_id else NOBODYS_YET
    return Standing(
        kind=say.CheckView.about.kind, state=row.state, number=row.number, parent=str(row.case_id),
        due=row.due_at, waits=owner if row.state == S.OPEN else (),
        tally={
            "occasion": row.occasion, "kept": row.kept or "", "handler": row.owner_id or "",
            "sealed": (row.owner_id or "yes") if row.sealed else "",
        },
    )  # fmt: skip
