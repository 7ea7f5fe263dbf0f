"""Starting over: forgotten is what was learned and that it was heard, so the logs can be read again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from chassis.envelope import Event
from chassis.store import Store
from chassis.tables import INBOX
from services.portal.readmodel.project import project
from services.portal.readmodel.rebuild import start_over
from tests.support.delivering import deliver
from tests.unit.portal.readmodel.looking import everything
from tests.unit.portal.readmodel.story import a1


def hear(store: Store, events: list[Event]) -> list[bool]:
    return [deliver(store, project, event, event.time, service="portal") for event in events]


def test_given_a_read_model_when_started_over_then_the_logs_give_the_same_again(store: Store) -> None:
    events = a1()
    hear(store, events)
    with store.transaction() as session:
        before = everything(session)
        start_over(session, events[-1].time + timedelta(days=1))
    with store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(INBOX))
    assert {True} == set(hear(store, events[::-1]))
    with store.transaction() as session:
        assert before == everything(session)


@pytest.mark.rule("36")
def test_given_events_of_the_last_hour_when_started_over_and_the_logs_told_the_rest_then_it_is_as_before(
    store: Store,
) -> None:
    events = a1()
    now = events[-1].time
    hear(store, events)
    with store.transaction() as session:
        before = everything(session)
        start_over(session, now)
    told_again = hear(store, [event for event in events if event.time < now - timedelta(hours=1)])
    with store.transaction() as session:
        assert (before, True) == (everything(session), any(told_again))
