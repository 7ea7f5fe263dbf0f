"""Danger in a dispute: the police station of the place is whistled for at once, and once, in the reporter's name."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, select

from contracts.mediation.protection import DisputeEscalationReported
from services.dispatch import escalations
from services.dispatch.tables import Receiver, Unit, Whistle
from tests.support.delivering import deliver, failing, twice
from tests.support.events import hear, said
from tests.unit.dispatch.world import APPEAL_NO, DISTRICT_PATH, GRID_PATH, NOW, STREET_PATH

SOURCE = {"kind": "APPEAL", "id": str(UUID(int=7)), "number": APPEAL_NO}


def reported(danger="VIOLENCE", area_path=GRID_PATH, **more):
    data = {"danger": danger, "reporter": {"id": "u-shixiuying", "name": "石秀英"}, "source": SOURCE}
    return hear(DisputeEscalationReported, data, area_path=area_path, case_number=APPEAL_NO, time=NOW, **more)


def blown(store):
    with store.transaction() as session:
        return [
            (row.kind, row.state, row.drafted_by["id"], [task.unit_code for task in row.tasks])
            for row in session.scalars(select(Whistle))
        ]


def test_given_danger_when_heard_twice_then_the_nearest_station_has_one_emergency(store):
    twice(store, escalations.call_police, reported(), NOW)
    assert [("EMERGENCY", "BLOWN", "u-shixiuying", ["paichusuo"])] == blown(store)


def test_given_danger_when_the_commit_fails_then_nothing_remains(store):
    failing(store, escalations.call_police, reported(), NOW)
    assert [] == blown(store)


def test_given_a_station_on_its_way_when_danger_is_reported_again_then_it_is_not_called_twice(store):
    deliver(store, escalations.call_police, reported(), NOW)
    deliver(store, escalations.call_police, reported("CRIME", id=UUID(int=8)), NOW)
    assert 1 == len(blown(store))


def test_given_two_stations_when_danger_is_reported_then_the_narrower_area_counts(store):
    with store.transaction() as session:
        session.add(
            Unit(code="fenju", name="兴庆区直属派出所", kind="STATION", level="DISTRICT", area_path=DISTRICT_PATH)
        )
        session.add(
            Unit(code="shandalu", name="山大路派出所", kind="STATION", level="STREET", area_path=f"{DISTRICT_PATH}.sdl")
        )
    deliver(store, escalations.call_police, reported(), NOW)
    assert [["paichusuo"]] == [units for *_, units in blown(store)]


@pytest.mark.parametrize("why", ["none", "closed", "elsewhere"])
def test_given_no_station_of_the_place_when_danger_is_reported_then_nothing_is_parked(store, why):
    with store.transaction() as session:
        station = session.get_one(Unit, "paichusuo")
        if why == "none":
            session.execute(delete(Receiver).where(Receiver.unit_code == "paichusuo"))
            session.delete(station)
        station.active = False if why == "closed" else station.active
        station.area_path = f"{DISTRICT_PATH}.sdl" if why == "elsewhere" else STREET_PATH
    deliver(store, escalations.call_police, reported(), NOW)
    assert [] == blown(store)


def test_given_the_whistle_when_told_then_no_name_of_a_party_and_no_word_of_theirs_is_in_it(store):
    deliver(store, escalations.call_police, reported(), NOW)
    with store.transaction() as session:
        spoken = str(said(session))
    assert [] == [word for word in ("陈", "赵", "139") if word in spoken]
