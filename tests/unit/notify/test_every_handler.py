"""Every handler has its effect once, however often it is delivered, and none when its commit fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chassis.testing import deliver, failing
from contracts.events import dispatch, intake, mediation
from contracts.listeners import LISTENERS
from contracts.registry import COMMANDS
from services.notify import appeal_news, ending_news, mediation_news, notices, whistle_news
from services.notify.service import NotifyService
from tests.unit.notify.facts import NOW, everything, fact

HANDLERS = {
    intake.AppealRegistered: appeal_news.registered,
    intake.AppealAssigned: appeal_news.assigned,
    intake.AppealResultReported: ending_news.result_reported,
    intake.AppealReopened: ending_news.reopened,
    intake.AppealClosed: ending_news.closed,
    intake.AppealDeclined: ending_news.declined,
    intake.AppealMerged: ending_news.merged,
    intake.AppealAnswered: ending_news.answered,
    intake.AppealDiverted: ending_news.diverted,
    intake.AppealWithdrawn: ending_news.withdrawn,
    intake.AppealResumed: ending_news.resumed,
    intake.AppealSupervised: ending_news.supervised,
    intake.AppealJoined: appeal_news.joined,
    intake.AppealExtended: appeal_news.extended,
    intake.AppealOverdue: appeal_news.overdue,
    intake.HazardRemoved: notices.hazard_removed,
    dispatch.WhistleDrafted: whistle_news.drafted,
    dispatch.WhistleTaskAssigned: whistle_news.task_assigned,
    dispatch.WhistleTaskOverdue: whistle_news.task_overdue,
    dispatch.WhistleTaskConfirmed: whistle_news.confirmed,
    dispatch.WhistleTaskRated: whistle_news.settled,
    dispatch.WhistleTaskRatingWaived: whistle_news.settled,
    dispatch.WhistleCancelled: whistle_news.cancelled,
    dispatch.WhistleClosed: whistle_news.closed,
    mediation.MediationCaseOpened: mediation_news.case_opened,
    mediation.MediationSessionScheduled: mediation_news.session_scheduled,
    mediation.MediationSessionMoved: mediation_news.session_moved,
    mediation.MediationSessionHeld: mediation_news.session_held,
    mediation.AgreementDrafted: mediation_news.agreement_drafted,
    mediation.AgreementTookEffect: mediation_news.agreement_took_effect,
    mediation.MediationTerminated: mediation_news.terminated,
}

every_handler = pytest.mark.parametrize("contract", list(HANDLERS), ids=lambda contract: contract.name)


def event_of(contract):
    return fact(contract, version=7, actor="u-somebody")


@every_handler
def test_given_a_fact_when_delivered_twice_then_it_has_its_effect_once(store, contract):
    event = event_of(contract)
    deliver(store, HANDLERS[contract], event, NOW)
    once = everything(store)
    assert False is deliver(store, HANDLERS[contract], event, NOW)
    assert once == everything(store)
    deliver(store, HANDLERS[contract], replace(event, id="told-again-under-another-id"), NOW)
    assert {**once, "inbox": 2} == everything(store)


@every_handler
def test_given_a_fact_when_the_commit_fails_then_nothing_remains(store, contract):
    before = everything(store)
    failing(store, HANDLERS[contract], event_of(contract), NOW)
    assert before == everything(store)


def test_given_the_contracts_when_compared_then_the_service_hears_what_it_is_listed_for():
    entrypoints = [
        entry for method in vars(NotifyService).values() for entry in getattr(method, "nameko_entrypoints", ())
    ]
    heard = {entry.contract for entry in entrypoints if hasattr(entry, "contract")}
    assert set(LISTENERS["notify"]) == heard == set(HANDLERS)


def test_given_the_contracts_when_compared_then_the_service_answers_every_command_of_its_own():
    commands = {method for service, method in COMMANDS if service == "notify"}
    assert commands == {name for name in commands if hasattr(vars(NotifyService).get(name), "nameko_entrypoints")}
