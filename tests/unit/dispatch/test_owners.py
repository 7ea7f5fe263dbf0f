"""Who is called for a cover, a box or a pole: its owner by the label, else the municipal unit, which acts first."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.dispatch.owners import CallOwner, ListOwners, OwnerPage
from services.dispatch import owners
from services.dispatch.owners import Owner
from services.dispatch.tables import Base, Unit
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import DISTRICT_PATH, GRID_PATH, LISHAN, NOW, OTHER_STREET, RESIDENT

HAZARD_ID, HAZARD_NO = UUID(int=55), "Y202407030601000013"


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
        session.add(Unit(code="shizheng", name="市政管理处", kind="HIGHER_BODY", level="CITY", area_path=DISTRICT_PATH))
        session.add_all([Owner(asset="POWER", unit_code="gongdian"), Owner(asset="UNKNOWN", unit_code="shizheng")])
    return made


def call(store, asset, who=LISHAN, state="SECURED"):
    """As the grid worker presses the button; intake tells the hazard."""

    def ask(command, asked, deadline):
        told = {"id": str(HAZARD_ID), "number": HAZARD_NO, "kind": "MANHOLE", "state": state, "asset": asset}
        return {**told, "area_path": GRID_PATH}

    with store.transaction() as session:
        asked = CallOwner().load({"number": HAZARD_NO})
        whistle = owners.call(session, who, asked, NOW, ask=ask)
        return whistle.state, whistle.kind, [task.unit_code for task in whistle.tasks], whistle.reason


@pytest.mark.parametrize(
    ("asset", "unit", "words"),
    [
        ("POWER", "gongdian", "标识为电力"),
        ("UNKNOWN", "shizheng", "权属后定"),
        (None, "shizheng", "权属后定"),
        ("TELECOM", "shizheng", "标识为通信"),
    ],
)
def test_given_a_label_when_called_then_the_owner_or_the_municipal_unit_has_an_emergency(store, asset, unit, words):
    state, kind, called, reason = call(store, asset)
    assert ("BLOWN", "EMERGENCY", [unit], True) == (state, kind, called, words in reason)


def test_given_a_unit_at_work_when_called_again_then_it_is_a_named_conflict(store):
    call(store, "POWER")
    with pytest.raises(Conflict) as refused:
        call(store, "POWER")
    assert ("gongdian", 1) == (refused.value.details["unit"], len(said_blown(store)))


def said_blown(store):
    with store.transaction() as session:
        return said(session, "whistle_blown")


def test_given_the_municipal_unit_at_work_when_the_owner_is_known_then_the_owner_is_called_too(store):
    called = [call(store, asset)[2] for asset in (None, "POWER")]
    assert [["shizheng"], ["gongdian"]] == called


def test_given_a_danger_that_is_gone_when_called_then_it_is_a_conflict(store):
    with pytest.raises(Conflict):
        call(store, "POWER", state="REMOVED")


def test_given_a_table_that_names_nobody_when_called_then_it_is_said_by_field(store):
    with store.transaction() as session:
        session.query(Owner).delete()
    with pytest.raises(Invalid) as refused:
        call(store, "GAS")
    assert ["asset"] == list(refused.value.details["fields"])


@pytest.mark.parametrize("who", [RESIDENT, OTHER_STREET], ids=["resident", "another street"])
def test_given_who_does_not_answer_for_the_place_when_calling_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        call(store, "POWER", who)


def test_given_the_table_when_listed_then_each_label_has_its_unit(store):
    with store.transaction() as session:
        page = OwnerPage().dump(owners.listing(session, LISHAN, ListOwners().load({}), NOW))
    assert [("POWER", "gongdian"), ("UNKNOWN", "shizheng")] == [(row["asset"], row["unit"]) for row in page["items"]]
