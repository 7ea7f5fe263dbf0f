"""Agreements 调解协议: drafted after accord, effective with the last of all signatures and the seal (art. 28–33)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.store import new_id
from contracts.mediation.agreements import AgreementDrafted, DraftAgreement
from kernel.codes import AgreementForm
from services.mediation import access, clocks, effect, parties, sessions, states
from services.mediation.tables import Agreement, Case, Term

Command = dict[str, Any]


@asked(DraftAgreement)
def draft(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Writes the agreement down; a draft nobody is bound by yet is replaced, its signatures with it.

    ORAL binds from the session in which it was reached (art. 30). Errors: as `Life.begin`; Conflict without a session
    that ended in accord or a party without a name; Invalid for terms between strangers or too few copies.
    """
    case = states.CASE.begin(session, who, DraftAgreement, command)
    reached = sessions.accord(case)
    parties.require_named(case)
    _check(case, command)
    _void_earlier(case)
    agreement = _drafted(case, who, command, now)
    sessions.call_off(case)
    clocks.meet(session, case, now)
    states.CASE.done(
        session, who, case, now, AgreementDrafted,
        agreement_id=agreement.id, agreement_number=case.mediation_number, form=agreement.form,
        copies=agreement.copies,
    )  # fmt: skip
    if agreement.form == AgreementForm.ORAL:
        states.AGREEMENT.move(agreement, "recorded_orally")
        effect.take(session, who, agreement, reached.starts_at, now)
    return agreement


def _void_earlier(case: Case) -> None:
    for earlier in case.agreements:
        if earlier.state in effect.UNBOUND:
            states.AGREEMENT.move(earlier, "redrafted")


def _check(case: Case, command: Command) -> None:
    known = {party.party_id for party in case.parties}
    wrong = {
        str(no): ["义务人与权利人应为本案不同的当事人"]
        for no, term in enumerate(command["terms"])
        if term["obligor_party_id"] == term["obligee_party_id"]
        or not {term["obligor_party_id"], term["obligee_party_id"]} <= known
    }
    if wrong:
        raise Invalid.because({"terms": wrong})
    needed = len(case.parties) + 1
    if command["copies"] < needed:
        raise Invalid.because({"copies": [f"当事人各执一份，调解组织留存一份，至少{needed}份"]})


def _drafted(case: Case, who: Principal, command: Command, now: datetime) -> Agreement:
    org = case.org
    if org is None:
        raise Conflict("本案尚无调解组织", state=case.state)
    agreement = Agreement(
        id=new_id(),
        no=len(case.agreements) + 1,
        state=states.AGREEMENT.initial,
        form=command["form"],
        facts=command["facts"],
        liability=command["liability"],
        copies=command["copies"],
        org_name=org.name,
        seal_text=org.seal_text or org.name,
        statutory=org.statutory,
        drafted_at=now,
        drafted_by=access.staff(who),
        judicial="NONE",
        terms=[Term(no=no, **term) for no, term in enumerate(command["terms"], start=1)],
    )
    case.agreements.append(agreement)
    return agreement
