"""A task is ticked off part by part; a further body may be called; the lead ends last (事不完、人不撤)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.dispatch.tasks import SignTask
from services.dispatch import tasks
from services.dispatch.tables import Receiver
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.rectifying import do
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, LUOJUAN, NOW, PHOTO, WANGFANG, YANGFAN

UNITS = [f"{no}单元" for no in range(1, 68)]


@pytest.fixture
def task(store):
    """The judicial office has come, for 67 units; its task."""
    with store.transaction() as session:
        whistle = world.blown(session, units=["sifasuo"], parts=UNITS)
        row = world.task_of(whistle)
        world.sign(session, row)
        return world.report(session, row)


def tick(store, task, parts, who=HEWENBIN):
    return do(store, "tick_parts", who, task_id=task["id"], parts=parts, photos=[PHOTO])


def further(store, task, unit="chengguan", who=HEWENBIN):
    return do(store, "call_further", who, task_id=task["id"], unit=unit, asked="补种耐寒绿植", finish_within="15d")


def offered(store, task):
    return do(store, "get_task", HEWENBIN, task_id=task["id"])["allowed_commands"]


@pytest.mark.row("S3.2")
def test_given_sixty_seven_units_when_ticked_off_then_the_task_tells_how_many_are_done(store, task):
    view = tick(store, task, [1, 2, 3])
    with store.transaction() as session:
        (fact,) = said(session, "whistle_task_parts_done")
    told = {name: fact["data"][name] for name in ("count", "done", "parts")}
    assert (67, 3, {"count": 3, "done": 3, "parts": 67}) == (len(view["parts"]), view["parts_done"], told)


def test_given_open_parts_when_finishing_then_the_conflict_says_how_many_and_no_button_offers_it(store, task):
    tick(store, task, list(range(1, 67)))
    with pytest.raises(Conflict, match="还有1处") as refused, store.transaction() as session:
        world.finish(session, task)
    assert (1, False) == (refused.value.details["open"], "finish_task" in offered(store, task))
    tick(store, task, [67])
    assert "finish_task" in offered(store, task)


def test_given_two_who_tick_one_part_at_once_then_one_effect_and_a_conflict_that_names_it(store, task):
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(tick, store, task, [5], who) for who in (HEWENBIN, LUOJUAN)]
        failed = [one.exception() for one in tries if one.exception()]
    with store.transaction() as session:
        told = said(session, "whistle_task_parts_done")
    assert ([Conflict], 5, 1) == ([type(one) for one in failed], failed[0].details["no"], len(told))


def test_given_a_part_there_is_not_when_ticked_then_the_field_says_so(store, task):
    with pytest.raises(Invalid) as refused:
        tick(store, task, [68])
    assert ["parts"] == list(refused.value.details["fields"])


@pytest.mark.parametrize(("who", "error"), [(WANGFANG, Forbidden), (YANGFAN, NotFound)], ids=["whistler", "other unit"])
def test_given_who_is_not_of_the_unit_when_ticking_then_it_is_not_theirs(store, task, who, error):
    with pytest.raises(error):
        tick(store, task, [1], who)


@pytest.mark.row("S4.8")
def test_given_a_further_body_when_called_then_it_assists_and_the_lead_stays(store, task):
    further(store, task)
    whistle = do(store, "get_whistle", LIUWEI, number=task["whistle_number"])
    child = world.task_of(whistle, "chengguan")
    assert ("ASSIST", "ASSIGNED", str(task["id"])) == (child["role"], child["state"], str(child["parent_task_id"]))
    assert ("LEAD", "REPORTED_IN") == (world.task_of(whistle)["role"], world.task_of(whistle)["state"])
    with store.transaction() as session:
        assert ["whistle_chained", "whistle_task_assigned"] == names_said(session)[-2:]


@pytest.mark.row("S4.8")
def test_given_a_further_body_at_work_when_the_lead_finishes_then_it_cannot(store, task):
    tick(store, task, list(range(1, 68)))
    further(store, task)
    with pytest.raises(Conflict, match="综合执法局还没有办完"), store.transaction() as session:
        world.finish(session, task)


def test_given_a_unit_at_work_when_called_again_then_it_is_a_named_conflict(store, task):
    further(store, task)
    with pytest.raises(Conflict) as refused:
        further(store, task)
    assert "chengguan" == refused.value.details["unit"]


def test_given_a_street_when_called_further_then_the_field_says_that_it_cannot_be(store, task):
    with pytest.raises(Invalid) as refused:
        further(store, task, "lijingjie")
    assert ["unit"] == list(refused.value.details["fields"])


def test_given_an_objection_upheld_when_reassigned_then_the_other_unit_has_the_parts(store):
    with store.transaction() as session:
        row = world.task_of(world.blown(session, units=["sifasuo"], parts=UNITS[:2]))
        world.objecting(session, row, proposed="chengguan")
        world.decide(session, row, "UPHELD")
    whistle = do(store, "get_whistle", LIUWEI, number=row["whistle_number"])
    assert UNITS[:2] == [part["name"] for part in world.task_of(whistle, "chengguan")["parts"]]


def test_given_two_receivers_who_sign_one_task_at_once_then_one_has_it_and_the_other_meets_a_named_conflict(store):
    with store.transaction() as session:
        row = world.task_of(world.blown(session, units=["sifasuo"]))

    def sign(who):
        with store.transaction() as session:
            return tasks.sign(session, who, world.command(SignTask, row), NOW).receiver["id"]

    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(sign, who) for who in (HEWENBIN, LUOJUAN)]
        failed = [one.exception() for one in tries if one.exception()]
    with store.transaction() as session:
        told = said(session, "whistle_task_signed")
    assert ([Conflict], "SIGNED", 1) == ([type(one) for one in failed], failed[0].details["state"], len(told))


def test_given_two_streets_that_decide_one_objection_at_once_then_one_decides_and_the_other_meets_a_named_conflict(
    store,
):
    with store.transaction() as session:
        row = world.task_of(world.blown(session, units=["sifasuo"]))
        world.objecting(session, row)

    def decide(who, decision):
        with store.transaction() as session:
            return world.decide(session, row, decision, who)

    with ThreadPoolExecutor(2) as pool:
        asked = [(LIUWEI, "UPHELD"), (world.ZHOUMIN, "REJECTED")]
        tries = [pool.submit(decide, *one) for one in asked]
        failed = [one.exception() for one in tries if one.exception()]
    with store.transaction() as session:
        told = said(session, "whistle_task_objection_decided")
    assert ([Conflict], 1, True) == ([type(one) for one in failed], len(told), "state" in failed[0].details)


def test_given_the_roster_when_read_then_both_receivers_of_the_races_are_on_it(store):
    with store.transaction() as session:
        assert 2 == session.query(Receiver).filter_by(unit_code="sifasuo").count()
