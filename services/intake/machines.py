"""The lives of intake's entities (domain §3.4): moves by a command are people's, the others follow from facts."""

from __future__ import annotations

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from contracts.dispatch.whistles import WhistleBlown
from contracts.intake.base import HAZARD_READERS, READERS
from contracts.intake.disputes import IdentifyDispute
from contracts.intake.endings import DecideSupervision, MergeAppeal, ObjectEnding, WithdrawAppeal
from contracts.intake.handovers import AcceptHandover, DeclineHandover, OfferHandover
from contracts.intake.hazards import (
    GetHazard,
    HazardOwnerNamed,
    ListHazards,
    NameOwner,
    SecureHazard,
    VerifyHazard,
)
from contracts.intake.likeness import UnmergeAppeal
from contracts.intake.needs import DecideNeed, EnterNeed
from contracts.intake.triage import AcceptAppeal, AnswerAppeal, AssignAppeal, DeclineAppeal, DivertAppeal, SignAppeal
from contracts.intake.working import ExtendAppeal, RaiseUrgency, RecordContact, RecordHandling, ReportResult
from kernel.codes import AppealState as A
from kernel.codes import HazardState as H
from services.intake import access, conditions, facts
from services.intake.conditions import IN_HAND, NON_TERMINAL, TRIAGE, WORKING
from services.intake.tables import Appeal, Hazard

APPEAL: Life[Appeal, A] = Life(
    Appeal,
    A.REGISTERED,
    {
        AcceptAppeal: Move({A.REGISTERED}, A.ACCEPTED),
        AssignAppeal: Move({A.ACCEPTED, A.ASSIGNED, A.IN_PROGRESS, A.REOPENED}, A.ASSIGNED),
        SignAppeal: Move({A.ASSIGNED}, A.IN_PROGRESS),
        AnswerAppeal: Move(TRIAGE | {A.IN_PROGRESS}, A.ANSWERED),
        DivertAppeal: Move(TRIAGE, A.DIVERTED),
        DeclineAppeal: Move(TRIAGE, A.DECLINED),
        MergeAppeal: Move(TRIAGE | {A.IN_PROGRESS}, A.MERGED),
        UnmergeAppeal: Move({A.MERGED}, A.REGISTERED),
        WithdrawAppeal: Move(NON_TERMINAL, A.WITHDRAWN),
        ObjectEnding: Move({A.WITHDRAWN, A.DECLINED}, A.REGISTERED),
        OfferHandover: Move(IN_HAND, None),
        AcceptHandover: Move(IN_HAND, A.IN_PROGRESS),
        DeclineHandover: Move(IN_HAND, None),
        DecideSupervision: Move({A.RESULT_REPORTED}, None),
        RecordContact: Move(WORKING | {A.ASSIGNED, A.LISTED}, None),
        RecordHandling: Move(WORKING | {A.LISTED}, None),
        ExtendAppeal: Move(WORKING | {A.ASSIGNED}, None),
        RaiseUrgency: Move(TRIAGE | WORKING | {A.LISTED, A.REOPENED}, None),
        EnterNeed: Move({A.IN_PROGRESS}, A.LISTED),
        DecideNeed: Move({A.LISTED}, A.IN_PROGRESS),
        IdentifyDispute: Move({A.IN_PROGRESS}, A.IN_MEDIATION),
        ReportResult: Move({A.IN_PROGRESS}, A.RESULT_REPORTED),
        WhistleBlown: Move({A.IN_PROGRESS}, A.WHISTLED),
        "whistles_over": Move({A.WHISTLED}, A.IN_PROGRESS),
        "mediation_succeeded": Move({A.IN_MEDIATION}, A.RESULT_REPORTED),
        "mediation_ended": Move({A.IN_MEDIATION}, A.IN_PROGRESS),
        "followed_up": Move({A.RESULT_REPORTED}, A.CLOSED),
        "reopened": Move({A.RESULT_REPORTED}, A.REOPENED),
        "survivor_ended": Move({A.MERGED}, A.REGISTERED),
    },
    Rules(by_number(Appeal), READERS, unknown_number, facts.tell, access.TESTS, conditions.refusal),
)

HAZARD: Life[Hazard, H] = Life(
    Hazard,
    H.REGISTERED,
    {
        SecureHazard: Move({H.REGISTERED, H.SECURED}, H.SECURED),
        VerifyHazard: Move({H.REGISTERED, H.SECURED}, H.REMOVED),
        NameOwner: Move(set(H), None, HazardOwnerNamed),
    },
    Rules(by_number(Hazard), HAZARD_READERS, unknown_number, facts.tell, access.TESTS, conditions.unsecured),
    answers=(GetHazard, ListHazards),
)
