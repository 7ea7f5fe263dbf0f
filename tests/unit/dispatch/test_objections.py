"""Objections: once, in time, with the legal basis; the street decides; in an emergency work goes on."""

from __future__ import annotations

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.dispatch import desks
from services.dispatch.tables import Task
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, WANGFANG, WUQIANG, YANGFAN, YUHAITAO, do, later


def emergency(session):
    return world.task_of(world.blown(session, kind="EMERGENCY", units=["gongdian"]), "gongdian")


def test_given_a_task_when_the_unit_objects_then_it_waits_for_the_street(session):
    task = world.objecting(session, world.task_of(world.blown(session)))
    (fact,) = said(session, "whistle_task_objected")
    assert ("OBJECTED", "NOT_OUR_DUTY", "wuye", False) == (
        task["state"], fact["data"]["reason_code"], fact["data"]["proposed_unit"], fact["data"]["work_continues"],
    )  # fmt: skip
    assert "《物业管理条例》第五十一条" == task["objection"].legal_basis


@pytest.mark.parametrize("who", [WANGFANG, YUHAITAO, world.UNLISTED])
def test_given_somebody_not_on_the_roster_when_objecting_then_it_is_forbidden(session, who):
    task = world.task_of(world.blown(session))
    with pytest.raises(Forbidden if who is WANGFANG else NotFound):
        world.objecting(session, task, who)


def test_given_the_limit_has_passed_when_objecting_then_it_is_refused(session):
    task = world.task_of(world.blown(session))
    with pytest.raises(Conflict) as refused:
        world.objecting(session, task, now=later(days=1, hours=5))
    assert "due_at" in refused.value.details


def test_given_an_emergency_when_objecting_after_half_an_hour_then_it_is_refused(session):
    task = emergency(session)
    with pytest.raises(Conflict):
        world.objecting(session, task, WUQIANG, later(minutes=31))


@pytest.mark.parametrize("proposed", ["sifasuo", "nobody"])
def test_given_a_unit_that_cannot_take_it_when_proposed_then_it_is_invalid(session, proposed):
    task = world.task_of(world.blown(session))
    with pytest.raises(Invalid):
        world.objecting(session, task, proposed=proposed)


def test_given_work_begun_when_objecting_then_it_is_refused(session):
    task = world.report(session, world.sign(session, world.task_of(world.blown(session))))
    with pytest.raises(Conflict):
        world.objecting(session, task)


def test_given_an_objection_when_upheld_then_the_proposed_unit_has_a_new_task_with_fresh_clocks(session):
    whistle = world.blown(session)
    task = world.objecting(session, world.task_of(whistle))
    decided = world.decide(session, task, "UPHELD", now=later(hours=3))
    (fact,) = said(session, "whistle_task_objection_decided")
    fresh = session.get(Task, world.UUID(fact["data"]["new_task_id"]))
    assert ("REASSIGNED", "UPHELD", "wuye") == (decided["state"], fact["data"]["decision"], fact["data"]["new_unit"])
    assert ("ASSIGNED", "wuye", "LEAD", later(hours=4)) == (fresh.state, fresh.unit_code, fresh.role, fresh.sign_due)
    assert "whistle_task_assigned" == names_said(session)[-1]


def test_given_a_unit_the_street_names_when_upheld_then_it_goes_there(session):
    task = world.objecting(session, world.task_of(world.blown(session)), proposed=None)
    world.decide(session, task, "UPHELD", new_unit="chengguan")
    assert ["chengguan"] == [fact["data"]["new_unit"] for fact in said(session, "whistle_task_objection_decided")]


@pytest.mark.parametrize("new_unit", [None, "sifasuo", "nobody"])
def test_given_no_unit_that_could_take_it_when_upheld_then_it_is_invalid(session, new_unit):
    task = world.objecting(session, world.task_of(world.blown(session)), proposed=None)
    with pytest.raises(Invalid):
        world.decide(session, task, "UPHELD", new_unit=new_unit)


def test_given_a_designated_unit_when_it_objects_then_it_is_refused(session):
    whistle = world.blown(session)
    world.decide(session, world.objecting(session, world.task_of(whistle)), "UPHELD")
    (fresh,) = (task for task in session.get(Task, world.task_of(whistle)["id"]).whistle.tasks if task.replaces_id)
    with pytest.raises(Conflict):
        world.objecting(session, {"id": fresh.id}, YUHAITAO, proposed="chengguan")
    assert ["sign_task"] == do(desks.get_task, session, YUHAITAO, {"task_id": fresh.id}, NOW)["allowed_commands"]


def test_given_an_objection_when_rejected_then_the_task_is_signed_by_who_objected(session):
    task = world.objecting(session, world.task_of(world.blown(session)))
    decided = world.decide(session, task, "REJECTED", now=later(hours=3))
    assert ("SIGNED", later(hours=3), HEWENBIN.id) == (
        decided["state"], decided["signed_at"], decided["receiver"]["id"],
    )  # fmt: skip


def test_given_a_rejected_objection_when_the_unit_objects_again_then_it_is_refused(session):
    task = world.objecting(session, world.task_of(world.blown(session)))
    world.decide(session, task, "REJECTED")
    with pytest.raises(Conflict):
        world.objecting(session, task)


