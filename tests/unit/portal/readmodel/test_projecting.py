"""Events in, pages and timelines out: in any order, once or twice, and never a step back."""

from __future__ import annotations

from datetime import datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from chassis.store import Store
from contracts.dispatch.tasks import (
    WhistleTaskAssigned,
    WhistleTaskCompleted,
    WhistleTaskObjected,
    WhistleTaskObjectionDecided,
    WhistleTaskReportedIn,
    WhistleTaskSigned,
)
from contracts.dispatch.whistles import WhistleCancelled, WhistleClosed
from contracts.intake.disputes import DisputeIdentified
from contracts.intake.working import AppealHandlingRecorded
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated
from contracts.mediation.parties import PartyRefused
from services.portal.readmodel.project import project
from services.portal.readmodel.tables import CasePage, FollowUpRow, TaskRow, TimelineEntry, WhistleRow
from tests.support.delivering import failing, twice
from tests.unit.portal.readmodel import story
from tests.unit.portal.readmodel.looking import case, everything, forget, task, tell
from tests.unit.portal.readmodel.story import APPEAL_NO, HAZARD_NO, Teller, a1, a4, at, iso, of_task, register, uid

ABOUT = {"kind": "APPEAL", "id": uid(f"appeal {APPEAL_NO}"), "number": APPEAL_NO}


def heard(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """As the portal's entrypoint calls it."""
    project(session, None, event, now)


def test_given_the_told_case_when_all_events_came_then_the_page_tells_how_it_ended(store: Store) -> None:
    tell(store, a1())
    page = case(store, APPEAL_NO)
    assert ("CLOSED", "EMERGENCY", None, "u-lishan", "李珊", "CLOSED") == (
        page.state, page.urgency, page.due_at, page.first_responder_id, page.handler_name, page.mediation_state,
    )  # fmt: skip
    assert (story.STAIRWELL, at(0), at(120.2)) == (page.area_path, page.opened_at, page.updated_at)
    with store.transaction() as session:
        states = set(session.scalars(select(TaskRow.state)))
        assert ({"RATED"}, "CLOSED", "COMPLETED") == (
            states,
            session.scalars(select(WhistleRow.state)).one(),
            session.scalars(select(FollowUpRow.state)).one(),
        )


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
        assert 1 == session.scalar(select(func.count()).select_from(TimelineEntry))


def test_given_the_commit_fails_when_projected_then_nothing_remains(store: Store) -> None:
    event = a1()[0]
    failing(store, heard, event, event.time)
    with store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(CasePage))


def test_given_a_late_fact_when_it_comes_then_the_state_stays_and_the_timeline_has_it_at_its_time(
    store: Store,
) -> None:
    told, appeal = Teller(), uid("appeal")
    register(told, appeal)
    registered, accepted, assigned, signed = told.events
    tell(store, [registered, signed, assigned, accepted])
    page = case(store, APPEAL_NO)
    assert ("IN_PROGRESS", 4) == (page.state, page.last_versions[appeal])
    with store.transaction() as session:
        assert [each.id for each in told.events] == everything(session)["read"][0]


def test_given_only_a_later_event_when_the_registration_is_on_its_way_then_the_page_waits_for_it(store: Store) -> None:
    told, appeal = Teller(), uid("appeal")
    register(told, appeal)
    tell(store, told.events[1:2])
    assert ("ACCEPTED", None) == (case(store, APPEAL_NO).state, case(store, APPEAL_NO).first_responder_id)
    tell(store, told.events[:1])
    assert ("ACCEPTED", "u-lishan") == (case(store, APPEAL_NO).state, case(store, APPEAL_NO).first_responder_id)


def test_given_a_danger_removed_when_nothing_says_the_next_date_then_the_case_is_not_overdue(store: Store) -> None:
    told, appeal = Teller(), uid("appeal")
    register(told, appeal)
    tell(store, told.events)
    assert at(2) == case(store, APPEAL_NO).due_at
    told.say(1, AppealHandlingRecorded, appeal, stage="DANGER_REMOVED")
    tell(store, told.events[-1:])
    assert case(store, APPEAL_NO).due_at is None


def test_given_departments_were_called_when_nobody_mediates_then_the_case_waits_for_them(store: Store) -> None:
    told = Teller()
    register(told, ABOUT["id"])
    story.whistle(told, 5, ABOUT)
    tell(store, told.events)
    assert "WHISTLED" == case(store, APPEAL_NO).state
    told.say(9, WhistleClosed, uid(f"whistle {APPEAL_NO}"), source=ABOUT)
    tell(store, told.events[-1:])
    assert "IN_PROGRESS" == case(store, APPEAL_NO).state


def test_given_a_refusal_when_mediation_ends_then_the_case_is_back_with_its_handler(store: Store) -> None:
    tell(store, unfruitful_mediation())
    page = case(store, "S202407060104000042")
    assert ("IN_PROGRESS", "TERMINATED") == (page.state, page.mediation_state)


def test_given_an_objection_when_upheld_then_the_task_is_reassigned_and_asks_nothing_more(store: Store) -> None:
    tell(store, disputed_task()[:-1])
    row = task(store, story.task_id("S202407060104000034", "lijingjie-paichusuo"))
    assert ("REASSIGNED", False, None) == (row.state, row.objected, row.next_due)


def test_given_an_emergency_when_a_unit_objects_then_its_work_goes_on(store: Store) -> None:
    told = Teller(HAZARD_NO)
    told.events = a4()
    told.versions = {event.subject: event.aggregate_version for event in told.events}
    about, code = {"kind": "HAZARD", "id": uid("hazard"), "number": HAZARD_NO}, "lijingjie-sifasuo"
    of_task(told, 0.2, WhistleTaskSigned, code, about)
    of_task(told, 0.3, WhistleTaskObjected, code, about, work_continues=True)
    tell(store, told.events)
    row = task(store, story.task_id(HAZARD_NO, code))
    assert ("SIGNED", True) == (row.state, row.objected)
    of_task(told, 0.4, WhistleTaskObjectionDecided, code, about, decision="REJECTED", new_task_id=None)
    tell(store, told.events[-1:])
    row = task(store, row.task_id)
    assert ("SIGNED", False) == (row.state, row.objected)


def test_given_a_whistle_called_off_when_its_task_comes_later_then_the_task_is_cancelled(store: Store) -> None:
    events = disputed_task()
    tell(store, [events[-1], *events[:-1]])
    rated = task(store, story.task_id("S202407060104000034", "lijingjie-sifasuo"))
    assert ("CANCELLED", None) == (rated.state, rated.next_due)


def test_given_each_state_of_a_task_when_asked_then_the_running_clock_is_shown(store: Store) -> None:
    told = Teller()
    dues = {"sign_due": iso(1), "report_due": iso(2), "finish_due": iso(3)}
    clocks = []
    for contract, more in (
        (WhistleTaskAssigned, dues), (WhistleTaskSigned, {}), (WhistleTaskReportedIn, {}),
        (WhistleTaskCompleted, {}),
    ):  # fmt: skip
        event = of_task(told, 0.5, contract, "falvguwen", ABOUT, **more)
        tell(store, [event])
        clocks.append(task(store, event.subject).next_due)
    assert [at(1), at(2), at(3), None] == clocks


def test_given_who_did_it_when_the_event_names_them_then_the_timeline_does_too(store: Store) -> None:
    tell(store, a1()[:1])
    with store.transaction() as session:
        assert "李珊" == session.scalars(select(TimelineEntry.actor_name)).one()
