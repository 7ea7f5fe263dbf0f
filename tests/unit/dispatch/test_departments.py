"""A connected department gets its order on its own queue; one without software has its desk in the portal."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from chassis import closing
from chassis.errors import NotFound
from chassis.identity import Principal
from chassis.tables import AUDIT, OUTBOX
from contracts.departments import TaskChanged, WhistleTask
from contracts.dispatch.whistles import CancelWhistle
from services.dispatch import whistles
from services.dispatch.departments import connect
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW, do
from tools.trail import broken_link

WHO = Principal.service("dispatch")


def orders(session):
    closing.write(session)
    found = select(OUTBOX.c.routing_key, OUTBOX.c.body).where(OUTBOX.c.exchange == "departments")
    found = found.order_by(OUTBOX.c.position)
    return [(row.routing_key, json.loads(row.body)) for row in session.execute(found)]


def test_given_a_connected_unit_when_blown_then_one_order_leaves_for_its_queue(session):
    connect(session, WHO, "sifasuo", True, NOW)
    whistle = world.blown(session)
    ((key, order),) = orders(session)
    task = world.task_of(whistle)
    assert ("sifasuo", str(task["id"]), "cn.shaodao.departments.whistle_task.v1", world.APPEAL_NO) == (
        key, order["subject"], order["type"], order["casenumber"],
    )  # fmt: skip
    loaded = WhistleTask().load(order["data"])
    assert (task["sign_due"], "丽景街司法所") == (loaded["sign_due"], loaded["unit"]["name"])


def test_given_no_unit_connected_when_blown_then_nothing_waits_for_a_queue_that_is_not(session):
    world.blown(session)
    assert [] == orders(session)


def test_given_an_upheld_objection_when_the_new_unit_is_connected_then_it_gets_the_order(session):
    connect(session, WHO, "wuye", True, NOW)
    world.decide(session, world.objecting(session, world.task_of(world.blown(session))), "UPHELD")
    assert ["wuye"] == [key for key, _ in orders(session)]


def test_given_a_unit_when_connected_and_not_any_more_then_each_is_audited(session):
    for switch in (True, False):
        connect(session, WHO, "sifasuo", switch, NOW)
    acts = [row.details["connected"] for row in session.execute(select(AUDIT).order_by(AUDIT.c.no))]
    assert ([True, False], None) == (acts, broken_link(session))


def test_given_an_unknown_unit_when_connected_then_nothing_is_found(session):
    with pytest.raises(NotFound):
        connect(session, WHO, "nobody", True, NOW)


def changes(session, unit="sifasuo"):
    """What became of the unit's tasks by others' hands, as it is told."""
    told = [order["data"] for key, order in orders(session) if key == unit and "task_changed" in order["type"]]
    loaded = [TaskChanged().load(data) for data in told]
    return [(each["change"], each["state"], each["reason"], each["points"]) for each in loaded]


def listening(session):
    connect(session, WHO, "sifasuo", True, NOW)
    return world.blown(session, units=["sifasuo"])


def test_given_work_rejected_then_confirmed_and_rated_when_the_unit_listens_then_it_is_told_each_in_order(session):
    task = world.finished(session, listening(session))
    task = world.finish(session, world.reject(session, task))
    rating = world.rate(session, world.confirm(session, task))["rating"]
    assert [
        ("RESULT_REJECTED", "REPORTED_IN", "缺少完工照片", None),
        ("RESULT_CONFIRMED", "CONFIRMED", None, None),
        ("RATED", "RATED", rating.comment, rating.total),
    ] == changes(session)


def test_given_a_whistle_called_off_when_the_unit_listens_then_it_is_told_with_the_reason(session):
    command = world.command(CancelWhistle, listening(session), reason_code="MISTAKE", reason="误发")
    do(whistles.cancel, session, world.LIUWEI, command, NOW)
    assert [("CANCELLED", "CANCELLED", "误发", None)] == changes(session)


@pytest.mark.parametrize(("decision", "state"), [("UPHELD", "REASSIGNED"), ("REJECTED", "SIGNED")])
def test_given_an_objection_decided_when_the_unit_listens_then_it_is_told_how(session, decision, state):
    world.decide(session, world.objecting(session, world.task_of(listening(session))), decision)
    assert [(f"OBJECTION_{decision}", state)] == [told[:2] for told in changes(session)]
