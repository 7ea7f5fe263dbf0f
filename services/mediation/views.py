"""What mediation answers: masked, with the commands the state allows and the asker may use."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import NotFound
from chassis.identity import Principal
from contracts.mediation.agreements import AgreementDocument
from contracts.mediation.base import CASE_READERS
from contracts.mediation.cases import GetCase, ListCases, LocateCase
from contracts.mediation.parties import AssignMediator
from kernel.codes import AgreementState
from kernel.masking import mask_personal, mask_phone
from services.mediation import access, breaches, document, effect, helpers, hints, orgs, states
from services.mediation.facts import in_charge, source_ref
from services.mediation.tables import (
    Agreement,
    Breach,
    Case,
    CaseSession,
    Challenge,
    ExtensionWord,
    Helper,
    Issue,
    Member,
    Party,
    Representative,
    Signature,
    Talk,
    Term,
)

View = dict[str, Any]


def find(session: Session, who: Principal, command: dict[str, Any]) -> Case:
    """The case by id, or the newest one of an appeal's number. Errors: NotFound; Forbidden for a party."""
    if command.get("case_id"):
        case = session.get(Case, command["case_id"])
    else:
        of_number = select(Case).where(Case.case_number == command["case_number"])
        case = session.scalars(of_number.order_by(Case.identified_at.desc()).limit(1)).first()
    if case is None:
        raise access.unknown()
    return states.CASE.allow(who, GetCase, case, command)


