"""The demo district: 66 receivers, loaded twice without a change; who left the roster may not sign any more."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chassis.errors import Forbidden, Invalid
from contracts.dispatch.catalogue import DutyItemPage, UnitPage
from services.dispatch import duties, reference, units
from services.dispatch.tables import Base, Receiver, Unit
from tests.unit.dispatch.world import LIUWEI, NOW, RESIDENT

DISTRICT = Path(__file__).parents[3] / "data/district"


@pytest.fixture
def store(database):
    return database(Base.metadata)


def active(session, model):
    return session.scalar(select(func.count()).select_from(model).where(model.active.is_(True)))


@pytest.mark.row("S4.7")
def test_given_the_district_when_loaded_twice_then_there_are_66_receivers(session):
    for _ in range(2):
        reference.load(session, DISTRICT, NOW)
    assert (66, 70) == (active(session, Receiver), active(session, Unit))


def copy(folder, name, change):
    shutil.copytree(DISTRICT, folder, dirs_exist_ok=True)
    path = folder / name
    path.write_text(change(path.read_text(encoding="utf8")), encoding="utf8")
    return folder


def test_given_a_receiver_left_the_roster_when_loaded_then_only_that_one_is_inactive(session, tmp_path):
    reference.load(session, DISTRICT, NOW)
    folder = copy(tmp_path, "receivers.csv", lambda text: text.replace("gongdian,u-jiangbo,B,ALWAYS\n", ""))
    reference.load(session, folder, NOW)
    inactive = session.scalars(select(Receiver.person_id).where(Receiver.active.is_(False)))
    assert ["u-jiangbo"] == list(inactive)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("receivers.csv", "gongdian,u-jiangbo,B", "gongdian,u-nobody,B"),
        ("receivers.csv", "gongdian,u-jiangbo,B", "gongdian,u-jiangbo,C"),
        ("units.csv", "PUBLIC_UTILITY,DISTRICT", "PUBLIC,DISTRICT"),
    ],
)
def test_given_a_bad_line_when_loaded_then_its_number_is_told(session, tmp_path, name, old, new):
    folder = copy(tmp_path, name, lambda text: text.replace(old, new, 1))
    lines = (folder / name).read_text(encoding="utf8").splitlines()
    number = next(no for no, line in enumerate(lines, 1) if new in line)
    with pytest.raises(Invalid) as refused:
        reference.load(session, folder, NOW)
    assert refused.value.details["fields"][name][0].startswith(f"第 {number} 行：")


def test_given_the_district_when_units_are_listed_then_the_page_fits_the_contract(session):
    reference.load(session, DISTRICT, NOW)
    page = UnitPage().dump(units.list_units(session, LIUWEI, {"kind": "PUBLIC_UTILITY"}, NOW))
    UnitPage().load(page)
    assert ("gongdian", ["A", "B"]) == (page["items"][0]["code"], [r["post"] for r in page["items"][0]["receivers"]])


def test_given_the_district_when_all_units_are_listed_then_none_is_left_out(session):
    reference.load(session, DISTRICT, NOW)
    assert 70 == len(units.list_units(session, LIUWEI, {}, NOW)["items"])


def test_given_the_catalogue_when_listed_then_the_page_fits_the_contract(session):
    reference.load(session, DISTRICT, NOW)
    page = DutyItemPage().dump(duties.list_items(session, LIUWEI, {}, NOW))
    DutyItemPage().load(page)
    assert page["items"][0]["illustrative"]


def test_given_a_resident_when_listing_units_then_it_is_forbidden(session):
    with pytest.raises(Forbidden):
        units.list_units(session, RESIDENT, {}, NOW)
