"""The timeline forgets a name when intake orders it, reports it, and stays so when it is built anew from the logs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from chassis import erased
from chassis.envelope import Event
from chassis.errors import Unavailable
from chassis.identity import Principal
from chassis.store import Store
from contracts import samples
from contracts.intake.erasures import ErasureOrdered
from services.portal.readmodel import holdings
from services.portal.readmodel.project import project
from services.portal.readmodel.rebuild import start_over
from services.portal.readmodel.tables import Entry, Matter
from tests.support.delivering import deliver, failing, twice
from tests.support.events import hear
from tests.unit.portal.readmodel.story import APPEAL_NO, a1

GONE, NAME = "（已删除）", "陈*"


def heard(store: Store) -> list[Event]:
    events = a1()
    for event in events:
        deliver(store, project, event, event.time, service="portal")
    return events


def order() -> Event:
    told = {"person_ids": [samples.RESIDENT], "numbers": [APPEAL_NO], "whole": True}
    return hear(ErasureOrdered, told, case_number=ErasureOrdered.example["number"])


def erase_held(reports: list[Any], session: Any, who: Any, event: Event, now: Any) -> None:
    def ask(command: Any, question: Any, deadline: float) -> Any:
        reports.append((command.method, question["cleared"] > 0))

    holdings.erase_held(session, who, event, now, ask=ask)


def handler(reports: list[Any]) -> Any:
    handle = partial(erase_held, reports)
    handle.__name__ = "erasure_ordered"  # type: ignore[attr-defined]
    return handle


def told(store: Store) -> str:
    """All entries, and the terms by which matters are found."""
    with store.transaction() as session:
        found = [matter.words for matter in session.scalars(select(Matter).order_by(Matter.id))]
        return str([[entry.data for entry in session.scalars(select(Entry))], found])


def test_given_a_case_when_its_reporter_is_erased_then_no_entry_names_her_and_it_is_reported(store: Store) -> None:
    events, reports = heard(store), list[Any]()
    assert NAME in told(store)
    twice(store, handler(reports), order(), events[-1].time)
    assert (False, True, [("report_erased", True)]) == (NAME in told(store), GONE in told(store), reports)


def test_given_a_commit_that_fails_when_erasing_then_the_name_is_still_there(store: Store) -> None:
    events = heard(store)
    failing(store, handler([]), order(), events[-1].time)
    assert NAME in told(store)


def test_given_intake_that_cannot_take_the_report_when_erasing_then_it_comes_again(store: Store) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("没有应答")

    with store.transaction() as session, pytest.raises(Unavailable):
        holdings.erase_held(session, Principal.service("portal"), order(), order().time, ask=away)


def test_given_an_erasure_when_the_timeline_is_built_anew_then_the_name_does_not_come_back(store: Store) -> None:
    events = heard(store)
    twice(store, handler([]), order(), events[-1].time)
    with store.transaction() as session:
        start_over(session, events[-1].time + timedelta(days=1))
    for event in a1():
        with store.transaction() as session:
            again = erased.without_names(session, event)
        deliver(store, project, again, event.time, service="portal")
    assert (False, True) == (NAME in told(store), GONE in told(store))
