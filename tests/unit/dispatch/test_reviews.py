"""The whistler's word on finished work, and how a whistle closes."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.dispatch import whistles
from services.dispatch.tables import Whistle
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import (
    GAOYUAN,
    HEWENBIN,
    LISHAN,
    LIUWEI,
    NOW,
    WANGFANG,
    WUQIANG,
    YANGFAN,
    ZHOUMIN,
    do,
    person,
)

BOTH_SIDES = person("u-both", "双岗", ("COMMUNITY", world.COMMUNITY_PATH, "sifasuo"))


def one_done(session):
    whistle = world.blown(session, units=["sifasuo"])
    return world.finished(session, whistle)


def test_given_finished_work_when_the_community_confirms_then_it_is_told_by_name(session):
    task = world.confirm(session, one_done(session))
    (fact,) = said(session, "whistle_task_confirmed")
    assert ("CONFIRMED", {"id": WANGFANG.id, "name": "王芳"}) == (task["state"], fact["data"]["confirmed_by"])


@pytest.mark.parametrize("who", [HEWENBIN, YANGFAN, world.OTHER_STREET, BOTH_SIDES, LISHAN])
def test_given_the_unit_itself_or_outsiders_when_confirming_then_it_is_forbidden(session, who):
    task = one_done(session)
    with pytest.raises(NotFound if who in (YANGFAN, world.OTHER_STREET) else Forbidden):
        world.confirm(session, task, who)


def test_given_an_emergency_when_the_grid_worker_verifies_on_site_then_it_is_confirmed(session):
    command = world.drafting(kind="EMERGENCY", units=["gongdian"])
    whistle = do(whistles.draft, session, LISHAN, command, NOW)
    task = world.finished(session, whistle, "gongdian", WUQIANG)
    assert "CONFIRMED" == world.confirm(session, task, LISHAN)["state"]


def test_given_work_not_confirmed_when_rating_then_it_is_refused(session):
    task = one_done(session)
    with pytest.raises(Conflict):
        world.rate(session, task)


def test_given_work_not_done_when_rejected_then_it_goes_back_with_the_reason(session):
    task = world.reject(session, one_done(session))
    (fact,) = said(session, "whistle_task_rejected")
    assert ("REPORTED_IN", 1, 1, "EVIDENCE_MISSING") == (
        task["state"], task["rejections"], fact["data"]["times"], fact["data"]["reason_code"],
    )  # fmt: skip
    assert ["核实不通过：缺少完工照片"] == [note.text for note in task["notes"]]


def rejected(session, times):
    task = one_done(session)
    for time in range(times):
        world.reject(session, task)
        if time < times - 1:
            world.finish(session, task)
    return task


def test_given_two_rejections_when_the_third_comes_then_the_district_is_told_once(session):
    rejected(session, 3)
    overdue = [(fact["data"]["stage"], fact["data"]["level"]) for fact in said(session, "whistle_task_overdue")]
    assert [("FINISH", "DISTRICT")] == overdue


def test_given_three_rejections_when_finished_again_then_only_the_district_confirms(session):
    task = world.finish(session, rejected(session, 3))
    for act in (world.confirm, world.reject):
        with pytest.raises(Forbidden):
            act(session, task, LIUWEI)
    assert "CONFIRMED" == world.confirm(session, task, ZHOUMIN)["state"]


@pytest.mark.row("S4.9")
def test_given_confirmed_work_when_rated_then_total_and_rater_are_told(session):
    world.rate(session, world.confirm(session, one_done(session)))
    (fact,) = said(session, "whistle_task_rated")
    assert (94, 20, 36, {"id": WANGFANG.id, "name": "王芳"}) == (
        fact["data"]["total"], fact["data"]["timeliness"], fact["data"]["effect"], fact["data"]["rater"],
    )  # fmt: skip


@pytest.mark.parametrize("who", [HEWENBIN, BOTH_SIDES, world.OTHER_STREET])
@pytest.mark.row("S4.9")
def test_given_the_rated_or_an_outsider_when_rating_then_it_is_forbidden(session, who):
    task = world.confirm(session, one_done(session))
    with pytest.raises(NotFound if who is world.OTHER_STREET else Forbidden):
        world.rate(session, task, who)


def test_given_points_above_the_policy_when_rating_then_they_are_invalid(session, monkeypatch):
    task = world.confirm(session, one_done(session))
    highest = {"timeliness": 10, "attendance": 20, "effect": 50, "cooperation": 20}
    monkeypatch.setattr("kernel.policy.PolicyPack.value", lambda *_: highest)
    with pytest.raises(Invalid) as refused:
        world.rate(session, task)
    assert ["timeliness"] == list(refused.value.details["fields"])


def test_given_a_rated_task_when_rated_again_then_it_is_refused(session):
    task = world.rate(session, world.confirm(session, one_done(session)))
    with pytest.raises(Conflict):
        world.rate(session, task)


def test_given_a_conflict_of_interest_when_waived_then_the_reason_is_told(session):
    task = world.waive(session, world.confirm(session, one_done(session)))
    (fact,) = said(session, "whistle_task_rating_waived")
    assert ("WAIVED", "CONFLICT", WANGFANG.id) == (
        task["state"], fact["data"]["reason_code"], fact["data"]["waived_by"]["id"],
    )  # fmt: skip


def test_given_a_unit_that_was_excused_when_the_street_waives_then_it_need_not_come(session):
    task = world.task_of(world.blown(session))
    assert "WAIVED" == world.waive(session, task, LIUWEI, "NOT_ATTENDED_EXCUSED")["state"]


def test_given_a_unit_that_did_not_come_when_the_community_waives_then_it_is_forbidden(session):
    task = world.task_of(world.blown(session))
    with pytest.raises(Forbidden):
        world.waive(session, task, WANGFANG, "NOT_ATTENDED_EXCUSED")


def test_given_a_unit_that_did_not_come_when_waived_for_another_reason_then_it_is_invalid(session):
    task = world.task_of(world.blown(session))
    with pytest.raises(Invalid):
        world.waive(session, task, LIUWEI, "OTHER")


@pytest.mark.row("S4.9")
def test_given_three_units_when_all_are_rated_or_waived_then_the_whistle_closes_and_not_before(session):
    whistle = world.blown(session)
    for unit, who in (("sifasuo", HEWENBIN), ("falvguwen", GAOYUAN), ("paichusuo", YANGFAN)):
        task = world.confirm(session, world.finished(session, whistle, unit, who))
        assert [] == said(session, "whistle_closed")
        world.waive(session, task) if unit == "paichusuo" else world.rate(session, task)
    (fact,) = said(session, "whistle_closed")
    counted = {key: fact["data"][key] for key in ("tasks", "rated", "waived", "reassigned")}
    assert {"tasks": 3, "rated": 2, "waived": 1, "reassigned": 0} == counted
    assert ("CLOSED", "whistle_closed") == (session.get(Whistle, whistle["id"]).state, names_said(session)[-1])
