"""Quarrels that come back at one place or with one party are told of once, as the policy counts them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.mediation import ledger, repeats
from services.mediation.conflicts import hashed_name
from services.mediation.tables import Base, Entry
from tests.support.events import said
from tests.unit.mediation.listing import FOUND, furnish
from tests.unit.mediation.people import COMMUNITY, LISHAN, STREET, staff
from tests.unit.mediation.receiving import WEDNESDAY, do

B5, B6 = f"{COMMUNITY}.g3.b5", f"{COMMUNITY}.g3.b6"
STREETS = staff("u-liuwei", "刘伟", "STREET", STREET)
WINDOW = timedelta(days=90)


@pytest.fixture
def store(database):
    store = database(Base.metadata)
    furnish(store)
    return store


def entered(store, area=f"{B5}u2", party=None, now=WEDNESDAY, who=STREETS):
    """What is told of this entry."""
    number = do(store, "enter_dispute", who, now, **{**FOUND, "area_path": area, "party": party})["number"]
    with store.transaction() as session:
        told = [one["data"] for one in said(session, "dispute_repeated")]
    return [(one["of"], one["times"]) for one in told if one["number"] == number]


@pytest.mark.row("S4.10")
@pytest.mark.parametrize(
    ("age", "told"), [(WINDOW - timedelta(seconds=1), [("PLACE", 3)]), (WINDOW, [])], ids=["last second", "over"]
)
def test_given_the_edge_of_the_window_when_the_third_enters_then_only_what_lies_within_counts(store, age, told):
    entered(store, now=WEDNESDAY - age)
    entered(store, now=WEDNESDAY - timedelta(days=1))
    assert told == entered(store)


@pytest.mark.row("S4.10")
@pytest.mark.parametrize("times", [2, 4])
def test_given_another_policy_when_entered_then_its_number_counts(store, times, monkeypatch):
    class Pack:
        def value(self, key):
            return {"days": 90, "times": times}

    monkeypatch.setattr(repeats, "rules", lambda now: type("Rules", (), {"pack": Pack()}))
    assert [*[[]] * (times - 1), [("PLACE", times)]] == [entered(store) for _ in range(times)]


@pytest.mark.row("S4.10")
@pytest.mark.parametrize("written", ["古丽·买买提", "古丽•买买提", "古丽 买买提", "古丽　·买买提", "古丽\u200b·买买提"])
def test_given_a_person_written_otherwise_when_the_third_enters_then_it_is_the_same_person(store, written):
    entered(store, f"{B5}u1", "古丽·买买提")
    entered(store, f"{B6}u1", "古丽.买买提")
    assert [("PARTY", 3)] == entered(store, f"{B6}u3", written)


@pytest.mark.row("S4.10")
def test_given_a_place_told_of_when_more_enter_then_not_again_within_the_window_and_once_after_it(store):
    days = [WEDNESDAY + timedelta(days=each) for each in (0, 1, 2, 3, 60, 91, 92, 93)]
    told = [entered(store, now=day) for day in days]
    assert [[], [], [("PLACE", 3)], [], [], [], [("PLACE", 4)], []] == told


def test_given_two_parties_with_two_quarrels_each_when_they_quarrel_together_then_each_is_counted_alone(store):
    a, b = hashed_name("甲一"), hashed_name("乙二")
    for place, parties in (("u1", [a]), ("u3", [b])):
        _case(store, f"{B6}{place}", parties)
    assert [] == _case(store, f"{B5}u1", [a, b])
    assert [("PARTY", 3)] == _case(store, f"{B5}u2", [a, b])


def test_given_one_party_told_of_when_the_other_comes_to_the_number_then_it_is_told_of_too(store):
    a, b, c = (hashed_name(name) for name in ("甲一", "乙二", "丙三"))
    told = [_case(store, f"{B5}u{no}", parties) for no, parties in enumerate(([a, c], [a, c], [a, b], [b], [b]))]
    assert [[], [], [("PARTY", 3)], [], [("PARTY", 3)]] == told


def _case(store, area, parties, now=WEDNESDAY):
    """As a case enters: with all its parties."""
    with store.transaction() as session:
        entry = Entry(
            origin="CASE", dispute_type="NEIGHBOUR", risk_level="YELLOW", area_path=area, persons=2, parties=parties,
            warned=[],
        )  # fmt: skip
        number = ledger._list(session, LISHAN, entry, now).case_number
    with store.transaction() as session:
        told = [one["data"] for one in said(session, "dispute_repeated") if one["data"]["number"] == number]
    return [(one["of"], one["times"]) for one in told]


def test_given_the_same_name_in_another_community_when_entered_then_it_is_taken_for_somebody_else(store):
    for place in ("jingyuan.g1.b1", "jingyuan.g1.b2"):
        entered(store, f"{STREET}.{place}", "张伟")
    assert [] == entered(store, f"{B5}u2", "张伟")


@pytest.mark.parametrize("area", [COMMUNITY, f"{COMMUNITY}.g3", STREET], ids=["community", "grid", "street"])
def test_given_no_more_than_a_grid_when_three_enter_then_that_is_no_place(store, area):
    assert [[], [], []] == [entered(store, area) for _ in range(3)]


@pytest.mark.parametrize(
    ("areas", "told"),
    [
        ((B5, f"{B5}u2", f"{B5}u2"), []), ((f"{B6}.u1", f"{B6}.u2", B6), [("PLACE", 3)]),
        ((B6, f"{B6}.u1", f"{B6}.u1"), [("PLACE", 3)]), ((f"{B6}.u1", f"{B6}.u2", f"{B6}.u3"), []),
    ],
    ids=["not in it", "its stairwells", "the building said once", "three stairwells"],
)  # fmt: skip
def test_given_a_building_and_its_stairwells_when_entered_then_one_holds_the_other(store, areas, told):
    assert told == [entered(store, area) for area in areas][-1]


def test_given_six_at_once_when_entered_then_one_is_told_of(store):
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: entered(store, party="何大勇"), range(6)))
    assert Counter({("PLACE", 3): 1, ("PARTY", 3): 1}) == Counter(one for each in told for one in each)


PLACES, NAMES = st.sampled_from([f"{B5}u1", f"{B5}u2", B6, f"{B6}.u1"]), st.sampled_from("甲乙丙")
LINES = st.lists(
    st.tuples(PLACES, st.lists(NAMES, unique=True, max_size=2), st.integers(0, 60)),
    max_size=9,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_given_any_ledger_when_counted_by_hand_then_the_same_is_told(database, lines):
    store, now, rows, expected, told = database(Base.metadata), WEDNESDAY, [], [], []
    for area, names, days in lines:
        now += timedelta(days=days)
        expected.append(_by_hand(rows, area, [hashed_name(name * 2) for name in names], now))
        told.append(_case(store, area, [hashed_name(name * 2) for name in names], now))
    assert expected == told


def _by_hand(rows, area, parties, now):
    rows.append({"at": now, "area": area, "parties": parties, "told": set()})
    recent = [row for row in rows if row["at"] > now - WINDOW]
    found = {}
    for of, mark, alike in [
        ("PLACE", "here", [row for row in recent if _one_place(row["area"], area)]),
        *(("PARTY", party, [row for row in recent if party in row["parties"]]) for party in parties),
    ]:
        if len(alike) >= 3 and not any(mark in row["told"] for row in alike):
            rows[-1]["told"].add(mark)
            found[of] = max(found.get(of, 0), len(alike))
    return list(found.items())


def _one_place(one, other):
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
