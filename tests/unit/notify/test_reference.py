"""Names of places come from the reference data."""

from __future__ import annotations

from sqlalchemy import func, select

from kernel.codes import Role
from kernel.reference import data_folder
from services.notify import areas, reference
from services.notify.tables import Area
from tests.unit.notify.facts import GRID, NOW


def test_given_the_demo_district_when_loaded_twice_then_each_place_is_known_once(bare_store):
    counts = []
    for _ in range(2):
        with bare_store.transaction() as session:
            reference.load(session, data_folder("district"), NOW)
        with bare_store.transaction() as session:
            counts.append(session.scalar(select(func.count()).select_from(Area)))
    assert (True, counts[0]) == (counts[0] > 10, counts[1])


def test_given_the_demo_district_when_loaded_then_duty_groups_have_names_and_numbers_have_areas(bare_store):
    with bare_store.transaction() as session:
        reference.load(session, data_folder("district"), NOW)
        group = areas.group(session, Role.STREET, GRID)
        assert ("street-lijingjie", "丽景街街道·街道诉求处置中心", "0101") == (
            group.id, group.name, areas.area4(session, GRID),
        )  # fmt: skip


def test_given_no_reference_data_when_asked_then_the_usual_depth_is_taken(bare_store):
    with bare_store.transaction() as session:
        groups = [areas.group(session, role, GRID).id for role in areas.GROUP_LEVELS]
        assert ["community-yinhong", "street-lijingjie", "district-xingqing", "followup-xingqing"] == groups
        assert "0000" == areas.area4(session, GRID)


def test_given_the_demo_district_when_loaded_then_units_have_names(bare_store):
    with bare_store.transaction() as session:
        reference.load(session, data_folder("district"), NOW)
        told = [areas.unit(session, *known).name for known in (["lijingjie-sifasuo"], ["far"], ["far", "远方"])]
    assert ["丽景街司法所", "far", "远方"] == told
