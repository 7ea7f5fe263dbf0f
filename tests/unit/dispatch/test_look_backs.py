"""A look-back comes on a day drawn at random, which nobody reads anywhere before it has come (domain §3.6 inv. 14)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from chassis.errors import ServiceError
from chassis.identity import Grant, Principal
from contracts import registry
from kernel.calendar import load_calendar
from kernel.codes import Role
from kernel.numbers import case_number
from services.dispatch import look_backs
from services.dispatch.tables import Base
from tests.support.events import names_said, said
from tests.unit.dispatch import world
from tests.unit.dispatch.rectifying import day_of, do, furnish, issued, state_of, tick
from tests.unit.dispatch.world import GRID_PATH, NOW

CALENDAR = load_calendar(None)
WINDOW, DRAWS = (10, 40), 10_000
HARDLY_EVER = 1e-6
"""How likely a fair draw fails the test: it is reproducible, so it fails always or never."""


@pytest.fixture
def store(database):
    made = database(Base.metadata)
    with made.transaction() as session:
        world.people(session)
        furnish(session)
    return made


@pytest.fixture
def corrected(store):
    """Put right today; its number."""
    number = issued(store)
    do(store, "verify_spots", number=number)
    return number


def draws(since):
    numbers = (case_number("E", since, "0101", no) for no in range(1, DRAWS + 1))
    return Counter(look_backs.drawn(number, 1, since, WINDOW, CALENDAR) for number in numbers)


@pytest.mark.parametrize("since", [date(2024, 9, 6), date(2025, 1, 10), date(2026, 2, 2)], ids=str)
def test_given_ten_thousand_draws_when_counted_then_uniform_over_the_working_days_and_never_on_a_day_off(since):
    span = [since + timedelta(days=day) for day in range(WINDOW[0], WINDOW[1] + 1)]
    days, counted = [day for day in span if CALENDAR.is_working(day)], draws(since)
    expected = DRAWS / len(days)
    chi_square = sum((counted[day] - expected) ** 2 / expected for day in days)
    assert (set(days), True) == (set(counted), chi_square < quantile(len(days) - 1, HARDLY_EVER))


def quantile(freedom, tail):
    """Of chi-square, by Wilson and Hilferty; `tail` one in a million lies 4.7534 deviations out."""
    assert tail == HARDLY_EVER
    part = 2 / (9 * freedom)
    return freedom * (1 - part + 4.7534 * part**0.5) ** 3


def test_given_the_same_number_when_drawn_again_then_it_is_the_same_day_and_without_the_key_another(monkeypatch):
    number, since = case_number("E", date(2024, 7, 5), "0101", 1), date(2024, 7, 5)
    first = [look_backs.drawn(number, no, since, WINDOW, CALENDAR) for no in range(1, 41)]
    again = [look_backs.drawn(number, no, since, WINDOW, CALENDAR) for no in range(1, 41)]
    monkeypatch.setattr(look_backs, "keyed_hash", lambda told: f"{abs(hash(told)):x}")
    assert (first, True) == (
        again,
        first != [look_backs.drawn(number, no, since, WINDOW, CALENDAR) for no in range(40)],
    )


@pytest.mark.parametrize(("relapses", "days"), [(0, (10, 40)), (1, (5, 20)), (2, (2, 10)), (6, (1, 1))])
def test_given_relapses_when_the_window_is_asked_for_then_each_halves_it(relapses, days):
    assert days == look_backs.window({"from_days": 10, "to_days": 40}, relapses)


def test_given_a_window_without_a_working_day_when_drawn_then_the_first_one_after_it():
    assert date(2024, 10, 8) == look_backs.drawn("E", 1, date(2024, 9, 30), (1, 5), CALENDAR)


def test_given_a_sealed_day_when_everything_that_is_stored_or_said_is_read_then_it_stands_nowhere(store, corrected):
    shapes = written(day_of(store).date())
    with store.transaction() as session:
        tables = session.scalars(text("select tablename from pg_tables where schemaname = 'public'")).all()
        rows = {table: session.scalar(text(f'select jsonb_agg(to_jsonb(t)) from "{table}" t')) for table in tables}
        told = str(said(session))
    assert {} == {table: shape for table, found in rows.items() for shape in shapes if shape in str(found)}
    assert [] == [shape for shape in shapes if shape in told]


def written(day):
    """A day as dates, moments and sentences write it: in Asia/Shanghai, in UTC, and the one before it, that ends with
    the same instant."""
    days = (day, day - timedelta(days=1), day + timedelta(days=1))
    return [shape for one in days for shape in (one.isoformat(), f"{one:%Y%m%d}", f"{one.month}月{one.day}日")]


def test_given_a_sealed_day_when_everybody_asks_everything_then_no_answer_holds_it(store, corrected):
    shapes = written(day_of(store).date())
    everybody = [Principal(f"u-{role}", "某某", (Grant(role, GRID_PATH, "zhongdui"),)) for role in Role]
    answers = [
        answer
        for who in (*everybody, Principal.service("portal"))
        for asked in registry.COMMANDS.values()
        if asked.service == "dispatch" and asked.route.startswith("GET ") and "rectif" in asked.method
        for answer in tried(store, asked.method, who, corrected)
    ]
    assert (True, []) == (len(answers) > len(Role), [shape for shape in shapes if shape in str(answers)])


def tried(store, method, who, number):
    asked = {"number": number} if "number" in registry.command("dispatch", method)().fields else {}
    try:
        yield do(store, method, who, **asked)
    except ServiceError:
        return


def test_given_a_draw_when_made_then_the_trail_says_so_and_not_for_when(store, corrected):
    with store.transaction() as session:
        (row,) = session.execute(text("select act, details from audit")).all()
    assert ("look_back_drawn", {"no": 1}) == (row.act, row.details)


def test_given_the_days_before_it_when_the_clock_asks_then_nothing_happens_and_nobody_is_told(store, corrected):
    day = day_of(store)
    for before in range(1, (day - NOW).days + 1):
        tick(store, day - timedelta(days=before))
    assert "WATCHED" == state_of(store, corrected)


@pytest.mark.row("S2.16")
def test_given_its_day_when_the_clock_asks_twice_then_it_is_told_once_from_the_morning_on(store, corrected):
    day = day_of(store)
    states = []
    for hour in (-3, 0, 1):
        tick(store, day + timedelta(hours=hour))
        states.append(state_of(store, corrected))
    with store.transaction() as session:
        told = said(session, "look_back_due")
    assert (["WATCHED", "INSPECTED", "INSPECTED"], 1) == (states, len(told))
    assert ("INSPECTED", "role:GRID role:COMMUNITY") == (told[0]["state"], told[0]["waits"])


def test_given_a_service_that_was_away_on_the_day_when_it_is_back_then_the_look_back_is_told(store, corrected):
    tick(store, day_of(store) + timedelta(days=3))
    assert "INSPECTED" == state_of(store, corrected)


@pytest.mark.row("S2.16")
def test_given_every_round_passed_when_recorded_then_it_leaves_the_ledger(store, corrected):
    states = []
    for _ in range(2):
        day = day_of(store)
        tick(store, day)
        view = do(store, "pass_look_back", now=day, number=corrected)
        states.append(view["state"])
    assert (["WATCHED", "CLOSED"], 2) == (states, len(view["look_backs"]))
    with store.transaction() as session:
        assert ["look_back_passed", "rectification_closed"] == names_said(session)[-2:]


@pytest.mark.row("S2.16")
def test_given_a_relapse_when_recorded_then_the_level_rises_and_the_next_window_is_half(store, corrected):
    day = day_of(store)
    tick(store, day)
    view = do(store, "record_relapse", now=day, number=corrected)
    assert ("ISSUED", 2, "OPEN") == (view["state"], view["level"], view["spots"][0]["state"])
    do(store, "verify_spots", now=day, number=corrected)
    assert 5 <= (day_of(store) - day).days <= 20


def test_given_a_look_back_when_not_its_day_then_it_can_neither_be_passed_nor_relapse(store, corrected):
    for method in ("pass_look_back", "record_relapse"):
        with pytest.raises(ServiceError) as refused:
            do(store, method, number=corrected)
        assert ("WATCHED", ["INSPECTED"]) == (refused.value.details["state"], refused.value.details["allowed_states"])


def test_given_a_second_round_when_its_day_is_drawn_then_it_lies_in_its_own_window(store, corrected):
    day = day_of(store)
    tick(store, day)
    do(store, "pass_look_back", now=day, number=corrected)
    assert 60 <= (day_of(store) - day).days <= 120
    assert isinstance(day, datetime)
