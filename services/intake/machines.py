"""State tables of intake (domain §3.4). Moves named like an RPC command are people's, the others follow from facts."""

from __future__ import annotations

from chassis.states import Machine, Move
from kernel.codes import AppealState as A
from kernel.codes import HazardState as H

WORKING = frozenset({A.IN_PROGRESS, A.WHISTLED, A.IN_MEDIATION})
"""Somebody has signed and works on it."""

TRIAGE = frozenset({A.REGISTERED, A.ACCEPTED, A.ASSIGNED})
"""Nobody works on it yet."""

NON_TERMINAL = TRIAGE | WORKING | {A.RESULT_REPORTED, A.REOPENED}

ENDED = frozenset({A.ANSWERED, A.DIVERTED, A.DECLINED, A.MERGED, A.WITHDRAWN, A.CLOSED})
"""No work goes on. MERGED, WITHDRAWN and DECLINED may be taken up again (`resuming`)."""

APPEAL = Machine(
    "appeal",
    A.REGISTERED,
    {
        "accept_appeal": Move({A.REGISTERED}, A.ACCEPTED),
        "assign_appeal": Move({A.ACCEPTED, A.ASSIGNED, A.IN_PROGRESS, A.REOPENED}, A.ASSIGNED),
        "sign_appeal": Move({A.ASSIGNED}, A.IN_PROGRESS),
        "answer_appeal": Move(TRIAGE | {A.IN_PROGRESS}, A.ANSWERED),
        "divert_appeal": Move(TRIAGE, A.DIVERTED),
        "decline_appeal": Move(TRIAGE, A.DECLINED),
        "merge_appeal": Move(TRIAGE | {A.IN_PROGRESS}, A.MERGED),
        "withdraw_appeal": Move(NON_TERMINAL, A.WITHDRAWN),
        "object_ending": Move({A.WITHDRAWN, A.DECLINED}, A.REGISTERED),
        "decide_supervision": Move({A.RESULT_REPORTED}, None),
        "record_contact": Move(WORKING | {A.ASSIGNED}, None),
        "record_handling": Move(WORKING, None),
        "extend_appeal": Move(WORKING | {A.ASSIGNED}, None),
        "raise_urgency": Move(TRIAGE | WORKING | {A.REOPENED}, None),
        "identify_dispute": Move({A.IN_PROGRESS}, A.IN_MEDIATION),
        "report_result": Move({A.IN_PROGRESS}, A.RESULT_REPORTED),
        "whistle_blown": Move({A.IN_PROGRESS}, A.WHISTLED),
        "whistles_over": Move({A.WHISTLED}, A.IN_PROGRESS),
        "mediation_succeeded": Move({A.IN_MEDIATION}, A.RESULT_REPORTED),
        "mediation_ended": Move({A.IN_MEDIATION}, A.IN_PROGRESS),
        "followed_up": Move({A.RESULT_REPORTED}, A.CLOSED),
        "reopened": Move({A.RESULT_REPORTED}, A.REOPENED),
        "survivor_ended": Move({A.MERGED}, A.REGISTERED),
    },
)

FACTS = frozenset(
    {
        "whistle_blown",
        "whistles_over",
        "mediation_succeeded",
        "mediation_ended",
        "followed_up",
        "reopened",
        "survivor_ended",
    }
)
"""Moves nobody can command: they follow from what other services said."""

HAZARD = Machine(
    "hazard",
    H.REGISTERED,
    {
        "secure_hazard": Move({H.REGISTERED, H.SECURED}, H.SECURED),
        "verify_hazard": Move({H.REGISTERED, H.SECURED}, H.REMOVED),
    },
)
