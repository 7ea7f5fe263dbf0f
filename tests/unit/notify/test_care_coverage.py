"""Care coverage: who on the Friday lists was reached, needed something, was not reached; by place and week."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlalchemy import insert

from chassis.errors import Forbidden
from contracts import registry
from contracts.notify.care_rounds import CareCallState
from kernel.numbers import case_number
from services.notify import care_coverage
from services.notify.care_profiles import CareProfile
from services.notify.care_rounds import SETTLED, CareCall, CareRound
from tests.unit.notify import caring
from tests.unit.notify.caring import FRIDAY, SEAT, called, do
from tests.unit.notify.facts import NOW, RESIDENT
from tests.unit.notify.wishing import CLERK

pytestmark = pytest.mark.row("S1.31")

STREET = "yinchuan.xingqing.lijingjie"
HERE = f"{STREET}.yinhong"
NUMBERS = count(1)
FLAGS = ("reached", "needing")


def put(store, place, week, state, needing):
    """A call of a round, as the rounds leave it."""
    no = next(NUMBERS)
    path, kept = f"{STREET}.{place}", {"id": UUID(int=no), "created_at": FRIDAY, "updated_at": FRIDAY, "version": 1}
    round_ = {
        "state": "OPEN",
        "week": week,
        "day": week,
        "place": str(no),
        "case_number": case_number("R", week, "0100", no),
    }
    profile = {
        "state": "ACTIVE", "name": "马秀英", "masked_name": "马*英", "phone": "1", "born": "1940-01-01",
        "place_text": "1", "lister_id": "u", "lister_name": "某", "consented_at": NOW,
        "case_number": case_number("G", week, "0100", no),
    }  # fmt: skip
    call = {
        "state": state, "round_id": kept["id"], "profile_id": kept["id"], "needing": needing, "on_sheet": no,
        "tries": 0, "witnesses": [], "round_number": round_["case_number"],
        "case_number": case_number("T", week, "0100", no),
    }  # fmt: skip
    with store.transaction() as session:
        session.execute(insert(CareRound).values(**kept, **round_, area_path=f"{path}.r{no}"))
        session.execute(insert(CareProfile).values(**kept, **profile, area_path=path))
        session.execute(insert(CareCall).values(**kept, **call, area_path=path))


def ask(store, method, who=CLERK, **more):
    command = registry.command("notify", method)().load({"area_path": HERE, "month": "2024-07", **more})
    operation = {"report_care_coverage": care_coverage.report, "list_care_covered": care_coverage.list_covered}[method]
    with store.transaction() as session:
        return registry.command("notify", method).answer().dump(operation(session, who, command, NOW))


def opened(store, link):
    """How many rows a figure's link lists, page by page."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    asked |= {name: asked[name] == "true" for name in FLAGS if name in asked}
    found, cursor = 0, None
    while True:
        page = ask(store, "list_care_covered", **asked, limit=7, cursor=cursor)
        found, cursor = found + len(page["items"]), page["next_cursor"]
        if cursor is None:
            return found


def recounted(rows):
    reached = sum(state in SETTLED for _, _, state, _ in rows)
    needing = sum(needs for *_, needs in rows)
    return [(reached, len(rows)), (needing, len(rows)), (len(rows) - reached, len(rows))]


def lies(row, place):
    return row[0] == place or row[0].startswith(f"{place}.")


@pytest.mark.parametrize("seed", range(4))
def test_given_any_calls_when_reported_then_every_figure_is_what_its_rows_count(store, seed):
    chance = Random(seed)
    places = ["yinhong", "yinhong.g1", "yinhong.g2", "yinhong.g2.b1", "yinhong.g20", "other.g1"]
    weeks = [date(2024, 6, 28) + timedelta(weeks=each) for each in range(6)]
    states, needs = [*CareCallState], [True, False]
    rows = [tuple(map(chance.choice, (places, weeks, states, needs))) for _ in range(60)]
    for row in rows:
        put(store, *row)
    listed = [row for row in rows if lies(row, "yinhong") and row[1].month == 7 and row[2] != "CALLED_OFF"]
    below = sorted({".".join(row[0].split(".")[:2]) for row in listed} - {"yinhong"})
    wanted = recounted(listed)
    for place in below:
        wanted += recounted([row for row in listed if lies(row, place)])
    for week in sorted({row[1] for row in listed}):
        wanted += recounted([row for row in listed if row[1] == week])
    figures = ask(store, "report_care_coverage")["figures"]
    assert wanted == [(one["part"], one["whole"]) for one in figures]
    assert wanted == [(opened(store, one["counted"]), opened(store, one["rows"])) for one in figures]


def test_given_a_friday_when_somebody_tells_of_a_difficulty_then_she_is_reached_and_needing(store):
    number = called(store)
    do(
        store,
        "record_care_talk",
        SEAT,
        FRIDAY,
        number=number,
        news_told=True,
        difficulties="下水堵了",
        category="housing",
    )
    (row,) = ask(store, "list_care_covered")["items"]
    shown = {one["name"].partition("·")[0]: one["value"] for one in ask(store, "report_care_coverage")["figures"][:3]}
    assert (True, True, "2024-07-05") == (row["reached"], row["needing"], row["week"])
    assert {"落实率": "100.0%", "有困难": "100.0%", "未落实": "0.0%"} == shown


def test_given_a_friday_when_nobody_answers_then_she_is_not_reached(store):
    caring.unanswered(store)
    (row,) = ask(store, "list_care_covered", reached=False)["items"]
    assert (False, False, 3) == (row["reached"], row["needing"], row["tries"])


def test_given_no_round_when_reported_then_there_is_no_data(store):
    assert {"无数据"} == {one["value"] for one in ask(store, "report_care_coverage")["figures"]}


@pytest.mark.parametrize("who", [RESIDENT, SEAT])
def test_given_somebody_who_does_not_answer_for_the_place_when_asking_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        ask(store, "report_care_coverage", who)
