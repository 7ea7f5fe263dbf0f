"""Signatures, the seal, and the moment an agreement binds (人民调解法 art. 29, 31, 33; domain §3.6 inv. 9, 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.events import mediation as events
from kernel.codes import AgreementState, Signer, SignManner
from services.mediation import access, mediators, parties, states
from services.mediation.facts import masked, tell
from services.mediation.rules import WINDOW, rules
from services.mediation.tables import Agreement, Signature

Command = dict[str, Any]

UNBOUND = {AgreementState.DRAFT, AgreementState.SIGNING}
"""States in which signatures are still collected."""


def sign(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Takes down that a party or the mediator has signed the sheet, by signature, seal or fingerprint.

    Errors: NotFound; Invalid for the committee's seal or a party missing; Conflict when signed before or in effect.
    """
    agreement = access.agreement_of(session, who, command, access.MEDIATING)
    _check(agreement, "sign_agreement")
    signature = Signature(
        signer=command["signer"],
        who=_signer(agreement, command),
        manner=command["manner"],
        scan_sha256=command.get("scan_sha256"),
        **access.taken_down(who, now),
    )
    return _add(session, who, agreement, signature, "sign_agreement", now)


def seal(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Takes down that the organisation's seal is set. Errors: NotFound; Conflict when sealed before or in effect."""
    agreement = access.agreement_of(session, who, command, access.MEDIATING)
    _check(agreement, "seal_agreement")
    seal_id = agreement.case.org_code or agreement.seal_text
    signature = Signature(signer=Signer.SEAL, who=seal_id, manner=SignManner.SEAL, **access.taken_down(who, now))
    return _add(session, who, agreement, signature, "seal_agreement", now)


def _check(agreement: Agreement, command: str) -> None:
    states.AGREEMENT.check(agreement, command)
    states.CASE.check(agreement.case, command)


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
    mediator = mediators.in_charge(agreement.case)
    if mediator is None:
        raise Conflict("本案尚未确定调解员", state=agreement.case.state)
    return mediator.mediator_id


def _add(
    session: Session, who: Principal, agreement: Agreement, signature: Signature, command: str, now: datetime
) -> Agreement:
    key = (signature.signer, signature.who)
    if key in {(given.signer, given.who) for given in agreement.signatures}:
        raise Conflict("已经签署或盖章，不能重复", signer=str(signature.signer), who=signature.who)
    agreement.signatures.append(signature)
    states.AGREEMENT.move(agreement, command)
    tell(
        session, events.AgreementSigned, agreement.case, who, now,
        agreement_id=agreement.id, signer=signature.signer, manner=signature.manner,
        party_id=signature.who if signature.signer == Signer.PARTY else None,
    )  # fmt: skip
    if not missing(agreement):
        states.AGREEMENT.move(agreement, "complete")
        take(session, who, agreement, max(given.at for given in agreement.signatures), now)
    return agreement


def missing(agreement: Agreement) -> list[str]:
    """What still lacks for effect, in words; empty iff all parties and a mediator signed and the seal is set."""
    given = {(signature.signer, signature.who) for signature in agreement.signatures}
    kinds = {signer for signer, _ in given}
    lacking = [
        f"{party.masked_name}签名"
        for party in agreement.case.parties
        if (Signer.PARTY, str(party.party_id)) not in given
    ]
    lacking += ["调解员签名"] if Signer.MEDIATOR not in kinds else []
    return lacking + (["调解组织印章"] if Signer.SEAL not in kinds else [])


def take(session: Session, who: Principal, agreement: Agreement, effective_at: datetime, now: datetime) -> None:
    """The agreement binds. A committee's may be confirmed by the court within policy key mediation.confirm_window."""
    case = agreement.case
    agreement.effective_at = effective_at
    states.CASE.move(case, "took_effect")
    about = {"agreement_id": agreement.id}
    tell(
        session, events.AgreementTookEffect, case, who, now,
        **about, effective_at=effective_at, parties=masked(case.parties),
    )  # fmt: skip
    if agreement.statutory:
        agreement.judicial_until = rules().until(WINDOW, effective_at)
        until = agreement.judicial_until
        tell(session, events.JudicialConfirmationWindowOpened, case, who, now, **about, until=until)
