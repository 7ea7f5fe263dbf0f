"""Events in, matters and timelines out: in any order, once or twice, and never a step back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.store import Store
from contracts.dispatch.objections import WhistleTaskObjected, WhistleTaskObjectionDecided
from contracts.dispatch.whistles import WhistleCancelled, WhistleTaskCancelled
from contracts.intake.appeals import AppealRegistered
from contracts.intake.disputes import DisputeIdentified
from contracts.intake.triage import AppealAccepted
from contracts.intake.working import AppealTakenUpAgain
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated
from contracts.mediation.parties import PartyRefused
from services.portal.readmodel.project import project
from services.portal.readmodel.tables import Entry, Matter
from tests.support.delivering import failing, twice
from tests.unit.portal.readmodel import story
from tests.unit.portal.readmodel.looking import case, everything, forget, matter, tell
from tests.unit.portal.readmodel.story import APPEAL_NO, Teller, a1, a4, at, iso, of_task, register, uid


def heard(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """As the portal's entrypoint calls it."""
    project(session, None, event, now)


def test_given_the_told_case_when_all_events_came_then_each_matter_stands_as_its_owner_said(store: Store) -> None:
    tell(store, a1())
    root = case(store, APPEAL_NO)
    assert ("APPEAL", "CLOSED", "EMERGENCY", None, [], "u-lishan", "u-lishan") == (
        root.kind, root.state, root.urgency, root.due_at, root.waits, root.tally["first"], root.tally["handler"],
    )  # fmt: skip
    assert (story.STAIRWELL, at(0), at(120.1)) == (root.area_path, root.opened_at, root.updated_at)
    with store.transaction() as session:
        told = {tuple(row) for row in session.execute(select(Matter.kind, Matter.state).where(Matter.id != root.id))}
    assert {
        ("TASK", "RATED"), ("WHISTLE", "CLOSED"), ("MEDIATION", "CLOSED"), ("FOLLOW_UP", "COMPLETED"),
        ("MESSAGE", "SENT"),
    } == told  # fmt: skip


def test_given_any_fact_when_it_came_then_the_row_is_what_its_envelope_tells(store: Store) -> None:
    for event in a1(secret=True):
        tell(store, [event])
        row, told = matter(store, event.subject), event.standing
        assert told is not None
        assert (told.kind, told.state, told.number, told.parent, told.due, list(told.waits), dict(told.tally)) == (
            row.kind, row.state, row.number, row.parent, row.due_at, row.waits, row.tally,
        )  # fmt: skip
        assert (event.aggregate_version, event.area_path, event.case_number, "secret" in told.hidden) == (
            row.version, row.area_path, row.case_number, row.secret,
        )  # fmt: skip


def test_given_the_same_events_when_they_come_in_any_order_then_the_read_model_is_the_same(store: Store) -> None:
    events = [*a1(), *a4(), *disputed_task(), *unfruitful_mediation()]
    tell(store, events)
    with store.transaction() as session:
        in_order = everything(session)

    @settings(max_examples=20, deadline=None)
    @given(randomly=st.randoms(use_true_random=False))
    def shuffled(randomly: Random) -> None:
        again = [*events, *randomly.sample(events, 10)]
        randomly.shuffle(again)
        with store.transaction() as session:
            forget(session)
        tell(store, again)
        with store.transaction() as session:
            assert in_order == everything(session)

    shuffled()


def disputed_task() -> list[Event]:
    """An ordinary whistle's task: objection, upheld, another unit; a second case of its own."""
    number = "S202407060104000034"
    told, about = Teller(number), {"kind": "APPEAL", "id": uid(f"appeal {number}"), "number": number}
    register(told, uid(f"appeal {number}"))
    story.whistle(told, 5, about)
    code = "lijingjie-paichusuo"
    of_task(told, 7, WhistleTaskObjected, code, about)
    of_task(told, 8, WhistleTaskObjectionDecided, code, about)
    of_task(told, 9, WhistleTaskCancelled, "falvguwen", about)
    told.say(9, WhistleCancelled, uid(f"whistle {number}"), source=about)
    return told.events


