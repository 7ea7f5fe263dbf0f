"""What a unit's program is told of ticked parts, of a body it called, and of a look-back: never of its day."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis import closing
from chassis.identity import Principal
from chassis.tables import OUTBOX
from contracts.departments import TaskChanged, WhistleTask
from services.dispatch.department_tables import DepartmentMessage
from services.dispatch.departments import connect
from services.dispatch.tables import Base, Receiver
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.rectifying import SQUAD, at_squad, day_of, do, furnish, state_of, tick
from tests.unit.dispatch.test_look_backs import written
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, PHOTO, person

OTHERS = person("u-zhao", "赵队员", ("RECEIVER", "yinchuan.xingqing", "chengguan"))
SHOT = NOW + timedelta(days=20)
FURTHER = {"unit": "chengguan", "asked": "补种耐寒绿植", "finish_within": "15d"}


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
        furnish(session)
        session.add(Receiver(unit_code="chengguan", person_id=OTHERS.id, name=OTHERS.name, post="A"))
        for unit in ("sifasuo", "chengguan", "zhongdui"):
            connect(session, Principal.service("dispatch"), unit, True, NOW)
    return made


def letters(store, unit="sifasuo", kind="task_changed"):
    """What a unit was told, each as the contract reads it."""
    with store.transaction() as session:
        query = select(DepartmentMessage.body).where(DepartmentMessage.unit_code == unit)
        bodies = [json.loads(body) for body in session.scalars(query.order_by(DepartmentMessage.id))]
    shape = {"task_changed": TaskChanged, "whistle_task": WhistleTask}[kind]
    return [shape().load(body["data"]) for body in bodies if body["type"] == shape.type]


@pytest.fixture
def come(store):
    """The judicial office has come, for three units; its task."""
    with store.transaction() as session:
        row = world.task_of(world.blown(session, units=["sifasuo"], parts=["1单元", "2单元", "3单元"]))
        world.sign(session, row)
        return world.report(session, row)


def test_given_parts_in_an_order_when_sent_then_the_program_reads_their_names_in_order(store, come):
    (order,) = letters(store, kind="whistle_task")
    assert (["1单元", "2单元", "3单元"], None) == (order["parts"], order["called_by"])


def test_given_parts_ticked_at_the_desk_when_told_then_which_and_how_many_by_now(store, come):
    for parts in ([1], [2, 3]):
        do(store, "tick_parts", HEWENBIN, task_id=come["id"], parts=parts, photos=[PHOTO])
    told = [(each["change"], each["parts"], each["parts_done"], each["parts_total"]) for each in letters(store)]
    assert [("PARTS_DONE", [1], 1, 3), ("PARTS_DONE", [2, 3], 3, 3)] == told


def further(store, come):
    do(store, "call_further", HEWENBIN, task_id=come["id"], **FURTHER)
    whistle = do(store, "get_whistle", LIUWEI, number=come["whistle_number"])
    return world.task_of(whistle, "chengguan")


def test_given_a_body_called_at_the_desk_when_ordered_then_its_program_reads_who_called_it_and_for_what(store, come):
    further(store, come)
    (order,) = letters(store, "chengguan", "whistle_task")
    assert ("sifasuo", ["丽景街司法所请协助：补种耐寒绿植"]) == (order["called_by"]["code"], order["notes"])


def test_given_a_body_that_was_called_when_it_goes_on_then_the_caller_hears_how_far_and_no_judgement(store, come):
    child = further(store, come)
    with store.transaction() as session:
        world.sign(session, child, OTHERS)
        world.report(session, child, OTHERS)
        world.finish(session, child, OTHERS)
        world.confirm(session, child)
        world.rate(session, child)
    told = letters(store)
    assert [
        ("FURTHER_CALLED", "ASSIGNED"), ("FURTHER_CHANGED", "SIGNED"), ("FURTHER_CHANGED", "REPORTED_IN"),
        ("FURTHER_CHANGED", "FINISHED"), ("FURTHER_CHANGED", "CONFIRMED"),
    ] == [(each["change"], each["further"]["state"]) for each in told]  # fmt: skip
    assert {(None, None, "REPORTED_IN")} == {(each["points"], each["reason"], each["state"]) for each in told}
    assert {(str(child["id"]), "chengguan")} == {
        (str(each["further"]["task_id"]), each["further"]["unit"]["code"]) for each in told
    }


def test_given_a_called_body_that_objects_when_it_is_another_s_duty_then_the_caller_waits_for_that_one(store, come):
    child = further(store, come)
    with store.transaction() as session:
        world.objecting(session, child, OTHERS, proposed="zhongdui")
        world.decide(session, child, "UPHELD")
    told = [(each["change"], each["further"]["unit"]["code"], each["further"]["state"]) for each in letters(store)]
    assert [
        ("FURTHER_CHANGED", "chengguan", "OBJECTED"), ("FURTHER_CHANGED", "chengguan", "REASSIGNED"),
        ("FURTHER_CALLED", "zhongdui", "ASSIGNED"),
    ] == told[1:]  # fmt: skip
    assert "finish_task" not in do(store, "get_task", HEWENBIN, task_id=come["id"])["allowed_commands"]


@pytest.fixture
def cleared(store):
    """Enforced by the squad and put right; the day of its look-back is sealed. Its number."""
    number = at_squad(store, SHOT)
    do(store, "verify_spots", now=SHOT, number=number)
    return number


def everything(store):
    """All that leaves the house, or can be polled: letters, events, updates."""
    with store.transaction() as session:
        closing.write(session)
        kept = list(session.scalars(select(DepartmentMessage.body)))
        leaving = list(session.scalars(select(OUTBOX.c.body)))
        facts = str(said(session))
    updates = [do(store, "list_department_updates", SQUAD, unit="zhongdui", since=0)]
    return " ".join(map(str, [*kept, *leaving, facts, *updates]))


def of_look_back(store):
    changes = [each for each in letters(store, "zhongdui") if each["change"].startswith("LOOK_BACK")]
    return [(each["change"], each["reason"]) for each in changes]


def test_given_a_sealed_day_when_all_that_was_told_is_read_then_no_letter_event_or_update_holds_it(store, cleared):
    found = everything(store)
    assert [] == [shape for shape in written(day_of(store).date()) if shape in found]


def test_given_a_sealed_day_when_it_comes_then_the_squad_s_program_hears_nothing_before_the_result(store, cleared):
    day, before = day_of(store), len(letters(store, "zhongdui"))
    for back in range((day - SHOT).days, -1, -1):
        tick(store, day - timedelta(days=back))
    assert ("INSPECTED", before) == (state_of(store, cleared), len(letters(store, "zhongdui")))


def test_given_a_look_back_that_was_passed_when_told_then_the_squad_hears_it_once_and_nothing_of_the_next(
    store, cleared
):
    day = day_of(store)
    tick(store, day)
    do(store, "pass_look_back", now=day, number=cleared)
    found = everything(store)
    assert [("LOOK_BACK_PASSED", "第1次回头看：没有反弹")] == of_look_back(store)
    assert [] == [shape for shape in written(day_of(store).date()) if shape in found]


def test_given_a_relapse_when_told_then_the_squad_hears_where(store, cleared):
    day = day_of(store)
    tick(store, day)
    do(store, "record_relapse", now=day, number=cleared)
    assert [("LOOK_BACK_RELAPSED", "第1次回头看：第1处反弹")] == of_look_back(store)