def test_given_an_objection_on_one_whistle_when_whistled_for_again_on_the_matter_then_it_may_not_object(session):
    about = world.source()
    world.decide(session, world.objecting(session, world.task_of(world.blown(session, source=about))), "REJECTED")
    again = world.task_of(world.blown(session, source=about))
    with pytest.raises(Conflict):
        world.objecting(session, again)


def test_given_days_of_deciding_when_rejected_then_the_report_date_moves_by_the_days_it_stood(session):
    task = world.objecting(session, world.task_of(world.blown(session)))
    decided = world.decide(session, task, "REJECTED", now=later(days=3))  # Friday to Monday: one working day
    assert "2024-07-11T16:00:00+00:00" == decided["report_due"].isoformat()


@pytest.mark.parametrize("who", [WANGFANG, HEWENBIN, world.OTHER_STREET], ids=["community", "unit", "other street"])
def test_given_an_objection_when_somebody_else_decides_then_it_is_forbidden(session, who):
    task = world.objecting(session, world.task_of(world.blown(session)))
    with pytest.raises(NotFound if who is world.OTHER_STREET else Forbidden):
        world.decide(session, task, "REJECTED", who)


def test_given_a_street_officer_of_the_unit_itself_when_deciding_then_it_is_forbidden(session):
    task = world.objecting(session, world.task_of(world.blown(session)))
    partial = world.person("u-both", "双岗", ("STREET", world.STREET_PATH, "sifasuo"))
    with pytest.raises(Forbidden):
        world.decide(session, task, "REJECTED", partial)


def test_given_no_objection_when_deciding_then_it_is_refused(session):
    task = world.task_of(world.blown(session))
    with pytest.raises(Conflict):
        world.decide(session, task, "REJECTED")


def test_given_an_emergency_when_the_unit_objects_then_work_continues(session):
    task = emergency(session)
    objected = world.objecting(session, world.sign(session, task, WUQIANG), WUQIANG)
    (fact,) = said(session, "whistle_task_objected")
    assert ("SIGNED", True, True) == (objected["state"], objected["work_continues"], fact["data"]["work_continues"])
    world.report(session, task, WUQIANG)
    assert "FINISHED" == world.finish(session, task, WUQIANG)["state"]


def test_given_an_emergency_at_work_when_upheld_then_the_owner_gets_the_task(session):
    task = emergency(session)
    world.objecting(session, world.sign(session, task, WUQIANG), WUQIANG)
    world.report(session, task, WUQIANG)
    decided = world.decide(session, task, "UPHELD")
    assert ("REASSIGNED", ["wuye"]) == (
        decided["state"], [each.unit_code for each in session.get(Task, task["id"]).whistle.tasks if each.replaces_id],
    )  # fmt: skip


def test_given_an_emergency_finished_meanwhile_when_upheld_then_the_work_stays_with_who_did_it(session):
    task = emergency(session)
    world.objecting(session, world.sign(session, task, WUQIANG), WUQIANG)
    world.report(session, task, WUQIANG)
    world.finish(session, task, WUQIANG)
    decided = world.decide(session, task, "UPHELD")
    (fact,) = said(session, "whistle_task_objection_decided")
    assert ("FINISHED", None, "wuye") == (decided["state"], fact["data"]["new_task_id"], fact["data"]["new_unit"])
    world.rate(session, world.confirm(session, task))
    assert 1 == len(said(session, "whistle_closed"))


def test_given_an_emergency_when_rejected_then_the_state_does_not_step_back(session):
    task = emergency(session)
    world.objecting(session, world.sign(session, task, WUQIANG), WUQIANG)
    world.report(session, task, WUQIANG)
    assert "REPORTED_IN" == world.decide(session, task, "REJECTED")["state"]


def test_given_an_open_objection_when_the_street_looks_then_it_is_offered_to_decide(session):
    task = world.objecting(session, world.task_of(world.blown(session)))
    offered = do(desks.get_task, session, LIUWEI, {"task_id": task["id"]}, NOW)["allowed_commands"]
    assert ["decide_objection"] == offered


@pytest.mark.rule("20")
def test_given_a_right_objection_naming_a_called_unit_when_upheld_then_its_own_task_takes_the_share(session):
    recipients = [
        {"unit": "sifasuo", "role": "LEAD", "finish_within": "2d"},
        {"unit": "paichusuo", "role": "ASSIST", "finish_within": None},
    ]
    whistle = world.blown(session, recipients=recipients)
    task = world.objecting(session, world.task_of(whistle), proposed="paichusuo")
    decided = world.decide(session, task, "UPHELD")
    known = session.get(Task, world.UUID(str(world.task_of(whistle, "paichusuo")["id"])))
    (fact,) = said(session, "whistle_task_objection_decided")
    assert ("REASSIGNED", str(known.id), "paichusuo", 2) == (
        decided["state"], fact["data"]["new_task_id"], fact["data"]["new_unit"], len(known.whistle.tasks),
    )  # fmt: skip
    assert ("LEAD", "2d", True) == (known.role, known.finish_within, known.finish_due is not None)
    assert [True] == ["丽景街司法所的异议成立" in note.text for note in known.notes]


@pytest.mark.rule("20")
def test_given_a_called_unit_that_was_relieved_itself_when_named_then_it_is_invalid(session):
    whistle = world.blown(session)
    world.decide(session, world.objecting(session, world.task_of(whistle, "paichusuo"), YANGFAN), "UPHELD")
    task = world.objecting(session, world.task_of(whistle), proposed="paichusuo")
    with pytest.raises(Invalid):
        world.decide(session, task, "UPHELD")
