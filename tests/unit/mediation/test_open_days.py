"""Open days open once, by themselves, with the host of the rota; on days off by their rule."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import yaml
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identity import Principal
from kernel.calendar import load_calendar
from services.mediation import reference
from services.mediation.open_days import LIFE, held
from services.mediation.tables import Base, OpenDay, Org
from tests.support.events import names_said, said
from tests.unit.mediation.people import DISTRICT, NOW
from tests.unit.mediation.receiving import (
    HOU,
    KONG,
    MASHAOFENG,
    STREET,
    WEDNESDAY,
    XISHAN,
    days,
    do,
    furnish,
    open_day,
    tick,
)

ARROWS = """
PLANNED move_open_day PLANNED | PLANNED change_host PLANNED | OPEN change_host OPEN | OPEN register_visit OPEN
PLANNED call_off_open_day CALLED_OFF | PLANNED opened OPEN | OPEN ended ENDED
"""
WEEKLY = {"name": "谈心", "weekdays": [3], "from": "09:00", "to": "17:00", "place": "工作室", "on_day_off": "HELD"}


@pytest.fixture
def store(database):
    return database(Base.metadata)


def planned(store, org="chuxin", state="PLANNED"):
    with store.transaction() as session:
        query = select(OpenDay).where(OpenDay.org_code == org, OpenDay.state == state).order_by(OpenDay.day)
        return [row.number for row in session.scalars(query)]


def test_given_the_life_when_compared_with_what_is_written_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S2.4")
def test_given_a_wednesday_morning_when_the_timer_runs_again_and_again_then_it_is_open_once_with_its_host(store):
    furnish(store)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tick(store), range(8)))
    assert [
        ("OPEN", "2024-07-10", "u-kongqingan"),
        ("PLANNED", "2024-07-17", "u-kongqingan"),
        ("PLANNED", "2024-07-24", "u-kongqingan"),
    ] == days(store)
    with store.transaction() as session:
        opened = [told for told in said(session, "open_day_opened") if told["data"]["org_name"] == "初心工作室"]
    assert ["u-kongqingan"] == [told["data"]["host"]["id"] for told in opened]


def test_given_an_open_day_when_its_hour_is_over_then_it_ends_and_says_how_many_came(store):
    number = open_day(store)
    do(store, "register_visit", KONG, number=number, matter="问低保")
    tick(store, WEDNESDAY + timedelta(hours=8))
    with store.transaction() as session:
        (ended,) = [told for told in said(session, "open_day_ended") if told["data"]["number"] == number]
    assert (1, "ENDED") == (ended["data"]["received"], ended["state"])


def test_given_a_service_that_was_away_all_day_when_it_comes_back_then_the_day_ends_and_none_is_lost(store):
    furnish(store)
    tick(store, WEDNESDAY - timedelta(days=1))
    tick(store, WEDNESDAY + timedelta(days=1))
    assert "ENDED" == days(store)[0][0]


@pytest.mark.row("S2.4")
@pytest.mark.parametrize(
    ("rule", "told", "expected"),
    [
        ("NEXT_WORKING_DAY", date(2024, 10, 2), [("2024-10-02", "2024-10-08")]),
        ("PREVIOUS_WORKING_DAY", date(2024, 10, 2), [("2024-10-02", "2024-09-30")]),
        ("HELD", date(2024, 10, 2), [("2024-10-02", "2024-10-02")]),
        ("CALLED_OFF", date(2024, 10, 2), []),
        ("NEXT_WORKING_DAY", date(2024, 7, 10), [("2024-07-10", "2024-07-10")]),
        ("NEXT_WORKING_DAY", date(2025, 10, 1), []),
        ("NEXT_WORKING_DAY", date(2025, 10, 8), [("2025-10-08", "2025-10-09")]),
    ],
    ids=["after", "before", "held", "called off", "working day", "falls together", "with the next"],
)
def test_given_a_day_off_when_planned_then_the_rule_of_the_recurrence_decides(rule, told, expected):
    span = (told - timedelta(days=6), told + timedelta(days=6)) if expected else (told, told + timedelta(days=13))
    found = held({**WEEKLY, "on_day_off": rule}, *span, load_calendar(None))
    assert expected == [(one.isoformat(), day.isoformat()) for day, one in found.items() if one == told]


@pytest.mark.row("S3.9")
def test_given_the_station_when_planned_then_somebody_is_there_every_day_by_the_rota(store):
    furnish(store)
    tick(store)
    hosts = [host for _, _, host in days(store, "hongse-jiayuan")][:7]
    assert ["u-cuixiulan", "u-fangzhenguo", "u-yucuiying", "u-yanggendi", "u-dingyucheng", "u-yanggendi",
            "u-dingyucheng"] == hosts  # fmt: skip


@pytest.mark.row("S0.17")
def test_given_the_legal_studio_when_planned_then_the_courtyard_meets_on_mondays_with_the_lawyer(store):
    furnish(store)
    tick(store)
    assert [("PLANNED", "2024-07-15", "u-liguanglin"), ("PLANNED", "2024-07-22", "u-liguanglin")] == days(
        store, "zhongsi-falv"
    )


def test_given_a_planned_day_when_moved_handed_over_or_called_off_then_it_stays_one_day_with_its_hours(store):
    furnish(store)
    tick(store)
    first, second = planned(store)
    moved = do(store, "move_open_day", MASHAOFENG, number=first, day="2024-07-18", note="工作室装修")
    do(store, "change_host", KONG, number=first, host_id="u-houguiqin")
    do(store, "call_off_open_day", MASHAOFENG, number=second, note="社区换届")
    assert ("2024-07-18T09:00:00+08:00", "工作室装修") == (
        datetime.fromisoformat(moved["opens_at"]).astimezone(WEDNESDAY.tzinfo).isoformat(), moved["note"],
    )  # fmt: skip
    tick(store)
    assert [
        ("OPEN", "2024-07-10", "u-kongqingan"),
        ("PLANNED", "2024-07-18", "u-houguiqin"),
        ("CALLED_OFF", "2024-07-24", "u-kongqingan"),
    ] == days(store)


@pytest.mark.parametrize(
    ("method", "asked", "error"),
    [
        ("move_open_day", {"day": "2024-07-09", "note": "早了"}, Invalid),
        ("change_host", {"host_id": "u-yanggendi"}, Conflict),
    ],
)
def test_given_what_cannot_be_when_commanded_then_it_is_refused(store, method, asked, error):
    furnish(store)
    tick(store)
    with pytest.raises(error):
        do(store, method, MASHAOFENG, number=planned(store)[0], **asked)


def test_given_the_street_when_calling_it_off_then_forbidden(store):
    furnish(store)
    tick(store)
    with pytest.raises(Forbidden):
        do(store, "call_off_open_day", STREET, number=planned(store)[0], note="不办了")


@pytest.mark.row("S2.4")
def test_given_anybody_when_reading_what_is_posted_then_when_where_and_who_stand_there_the_soonest_first(store):
    open_day(store)
    nobody = Principal("anonymous", "", (), "resident")
    shown = do(store, "list_open_day_board", nobody, area_path=f"{XISHAN}.g1.b1")["items"]
    assert [("2024-07-10", "OPEN"), ("2024-07-17", "PLANNED"), ("2024-07-24", "PLANNED")] == [
        (row["day"], row["state"]) for row in shown
    ]
    assert ("初心工作室", "西山社区初心工作室", "孔庆安") == tuple(
        shown[0][key] for key in ("org_name", "place", "host_name")
    )


def test_given_a_day_nobody_is_on_the_rota_when_opened_then_it_waits_for_the_members(store):
    furnish(store)
    with store.transaction() as session:
        session.get_one(Org, "chuxin").rota = {}
    tick(store)
    with store.transaction() as session:
        (opened,) = [told for told in said(session, "open_day_opened") if told["data"]["org_name"] == "初心工作室"]
    assert "role:MEDIATOR role:COMMUNITY" == opened["waits"]


@pytest.mark.parametrize(
    "wrong", [{"weekdays": [8]}, {"weekdays": []}, {"from": "17:00", "to": "09:00"}, {"on_day_off": "MAYBE"}]
)
def test_given_a_recurrence_that_is_none_when_loaded_then_it_is_named(store, tmp_path, wrong):
    raw = yaml.safe_load((DISTRICT / reference.FILE).read_text(encoding="utf8"))
    raw["orgs"][2]["open_days"] = [{**WEEKLY, **wrong}]
    (tmp_path / reference.FILE).write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf8")
    with pytest.raises(ValueError, match="谈心"), store.transaction() as session:
        reference.load(session, tmp_path, NOW)


def test_given_what_is_told_when_read_then_it_names_no_visitor(store):
    number = open_day(store)
    do(store, "register_visit", HOU, number=number, name="周淑芬", phone="13900000501", matter="楼上太吵")
    with store.transaction() as session:
        told = str(said(session))
        assert "visit_received" in names_said(session)
    assert [] == [word for word in ("周淑芬", "13900000501", "太吵") if word in told]
