"""What several people report of one place is proposed as a sweep, once, with the evidence; a person decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden
from services.intake import hotspots
from tests.unit.intake import campaigning as at
from tests.unit.intake.campaigning import FIRST, QINYUAN, UNITS, do
from tests.unit.intake.world import INTAKE, NOW, facts_of, names, register

DAY = timedelta(days=1)
BLOCKED = {"category": "housing.drain.blocked", "calm": True}


@pytest.fixture
def place(store):
    with store.transaction() as session:
        at.furnish(session)
    return store


def reported(store, people=5, now=NOW, first=0, **more):
    """Each by somebody else; their numbers."""
    return [
        register(
            store, at.GE, now, area_path=UNITS[no], **{"category": BLOCKED["category"], "calm": True, **more},
            reporter={"name": f"居民{'甲乙丙丁戊己庚辛壬癸'[no]}", "phone": f"1390000020{no}"},
        )["number"]
        for no in range(first, first + people)
    ]  # fmt: skip


def tick(store, now=NOW + DAY):
    with store.transaction() as session:
        return hotspots.propose(session, INTAKE, now)


def proposed(store):
    (fact,) = facts_of(store, "sweep_proposed")
    return fact["data"]["number"]


@pytest.mark.row("S2.22")
@pytest.mark.row("S2.25")
def test_given_five_people_of_one_community_when_looked_at_then_a_sweep_is_proposed_with_the_evidence(place):
    numbers = reported(place)
    assert 1 == tick(place)
    view = do(place, "get_campaign", at.GE, number=proposed(place))
    (fact,) = facts_of(place, "sweep_proposed")
    assert ("PROPOSED", sorted(numbers), QINYUAN, "role:COMMUNITY", 5) == (
        view["state"], view["evidence"], view["area_path"], fact["waits"], fact["data"]["reports"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("four people", lambda store: reported(store, 4)),
        ("one person five times", lambda store: [register(store, at.GE, area_path=FIRST, **BLOCKED) for _ in range(5)]),
        ("long ago", lambda store: reported(store, now=NOW - 14 * DAY)),
        ("secret", lambda store: reported(store, secret=True)),
        ("unsorted", lambda store: reported(store, category="other.advice")),
        ("found by staff", lambda store: reported(store, source="PROACTIVE")),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_given_what_is_no_hot_spot_when_looked_at_then_nothing_is_proposed(place, case, told):
    told(place)
    assert 0 == tick(place), case


def test_given_many_timers_when_they_tick_at_once_then_it_is_told_once(place):
    reported(place)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tick(place), range(8)))
    assert 1 == names(place).count("sweep_proposed")


@pytest.mark.row("S2.25")
def test_given_a_proposal_when_accepted_then_every_unit_is_visited_and_what_is_found_counts_as_proactive(place):
    reported(place)
    tick(place)
    view = do(place, "accept_sweep", at.GE, NOW + DAY, number=proposed(place))
    found = do(place, "record_visit", at.ZOU, NOW + DAY, number=view["number"], unit_paths=[FIRST], need="YES")
    assert ("OPEN", UNITS, "葛艳霞", 1) == (
        view["state"], [each["unit_path"] for each in view["targets"]], view["opened_by"]["name"], found["proactive"],
    )  # fmt: skip


def test_given_a_proposal_when_declined_then_the_reason_stays_and_the_same_evidence_proposes_nothing_again(place):
    reported(place)
    tick(place)
    view = do(place, "decline_sweep", at.GE, NOW + DAY, number=proposed(place))
    assert ("DECLINED", "已知是施工，下周完工", 0) == (view["state"], view["reason"], tick(place, NOW + 2 * DAY))


def test_given_a_declined_proposal_when_as_many_report_since_then_it_is_proposed_anew(place):
    reported(place)
    tick(place)
    do(place, "decline_sweep", at.GE, NOW + DAY, number=proposed(place))
    reported(place, now=NOW + 2 * DAY, first=5)
    assert 1 == tick(place, NOW + 3 * DAY)


def test_given_a_proposal_when_decided_by_a_grid_worker_or_twice_then_it_is_refused(place):
    reported(place)
    tick(place)
    number = proposed(place)
    with pytest.raises(Forbidden):
        do(place, "accept_sweep", at.ZOU, number=number)
    do(place, "accept_sweep", at.GE, NOW + DAY, number=number)
    with pytest.raises(Conflict):
        do(place, "decline_sweep", at.FAN, NOW + DAY, number=number)
