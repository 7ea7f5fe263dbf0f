"""Three rates from valid follow-ups: summed counts, a printed formula, no data never 0 %."""

from __future__ import annotations

from itertools import count
from random import Random
from unittest.mock import ANY
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import insert, text

from chassis.errors import Forbidden
from chassis.identity import Grant, Principal
from contracts import registry
from kernel.numbers import case_number
from services.notify import rates
from services.notify.tables import FollowUp
from tests.support.tallying import drifts
from tests.unit.notify.facts import NOW, RESIDENT, shanghai
from tests.unit.notify.wishing import CLERK

STREET = "yinchuan.xingqing.lijingjie"
NUMBERS = count(1)


@pytest.fixture
def ended(store):
    def add(place="yinhong", satisfied="SATISFIED", solved="YES", state="COMPLETED", occasion="RESULT", at=NOW):
        no = next(NUMBERS)
        number = case_number("F", at.date(), "0101", no)
        with store.transaction() as session:
            session.execute(
                insert(FollowUp).values(
                    id=UUID(int=no), state=state, number=number, case_number=number, cycle=1, occasion=occasion,
                    subject_kind="APPEAL", subject_id=UUID(int=9000 + no), subject_number=number, handler_id="u-x",
                    handler_name="某", handler_unit="x", counted_from=at, start_by=at, policy_version="default/1",
                    solved=solved, satisfied=satisfied, completed_at=at, area_path=f"{STREET}.{place}", created_at=at,
                    updated_at=at,
                )
            )  # fmt: skip

    return add


def ask(store, method, who=CLERK, **more):
    asked = {"area_path": f"{STREET}.yinhong", "month": "2024-07", **more}
    command = registry.command("notify", method)().load(asked)
    with store.transaction() as session:
        return {"report_rates": rates.report, "list_rated": rates.list_rated}[method](session, who, command, NOW)


def shown(store, **more):
    return {each["name"].partition("·")[0]: each["value"] for each in ask(store, "report_rates", **more)["figures"][:5]}


def test_given_follow_ups_when_reported_then_the_told_formula_holds(store, ended):
    for satisfied, solved in (("SATISFIED", "YES"), ("BASICALLY", "YES"), ("UNSATISFIED", "PARTLY")):
        ended(satisfied=satisfied, solved=solved)
    ended(occasion="DEADLINE", satisfied="UNSATISFIED", solved="NO")
    ended(state="INVALID", solved=None, satisfied=None)
    expected = {"响应率": "75.0%", "解决率": "50.0%", "满意率": "47.5%", "有效回访占比": "80.0%", "得分": "51.5分"}
    assert expected == shown(store)


def test_given_no_valid_one_when_reported_then_there_is_no_data(store, ended):
    ended(state="INVALID", solved=None, satisfied=None)
    found = shown(store)
    of_none = {found[name] for name in ("响应率", "解决率", "满意率", "得分")}
    assert ({"无数据"}, "0.0%") == (of_none, found["有效回访占比"])


@pytest.mark.parametrize(
    ("day", "period", "counted"),
    [
        ((18, 23), "ASSESSMENT", 1), ((19, 0), "ASSESSMENT", 0), ((19, 0), "CALENDAR", 1), ((31, 23), "CALENDAR", 1),
    ],
)  # fmt: skip
def test_given_the_end_of_the_month_then_the_period_says_what_counts(store, ended, day, period, counted):
    ended(at=shanghai(*day))
    assert counted == len(ask(store, "list_rated", period=period)["items"])


def test_given_the_rows_of_a_figure_when_opened_then_they_are_what_it_counts(store, ended):
    ended()
    ended(state="INVALID", solved=None, satisfied=None)
    assert [False, True] == [row["valid"] for row in ask(store, "list_rated")["items"]]


@pytest.mark.parametrize("place", [STREET, f"{STREET}.jingyuan"])
def test_given_somebody_of_another_place_when_asking_then_it_is_forbidden(store, place):
    with pytest.raises(Forbidden):
        ask(store, "report_rates", area_path=place)


def test_given_a_resident_when_asking_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        ask(store, "report_rates", RESIDENT)


