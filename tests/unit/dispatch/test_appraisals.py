"""Double appraisal: departments and whistlers, every figure a share of the rows it opens, no data never 0 %."""

from __future__ import annotations

from datetime import timedelta

import pytest

from capability import tallies
from chassis.errors import Forbidden
from contracts import registry
from contracts.dispatch.whistles import ReturnWhistle
from services.dispatch import appraisals, whistles
from tests.support.tallying import drifts
from tests.unit.dispatch import world
from tests.unit.dispatch.world import (
    COMMUNITY_PATH,
    DISTRICT_PATH,
    HEWENBIN,
    LIUWEI,
    NOW,
    STREET_PATH,
    WANGFANG,
    ZHOUMIN,
    person,
)

LATER = NOW + timedelta(days=10)


def ask(session, method, who=LIUWEI, now=LATER, **more):
    asked = {"area_path": STREET_PATH, "month": "2024-07", **more}
    command = registry.command("dispatch", method)().load(asked)
    return getattr(appraisals, {"report_appraisal": "report"}.get(method, method))(session, who, command, now)


def figures(session, **more):
    found = ask(session, "report_appraisal", **more)["figures"]
    return {each["name"]: (each["part"], each["whole"], each["value"]) for each in found}


def rated(session, **points):
    task = world.finished(session, world.blown(session, units=["sifasuo"]))
    world.confirm(session, task)
    return world.rate(session, task, **points)


@pytest.mark.row("S4.9")
def test_given_rated_tasks_and_one_nobody_signed_when_reported_then_shares_are_of_summed_counts(session):
    rated(session)
    rated(session, effect=6)
    world.blown(session, units=["paichusuo"])
    found = figures(session)
    expected = {
        "按时签收率·全部单位": (2, 3, "66.7%"), "按时签收率·丽景街派出所": (0, 1, "0.0%"),
        "按时签收率·丽景街司法所": (2, 2, "100.0%"), "赋分得分率·丽景街司法所": (158, 200, "79.0%"),
        "一次核实通过率·全部单位": (2, 2, "100.0%"),
    }  # fmt: skip
    assert expected == {name: found[name] for name in expected}


def all_of_district(session):
    return figures(session, who=ZHOUMIN, area_path=DISTRICT_PATH)


def test_given_what_is_kept_of_each_day_when_reported_then_it_says_what_the_rows_do(session, monkeypatch):
    rated(session)
    world.blown(session, units=["paichusuo"])
    kept = all_of_district(session)
    tallies.recount(session, appraisals.DAYS)
    again = all_of_district(session)
    monkeypatch.setattr(appraisals, "KEPT_DEPTH", 0)
    assert all_of_district(session) == kept == again


CHANGES = (
    "update clock set met_at = due_at + interval '1 hour' where :some",
    "update clock set met_at = due_at - interval '1 hour' where :some",
    "update clock set cancelled_at = now() where met_at is not null and :some",
    "update clock set due_at = due_at + interval '2 hours' where :some",
    "update task set confirmed_at = now(), rejections = rejections + 1 where :some",
    "update task set unit_code = 'gongdian' where :some",
    "update task set created_at = created_at + interval '1 day' where :some",
    "update task set area_path = 'yinchuan.jinfeng.s' where :some",
    "update whistle set state = 'RETURNED', reason_code = 'DUPLICATE' where :some",
    "update whistle set state = 'CLOSED', drafted_by = drafted_by || '{\"name\": \"某\"}' where :some",
    "update rating set total = 50 where :some",
    "delete from rating where :some",
)


@pytest.mark.parametrize("seed", range(3))
def test_given_any_changes_of_tasks_when_counted_again_or_not_then_the_kept_counts_are_theirs(store, seed):
    with store.transaction() as session:
        for _ in range(3):
            rated(session)
            world.blown(session, units=["paichusuo", "falvguwen"])
    assert [] == drifts(store, appraisals.DAYS, CHANGES, seed)


