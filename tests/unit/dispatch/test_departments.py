"""A connected department gets its order on its own queue; one without software has its desk in the portal."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from chassis import outbox
from chassis.audit import broken_link
from chassis.errors import NotFound
from chassis.identity import Principal
from chassis.tables import AUDIT, OUTBOX
from contracts.departments import WhistleTask
from services.dispatch.departments import connect
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW

WHO = Principal.service("dispatch")


def orders(session):
    outbox.write_out(session)
    found = select(OUTBOX.c.routing_key, OUTBOX.c.body).where(OUTBOX.c.exchange == "departments")
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