def recounted(rows, place):
    """As the report says it: response, solution and valid ones of a place, from the rows themselves."""
    mine = [row for row in rows if row["place"] == place or row["place"].startswith(f"{place}.")]
    valid = [row for row in mine if row["state"] == "COMPLETED"]
    response = sum(row["occasion"] == "RESULT" for row in valid)
    solution = sum(row["solved"] == "YES" for row in valid)
    points = sum({"SATISFIED": 1, "BASICALLY": 0.9}.get(row["satisfied"], 0) for row in valid)
    shares = [(response, len(valid)), (solution, len(valid)), (round(points), len(valid)), (len(valid), len(mine))]
    answers = [(sum(row["satisfied"] == said for row in valid), len(valid)) for said in ("SATISFIED", "BASICALLY")]
    return [*shares, (ANY, len(valid)), *answers] if mine else []


@pytest.mark.parametrize("seed", range(4))
def test_given_any_follow_ups_when_reported_then_every_figure_is_what_its_rows_count(store, ended, seed):
    chance = Random(seed)
    places = ["yinhong", "yinhong.g1", "yinhong.g2", "yinhong.g2.b1", "yinhong.g20", "other.g1"]
    some = {
        "place": places, "satisfied": ["SATISFIED", "BASICALLY", "UNSATISFIED"], "solved": ["YES", "PARTLY", "NO"],
        "state": ["COMPLETED", "COMPLETED", "INVALID", "PENDING"], "occasion": ["RESULT", "DEADLINE"],
    }  # fmt: skip
    rows = [{name: chance.choice(values) for name, values in some.items()} for _ in range(40)]
    for row in rows:
        ended(**row)
    counted = [row for row in rows if row["state"] != "PENDING"]
    paths = ("yinhong", "yinhong.g1", "yinhong.g2", "yinhong.g20")
    wanted = [part for path in paths for part in recounted(counted, path)]
    assert wanted == [(one["part"], one["whole"]) for one in ask(store, "report_rates")["figures"]]
    for one in ask(store, "report_rates")["figures"]:
        opened = [opens(store, one[link]) if one[link] else None for link in ("rows", "counted")]
        assert [one["whole"], one["part"] if one["counted"] else None] == opened


def opens(store, link):
    """How many rows a figure's link lists."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    told = {**asked, "limit": 200, **({"valid": asked["valid"] == "true"} if "valid" in asked else {})}
    return len(ask(store, "list_rated", **told)["items"])


CHANGES = (
    "update follow_up set state = 'INVALID', updated_at = updated_at + interval '1 day' where :some",
    "update follow_up set state = 'PENDING', updated_at = updated_at - interval '3 hours' where :some",
    "update follow_up set state = 'COMPLETED', solved = 'NO', satisfied = 'BASICALLY' where :some",
    "update follow_up set area_path = 'yinchuan.xingqing.neu' || subpath(area_path, -1) where :some",
    "update follow_up set area_path = 'yinchuan' where :some",
    "delete from follow_up where state = 'INVALID' and :some",
)


@pytest.mark.parametrize("seed", range(3))
def test_given_any_changes_of_follow_ups_when_counted_again_or_not_then_the_kept_counts_are_theirs(store, ended, seed):
    for no in range(30):
        ended(place=f"c{no % 4}.g1", at=shanghai(1 + no % 28, 12))
    assert [] == drifts(store, rates.DAYS, CHANGES, seed)


@pytest.mark.parametrize("place", ["yinchuan", "yinchuan.xingqing"])
def test_given_a_district_or_city_when_reported_then_what_is_kept_says_what_its_rows_do(
    store, ended, monkeypatch, place
):
    for no in range(12):
        ended(place=f"c{no % 4}.g1", satisfied=["SATISFIED", "BASICALLY"][no % 2], at=shanghai(1 + no, 0))
    with store.transaction() as session:
        session.execute(text("update follow_up set area_path = 'yinchuan.xingqing' where number like '%1'"))
        session.execute(text("update follow_up set area_path = 'yinchuan.jinfeng.s' where number like '%2'"))
    who = Principal("u-city", "市平台", (Grant("DISTRICT", "yinchuan"),))
    kept = ask(store, "report_rates", who, area_path=place)
    monkeypatch.setattr(rates, "KEPT_DEPTH", 0)
    assert kept == ask(store, "report_rates", who, area_path=place)