@asked(GetCase)
def get_case(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """Errors: as `find`."""
    case = find(session, who, command)
    offered = hints.offered(session, case.area_path, _words(case), now) if case.state in states.UNFINISHED else []
    return {**case_view(session, who, case), "knowledge": offered}


def _words(case: Case) -> str:
    """What the dispute is about, as far as mediation was told: a case from an appeal leaves its words there."""
    said = (word for issue in case.issues for word in (issue.claimant_says, issue.respondent_says))
    return " ".join((case.cause_text or "", *said))


@asked(LocateCase)
def locate(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """Errors: Forbidden for people; NotFound for one that is over, or that has an appeal."""
    permit(who, LocateCase, command)
    unfinished = Case.state.in_([state.value for state in states.UNFINISHED])
    query = select(Case).where(Case.case_number == command["number"], Case.source_id == Case.id, unfinished)
    case = session.scalars(query).one_or_none()
    if case is None:
        raise NotFound("没有找到这件调解，或已经结案", number=command["number"])
    return {"id": case.id, "number": case.mediation_number, "area_path": case.area_path, "due_at": case.clock.due_at}


@asked(ListCases)
def list_cases(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """Cases of the places where `who` may read one."""
    query = select(Case).where(CASE_READERS.where(Case, who))
    if command["numbers"]:
        query = query.where(Case.mediation_number.in_(command["numbers"]))
    return paging.page(session, query, command, partial(_line, who), Case.id, newest_first=True)


def _line(who: Principal, case: Case) -> View:
    """A party is told no more than the kind of dispute."""
    words = case.cause_text if states.CASE.may(who, GetCase, case) else None
    plain = {"number": case.mediation_number, "dispute_type": case.dispute_type}
    return {**plain, "cause_text": words and mask_personal(words)}


def case_view(session: Session, who: Principal, case: Case) -> View:
    session.flush()
    mediator, commands = in_charge(case), states.CASE.allowed_commands(who, case)
    choosing = AssignMediator.method in commands
    return {
        **_head(case, commands),
        **{key: getattr(case, key) for key in _CASE_FIELDS},
        "id": case.id,
        "number": case.mediation_number,
        "created_at": case.accepted_at,
        "updated_at": case.updated_at,
        "source": source_ref(case),
        "cause_text": case.cause_text and mask_personal(case.cause_text),
        "available": [_available(one) for one in orgs.available(session, case.area_path)] if choosing else [],
        "deadline": case.clock.due_at,
        "mediator": {"id": mediator.mediator_id, "name": mediator.name} if mediator else None,
        "how_chosen": mediator.how_chosen if mediator else None,
        "statutory": case.org.statutory if case.org else False,
        "parties": [_party(party) for party in case.parties],
        "representatives": [_representative(one) for party in case.parties for one in party.representatives],
        "challenges": [_challenge(one) for one in case.challenges],
        "helpers": [_helper(case, one) for one in case.helpers if one.state != helpers.HelperState.REPLACED],
        "sessions": [_session(row) for row in case.sessions],
        "talks": [_talk(one) for one in case.talks],
        "extension_words": [_extension_word(one) for one in case.extension_words],
        "extended": case.clock.term().extensions,
        "issues": [_issue(one) for one in case.issues],
        "agreements": [agreement_view(session, who, agreement) for agreement in case.agreements],
    }


_CASE_FIELDS = (
    "state", "origin", "dispute_type", "cause", "place_text", "claimed_amount", "risk_level", "result", "reason",
    "remedies", "closed_at", "sealed", "protected_party_id", "safe_hours", "chosen", "escalated_at",
)  # fmt: skip


def _head(case: Case, commands: list[str]) -> View:
    """`version` is the case's, for its agreements too: the case is the one aggregate."""
    return {
        "case_number": case.case_number,
        "version": case.version,
        "area_path": case.area_path,
        "allowed_commands": commands,
    }


def _party(party: Party) -> View:
    plain = ("party_id", "person_id", "masked_name", "side", "willing", "willing_at", "willing_how", "kind",
             "rights_at")  # fmt: skip
    phone = mask_phone(party.phone) if party.phone else None
    return {**{key: getattr(party, key) for key in plain}, "masked_phone": phone}


def _representative(one: Representative) -> View:
    plain = ("party_id", "masked_name", "tie", "power", "granted", "until", "letter")
    return {**{key: getattr(one, key) for key in plain}, "representative_id": one.id, "active": one.ended_at is None}


def _challenge(one: Challenge) -> View:
    plain = ("party_id", "mediator", "ground", "raised_at", "ruling", "ruled_by", "ruled_at")
    reason = one.reason and mask_personal(one.reason)
    return {**{key: getattr(one, key) for key in plain}, "words": mask_personal(one.words), "reason": reason}


def _helper(case: Case, helper: Helper) -> View:
    return {
        "helper_id": helper.id,
        "unit": helper.unit,
        "unit_name": helper.unit_name,
        "task_id": helper.task_id,
        "receiver": helper.receiver,
        "consented_party_ids": [consent.party_id for consent in helper.consents],
        "may_attend": helpers.may_attend(case, helper),
    }


def _session(row: CaseSession) -> View:
    plain = ("state", "kind", "starts_at", "place_text", "helper_ids", "notice_waived", "outcome", "reason_code",
             "present", "held_at")  # fmt: skip
    text = mask_personal(row.record_text) if row.record_text else None
    return {**{key: getattr(row, key) for key in plain}, "session_id": row.id, "session_no": row.no,
            "record_text": text}  # fmt: skip


def _talk(one: Talk) -> View:
    plain = {key: getattr(one, key) for key in ("party_id", "how", "talked_at")}
    return {**plain, "talk_no": one.no, "words": mask_personal(one.words), "by": one.recorded_by}


def _extension_word(one: ExtensionWord) -> View:
    plain = ("party_id", "term", "word", "how", "said_at")
    return {**{key: getattr(one, key) for key in plain}, "by": one.recorded_by}


def _issue(one: Issue) -> View:
    said = {key: mask_personal(getattr(one, key)) for key in ("claimant_says", "respondent_says")}
    finding = one.finding and mask_personal(one.finding)
    return {**said, "kind": one.kind, "finding": finding, "settled_at": one.settled_at}


def _available(one: Member) -> View:
    weekdays = sorted(int(day) for day, account in one.org.rota.items() if account == one.account)
    plain = {"id": one.account, "name": one.name, "dialects": one.dialects}
    return {**plain, "org_name": one.org.name, "weekdays": weekdays}


def agreement_view(session: Session, who: Principal, agreement: Agreement) -> View:
    session.flush()
    case = agreement.case
    state = AgreementState(agreement.state)
    fit = states.AGREEMENT.commands_from(state)
    commands = [name for name in states.CASE.allowed_commands(who, case) if name in fit]
    if state not in document.VOID and states.CASE.may(who, AgreementDocument, case):
        commands.append(AgreementDocument.method)
    plain = ("id", "case_id", "state", "form", "copies", "effective_at", "judicial", "judicial_until", "performed_at",
             "court_way", "sued_at", "filed_on", "court", "applied_on", "decided_on", "ruling_number")  # fmt: skip
    return {
        **_head(case, commands),
        **{key: getattr(agreement, key) for key in plain},
        "number": case.docket or case.mediation_number,
        "copies_handed": [
            {**one, "handed_on": date.fromisoformat(one["handed_on"])} for one in agreement.copies_handed
        ],
        "facts": mask_personal(agreement.facts),
        "liability": mask_personal(agreement.liability),
        "created_at": agreement.drafted_at,
        "updated_at": _changed(agreement),
        "breaches": [_breach(one) for one in agreement.breaches],
        "ways": breaches.ways(agreement) if state == AgreementState.BREACHED else [],
        "terms": [_term(term) for term in agreement.terms],
        "signatures": [_signature(one) for one in agreement.signatures],
        "missing": effect.missing(agreement) if state in effect.UNBOUND else [],
    }


def _copy(one: dict[str, Any]) -> View:
    return {**one, "handed_on": date.fromisoformat(one["handed_on"])}


def _changed(agreement: Agreement) -> datetime:
    """When it was drafted, last signed or performed, whichever came last."""
    moments = [agreement.drafted_at, *(one.at for one in agreement.signatures), agreement.performed_at]
    return max(moment for moment in moments if moment)


def _term(term: Term) -> View:
    plain = ("obligor_party_id", "obligee_party_id", "amount", "method", "due_at", "performed_at", "proof")
    note = mask_personal(term.note) if term.note else None
    return {**{key: getattr(term, key) for key in plain}, "term_no": term.no, "note": note,
            "content": mask_personal(term.content), "attachments": term.attachments}  # fmt: skip


def _breach(one: Breach) -> View:
    plain = ("term_no", "at", "attachments", "urged_at", "urged_how", "urged_until", "urged_by")
    return {**{key: getattr(one, key) for key in plain}, "words": mask_personal(one.words), "by": one.recorded_by}


def _signature(one: Signature) -> View:
    plain = ("signer", "representative_id", "manner", "scan_sha256", "paper_date", "at")
    party_id = one.who if one.signer == "PARTY" else None
    return {**{key: getattr(one, key) for key in plain}, "party_id": party_id, "by": one.recorded_by}
