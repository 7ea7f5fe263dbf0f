"""Whistles: who may draft, who approves, and that an emergency waits for nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from contracts.dispatch.whistles import ApproveWhistle, CancelWhistle, ReturnWhistle, WhistleView
from kernel import numbers
from services.dispatch import whistles
from services.dispatch.tables import Task, Whistle
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import (
    GAOYUAN,
    HEWENBIN,
    LISHAN,
    LIUWEI,
    LUOJUAN,
    NOW,
    OTHER_STREET,
    RESIDENT,
    WANGFANG,
    WHISTLER,
    ZHOUMIN,
    do,
)


@pytest.mark.row("S2.6")
def test_given_a_community_when_it_drafts_then_the_street_has_to_approve(session):
    whistle = world.drafted(session)
    assert ("PENDING_APPROVAL", [], ["whistle_drafted"]) == (whistle["state"], whistle["tasks"], names_said(session))


def test_given_a_draft_when_told_then_the_case_is_its_source_and_nobody_has_a_task_yet(session):
    whistle = world.drafted(session)
    (fact,) = said(session)
    recipients = [(each["unit"], each["unit_kind"], each["task_id"]) for each in fact["data"]["recipients"]]
    assert world.APPEAL_NO == fact["casenumber"]
    assert str(whistle["id"]) == fact["subject"]
    assert [("sifasuo", "STATION", None), ("falvguwen", "LEGAL_COUNSEL", None), ("paichusuo", "STATION", None)] == (
        recipients
    )


@pytest.mark.row("S4.5")
def test_given_a_draft_when_approved_then_each_unit_has_a_task_with_its_own_clocks(session):
    whistle = world.blown(session)
    assert ("BLOWN", {"id": LIUWEI.id, "name": LIUWEI.name}, NOW) == (
        whistle["state"], whistle["approved_by"], whistle["blown_at"],
    )  # fmt: skip
    assert ["whistle_drafted", "whistle_blown", *["whistle_task_assigned"] * 3] == names_said(session)
    assert [world.later(hours=1)] * 3 == [task["sign_due"] for task in whistle["tasks"]]


def test_given_a_blown_whistle_when_told_then_recipients_carry_their_tasks(session):
    whistle = world.blown(session)
    (fact,) = said(session, "whistle_blown")
    told = {each["unit"]: each["task_id"] for each in fact["data"]["recipients"]}
    assert {task["unit"]["code"]: str(task["id"]) for task in whistle["tasks"]} == told


def test_given_a_view_when_dumped_through_the_contract_then_it_loads_again(session):
    view = WhistleView().dump(world.blown(session))
    assert view == WhistleView().dump(WhistleView().load(view))


def test_given_an_emergency_when_the_grid_worker_drafts_then_it_blows_without_approval(session):
    command = world.drafting(kind="EMERGENCY", source=world.source("HAZARD"), units=["gongdian"])
    whistle = do(whistles.draft, session, LISHAN, command, NOW)
    assert ("BLOWN", None) == (whistle["state"], whistle["approved_by"])
    assert ["whistle_drafted", "whistle_blown", "whistle_task_assigned"] == names_said(session)


def test_given_saturday_night_when_an_emergency_is_blown_then_its_clocks_run_by_the_wall(session):
    night = world.later(hours=38, minutes=10)
    command = world.drafting(kind="EMERGENCY", units=["gongdian"])
    (task,) = do(whistles.draft, session, LISHAN, command, night)["tasks"]
    minutes = [(task[due] - night).total_seconds() / 60 for due in ("sign_due", "report_due")]
    assert [15, 30] == minutes


@pytest.mark.parametrize("kind", ["APPEAL", "KEY", "ENFORCEMENT", "VOLUNTEER"])
def test_given_a_grid_worker_when_drafting_another_kind_then_it_is_forbidden(session, kind):
    with pytest.raises(Forbidden):
        do(whistles.draft, session, LISHAN, world.drafting(kind=kind), NOW)


def test_given_a_whistler_when_drafting_then_it_waits_for_the_street(session):
    assert "PENDING_APPROVAL" == world.drafted(session, WHISTLER)["state"]


@pytest.mark.parametrize("who", [RESIDENT, HEWENBIN, OTHER_STREET], ids=["resident", "receiver", "other street"])
def test_given_somebody_without_a_post_here_when_drafting_then_it_is_forbidden(session, who):
    with pytest.raises(Forbidden):
        do(whistles.draft, session, who, world.drafting(), NOW)


def test_given_the_street_when_it_whistles_itself_then_nobody_has_to_approve(session):
    whistle = world.drafted(session, LIUWEI, level="STREET")
    assert ("BLOWN", LIUWEI.id) == (whistle["state"], whistle["approved_by"]["id"])


def test_given_a_community_when_it_claims_the_streets_level_then_it_is_forbidden(session):
    with pytest.raises(Forbidden):
        do(whistles.draft, session, WANGFANG, world.drafting(level="STREET"), NOW)


@pytest.mark.parametrize("units", [["nobody"], ["lijingjie"], ["sifasuo", "sifasuo"]])
def test_given_units_that_cannot_be_called_when_drafting_then_it_is_invalid(session, units):
    with pytest.raises(Invalid) as refused:
        do(whistles.draft, session, WANGFANG, world.drafting(units=units), NOW)
    assert ["recipients"] == list(refused.value.details["fields"])


@pytest.mark.parametrize("who", [WANGFANG, OTHER_STREET, HEWENBIN], ids=["community", "other street", "receiver"])
def test_given_a_draft_when_somebody_else_approves_then_it_is_forbidden_and_stays(session, who):
    whistle = world.drafted(session)
    with pytest.raises(Forbidden if who is WANGFANG else NotFound):
        do(whistles.approve, session, who, world.command(ApproveWhistle, whistle), NOW)
    assert "PENDING_APPROVAL" == session.get(Whistle, whistle["id"]).state


def test_given_the_district_when_it_approves_then_the_whistle_blows(session):
    whistle = world.drafted(session)
    assert "BLOWN" == do(whistles.approve, session, ZHOUMIN, world.command(ApproveWhistle, whistle), NOW)["state"]


def test_given_an_old_version_when_approving_then_it_is_refused(session):
    whistle = world.drafted(session)
    with pytest.raises(VersionMismatch):
        do(whistles.approve, session, LIUWEI, world.command(ApproveWhistle, whistle, expected_version=7), NOW)


def test_given_a_blown_whistle_when_approved_again_then_the_conflict_names_the_states(session):
    whistle = world.blown(session)
    with pytest.raises(Conflict) as refused:
        do(whistles.approve, session, LIUWEI, world.command(ApproveWhistle, whistle), NOW)
    assert ("BLOWN", ["PENDING_APPROVAL"]) == (refused.value.details["state"], refused.value.details["allowed_states"])


def test_given_a_draft_when_the_street_returns_it_then_it_is_told_with_its_reason(session):
    whistle = world.drafted(session)
    command = world.command(ReturnWhistle, whistle, reason_code="CAN_SELF_HANDLE", reason="社区可自行协调")
    returned = do(whistles.give_back, session, LIUWEI, command, NOW)
    (fact,) = said(session, "whistle_returned")
    assert ("RETURNED", "社区可自行协调", "CAN_SELF_HANDLE") == (
        returned["state"], returned["decision_reason"], fact["data"]["reason_code"],
    )  # fmt: skip


def cancelling(whistle):
    return world.command(CancelWhistle, whistle, reason_code="SOLVED", reason="问题已现场解决")


def test_given_a_blown_whistle_when_cancelled_then_open_tasks_and_their_clocks_end(session):
    whistle = world.blown(session)
    cancelled = do(whistles.cancel, session, LIUWEI, cancelling(whistle), NOW)
    assert ("CANCELLED", {"CANCELLED"}) == (cancelled["state"], {task["state"] for task in cancelled["tasks"]})
    assert [[]] * 3 == [task["allowed_commands"] for task in cancelled["tasks"]]
    assert 1 == len(said(session, "whistle_cancelled"))


def test_given_a_community_when_it_cancels_then_it_is_forbidden(session):
    whistle = world.blown(session)
    with pytest.raises(Forbidden):
        do(whistles.cancel, session, WANGFANG, cancelling(whistle), NOW)


@pytest.mark.parametrize("who", [WANGFANG, LIUWEI, ZHOUMIN, HEWENBIN, LUOJUAN, GAOYUAN, LISHAN])
def test_given_people_of_the_place_or_the_units_when_reading_then_they_see_it(session, who):
    whistle = world.blown(session)
    assert whistle["id"] == do(whistles.get, session, who, {"number": whistle["number"]}, NOW)["id"]


@pytest.mark.parametrize("who", [OTHER_STREET, RESIDENT, world.WUQIANG, world.UNLISTED])
@pytest.mark.rule("4")
def test_given_others_when_reading_then_there_is_no_such_whistle(session, who):
    whistle = world.blown(session)
    with pytest.raises(NotFound):
        do(whistles.get, session, who, {"number": whistle["number"]}, NOW)


def test_given_an_unknown_number_when_reading_then_nothing_is_found(session):
    with pytest.raises(NotFound):
        do(whistles.get, session, LIUWEI, {"number": "W202407050101000010"}, NOW)


def test_given_two_whistles_on_one_matter_when_listed_by_source_then_both_are_seen_newest_first(session):
    about = world.source(id_=uuid4())
    first, second = (world.drafted(session, source=about, units=[unit]) for unit in ("sifasuo", "wuye"))
    world.drafted(session)
    asked = {"source_id": first["source"]["id"], "limit": 1, "cursor": None}
    page = whistles.list_for_source(session, WANGFANG, asked, NOW)
    rest = whistles.list_for_source(session, WANGFANG, {**asked, "cursor": page["next_cursor"]}, NOW)
    assert [second["id"], first["id"]] == [page["items"][0]["id"], rest["items"][0]["id"]]
    assert rest["next_cursor"] is None
    assert [] == whistles.list_for_source(session, OTHER_STREET, asked, NOW)["items"]


def test_given_a_number_when_made_then_it_has_the_day_the_sources_area_and_a_good_check_digit(session):
    number = world.drafted(session)["number"]
    assert ("W202407050101", True) == (number[:13], numbers.check(number))


def test_given_many_at_once_when_drafting_then_no_number_is_given_twice(store):
    def one(_):
        with store.transaction() as session:
            return world.drafted(session, units=["sifasuo"])["number"]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(12)))
    assert list(range(1, 13)) == sorted(numbers.parse(number).seq for number in made)


def test_given_a_failing_commit_when_drafting_then_nothing_remains(store):
    class Broken(Exception):
        pass

    with pytest.raises(Broken), store.transaction() as session:
        world.blown(session)
        raise Broken
    with store.transaction() as session:
        assert ([], [], []) == (
            list(session.scalars(select(Whistle))), list(session.scalars(select(Task))), said(session),
        )  # fmt: skip


def test_given_the_asker_when_shown_then_only_possible_commands_are_offered(session):
    whistle = world.drafted(session)
    seen = {who.id: do(whistles.get, session, who, {"number": whistle["number"]}, NOW) for who in (WANGFANG, LIUWEI)}
    assert ([], ["approve_whistle", "cancel_whistle", "return_whistle"]) == (
        seen[WANGFANG.id]["allowed_commands"], sorted(seen[LIUWEI.id]["allowed_commands"]),
    )  # fmt: skip


JUDGED = ("rating", "notes", "objection", "result_text", "evidence", "waiver", "rejections")


def judged(session, who, whistle, unit="sifasuo"):
    """What `who` reads of how the unit's task was judged."""
    view = do(whistles.get, session, who, {"number": whistle["number"]}, NOW)
    task = world.task_of(view, unit)
    return [name for name in JUDGED if task[name]]


@pytest.mark.rule("4")
def test_given_a_task_that_was_judged_when_another_called_unit_reads_then_it_learns_nothing_of_that(session):
    whistle = world.blown(session)
    world.finished(session, whistle)
    world.confirm(session, world.task_of(whistle))
    world.rate(session, world.task_of(whistle))
    seen = {who.id: judged(session, who, whistle) for who in (GAOYUAN, HEWENBIN, WANGFANG)}
    assert [] == seen[GAOYUAN.id]
    assert {"rating", "result_text", "evidence"} <= set(seen[HEWENBIN.id]) == set(seen[WANGFANG.id])


@pytest.mark.rule("4")
def test_given_an_objection_when_another_called_unit_reads_then_it_learns_nothing_of_it(session):
    whistle = world.blown(session)
    world.objecting(session, world.task_of(whistle))
    assert ([], ["objection"]) == (judged(session, GAOYUAN, whistle), judged(session, HEWENBIN, whistle)[-1:])
