"""Orders that a department's program lost are seen by their sign clock, and can be ordered again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict
from chassis.identity import Principal
from services.dispatch import metrics, unsigned, webhooks
from services.dispatch.department_tables import DepartmentMessage
from services.dispatch.departments import connect
from services.dispatch.tables import Task
from tests.unit.dispatch import world
from tests.unit.dispatch.world import NOW

pytestmark = pytest.mark.rule("42")
WHO = Principal.service("ops:a")


@pytest.fixture
def task(session):
    connect(session, WHO, "sifasuo", True, NOW)
    return session.get(Task, world.task_of(world.blown(session))["id"])


def after(task):
    return task.sign_due + timedelta(seconds=1)


def test_given_an_order_nobody_signed_when_its_time_is_over_then_it_is_seen(session, task):
    assert ({}, {"sifasuo": 1}) == (unsigned.by_unit(session, task.sign_due), unsigned.by_unit(session, after(task)))
    assert [task.id] == [each.id for each in unsigned.late(session, after(task), "sifasuo")]


def test_given_a_unit_reached_by_a_webhook_when_it_does_not_sign_then_it_is_seen_and_one_without_software_is_not(
    session, task
):
    webhooks.set_up(session, WHO, "paichusuo", "http://a.example/", NOW)
    connect(session, WHO, "sifasuo", False, NOW)
    assert {"paichusuo": 1} == unsigned.by_unit(session, after(task))


def test_given_a_signed_task_when_its_time_is_over_then_it_is_not_among_them(session, task):
    world.sign(session, {"id": task.id, "version": task.version})
    assert {} == unsigned.by_unit(session, after(task))


def test_given_a_lost_order_when_ordered_again_then_a_new_message_tells_of_the_same_task(session, task):
    unsigned.order_again(session, WHO, task.id, after(task))
    told = [json.loads(row.body) for row in session.scalars(select(DepartmentMessage).filter_by(unit_code="sifasuo"))]
    assert (2, 1) == (len({each["id"] for each in told}), len({each["data"]["task_id"] for each in told}))


def test_given_a_signed_task_when_ordered_again_then_it_is_a_conflict(session, task):
    world.sign(session, {"id": task.id, "version": task.version})
    with pytest.raises(Conflict):
        unsigned.order_again(session, WHO, task.id, after(task))


def test_given_orders_unsigned_when_signed_then_the_gauge_follows(session, task):
    shown = []
    for act in (lambda: None, lambda: world.sign(session, {"id": task.id, "version": task.version})):
        act()
        metrics.show_unsigned_orders(session, None, after(task))
        (metric,) = metrics.orders_unsigned.collect()
        shown.append({sample.labels["unit"]: sample.value for sample in metric.samples})
    assert [{"sifasuo": 1.0}, {}] == shown
