"""A signed link opens the files of one order, for its unit, for a time; everything else opens nothing."""

from __future__ import annotations

import base64
import json
import os
from datetime import timedelta

import pytest

from chassis.errors import Forbidden, NotFound
from chassis.identity import Principal
from contracts.departments import LINK_PATH
from contracts.dispatch.file_links import OpenFileLink
from services.dispatch import clocks, file_links
from services.dispatch.tables import Base, Task, Unit
from tests.unit.dispatch import world
from tests.unit.dispatch.rectifying import PORTAL, at_squad, do, furnish
from tests.unit.dispatch.test_told_departments import letters
from tests.unit.dispatch.world import HEWENBIN, LIUWEI, NOW, PHOTO, YANGFAN

EVERYBODY = (HEWENBIN, LIUWEI, Principal("department.sifasuo", "x", kind="department"))
OTHER = {**PHOTO, "sha256": "cd" * 32}


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
        furnish(session)
    return made


@pytest.fixture
def task(store):
    with store.transaction() as session:
        return world.task_of(world.blown(session, units=["sifasuo", "paichusuo"], parts=["1单元"]))


def order_of(store, unit="sifasuo"):
    return letters(store, unit, "whistle_task")[-1]["files"]


def asked(link):
    task_id, until, signature = link["path"].split("/")[-3:]
    return {"task_id": task_id, "until": int(until), "signature": signature}


def opened(store, link, now=NOW, who=PORTAL, **changes):
    return do(store, "open_file_link", who, now, **{**asked(link), **changes})


def worked(store, task):
    """The unit has come, ticked its part and finished."""
    with store.transaction() as session:
        world.sign(session, task)
        world.report(session, task)
    do(store, "tick_parts", HEWENBIN, task_id=task["id"], parts=[1], photos=[OTHER])
    with store.transaction() as session:
        world.finish(session, task)


def test_given_an_order_when_its_link_is_opened_then_what_the_unit_did_is_there_and_nothing_of_colleagues(store, task):
    empty = opened(store, order_of(store))
    worked(store, task)
    found, colleagues = opened(store, order_of(store)), opened(store, order_of(store, "paichusuo"))
    assert ([], True) == (empty["files"], empty["taken"])
    assert [PHOTO["sha256"], OTHER["sha256"]] == [file["sha256"] for file in found["files"]]
    assert (False, "sifasuo", []) == (found["taken"], found["unit"], colleagues["files"])


def test_given_a_change_when_told_then_its_letter_brings_a_fresh_link(store, task):
    with store.transaction() as session:
        world.sign(session, task)
        world.report(session, task)
    later = NOW + timedelta(days=3)
    do(store, "tick_parts", HEWENBIN, later, task_id=task["id"], parts=[1], photos=[OTHER])
    fresh = letters(store)[-1]["files"]
    assert (True, 1) == (fresh["until"] > order_of(store)["until"], len(opened(store, fresh, later)["files"]))


def test_given_a_link_when_its_time_is_over_then_it_opens_nothing(store, task):
    link = order_of(store)
    assert clocks.due("dispatch.file_link", NOW, NOW) == link["until"]
    opened(store, link, link["until"])
    with pytest.raises(NotFound):
        opened(store, link, link["until"] + timedelta(seconds=1))


def test_given_a_new_first_key_when_opened_then_old_links_hold_until_their_key_is_gone(store, task, monkeypatch):
    link, kept = order_of(store), {name: base64.b64encode(name.encode() * 16).decode() for name in ("k1", "k2")}
    monkeypatch.setenv("SEAL_KEYS", json.dumps({"k2": kept["k2"], **json.loads(os.environ["SEAL_KEYS"])}))
    opened(store, link)
    monkeypatch.setenv("SEAL_KEYS", json.dumps({"k2": kept["k2"]}))
    with pytest.raises(NotFound):
        opened(store, link)


@pytest.mark.parametrize("field", ["task_id", "until", "signature"])
def test_given_a_link_that_was_changed_when_opened_then_it_opens_nothing(store, task, field):
    link, other = order_of(store), order_of(store, "paichusuo")
    changed = {**asked(other), "until": asked(link)["until"] + 1}[field]
    with pytest.raises(NotFound):
        opened(store, link, **{field: changed})


def test_given_an_order_that_went_to_another_unit_when_the_old_link_is_opened_then_it_is_the_old_unit_s_order_alone(
    store, task
):
    link = order_of(store)
    with store.transaction() as session:
        world.objecting(session, task, proposed="wuye")
        world.decide(session, task, "UPHELD")
    found, fresh = opened(store, link), opened(store, order_of(store, "wuye"))
    assert (("sifasuo", False), ("wuye", True)) == ((found["unit"], found["taken"]), (fresh["unit"], fresh["taken"]))


def test_given_a_unit_that_is_gone_when_its_link_is_opened_then_it_opens_nothing(store, task):
    with store.transaction() as session:
        session.get(Unit, "sifasuo").active = False
    with pytest.raises(NotFound):
        opened(store, order_of(store))


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.kind + who.id)
def test_given_anybody_but_a_service_when_opening_then_forbidden(store, task, who):
    with pytest.raises(Forbidden):
        opened(store, order_of(store), who=who)


def test_given_a_link_when_read_then_it_names_no_person_and_no_unit(store, task):
    link = order_of(store)
    OpenFileLink().load(asked(link))
    assert [] == [word for word in ("sifasuo", HEWENBIN.id, YANGFAN.id, HEWENBIN.name) if word in link["path"]]
    assert LINK_PATH.startswith(f"^{file_links.PATH}/")


def test_given_an_enforcement_order_when_its_link_is_opened_then_the_photos_of_the_spots_are_there(store):
    at_squad(store)
    with store.transaction() as session:
        assert 1 == session.query(Task).filter_by(unit_code="zhongdui").count()
    found = opened(store, order_of(store, "zhongdui"))
    assert [PHOTO["sha256"]] == [file["sha256"] for file in found["files"]]