def unfruitful_mediation() -> list[Event]:
    number = "S202407060104000042"
    told, appeal = Teller(number), uid(f"appeal {number}")
    about = {"kind": "APPEAL", "id": appeal, "number": number}
    register(told, appeal)
    told.say(2, DisputeIdentified, appeal)
    told.say(3, MediationCaseOpened, uid(f"mediation {number}"), source=about)
    told.say(4, PartyRefused, uid(f"mediation {number}"), source=about)
    told.say(4, MediationTerminated, uid(f"mediation {number}"), source=about)
    told.say(4, AppealTakenUpAgain, appeal, "service:intake")
    return told.events


def test_given_an_event_twice_when_projected_then_nothing_changes(store: Store) -> None:
    tell(store, a1())
    with store.transaction() as session:
        once = everything(session)
    tell(store, a1())
    with store.transaction() as session:
        assert once == everything(session)


def test_given_the_entrypoint_when_delivered_twice_then_there_is_one_entry(store: Store) -> None:
    event = a1()[0]
    twice(store, heard, event, event.time)
    with store.transaction() as session:
        assert 1 == session.scalar(select(func.count()).select_from(Entry))


def test_given_the_commit_fails_when_projected_then_nothing_remains(store: Store) -> None:
    event = a1()[0]
    failing(store, heard, event, event.time)
    with store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(Matter))


def test_given_a_late_fact_when_it_comes_then_the_state_stays_and_the_timeline_has_it_at_its_time(
    store: Store,
) -> None:
    told, appeal = Teller(), uid("appeal")
    register(told, appeal)
    registered, accepted, assigned, signed = told.events
    tell(store, [registered, signed, assigned, accepted])
    root = case(store, APPEAL_NO)
    assert ("IN_PROGRESS", 4) == (root.state, root.version)
    with store.transaction() as session:
        assert [each.id for each in told.events] == everything(session)["read"][0]


def test_given_only_a_later_event_when_the_first_is_on_its_way_then_the_matter_stands_as_the_later_says(
    store: Store,
) -> None:
    told, appeal = Teller(), uid("appeal")
    told.say(0, AppealRegistered, appeal, promise_at=iso(2))
    told.say(1, AppealAccepted, appeal)
    tell(store, told.events[1:])
    assert ("ACCEPTED", at(1), at(1)) == _when(case(store, APPEAL_NO))
    tell(store, told.events[:1])
    assert ("ACCEPTED", at(0), at(1)) == _when(case(store, APPEAL_NO))


def _when(root: Matter) -> tuple[str, datetime, datetime]:
    return root.state, root.opened_at, root.updated_at


def test_given_an_event_that_tells_no_standing_when_heard_then_the_timeline_has_it_and_nothing_stands_otherwise(
    store: Store,
) -> None:
    first, second = (event for event in a1()[:2])
    tell(store, [first, replace(second, standing=None)])
    with store.transaction() as session:
        assert ([first.id, second.id], 1) == (
            everything(session)["read"][0], session.scalar(select(func.count()).select_from(Matter)),
        )  # fmt: skip
    assert "REGISTERED" == case(store, APPEAL_NO).state


def test_given_who_did_it_when_the_event_names_them_then_the_timeline_does_too(store: Store) -> None:
    tell(store, a1()[:1])
    with store.transaction() as session:
        assert "李珊" == session.scalars(select(Entry.actor_name)).one()


def test_given_a_fact_not_yet_committed_when_more_is_heard_of_its_case_then_that_waits_and_other_cases_do_not(
    store: Store,
) -> None:
    first, second, other = *a1()[:2], a4()[0]
    with store.transaction() as session:
        project(session, None, first, first.time)
        tell(store, [other])
        with pytest.raises(DBAPIError, match="lock timeout"), store.transaction() as late:
            late.execute(text("set local lock_timeout = '50ms'"))
            project(late, None, second, second.time)
    tell(store, [second])
    with store.transaction() as session:
        told = select(Entry.event_id).where(Entry.case_number == APPEAL_NO).order_by(Entry.seq)
        assert [first.id, second.id] == list(session.scalars(told))
