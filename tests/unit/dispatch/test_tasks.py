"""A unit's task: only its roster acts on it, in the order the state table draws."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from contracts.dispatch.tasks import ProgressTask, SignTask
from contracts.dispatch.views import TaskView
from services.dispatch import desks, tasks
from tests.support.counting import statements
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import (
    GAOYUAN,
    HEAD,
    HEWENBIN,
    LIUWEI,
    LUOJUAN,
    NOW,
    UNLISTED,
    WANGFANG,
    YANGFAN,
    do,
    later,
)


@pytest.mark.parametrize("who", [HEWENBIN, LUOJUAN], ids=["A", "B"])
@pytest.mark.row("S4.7")
def test_given_a_receiver_of_the_unit_when_signing_then_the_task_is_theirs(session, who):
    task = world.sign(session, world.task_of(world.blown(session)), who)
    (fact,) = said(session, "whistle_task_signed")
    assert ("SIGNED", who.id, NOW) == (task["state"], task["receiver"]["id"], task["signed_at"])
    assert ({"id": who.id, "name": who.name}, True) == (fact["data"]["receiver"], fact["data"]["in_time"])


@pytest.mark.parametrize("who", [YANGFAN, UNLISTED, HEAD, WANGFANG, LIUWEI])
@pytest.mark.row("S4.7")
def test_given_somebody_not_on_the_roster_when_signing_then_it_is_forbidden(session, who):
    task = world.task_of(world.blown(session))
    with pytest.raises(NotFound if who in (YANGFAN, UNLISTED) else Forbidden):
        world.sign(session, task, who)
    assert [] == said(session, "whistle_task_signed")


def test_given_the_sign_limit_has_passed_when_signing_then_it_is_told_as_late(session):
    world.sign(session, world.task_of(world.blown(session)), now=later(hours=1, seconds=1))
    assert [False] == [fact["data"]["in_time"] for fact in said(session, "whistle_task_signed")]


def test_given_an_old_version_when_signing_then_it_is_refused(session):
    task = world.task_of(world.blown(session))
    with pytest.raises(VersionMismatch):
        do(tasks.sign, session, HEWENBIN, world.command(SignTask, task, expected_version=9), NOW)


def test_given_an_unknown_task_when_signing_then_nothing_is_found(session):
    with pytest.raises(NotFound):
        world.sign(session, {"id": world.uuid4()})


def test_given_a_task_not_signed_when_reporting_in_then_the_conflict_names_the_states(session):
    task = world.task_of(world.blown(session))
    with pytest.raises(Conflict) as refused:
        world.report(session, task)
    assert ("ASSIGNED", ["SIGNED"]) == (refused.value.details["state"], refused.value.details["allowed_states"])


def test_given_a_signed_task_when_the_unit_arrives_then_place_and_time_are_told(session):
    task = world.sign(session, world.task_of(world.blown(session)))
    seen = world.report(session, task, now=later(hours=2), arrived_at=later(minutes=110).isoformat())
    (fact,) = said(session, "whistle_task_reported_in")
    assert ("REPORTED_IN", later(minutes=110), later(hours=2)) == (
        seen["state"], seen["arrived_at"], seen["reported_in_at"],
    )  # fmt: skip
    assert ("MEETING", True) == (fact["data"]["mode"], fact["data"]["in_time"])


def test_given_an_arrival_in_the_future_when_reporting_then_it_is_invalid(session):
    task = world.sign(session, world.task_of(world.blown(session)))
    with pytest.raises(Invalid):
        world.report(session, task, now=later(hours=1), arrived_at=later(hours=3).isoformat())


def test_given_work_when_progress_is_told_then_it_stands_in_the_log_and_the_state_stays(session):
    task = world.report(session, world.sign(session, world.task_of(world.blown(session))))
    told = do(tasks.progress, session, HEWENBIN, world.command(ProgressTask, task, note="已联系双方"), NOW)
    assert ("REPORTED_IN", ["已联系双方"]) == (told["state"], [note.text for note in told["notes"]])
    assert 1 == len(said(session, "whistle_task_progressed"))


def test_given_work_done_when_finished_with_evidence_then_it_waits_for_the_whistler(session):
    task = world.finished(session, world.blown(session))
    (fact,) = said(session, "whistle_task_completed")
    assert ("FINISHED", "已到会释法", 1) == (task["state"], task["result_text"], len(task["evidence"]))
    assert (1, True) == (fact["data"]["evidence_count"], fact["data"]["in_time"])


def test_given_no_evidence_when_finishing_then_it_is_invalid(session):
    task = world.report(session, world.sign(session, world.task_of(world.blown(session))))
    with pytest.raises(ValidationError) as refused:
        world.finish(session, task, evidence=[])
    assert ["evidence"] == list(refused.value.messages_dict)


def test_given_a_limit_to_finish_when_it_has_passed_then_the_work_is_told_as_late(session):
    recipients = [{"unit": "sifasuo", "role": "LEAD", "finish_within": "2h"}]
    task = world.task_of(world.blown(session, recipients=recipients))
    world.report(session, world.sign(session, task))
    world.finish(session, task, now=later(hours=3))
    assert later(hours=2) == task["finish_due"]
    assert [False] == [fact["data"]["in_time"] for fact in said(session, "whistle_task_completed")]


def test_given_a_meeting_after_the_report_limit_when_blown_then_the_unit_is_in_time_at_the_meeting(session):
    meeting = later(days=20)
    task = world.task_of(world.blown(session, asked_time=meeting.isoformat()))
    assert meeting == task["report_due"]


def test_given_no_meeting_when_blown_on_friday_then_three_working_days_end_on_wednesday_night(session):
    task = world.task_of(world.blown(session))
    assert "2024-07-10T16:00:00+00:00" == task["report_due"].isoformat()


def test_given_the_whole_task_when_dumped_through_the_contract_then_it_loads_again(session):
    whistle = world.blown(session, recipients=[{"unit": "sifasuo", "finish_within": "5wd"}])
    world.finished(session, whistle)
    world.reject(session, world.task_of(whistle))
    world.finish(session, world.task_of(whistle), evidence=[{**world.PHOTO, "geo": {"lat": 38.4, "lon": 106.2}}])
    world.confirm(session, world.task_of(whistle))
    view = TaskView().dump(world.rate(session, world.task_of(whistle)))
    assert view == TaskView().dump(TaskView().load(view))
    assert ("RATED", 94, 2, 1) == (view["state"], view["rating"]["total"], len(view["evidence"]), view["rejections"])


def test_given_the_desk_when_read_then_what_is_due_first_stands_on_top(session):
    slow, urgent = (world.blown(session, now=later(minutes=-no), units=["sifasuo"]) for no in (0, 30))
    page = desks.list_tasks(session, HEWENBIN, {"unit": "sifasuo", "state": [], "limit": 50, "cursor": None}, NOW)
    assert [world.task_of(urgent)["id"], world.task_of(slow)["id"]] == [task["id"] for task in page["items"]]


def test_given_many_tasks_when_paged_then_each_is_seen_once(session):
    for _ in range(5):
        world.blown(session, units=["sifasuo"])
    seen, cursor = [], None
    while True:
        asked = {"unit": "sifasuo", "state": ["ASSIGNED"], "limit": 2, "cursor": cursor}
        page = desks.list_tasks(session, HEWENBIN, asked, NOW)
        seen += [task["id"] for task in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert (5, 5) == (len(seen), len(set(seen)))


def test_given_more_tasks_at_work_when_listed_then_no_more_is_asked_of_the_database(session):
    asked = {"unit": "sifasuo", "state": [], "limit": 50, "cursor": None}
    counts = []
    for _ in range(2):
        task = world.task_of(world.blown(session, units=["sifasuo"]))
        world.sign(session, task)
        world.report(session, task)
        session.flush()
        session.expire_all()
        with statements(session.get_bind()) as found:
            desks.list_tasks(session, LUOJUAN, asked, NOW)
        counts.append(len([said for said in found if "FROM receiver" not in said]))
    assert counts[0] == counts[1]


def test_given_a_cursor_not_ours_when_paging_then_it_is_invalid(session):
    for cursor in ("?", "bm9wZQ=="):
        with pytest.raises(Invalid):
            desks.list_tasks(session, HEWENBIN, {"unit": "sifasuo", "state": [], "limit": 50, "cursor": cursor}, NOW)


def test_given_a_state_when_filtering_the_desk_then_only_that_is_shown(session):
    world.sign(session, world.task_of(world.blown(session)))
    world.blown(session)
    asked = {"unit": "sifasuo", "state": ["SIGNED"], "limit": 50, "cursor": None}
    assert ["SIGNED"] == [task["state"] for task in desks.list_tasks(session, LUOJUAN, asked, NOW)["items"]]


@pytest.mark.parametrize(("who", "seen"), [(HEWENBIN, 1), (HEAD, 1), (WANGFANG, 1), (LIUWEI, 1), (world.ZHOUMIN, 1)])
def test_given_the_unit_and_those_above_the_place_when_reading_the_desk_then_they_see_it(session, who, seen):
    world.blown(session)
    asked = {"unit": "sifasuo", "state": [], "limit": 50, "cursor": None}
    assert seen == len(desks.list_tasks(session, who, asked, NOW)["items"])


def test_given_another_street_when_reading_the_desk_then_it_sees_nothing_of_ours(session):
    task = world.task_of(world.blown(session))
    asked = {"unit": "sifasuo", "state": [], "limit": 50, "cursor": None}
    assert [] == desks.list_tasks(session, world.OTHER_STREET, asked, NOW)["items"]
    with pytest.raises(NotFound):
        do(desks.get_task, session, world.OTHER_STREET, {"task_id": task["id"]}, NOW)


@pytest.mark.parametrize("who", [GAOYUAN, UNLISTED, world.RESIDENT])
def test_given_another_unit_or_a_resident_when_reading_the_desk_then_it_is_forbidden(session, who):
    task = world.task_of(world.blown(session))
    with pytest.raises(Forbidden):
        desks.list_tasks(session, who, {"unit": "sifasuo", "state": [], "cursor": None}, NOW)
    with pytest.raises(NotFound):
        do(desks.get_task, session, who, {"task_id": task["id"]}, NOW)


def test_given_an_unknown_task_when_reading_then_nothing_is_found(session):
    with pytest.raises(NotFound):
        do(desks.get_task, session, HEWENBIN, {"task_id": world.uuid4()}, NOW)


def test_given_the_asker_when_shown_then_commands_differ_between_unit_and_whistler(session):
    whistle = world.blown(session)
    asked = {"task_id": world.task_of(whistle)["id"]}
    assert (["object_task", "sign_task"], [], ["waive_rating"]) == tuple(
        do(desks.get_task, session, who, asked, NOW)["allowed_commands"] for who in (HEWENBIN, WANGFANG, LIUWEI)
    )
    world.finished(session, whistle)
    assert ([], ["confirm_task", "reject_task"]) == tuple(
        do(desks.get_task, session, who, asked, NOW)["allowed_commands"] for who in (HEWENBIN, WANGFANG)
    )
