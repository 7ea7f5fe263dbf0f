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
from contracts.mediation.base import CASE_READERS
from contracts.mediation.breaches import RecordBreach, TakeToCourt, UrgePerformance
from contracts.mediation.cases import TerminateCase
from contracts.mediation.challenges import ChallengeMediator, RuleOnChallenge
from contracts.mediation.confirmations import ApplyForConfirmation, HandOverCopy, RecordConfirmation
from contracts.mediation.extensions import AgreeToExtension, ExtendMediation
from contracts.mediation.issues import RecordIssue, SettleIssue
from contracts.mediation.parties import AssignMediator, ConsentToHelper, NameParty, RecordWillingness
from contracts.mediation.protection import ProtectParty, ReportDanger
from contracts.mediation.representatives import AppointRepresentative, EndRepresentative
from contracts.mediation.rights_notices import AcknowledgeRights
from contracts.mediation.sessions import MoveSession, RecordSession, ScheduleSession
from contracts.mediation.talks import RecordTalk
from kernel.codes import AgreementState, MediationState, SessionState
from services.mediation import access
from services.mediation.facts import in_charge, open_challenge, tell
from services.mediation.tables import Agreement, Case

ACCEPTED, OPENED, MEDIATING = MediationState.ACCEPTED, MediationState.OPENED, MediationState.MEDIATING
AGREED, PERFORMING, BREACHED = MediationState.AGREED, MediationState.PERFORMING, MediationState.BREACHED
CLOSED, TERMINATED = MediationState.CLOSED, MediationState.TERMINATED

BEFORE_AGREEMENT = {ACCEPTED, OPENED, MEDIATING}
BEFORE_EFFECT = {*BEFORE_AGREEMENT, AGREED}
BINDING = {PERFORMING, BREACHED}
UNFINISHED = {*BEFORE_EFFECT, *BINDING}


def _refusal(case: Case, command: str) -> Conflict | None:
    """A session is moved or recorded only where one is still to be held, a finding only on a point taken down."""
    if why := _challenged(case, command):
        return Conflict(why)
    if command == TakeToCourt.method and not any(one.breaches for one in case.agreements):
        return Conflict("还没有记过未履行")
    if command == SettleIssue.method and not case.issues:
        return Conflict("还没有记下双方争什么")
    known = [row.state for row in case.sessions]
    if command not in (MoveSession.method, RecordSession.method) or SessionState.SCHEDULED in known:
        return None
    state = {"state": known[-1]} if known else {}
    return Conflict("没有待召开的调解会", state, allowed_states=[SessionState.SCHEDULED.value])


WAITING = {each.method for each in (ScheduleSession, RecordSession, DraftAgreement, SignAgreement, SealAgreement)}
"""What waits while a mediator is challenged, and until another one is found."""


def _challenged(case: Case, command: str) -> str | None:
    """What a challenge, or the lack of one, rules out, in words."""
    waits, mediator = open_challenge(case) is not None, in_charge(case)
    if command == RuleOnChallenge.method:
        return None if waits else "没有待决定的回避申请"
    if command == ChallengeMediator.method and mediator is None:
        return "还没有确定调解员"
    if waits and command in {*WAITING, ChallengeMediator.method}:
        return "对调解员的回避申请还没有决定，请先决定"
    return "请先确定调解员" if mediator is None and command in WAITING else None


CASE: Life[Case, MediationState] = Life(
    Case,
    ACCEPTED,
    {
        NameParty: Move(BEFORE_EFFECT, None),
        RecordWillingness: Move(BEFORE_EFFECT, None),
        "all_willing": Move({ACCEPTED}, OPENED),
        "refused": Move(BEFORE_EFFECT, TERMINATED),
        AssignMediator: Move({OPENED, MEDIATING, AGREED, *BINDING}, None),
        "appointed": Move({OPENED}, MEDIATING),
        AcknowledgeRights: Move(BEFORE_AGREEMENT, None),
        AppointRepresentative: Move(BEFORE_EFFECT, None),
        EndRepresentative: Move(BEFORE_EFFECT, None),
        ChallengeMediator: Move(BEFORE_EFFECT, None),
        RuleOnChallenge: Move(BEFORE_EFFECT, None),
        ProtectParty: Move(UNFINISHED, None),
        ReportDanger: Move(UNFINISHED, None),
        ConsentToHelper: Move(BEFORE_AGREEMENT, None),
        AgreeToExtension: Move(BEFORE_AGREEMENT, None),
        ExtendMediation: Move(BEFORE_AGREEMENT, None),
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
        RecordPerformance: Move(BINDING, None),
        HandOverCopy: Move(BINDING, None),
        ApplyForConfirmation: Move(BINDING, None),
        RecordConfirmation: Move(BINDING, None),
        RecordBreach: Move(BINDING, BREACHED),
        UrgePerformance: Move({BREACHED}, None),
        "urged": Move({BREACHED}, PERFORMING),
        "made_good": Move({BREACHED}, PERFORMING),
        TakeToCourt: Move(BINDING, CLOSED),
        "performed": Move(BINDING, CLOSED),
        TerminateCase: Move(BEFORE_EFFECT, TERMINATED),
        "source_withdrawn": Move(BEFORE_EFFECT, TERMINATED),
        "expired": Move(BEFORE_AGREEMENT, TERMINATED),
    },
    Rules(access.hold, CASE_READERS, access.unknown, tell, access.TESTS, _refusal),
)
"""One NO ends a case in any state before effect; a new case is the only way back (README, "A refusal")."""

DRAFT, SIGNING, EFFECTIVE = AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.EFFECTIVE
NOT_KEPT = AgreementState.BREACHED

AGREEMENT: Machine[AgreementState] = Machine(
    "agreement",
    DRAFT,
    {
        SignAgreement: Move({DRAFT, SIGNING}, SIGNING),
        SealAgreement: Move({DRAFT, SIGNING}, SIGNING),
        "complete": Move({SIGNING}, EFFECTIVE),
        RecordPerformance: Move({EFFECTIVE, NOT_KEPT}, None),
        HandOverCopy: Move({EFFECTIVE, NOT_KEPT}, None),
        ApplyForConfirmation: Move({EFFECTIVE, NOT_KEPT}, None),
        RecordConfirmation: Move({EFFECTIVE, NOT_KEPT}, None),
        RecordBreach: Move({EFFECTIVE, NOT_KEPT}, NOT_KEPT),
        UrgePerformance: Move({NOT_KEPT}, None),
        "urged": Move({NOT_KEPT}, EFFECTIVE),
        "made_good": Move({NOT_KEPT}, EFFECTIVE),
        TakeToCourt: Move({EFFECTIVE, NOT_KEPT}, NOT_KEPT),
        "performed": Move({EFFECTIVE, NOT_KEPT}, AgreementState.PERFORMED),
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
