"""Random commands on a real appeal: the invariants of domain §3.6 hold after every one of them."""

from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as any_of

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.dispatch.whistles import WhistleBlown, WhistleClosed
from contracts.intake.disputes import IdentifyDispute
from contracts.intake.endings import WithdrawAppeal
from contracts.intake.triage import AcceptAppeal, DivertAppeal, SignAppeal
from contracts.intake.working import ExtendAppeal, RecordContact
from contracts.mediation.cases import MediationCaseClosed, MediationTerminated
from contracts.notify.follow_ups import FollowUpCompleted
from services.intake import disputes, endings, outcomes, triage, working
from services.intake.conditions import NON_TERMINAL
from services.intake.machines import APPEAL
from services.intake.tables import Deadline
from tests.support.delivering import deliver
from tests.support.events import hear
from tests.unit.intake.test_working import handle
from tests.unit.intake.world import CHEN, LISHAN, NOW, WANG, about, assign, do, names, register, solve, stored

WHISTLE, CASE = str(uuid4()), str(uuid4())
ENDED = {"ANSWERED", "DIVERTED", "DECLINED", "MERGED", "CLOSED", "WITHDRAWN"}


def commands(store, view, now):
    number, subject = view["number"], about(view)

    def ask(operation, contract, who=LISHAN):
        return lambda: do(store, operation, contract, who, now, number=number)

    def fact(operation, contract, **data):
        return lambda: deliver(store, operation, hear(contract, data, time=now), now)

    return {
        "accept": ask(triage.accept_appeal, AcceptAppeal, WANG),
        "assign": lambda: assign(store, number, now=now),
        "sign": ask(triage.sign_appeal, SignAppeal),
        "contact": ask(working.record_contact, RecordContact),
        "handle": lambda: handle(store, number, now=now),
        "extend": ask(working.extend_appeal, ExtendAppeal),
        "dispute": ask(disputes.identify_dispute, IdentifyDispute),
        "report": lambda: solve(store, number, now=now),
        "divert": ask(triage.divert_appeal, DivertAppeal, WANG),
        "withdraw": ask(endings.withdraw_appeal, WithdrawAppeal, WANG),
        "blown": fact(outcomes.whistle_blown, WhistleBlown, source=subject, whistle_id=WHISTLE),
        "over": fact(outcomes.whistle_over, WhistleClosed, source=subject, whistle_id=WHISTLE),
        "mediated": fact(outcomes.mediation_case_closed, MediationCaseClosed, source=subject, case_id=CASE),
        "failed": fact(outcomes.mediation_terminated, MediationTerminated, source=subject, case_id=CASE),
        "happy": fact(outcomes.follow_up_completed, FollowUpCompleted, subject=subject),
        "unhappy": fact(outcomes.follow_up_completed, FollowUpCompleted, subject=subject, solved="NO"),
    }


NAMES = (
    "accept assign sign contact handle extend dispute report report divert withdraw blown over mediated failed"
    " happy unhappy"
)


def look(store, number):
    with stored(store, number) as appeal:
        return appeal


def check(store, number, before):
    after = look(store, number)
    assert before.first_responder_id == after.first_responder_id
    assert after.version >= before.version
    if after.state not in {"REGISTERED", *ENDED}:
        assert after.lead_unit
    if after.state in {"ASSIGNED", "IN_PROGRESS", "WHISTLED", "IN_MEDIATION"}:
        assert after.due_at
        assert after.handler_id
    if after.result_kind == "SOLVED":
        assert after.evidence_count
    reachable = {target for source, _, target in APPEAL.arrows() if source == before.state} | {before.state}
    assert after.state in reachable | ({"ASSIGNED"} if before.state == "RESULT_REPORTED" else set())
    if before.state in ENDED:
        assert before.state == after.state
    if after.state not in NON_TERMINAL:
        with store.transaction() as session:
            assert [] == [row for row in session.query(Deadline) if row.is_open and row.subject_id == after.id]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=any_of.sampled_from([LISHAN, WANG, CHEN]),
    steps=any_of.lists(any_of.sampled_from(NAMES.split()), min_size=5, max_size=16),
)
def test_given_any_life_of_an_appeal_when_lived_then_the_invariants_hold(store, who, steps):
    view = register(store, who, channel="PHONE")
    for step, hour in zip(steps, itertools.count(1)):
        before, said = look(store, view["number"]), len(names(store))
        try:
            commands(store, view, NOW + timedelta(hours=hour))[step]()
        except (Conflict, Forbidden, Invalid):
            assert (before.state, said) == (look(store, view["number"]).state, len(names(store)))
        check(store, view["number"], before)
