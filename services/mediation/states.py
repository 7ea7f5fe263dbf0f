"""The state tables of a mediation case, its agreement and its sessions (domain §3.4). "Overdue" is never a state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from capability.life import Life, Rules
from capability.machine import Machine, Move
from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.store import expect
from contracts.mediation.agreements import DraftAgreement, RecordPerformance, SealAgreement, SignAgreement
from contracts.mediation.base import READERS
from contracts.mediation.cases import TerminateCase
from contracts.mediation.issues import RecordIssue, SettleIssue
from contracts.mediation.parties import AssignMediator, ConsentToHelper, NameParty, RecordWillingness
from contracts.mediation.sessions import MoveSession, RecordSession, ScheduleSession
from contracts.mediation.talks import RecordTalk
from kernel.codes import AgreementState, MediationState, SessionState
from services.mediation import access
from services.mediation.facts import tell
from services.mediation.tables import Agreement, Case

ACCEPTED, OPENED, MEDIATING = MediationState.ACCEPTED, MediationState.OPENED, MediationState.MEDIATING
AGREED, PERFORMING = MediationState.AGREED, MediationState.PERFORMING
CLOSED, TERMINATED = MediationState.CLOSED, MediationState.TERMINATED

BEFORE_AGREEMENT = {ACCEPTED, OPENED, MEDIATING}
BEFORE_EFFECT = {*BEFORE_AGREEMENT, AGREED}
UNFINISHED = {*BEFORE_EFFECT, PERFORMING}


def _refusal(case: Case, command: str) -> Conflict | None:
    """A session is moved or recorded only where one is still to be held, a finding only on a point taken down."""
    if command == SettleIssue.method and not case.issues:
        return Conflict("还没有记下双方争什么")
    known = [row.state for row in case.sessions]
    if command not in (MoveSession.method, RecordSession.method) or SessionState.SCHEDULED in known:
        return None
    state = {"state": known[-1]} if known else {}
    return Conflict("没有待召开的调解会", state, allowed_states=[SessionState.SCHEDULED.value])


CASE: Life[Case, MediationState] = Life(
    Case,
    ACCEPTED,
    {
        NameParty: Move(BEFORE_EFFECT, None),
        RecordWillingness: Move(BEFORE_EFFECT, None),
        "all_willing": Move({ACCEPTED}, OPENED),
        "refused": Move(BEFORE_EFFECT, TERMINATED),
        AssignMediator: Move({OPENED, MEDIATING, AGREED, PERFORMING}, None),
        "appointed": Move({OPENED}, MEDIATING),
        ConsentToHelper: Move(BEFORE_AGREEMENT, None),
        RecordTalk: Move(BEFORE_AGREEMENT, None),
        RecordIssue: Move(BEFORE_AGREEMENT, None),
        SettleIssue: Move(BEFORE_AGREEMENT, None),
        ScheduleSession: Move({MEDIATING}, None),
        MoveSession: Move({MEDIATING}, None),
        RecordSession: Move({MEDIATING}, None),
        DraftAgreement: Move({MEDIATING, AGREED}, AGREED),
        SignAgreement: Move({AGREED}, None),
        SealAgreement: Move({AGREED}, None),
        "took_effect": Move({AGREED}, PERFORMING),
        RecordPerformance: Move({PERFORMING}, None),
        "performed": Move({PERFORMING}, CLOSED),
        TerminateCase: Move(BEFORE_EFFECT, TERMINATED),
        "source_withdrawn": Move(BEFORE_EFFECT, TERMINATED),
        "expired": Move(BEFORE_AGREEMENT, TERMINATED),
    },
    Rules(access.hold, READERS, access.unknown, tell, access.TESTS, _refusal),
)
"""One NO ends a case in any state before effect; a new case is the only way back (README, "A refusal")."""

DRAFT, SIGNING, EFFECTIVE = AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.EFFECTIVE

AGREEMENT: Machine[AgreementState] = Machine(
    "agreement",
    DRAFT,
    {
        SignAgreement: Move({DRAFT, SIGNING}, SIGNING),
        SealAgreement: Move({DRAFT, SIGNING}, SIGNING),
        "complete": Move({SIGNING}, EFFECTIVE),
        RecordPerformance: Move({EFFECTIVE}, None),
        "performed": Move({EFFECTIVE}, AgreementState.PERFORMED),
        "redrafted": Move({DRAFT, SIGNING}, AgreementState.REPLACED),
        "case_terminated": Move({DRAFT, SIGNING}, AgreementState.SET_ASIDE),
        "recorded_orally": Move({DRAFT}, EFFECTIVE),
    },
)

SESSION: Machine[SessionState] = Machine(
    "session",
    SessionState.SCHEDULED,
    {
        MoveSession: Move({SessionState.SCHEDULED}, None),
        RecordSession: Move({SessionState.SCHEDULED}, SessionState.HELD),
        "case_ended": Move({SessionState.SCHEDULED}, SessionState.CANCELLED),
    },
)


def begin(session: Session, who: Principal, command: Any, asked: Mapping[str, Any]) -> Agreement:
    """The agreement a command is about, its case locked. The version expected is the case's. As `Life.begin`."""
    agreement = paper(session, who, command, asked)
    expect(agreement.case, asked.get("expected_version"))
    AGREEMENT.check(agreement, command)
    CASE.admit(who, command, agreement.case, asked)
    return agreement


def paper(session: Session, who: Principal, command: Any, asked: Mapping[str, Any]) -> Agreement:
    """The agreement in any state, its case locked. Errors: NotFound, Forbidden."""
    return _read(session, CASE.allow(who, command, CASE.hold(session, asked), asked), asked)


def _read(session: Session, case: Case, asked: Mapping[str, Any]) -> Agreement:
    """As it stands now that its case is locked."""
    agreement = session.get_one(Agreement, asked["agreement_id"])
    session.refresh(agreement)
    return agreement
