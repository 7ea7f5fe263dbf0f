"""Performance 履行: the committee sees to it that what was promised is done (人民调解法 art. 31)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, NotFound
from chassis.identity import Principal
from contracts.mediation.agreements import AgreementPerformed, RecordPerformance
from contracts.mediation.breaches import TermPerformed
from contracts.mediation.cases import MediationCaseClosed
from kernel.codes import AgreementState, MediationResult
from services.mediation import access, ledger, states
from services.mediation.facts import tell
from services.mediation.tables import Agreement, Term


@asked(RecordPerformance)
def record(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Agreement:
    """Takes down that a term is done, with its proof; the last one closes the case as a success.

    Errors: NotFound; Conflict before effect, or when the term was done before.
    """
    agreement = states.begin(session, who, RecordPerformance, command)
    term = find(agreement, command["term_no"])
    require_undone(term)
    term.performed_at, term.proof, term.note = now, command["proof"], command.get("note")
    term.attachments, term.remind_at = command["attachments"], None
    term.recorded_by = access.staff(who)
    if all(one.performed_at for one in agreement.terms):
        _close(session, who, agreement, now)
    else:
        _go_on(session, who, agreement, term, now)
    return agreement


def find(agreement: Agreement, no: int) -> Term:
    """Errors: NotFound."""
    for term in agreement.terms:
        if term.no == no:
            return term
    raise NotFound("协议没有这一项", term_no=no)


def require_undone(term: Term) -> None:
    """Errors: Conflict."""
    if term.performed_at is not None:
        raise Conflict("该项义务已记录履行", term_no=term.no, performed_at=term.performed_at.isoformat())


def _go_on(session: Session, who: Principal, agreement: Agreement, term: Term, now: datetime) -> None:
    """Where nothing is left that was not kept, it is being performed again."""
    if agreement.state == AgreementState.BREACHED and not agreement.open_breaches:
        states.AGREEMENT.move(agreement, "made_good")
        states.CASE.move(agreement.case, "made_good")
    tell(session, TermPerformed, agreement.case, who, now, agreement_id=agreement.id, term_no=term.no)


def _close(session: Session, who: Principal, agreement: Agreement, now: datetime) -> None:
    case = agreement.case
    states.AGREEMENT.move(agreement, "performed")
    agreement.performed_at = now
    tell(session, AgreementPerformed, case, who, now, agreement_id=agreement.id)
    states.CASE.move(case, "performed")
    case.result, case.closed_at = MediationResult.SUCCESS, now
    tell(session, MediationCaseClosed, case, who, now, result=MediationResult.SUCCESS)
    ledger.case_closed(session, who, case, now)
