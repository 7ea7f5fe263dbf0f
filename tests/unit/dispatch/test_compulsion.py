"""Nobody is compelled at night or on a statutory holiday (行政强制法 art. 43)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.dispatch.compulsion import barred
from services.dispatch.department_tables import DepartmentReply
from services.dispatch.tables import Base, Task
from tests.unit.dispatch import world
from tests.unit.dispatch.department import envelope, letter, take
from tests.unit.dispatch.rectifying import ENFORCING, SPOTS, SQUAD, at_squad, do, furnish, issued, tick
from tests.unit.dispatch.world import PHOTO, WANGFANG, YUHAITAO

MORNING = datetime.fromisoformat("2024-07-25T10:00:00+08:00")
TIMES = {
    "2024-07-25T10:00:00+08:00": None, "2024-07-25T21:59:00+08:00": None, "2024-07-25T22:00:00+08:00": "夜间",
    "2024-07-25T05:59:00+08:00": "夜间", "2024-07-25T06:00:00+08:00": None, "2024-10-01T10:00:00+08:00": "国庆",
    "2024-10-07T10:00:00+08:00": "国庆", "2024-10-12T10:00:00+08:00": None, "2024-07-27T10:00:00+08:00": None,
    "2027-02-06T10:00:00+08:00": "春节", "2027-07-03T10:00:00+08:00": None,
}  # fmt: skip
"""Day and night, a holiday, a holiday's last day, a worked Saturday, a plain one; a year without notice."""


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
        furnish(session)
    return made


@pytest.fixture
def handed_over(store):
    return at_squad(store, MORNING, **SPOTS)


@pytest.mark.parametrize(("at", "why"), TIMES.items())
def test_given_a_time_when_asked_then_night_and_holiday_are_named(at, why):
    told = barred(datetime.fromisoformat(at))
    assert (why is None, True) == (told is None, (why or "") in (told or ""))


NIGHT = {"done_at": "2024-07-24T23:00:00+08:00"}
REFUSED = {
    "at night": (NIGHT, "done_at"),
    "before its notice": ({"noticed_on": "2024-07-25"}, "noticed_on"),
    "in the future": ({"done_at": "2024-07-25T12:00:00+08:00"}, "done_at"),
    "by the community": ({"executor": "yinhong"}, "executor"),
    "by the property firm": ({"executor": "wuye"}, "executor"),
    "by another squad": ({"executor": "paichusuo"}, "executor"),
    "no such spot": ({"spots": [15]}, "spots"),
}


@pytest.mark.parametrize(("more", "field"), REFUSED.values(), ids=REFUSED)
def test_given_an_unlawful_step_when_recorded_then_the_field_says_why(store, handed_over, more, field):
    with pytest.raises(Invalid) as refused:
        do(store, "record_enforcement", now=MORNING, number=handed_over, **{"done_at": MORNING.isoformat(), **more})
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.parametrize("more", [{"emergency": "大雨将至，墙体随时会倒"}, {"step": "PERSUADED"}])
def test_given_an_emergency_or_no_compulsion_when_at_night_then_it_may_be(store, handed_over, more):
    view = do(store, "record_enforcement", now=MORNING, number=handed_over, **NIGHT, **more)
    assert ["yinhong", "wuye"] == view["enforcements"][0]["assistants"]


@pytest.mark.parametrize(("who", "error"), [(WANGFANG, Forbidden), (YUHAITAO, NotFound), (world.LISHAN, Forbidden)])
def test_given_who_only_assists_when_recording_enforcement_then_it_is_not_theirs(store, handed_over, who, error):
    with pytest.raises(error):
        do(store, "record_enforcement", who, now=MORNING, number=handed_over)


def test_given_a_spot_when_cleared_twice_then_the_second_is_a_named_conflict(store, handed_over):
    given = {"number": handed_over, "now": MORNING, "done_at": MORNING.isoformat()}
    do(store, "record_enforcement", **given)
    with pytest.raises(Conflict) as refused:
        do(store, "record_enforcement", **given)
    assert 1 == refused.value.details["spot"]


def test_given_a_squad_that_has_not_come_when_recording_then_the_conflict_names_its_task_s_state(store):
    number = issued(store, **SPOTS)
    tick(store, MORNING)
    view = do(store, "request_enforcement", now=MORNING, number=number)
    given = {"number": number, "now": MORNING, "done_at": MORNING.isoformat()}
    with pytest.raises(Conflict, match="没有批准"):
        do(store, "record_enforcement", **given)
    whistle = do(store, "get_whistle", world.LIUWEI, number=view["whistles"][0])
    do(store, "approve_whistle", world.LIUWEI, MORNING, whistle_id=whistle["id"])
    with pytest.raises(Conflict) as refused:
        do(store, "record_enforcement", **given)
    assert "ASSIGNED" == refused.value.details["state"]


def test_given_an_hour_at_night_when_a_whistle_asks_for_it_then_it_is_refused(store):
    number = issued(store, **SPOTS)
    tick(store, MORNING)
    with pytest.raises(Invalid) as refused:
        do(
            store,
            "request_enforcement",
            now=MORNING,
            number=number,
            asked_time=(MORNING + timedelta(hours=13)).isoformat(),
        )
    assert ["asked_time"] == list(refused.value.details["fields"])


def test_given_the_squad_when_done_then_every_photo_is_kept(store, handed_over):
    view = do(store, "record_enforcement", SQUAD, MORNING, number=handed_over, done_at=MORNING.isoformat())
    assert [PHOTO["sha256"]] == [photo["sha256"] for photo in view["enforcements"][0]["evidence"]]


def by_program(store, **changes):
    """The squad's program tells what the squad did; what became of its letter, and the task."""
    said = {name: value for name, value in ENFORCING.items() if name != "executor"}
    with store.transaction() as session:
        task = session.scalars(select(Task).where(Task.unit_code == "zhongdui").order_by(Task.id.desc())).first()
        content = envelope(
            {"id": task.id}, "record_enforcement", source="zhongdui", sent=MORNING,
            **{**said, "done_at": MORNING.isoformat(), **changes},
        )  # fmt: skip
        written = letter(content, unit="zhongdui", verb="record_enforcement")
        return take(session, written, MORNING), task.id


@pytest.mark.row("S2.13")
def test_given_spots_handed_over_when_recorded_by_program_then_they_are_cleared_and_ticked_on_its_task(
    store, handed_over
):
    outcome, task_id = by_program(store)
    view = do(store, "get_rectification", number=handed_over)
    with store.transaction() as session:
        done = [part.no for part in session.get(Task, task_id).parts if part.done_at]
    assert ("DONE", "CLEARED", "zhongdui", [1]) == (
        outcome, view["spots"][0]["state"], view["enforcements"][0]["executor"], done,
    )  # fmt: skip
    assert "CONFLICT" == by_program(store)[0]


@pytest.mark.parametrize(("changes", "field"), [(NIGHT, "done_at"), ({"noticed_on": "2024-07-25"}, "noticed_on")])
def test_given_an_unlawful_step_when_recorded_by_program_then_the_refusal_names_the_field(
    store, handed_over, changes, field
):
    assert "INVALID" == by_program(store, **changes)[0]
    with store.transaction() as session:
        assert f"；{field}:" in session.scalars(select(DepartmentReply.detail)).one()
