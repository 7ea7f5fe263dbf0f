"""Signatures, the seal, and the moment an agreement binds (人民调解法 art. 29, 31, 33; domain §3.6 inv. 9, 10)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.mediation.agreements import (
    AgreementSigned,
    AgreementTookEffect,
    JudicialConfirmationWindowOpened,
    SealAgreement,
    SignAgreement,
)
from kernel.calendar import at, day_words, local_day
from kernel.codes import AgreementState, JudicialState, Signer, SignManner
from services.mediation import access, parties, performance_checks, reminders, representatives, sessions, states
from services.mediation.facts import in_charge, masked, tell
from services.mediation.rules import WINDOW, rules
from services.mediation.tables import Agreement, Case, Signature

Command = dict[str, Any]

UNBOUND = {AgreementState.DRAFT, AgreementState.SIGNING}
"""States in which signatures are still collected."""


@asked(SignAgreement)
def sign(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Takes down that a party or the mediator has signed the sheet, by signature, seal or fingerprint.

    Errors: NotFound; Invalid for the committee's seal, a party missing or an impossible date on the paper; Conflict
    when signed before or in effect.
    """
    agreement = states.begin(session, who, SignAgreement, command)
    paper_date = _paper_date(agreement.case, command, now)
    signature = Signature(
        signer=command["signer"],
        who=_signer(agreement, command),
        representative_id=representatives.signing(agreement.case, command, paper_date),
        manner=command["manner"],
        scan_sha256=command.get("scan_sha256"),
        paper_date=paper_date,
        **access.taken_down(who, now),
    )
    return _add(session, who, agreement, signature, SignAgreement, now)


@asked(SealAgreement)
def seal(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Takes down that the organisation's seal is set. Errors: as `sign`."""
    agreement = states.begin(session, who, SealAgreement, command)
    seal_id = agreement.case.org_code or agreement.seal_text
    signature = Signature(
        signer=Signer.SEAL,
        who=seal_id,
        manner=SignManner.SEAL,
        paper_date=_paper_date(agreement.case, command, now),
        **access.taken_down(who, now),
    )
    return _add(session, who, agreement, signature, SealAgreement, now)


def _paper_date(case: Case, command: Command, now: datetime) -> date:
    """The day written beside the mark, today where none is given. Errors: Invalid before the accord or after today."""
    today, reached = local_day(now), local_day(sessions.accord(case).starts_at)
    written: date = command.get("paper_date") or today
    if written > today:
        raise Invalid.because({"paper_date": [f"落款日期不能晚于今天（{day_words(today)}）"]})
    if written < reached:
        raise Invalid.because({"paper_date": [f"落款日期不能早于达成一致的调解会（{day_words(reached)}）"]})
    return written


def _signer(agreement: Agreement, command: Command) -> str:
    """Whose signature it is: a party's id, or that of the mediator in charge."""
    if command["signer"] == Signer.PARTY:
        if command.get("party_id") is None:
            raise Invalid.because({"party_id": ["当事人签署时必填"]})
        return str(parties.find(agreement.case, command["party_id"]).party_id)
    if command["signer"] == Signer.SEAL:
        raise Invalid.because({"signer": ["加盖印章请使用 seal_agreement"]})
    if command.get("party_id") is not None:
        raise Invalid.because({"party_id": ["只在当事人签署时填写"]})
    mediator = in_charge(agreement.case)
    if mediator is None:
        raise Conflict("本案尚未确定调解员", state=agreement.case.state)
    return mediator.mediator_id


def _add(
    session: Session, who: Principal, agreement: Agreement, signature: Signature, command: Any, now: datetime
) -> Agreement:
    key = (signature.signer, signature.who)
    if key in {(given.signer, given.who) for given in agreement.signatures}:
        raise Conflict("已经签署或盖章，不能重复", signer=str(signature.signer), who=signature.who)
    agreement.signatures.append(signature)
    states.AGREEMENT.move(agreement, command)
    states.CASE.done(
        session, who, agreement.case, now, AgreementSigned,
        agreement_id=agreement.id, signer=signature.signer, manner=signature.manner,
        party_id=signature.who if signature.signer == Signer.PARTY else None, paper_date=signature.paper_date,
    )  # fmt: skip
    if not missing(agreement):
        states.AGREEMENT.move(agreement, "complete")
        take(session, who, agreement, _effective_at(agreement), now)
    return agreement


def _effective_at(agreement: Agreement) -> datetime:
    """The latest mark as dated on the paper (domain §3.6 inv. 9), never before the accord.

    A mark dated the day it was taken down counts from then, an earlier one from the beginning of its day.
    """
    marks = [
        given.at if local_day(given.at) == given.paper_date else at(given.paper_date, time(0))
        for given in agreement.signatures
    ]
    return max(*marks, sessions.accord(agreement.case).starts_at)


def missing(agreement: Agreement) -> list[str]:
    """What lacks for effect, in words; empty iff all parties and the mediator in charge signed and it is sealed."""
    given = {(signature.signer, signature.who) for signature in agreement.signatures}
    kinds = {signer for signer, _ in given}
    lacking = [
        f"{party.masked_name}签名"
        for party in agreement.case.parties
        if (Signer.PARTY, str(party.party_id)) not in given
    ]
    mediator = in_charge(agreement.case)
    lacking += [] if mediator and (Signer.MEDIATOR, mediator.mediator_id) in given else ["调解员签名"]
    return lacking + (["调解组织印章"] if Signer.SEAL not in kinds else [])


def take(session: Session, who: Principal, agreement: Agreement, effective_at: datetime, now: datetime) -> None:
    """The agreement binds. A committee's may be confirmed by the court within policy key mediation.confirm_window.

    The window runs from the day of effect, not from the day it was typed in; when it has passed by then, nobody is
    told that it opens.
    """
    case = agreement.case
    agreement.effective_at = effective_at
    if agreement.statutory:
        agreement.judicial_until = rules(effective_at).until(WINDOW, effective_at)
    reminders.begin(agreement, now)
    performance_checks.begin(agreement, now)
    states.CASE.move(case, "took_effect")
    about, until = {"agreement_id": agreement.id}, agreement.judicial_until
    tell(
        session, AgreementTookEffect, case, who, now,
        **about, effective_at=effective_at, judicial_until=until, parties=masked(case.parties),
    )  # fmt: skip
    if until is not None and until < now:
        agreement.judicial = JudicialState.TIME_LAPSED
    elif until is not None:
        tell(session, JudicialConfirmationWindowOpened, case, who, now, **about, until=until)
