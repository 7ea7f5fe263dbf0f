"""The state tables of a mediation case, its agreement and its sessions (domain §3.4). "Overdue" is never a state."""

from __future__ import annotations

from chassis.states import Machine, Move
from kernel.codes import AgreementState, MediationState, SessionState

ACCEPTED, OPENED, MEDIATING = MediationState.ACCEPTED, MediationState.OPENED, MediationState.MEDIATING
AGREED, PERFORMING = MediationState.AGREED, MediationState.PERFORMING
CLOSED, TERMINATED = MediationState.CLOSED, MediationState.TERMINATED

BEFORE_AGREEMENT = {ACCEPTED, OPENED, MEDIATING}
BEFORE_EFFECT = {*BEFORE_AGREEMENT, AGREED}
UNFINISHED = {*BEFORE_EFFECT, PERFORMING}

CASE: Machine[MediationState] = Machine(
    "mediation_case",
    ACCEPTED,
    {
        "name_party": Move(BEFORE_EFFECT, None),
        "record_willingness": Move(BEFORE_EFFECT, None),
        "all_willing": Move({ACCEPTED}, OPENED),
        "refused": Move(BEFORE_EFFECT, TERMINATED),
        "assign_mediator": Move({OPENED, MEDIATING, AGREED, PERFORMING}, None),
        "appointed": Move({OPENED}, MEDIATING),
        "consent_to_helper": Move(BEFORE_AGREEMENT, None),
        "schedule_session": Move({MEDIATING}, None),
        "move_session": Move({MEDIATING}, None),
        "record_session": Move({MEDIATING}, None),
        "draft_agreement": Move({MEDIATING, AGREED}, AGREED),
        "sign_agreement": Move({AGREED}, None),
        "seal_agreement": Move({AGREED}, None),
        "took_effect": Move({AGREED}, PERFORMING),
        "record_performance": Move({PERFORMING}, None),
        "performed": Move({PERFORMING}, CLOSED),
        "terminate_case": Move(BEFORE_EFFECT, TERMINATED),
        "source_withdrawn": Move(BEFORE_EFFECT, TERMINATED),
        "expired": Move(BEFORE_AGREEMENT, TERMINATED),
    },
)
"""One NO ends a case in any state before effect; a new case is the only way back (README, "A refusal")."""

FOLLOWS: frozenset[str] = frozenset(
    {"all_willing", "appointed", "refused", "took_effect", "performed", "source_withdrawn", "expired"}
)
"""Arrows that follow from another command, a fact heard or a clock; nobody may order them."""

DRAFT, SIGNING, EFFECTIVE = AgreementState.DRAFT, AgreementState.SIGNING, AgreementState.EFFECTIVE

AGREEMENT: Machine[AgreementState] = Machine(
    "agreement",
    DRAFT,
    {
        "sign_agreement": Move({DRAFT, SIGNING}, SIGNING),
        "seal_agreement": Move({DRAFT, SIGNING}, SIGNING),
        "complete": Move({SIGNING}, EFFECTIVE),
        "record_performance": Move({EFFECTIVE}, None),
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
        "move_session": Move({SessionState.SCHEDULED}, None),
        "record_session": Move({SessionState.SCHEDULED}, SessionState.HELD),
        "case_ended": Move({SessionState.SCHEDULED}, SessionState.CANCELLED),
    },
)