def test_given_nothing_when_reported_then_there_is_no_data(session):
    assert {"无数据"} == {value for _, _, value in figures(session).values()}


def test_given_a_clock_that_runs_when_reported_then_it_counts_for_nobody(session):
    world.blown(session, units=["paichusuo"])
    assert (0, 0, "无数据") == figures(session, now=NOW)["按时签收率·全部单位"]


def test_given_work_rejected_once_when_reported_then_it_was_not_accepted_at_first(session):
    task = world.finished(session, world.blown(session, units=["sifasuo"]))
    world.reject(session, task)
    world.finish(session, task)
    world.confirm(session, task)
    assert (0, 1, "0.0%") == figures(session)["一次核实通过率·丽景街司法所"]


@pytest.mark.parametrize(("reason", "needless"), [("CAN_SELF_HANDLE", 1), ("DUPLICATE", 1), ("INCOMPLETE", 0)])
def test_given_whistles_returned_when_reported_then_the_needless_ones_are_the_whistler_s(session, reason, needless):
    world.blown(session)
    drafted = world.drafted(session)
    why = {"reason_code": reason, "reason": "可自行协调物业"}
    whistles.give_back(session, LIUWEI, world.command(ReturnWhistle, drafted, **why), NOW)
    assert (needless, 2) == figures(session)[f"不必要吹哨率·{WANGFANG.name}"][:2]


def test_given_two_whistlers_of_one_name_when_reported_then_each_has_a_figure_of_her_own(session):
    namesake = person("u-wangfang2", WANGFANG.name, ("COMMUNITY", COMMUNITY_PATH, "yinhong"))
    world.blown(session)
    drafted = world.drafted(session, namesake)
    why = {"reason_code": "DUPLICATE", "reason": "已有哨单"}
    whistles.give_back(session, LIUWEI, world.command(ReturnWhistle, drafted, **why), NOW)
    found = ask(session, "report_appraisal")["figures"]
    assert [(0, 1), (1, 1)] == [
        (one["part"], one["whole"]) for one in found if one["name"] == f"不必要吹哨率·{WANGFANG.name}"
    ]


@pytest.mark.parametrize("measure", ["SIGN", "REPORT", "ACCEPTED", "NEEDLESS"])
def test_given_a_figure_then_the_rows_it_opens_are_what_it_counts(session, measure):
    rated(session)
    world.blown(session, units=["paichusuo", "sifasuo"])
    label = appraisals.Measure(measure).label
    part, whole, _ = next(found for name, found in figures(session).items() if name.startswith(f"{label}·全部"))
    seen, cursor = [], None
    for _ in range(5):
        page = ask(session, "list_appraised", measure=measure, limit=1, cursor=cursor)
        seen, cursor = [*seen, *page["items"]], page["next_cursor"]
        if cursor is None:
            break
    assert (part, whole) == (sum(row["counts"] for row in seen), len(seen))
    assert part == len(ask(session, "list_appraised", measure=measure, counts=True)["items"])
    assert whole - part == len(ask(session, "list_appraised", measure=measure, counts=False)["items"])


def test_given_a_month_of_assessment_then_it_is_told_from_the_nineteenth_to_the_eighteenth(session):
    found = ask(session, "report_appraisal", period="ASSESSMENT")
    told = (str(found["first_day"]), str(found["last_day"]), found["version"])
    assert ("2024-06-19", "2024-07-18", "default/2026.1") == told


@pytest.mark.parametrize(("who", "place"), [(HEWENBIN, STREET_PATH), (WANGFANG, STREET_PATH), (LIUWEI, DISTRICT_PATH)])
def test_given_others_than_those_above_when_they_ask_then_it_is_forbidden(session, who, place):
    with pytest.raises(Forbidden):
        ask(session, "report_appraisal", who, area_path=place)


def test_given_the_district_when_it_asks_then_the_streets_are_summed(session):
    rated(session)
    assert (1, 1, "100.0%") == figures(session, who=ZHOUMIN, area_path=DISTRICT_PATH)["按时签收率·全部单位"]
