"""Loading the demo district."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.errors import Invalid
from services.intake import areas, categories, posts, reference
from services.intake.tables import AreaNode, Base, Category, Post, PostHolder
from tests.unit.intake.world import GRID, NOW, STAIRWELL

DISTRICT = Path(__file__).parents[3] / "data" / "district"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DISTRICT, tmp_path / "district"))


@pytest.fixture
def empty(database):
    return database(Base.metadata)


def load(store, folder, now=NOW):
    with store.transaction() as session:
        reference.load(session, folder, now)


def counts(store):
    with store.transaction() as session:
        return [session.query(model).count() for model in (AreaNode, Post, PostHolder, Category)]


def replace(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf8")


def test_given_the_district_when_loaded_twice_then_the_second_time_changes_nothing(empty, folder):
    load(empty, folder)
    once = counts(empty)
    load(empty, folder, NOW + timedelta(days=1))
    assert once == counts(empty)


@pytest.mark.row("S4.20")
def test_given_the_district_when_loaded_then_lishan_answers_for_the_stairwell(empty, folder):
    load(empty, folder)
    with empty.transaction() as session:
        found = posts.on_duty(session, STAIRWELL, NOW)
        assert ("u-lishan", "李珊", "yinhong") == (found.person_id, found.name, found.unit)
        assert "0101" == areas.find(session, STAIRWELL, NOW).area4
        assert "URGENT" == categories.find(session, "housing.drain.blocked")["default_urgency"]


def test_given_a_new_holder_when_loaded_then_the_old_one_stays_in_history(empty, folder):
    load(empty, folder)
    replace(folder, "posts.csv", f"{GRID},GRID,网格员,u-lishan,", f"{GRID},GRID,网格员,u-dingxuemei,")
    load(empty, folder, NOW + timedelta(days=1))
    with empty.transaction() as session:
        assert "李珊" == posts.on_duty(session, STAIRWELL, NOW).name
        assert "丁雪梅" == posts.on_duty(session, STAIRWELL, NOW + timedelta(days=1)).name


def test_given_leaves_when_loaded_then_the_deputy_answers_meanwhile(empty, folder):
    rows = "person,from,until\nu-lishan,2024-07-05T00:00:00+08:00,2024-07-06T00:00:00+08:00\n"
    (folder / "leaves.csv").write_text(rows, encoding="utf8")
    load(empty, folder)
    load(empty, folder)
    with empty.transaction() as session:
        assert "马慧兰" == posts.on_duty(session, STAIRWELL, NOW).name


@pytest.mark.row("S4.20")
def test_given_a_redrawn_grid_when_loaded_then_the_old_path_holds_on_its_days(empty, folder):
    row = "yinhong-g4-b8,BUILDING,8号楼,yinhong-g4,yinchuan.xingqing.lijingjie.yinhong.g4.b8,,2020-01-01,"
    moved = row.replace("g4", "g3").replace("yinhong-g3-b8", "yinhong-g4-b8").replace("2020-01-01", "2024-07-01")
    replace(folder, "areas.csv", f"{row},,", f"{row}2024-07-01,,\n{moved},,")
    load(empty, folder)
    with empty.transaction() as session:
        assert areas.find(session, f"{GRID}.b8", NOW).name
        with pytest.raises(Invalid):
            areas.find(session, GRID.replace("g3", "g4.b8"), NOW)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("posts.csv", "u-lishan", "u-nobody"),
        ("posts.csv", "DAILY 08:30-19:00", "whenever"),
        ("categories.yaml", "urgency: URGENT", "urgency: SOON"),
        ("areas.csv", "yinhong-g1,GRID", "yinhong-g1,CITY"),
    ],
)
def test_given_a_broken_file_when_loaded_then_it_is_named_and_nothing_changes(empty, folder, name, old, new):
    load(empty, folder)
    once = counts(empty)
    replace(folder, name, old, new)
    with pytest.raises(Invalid) as refusal:
        load(empty, folder)
    assert ([name], once) == (list(refusal.value.details["fields"]), counts(empty))
