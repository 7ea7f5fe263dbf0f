"""Terms of an agreement called to mind 履行提醒: before their day, on it and after (mediation.perform_reminder)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from contracts.mediation.breaches import AgreementTermDue
from kernel.calendar import at, last_day
from kernel.codes import AgreementState, DueWhen
from services.mediation import parties
from services.mediation.facts import holder, masked, tell
from services.mediation.rules import rules
from services.mediation.tables import Agreement, Case, Term

KEY, MORNING = "mediation.perform_reminder", time(9)
BINDING = {AgreementState.EFFECTIVE, AgreementState.BREACHED}
_BATCH = 100


def moments(term: Term, now: datetime) -> list[tuple[datetime, DueWhen]]:
    """When it is called to mind, and how it stands then; in the morning, by days from the last one."""
    days = sorted(rules(now).pack.value(KEY)["due_offset_days"])
    return [(at(last_day(term.due) + timedelta(days=each), MORNING), _stands(each)) for each in days]


def _stands(days: int) -> DueWhen:
    return DueWhen.TODAY if days == 0 else DueWhen.SOON if days < 0 else DueWhen.LATE


def wind(term: Term, now: datetime) -> None:
    """What is over by now is not told any more."""
    term.remind_at = next((moment for moment, _ in moments(term, now) if moment > now), None)


def begin(agreement: Agreement, now: datetime) -> None:
    for term in agreement.terms:
        wind(term, now)


def stop(agreement: Agreement) -> None:
    for term in agreement.terms:
        term.remind_at = None


@every(seconds=15)
def remind(session: Session, who: Principal, now: datetime) -> int:
    """Tells of terms whose moment has come, each moment once, in this run up to a batch; how many."""
    query = (
        select(Case, Term).join(Agreement, Agreement.case_id == Case.id).join(Term, Agreement.id == Term.agreement_id)
    )
    due = query.where(Term.remind_at <= now).order_by(Term.remind_at, Term.agreement_id, Term.no).limit(_BATCH)
    found = session.execute(due.with_for_update(of=Case, skip_locked=True)).all()
    return sum(_told(session, who, case, term, now) for case, term in found)


def _told(session: Session, who: Principal, case: Case, term: Term, now: datetime) -> bool:
    """Looks again now that the case is locked: it may have been done meanwhile."""
    session.refresh(term)
    if term.remind_at is None or term.remind_at > now:
        return False
    reached = [when for moment, when in moments(term, now) if moment <= now]
    wind(term, now)
    if not reached or term.performed_at or term.agreement.state not in BINDING or _known(term, reached[-1]):
        return False
    obligor = masked([parties.find(case, term.obligor_party_id)])[0]
    said = {"agreement_id": term.agreement_id, "term_no": term.no, "when": reached[-1], "due_at": term.due}
    tell(session, AgreementTermDue, case, who, now, **said, obligor=obligor, holder=holder(case))
    return True


def _known(term: Term, when: DueWhen) -> bool:
    """That it is late was taken down already."""
    return when == DueWhen.LATE and any(one.term_no == term.no for one in term.agreement.open_breaches)
