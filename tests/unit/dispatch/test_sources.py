"""Facts heard from intake: in any order, twice, or with a failing commit, the effect is one and never steps back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from chassis.errors import Conflict
from contracts.intake.endings import AppealMerged, AppealResumed, AppealWithdrawn
from contracts.intake.hazards import HazardRemoved
from services.dispatch import sources
from services.dispatch.tables import SourceFact, Task, Whistle
from tests.support.delivering import deliver, failing, twice
from tests.support.events import hear, names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW, WUQIANG

INTO_ID, INTO_NO = UUID(int=77), "S202407050102000013"


def withdrawn(source_id):
    return hear(AppealWithdrawn, {"appeal_id": str(source_id)})


def merged(source_id, into_id=INTO_ID, into_number=INTO_NO):
    return hear(AppealMerged, {"appeal_id": str(source_id), "into_id": str(into_id), "into_number": into_number})


def removed(hazard_id):
    return hear(HazardRemoved, {"hazard_id": str(hazard_id)})


@pytest.fixture
def source_id():
    return uuid4()


def whistle_on(store, source_id, **more):
    with store.transaction() as session:
        return world.blown(session, source=world.source(id_=source_id), **more)


def state_of(store, whistle):
    with store.transaction() as session:
        return session.get(Whistle, whistle["id"]).state


def names(store):
    with store.transaction() as session:
        return names_said(session)


def test_given_a_whistle_when_its_case_is_withdrawn_then_it_is_called_off_once(store, source_id):
    whistle = whistle_on(store, source_id)
    twice(store, sources.withdrawn, withdrawn(source_id), NOW)
    with store.transaction() as session:
        (fact,) = said(session, "whistle_cancelled")
        tasks = {task.state for task in session.get(Whistle, whistle["id"]).tasks}
    assert ("CANCELLED", {"CANCELLED"}, "WITHDRAWN") == (state_of(store, whistle), tasks, fact["data"]["reason_code"])


def test_given_a_draft_when_its_case_is_withdrawn_then_it_is_called_off_too(store, source_id):
    with store.transaction() as session:
        whistle = world.drafted(session, source=world.source(id_=source_id))
    deliver(store, sources.withdrawn, withdrawn(source_id), NOW)
    assert "CANCELLED" == state_of(store, whistle)


def test_given_work_begun_when_the_case_is_withdrawn_then_it_runs_to_its_end(store, source_id):
    whistle = whistle_on(store, source_id)
    with store.transaction() as session:
        world.report(session, world.sign(session, world.task_of(whistle)))
    deliver(store, sources.withdrawn, withdrawn(source_id), NOW)
    assert "BLOWN" == state_of(store, whistle)


def test_given_a_danger_when_the_appeal_is_withdrawn_then_the_whistle_stays(store, source_id):
    whistle = whistle_on(store, source_id, kind="EMERGENCY", units=["gongdian"])
    deliver(store, sources.withdrawn, withdrawn(source_id), NOW)
    assert "BLOWN" == state_of(store, whistle)


def test_given_a_failing_commit_when_withdrawn_then_nothing_remains(store, source_id):
    whistle = whistle_on(store, source_id)
    failing(store, sources.withdrawn, withdrawn(source_id), NOW)
    with store.transaction() as session:
        assert session.get(SourceFact, source_id) is None
    assert ("BLOWN", 0) == (state_of(store, whistle), names(store).count("whistle_cancelled"))


def test_given_the_news_came_first_when_whistling_then_it_is_refused_but_for_a_danger(store, source_id):
    deliver(store, sources.withdrawn, withdrawn(source_id), NOW)
    with pytest.raises(Conflict):
        whistle_on(store, source_id)
    assert "BLOWN" == whistle_on(store, source_id, kind="EMERGENCY", units=["gongdian"])["state"]


def test_given_another_case_when_withdrawn_then_our_whistle_stays(store, source_id):
    whistle = whistle_on(store, source_id)
    deliver(store, sources.withdrawn, withdrawn(uuid4()), NOW)
    assert "BLOWN" == state_of(store, whistle)


def test_given_a_whistle_when_its_case_is_merged_then_it_follows_the_surviving_case(store, source_id):
    whistle = whistle_on(store, source_id)
    twice(store, sources.merged, merged(source_id), NOW)
    with store.transaction() as session:
        world.sign(session, world.task_of(whistle))
        (fact,) = said(session, "whistle_task_signed")
    assert (INTO_NO, INTO_NO, str(INTO_ID)) == (
        fact["casenumber"], fact["data"]["source"]["number"], fact["data"]["source"]["id"],
    )  # fmt: skip


def test_given_a_failing_commit_when_merged_then_nothing_remains(store, source_id):
    whistle = whistle_on(store, source_id)
    failing(store, sources.merged, merged(source_id), NOW)
    with store.transaction() as session:
        row = session.get(Whistle, whistle["id"])
        assert (source_id, world.APPEAL_NO, None) == (
            row.source_id, row.case_number, session.get(SourceFact, source_id),
        )  # fmt: skip


def test_given_a_closed_whistle_when_its_case_is_merged_then_it_keeps_its_number(store, source_id):
    whistle = whistle_on(store, source_id, units=["sifasuo"])
    with store.transaction() as session:
        world.rate(session, world.confirm(session, world.finished(session, whistle)))
    deliver(store, sources.merged, merged(source_id), NOW)
    with store.transaction() as session:
        assert world.APPEAL_NO == session.get(Whistle, whistle["id"]).case_number


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_given_a_chain_of_merges_in_any_order_when_heard_then_the_last_case_has_the_whistle(store, source_id, order):
    middle = uuid4()
    whistle = whistle_on(store, source_id)
    news = [merged(source_id, middle, "S202407050101000020"), merged(middle)]
    for no in order:
        deliver(store, sources.merged, news[no], NOW)
    with store.transaction() as session:
        row = session.get(Whistle, whistle["id"])
        tasks = {task.case_number for task in row.tasks}
        assert (INTO_ID, INTO_NO, {INTO_NO}) == (row.source_id, row.case_number, tasks)


def test_given_the_news_came_first_when_whistling_then_it_is_for_the_surviving_case(store, source_id):
    deliver(store, sources.merged, merged(source_id), NOW)
    assert INTO_NO == whistle_on(store, source_id)["case_number"]


def test_given_a_surviving_case_already_withdrawn_when_merged_then_the_whistle_is_called_off(store, source_id):
    whistle = whistle_on(store, source_id)
    deliver(store, sources.withdrawn, withdrawn(INTO_ID), NOW)
    deliver(store, sources.merged, merged(source_id), NOW)
    assert "CANCELLED" == state_of(store, whistle)


def test_given_a_ring_of_merges_when_heard_then_it_ends(store, source_id):
    whistle_on(store, source_id)
    deliver(store, sources.merged, merged(source_id), NOW)
    deliver(store, sources.merged, merged(INTO_ID, source_id, world.APPEAL_NO), NOW)
    assert "PENDING_APPROVAL" == drafted_on(store, source_id)


def drafted_on(store, source_id):
    with store.transaction() as session:
        return world.drafted(session, source=world.source(id_=source_id))["state"]


def hazard_task(store, source_id):
    whistle = whistle_on(store, source_id, kind="EMERGENCY", units=["gongdian"])
    with store.transaction() as session:
        return world.finished(session, whistle, "gongdian", WUQIANG)


def test_given_finished_work_when_the_hazard_is_verified_then_the_log_says_so_once(store, source_id):
    task = hazard_task(store, source_id)
    twice(store, sources.hazard_removed, removed(source_id), NOW)
    with store.transaction() as session:
        row = session.get(Task, task["id"])
        assert ("FINISHED", ["隐患已由李珊现场核验消除"]) == (row.state, [note.text for note in row.notes])
        assert session.get(SourceFact, source_id).removed_at is not None


def test_given_the_same_news_in_two_events_when_heard_then_the_log_says_it_once(store, source_id):
    task = hazard_task(store, source_id)
    for _ in range(2):
        deliver(store, sources.hazard_removed, removed(source_id), NOW)
    with store.transaction() as session:
        assert 1 == len(session.get(Task, task["id"]).notes)


def test_given_a_failing_commit_when_a_hazard_is_removed_then_nothing_remains(store, source_id):
    task = hazard_task(store, source_id)
    failing(store, sources.hazard_removed, removed(source_id), NOW)
    with store.transaction() as session:
        assert ([], None) == (session.get(Task, task["id"]).notes, session.get(SourceFact, source_id))


def test_given_no_whistle_when_news_comes_then_it_is_kept(store, source_id):
    for handle, event in ((sources.hazard_removed, removed), (sources.withdrawn, withdrawn), (sources.merged, merged)):
        twice(store, handle, event(source_id), NOW)
    with store.transaction() as session:
        fact = session.scalars(select(SourceFact)).one()
        assert (True, True, INTO_NO) == (
            fact.removed_at is not None, fact.withdrawn_at is not None, fact.merged_into_number,
        )  # fmt: skip


SOURCE = UUID(int=78)
ORDERS = [
    [(sources.merged, AppealMerged, 3), (sources.resumed, AppealResumed, 5)],
    [(sources.withdrawn, AppealWithdrawn, 3), (sources.resumed, AppealResumed, 5)],
]


def at(version):
    return {"aggregate_version": version}


@pytest.mark.rule("7")
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("turns", ORDERS, ids=["merged", "withdrawn"])
def test_given_a_resumed_case_when_a_whistle_is_drafted_then_it_is_for_itself_in_any_order_of_facts(store, turns, late):
    for handle, contract, version in reversed(turns) if late else turns:
        data = {"into_id": str(INTO_ID), "into_number": INTO_NO} if contract is AppealMerged else {}
        deliver(store, handle, hear(contract, {"appeal_id": str(SOURCE), **data}, **at(version)), NOW)
    with store.transaction() as session:
        assert str(SOURCE) == sources.standing(session, world.source(id_=SOURCE), "APPEAL")["id"]


@pytest.mark.rule("7")
def test_given_a_case_that_follows_another_survivor_when_a_whistle_is_drafted_then_it_is_for_that_one(store):
    other = {"appeal_id": str(SOURCE), "into_id": str(UUID(int=79)), "into_number": INTO_NO}
    deliver(store, sources.merged, hear(AppealMerged, {**other, "into_id": str(INTO_ID)}, **at(3)), NOW)
    deliver(store, sources.merged, hear(AppealMerged, other, **at(5)), NOW)
    with store.transaction() as session:
        assert UUID(int=79) == sources.standing(session, world.source(id_=SOURCE), "APPEAL")["id"]
