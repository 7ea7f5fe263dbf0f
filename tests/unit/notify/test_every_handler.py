"""Every handler has its effect once, however often it is delivered, and none when its commit fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chassis.entrypoints import Handles
from services.notify.service import NotifyService
from tests.support.delivering import failing
from tests.unit.notify.facts import HANDLERS, NOW, everything, fact, tell

CONTRACTS = [entry.contract for entry in NotifyService.entrypoints.values() if isinstance(entry, Handles)]

every_handler = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)


def event_of(contract):
    return fact(contract, version=7, actor="u-somebody")


@every_handler
def test_given_a_fact_when_delivered_twice_then_it_has_its_effect_once(store, contract):
    event = event_of(contract)
    tell(store, event)
    once = everything(store)
    assert False is tell(store, event)
    assert once == everything(store)
    tell(store, replace(event, id="told-again-under-another-id"))
    assert {**once, "inbox": 2} == everything(store)


@every_handler
def test_given_a_fact_when_the_commit_fails_then_nothing_remains(store, contract):
    before = everything(store)
    failing(store, HANDLERS[contract.name], event_of(contract), NOW)
    assert before == everything(store)
