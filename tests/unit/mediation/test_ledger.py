"""Every dispute is on the ledger, with an owner and a limit by its risk, until somebody else has looked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid
from services.mediation.ledger import LIFE
from services.mediation.tables import Base, Entry
from tests.support.events import said
from tests.unit.mediation.listing import FOUND, furnish, listed, step, swept
from tests.unit.mediation.people import LISHAN, SHI, STREET, STREET_OFFICER, WANG, staff
from tests.unit.mediation.receiving import WEDNESDAY, do
from tests.unit.mediation.world import World

ARROWS = """
OPEN assign_owner OPEN | OPEN review_dispute OPEN | OPEN report_settled CHECKING | OPEN case_closed CHECKING
CHECKING strike_off CLOSED | CHECKING keep_on_ledger OPEN
"""


@pytest.fixture
def store(database):
    return database(Base.metadata)


def entries(store):
    with store.transaction() as session:
        rows = session.scalars(select(Entry).order_by(Entry.case_number))
        return [(row.origin, row.dispute_type, row.risk_level, row.persons, row.state) for row in rows]


def told(store, name):
    with store.transaction() as session:
        return [one["data"] for one in said(session, name)]


def test_given_the_life_when_compared_with_what_is_written_then_the_arrows_are_the_same():
    written = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert written == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S4.10")
def test_given_a_case_of_mediation_when_it_opens_then_it_is_on_the_ledger_and_stays_when_it_ends_without_accord(world):
    world.mediating()
    world.terminate()
    assert [("CASE", "NEIGHBOUR", "YELLOW", 2, "OPEN")] == entries(world.store)


@pytest.mark.row("S4.10")
def test_given_a_case_performed_when_struck_off_then_it_was_somebody_else_than_its_mediator(world: World):
    world.perform(world.effective())
    (number,) = [one["number"] for one in told(world.store, "dispute_listed")]
    with pytest.raises(Forbidden):
        do(world.store, "strike_off", SHI, world.now, number=number)
    assert "CLOSED" == do(world.store, "strike_off", WANG, world.now, number=number)["state"]


@pytest.mark.row("S4.10")
@pytest.mark.parametrize(("risk", "day"), [("RED", 13), ("ORANGE", 17), ("YELLOW", 25)])
def test_given_a_dispute_when_entered_then_its_limit_is_that_of_its_colour(store, risk, day):
    number = listed(store, risk_level=risk)
    due = datetime.fromisoformat(do(store, "get_entry", WANG, number=number)["due_at"])
    assert day == (due - timedelta(seconds=1)).astimezone(WEDNESDAY.tzinfo).day


def test_given_a_worse_risk_when_reviewed_then_a_new_limit_begins(store):
    number, later = listed(store), WEDNESDAY + timedelta(days=5)
    shown = do(store, "review_dispute", WANG, later, number=number, risk_level="RED", measures="今晚就去")
    assert 18 == (datetime.fromisoformat(shown["due_at"]) - timedelta(seconds=1)).astimezone(later.tzinfo).day


@pytest.mark.parametrize(("reporter", "closer"), [(SHI, SHI), (LISHAN, SHI)], ids=["owner", "owner, others reported"])
def test_given_a_dispute_reported_settled_when_its_owner_strikes_it_off_then_forbidden(store, reporter, closer):
    number = listed(store)
    do(store, "report_settled", reporter, number=number, result="和好了")
    with pytest.raises(Forbidden):
        do(store, "strike_off", closer, number=number)


def test_given_a_dispute_not_settled_after_all_when_looked_at_then_it_goes_back_and_its_limit_runs_on(store):
    number = listed(store, "CHECKING")
    before = do(store, "get_entry", WANG, number=number)["due_at"]
    shown = step(store, "keep_on_ledger", number)
    assert ("OPEN", before) == (shown["state"], shown["due_at"])


def test_given_two_who_look_at_once_when_both_strike_off_then_one_effect(store):
    number = listed(store, "CHECKING")

    def strike(who):
        try:
            return do(store, "strike_off", who, number=number)["state"]
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        assert ["CLOSED", "conflict"] == sorted(pool.map(strike, (WANG, STREET_OFFICER)))
    assert 1 == len(told(store, "dispute_struck_off"))


@pytest.mark.row("S4.10")
def test_given_the_third_quarrel_of_a_place_or_a_party_when_entered_then_warned_once_of_each(store):
    furnish(store)
    elsewhere = FOUND["area_path"].rpartition(".")[0] + ".b6u1"
    for area, party in ((FOUND["area_path"], "何大勇"), (FOUND["area_path"], None), (elsewhere, "何 大勇")):
        do(store, "enter_dispute", LISHAN, **{**FOUND, "area_path": area, "party": party})
    assert [] == told(store, "dispute_repeated")
    do(store, "enter_dispute", LISHAN, **FOUND)
    warned = [(one["of"], one["times"]) for one in told(store, "dispute_repeated")]
    assert [("PLACE", 3), ("PARTY", 3)] == warned


def test_given_quarrels_long_ago_when_one_is_entered_then_nobody_is_warned(store):
    furnish(store)
    for _ in range(2):
        do(store, "enter_dispute", LISHAN, WEDNESDAY - timedelta(days=91), **FOUND)
    do(store, "enter_dispute", LISHAN, **FOUND)
    assert [] == told(store, "dispute_repeated")


def test_given_three_at_once_when_entered_then_the_third_is_seen(store):
    furnish(store)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda no: do(store, "enter_dispute", LISHAN, **{**FOUND, "party": f"某{no}"}), range(3)))
    assert [("PLACE", 3)] == [(one["of"], one["times"]) for one in told(store, "dispute_repeated")]


def test_given_a_sweep_that_does_not_run_when_a_dispute_names_it_then_the_field_is_named(store):
    number = swept(store)
    do(store, "finish_sweep", WANG, number=number, conclusion="未查出")
    with pytest.raises(Invalid) as refused:
        do(store, "enter_dispute", LISHAN, **FOUND, sweep_number=number)
    assert ["sweep_number"] == list(refused.value.details["fields"])


def test_given_a_sweep_of_elsewhere_when_a_dispute_names_it_then_the_field_is_named(store):
    furnish(store)
    liuwei = staff("u-liuwei", "刘伟", "STREET", STREET)
    asked = {"kind": "FOCUSED", "area_path": f"{STREET}.jingyuan", "scope": "装修期住户"}
    number = do(store, "open_sweep", liuwei, **asked)["number"]
    with pytest.raises(Invalid) as refused:
        do(store, "enter_dispute", LISHAN, **FOUND, sweep_number=number)
    assert ["sweep_number"] == list(refused.value.details["fields"])


def test_given_an_owner_from_elsewhere_when_assigned_then_conflict(store):
    with pytest.raises(Conflict):
        step(store, "assign_owner", listed(store), owner_id="u-yanggendi")


def test_given_what_people_said_when_told_then_no_event_holds_it(store):
    listed(store, "CHECKING")
    with store.transaction() as session:
        spoken = str(said(session))
    assert [] == [word for word in ("何大勇", "堆物", "分头劝", "握手") if word in spoken]
