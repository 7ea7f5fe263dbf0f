"""Who comes is registered, helped in one of the ways, and counted once in the year it was done."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from capability import tallies
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.notify.wishes import WishConfirmed
from services.mediation import studio_years, visits
from services.mediation.tables import Base, Case, GrantedWish, OpenDay, Visit
from services.mediation.visits import LIFE
from tests.support.delivering import deliver, twice
from tests.support.events import hear, said
from tests.support.tallying import drifts
from tests.unit.mediation.people import number as numbered
from tests.unit.mediation.receiving import (
    CAO,
    KONG,
    MASHAOFENG,
    OPPONENT,
    STREET,
    VISITOR,
    WEDNESDAY,
    XISHAN,
    do,
    furnish,
    open_day,
    tick,
    visit,
)

ARROWS = """
RECEIVED finish_visit DONE | RECEIVED mediate_visit IN_MEDIATION | RECEIVED guide_visit GUIDED
"""
NOBODY = Principal("anonymous", "", (), "resident")
TOLD = {"disputes": 39, "complaints": 138, "services": 371, "wishes": 243}
"""初心工作室, 2021 to 2023: 39 件, 138 件, 370 余次, 243 件."""


@pytest.fixture
def store(database):
    return database(Base.metadata)


def years(store, area=XISHAN):
    rows = do(store, "list_studio_years", NOBODY, area_path=area)["items"]
    return {row["year"]: {name: row[name] for name in TOLD} for row in rows if row["org_name"] == "初心工作室"}


def test_given_the_life_when_compared_with_what_is_written_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S3.9")
@pytest.mark.parametrize(
    ("method", "asked", "state"),
    [
        ("finish_visit", {"way": "REPAIR", "result": "换了灯泡"}, "DONE"),
        ("finish_visit", {"way": "COMPANY", "result": "陪着聊了半天"}, "DONE"),
        ("mediate_visit", OPPONENT, "IN_MEDIATION"),
        ("guide_visit", {"result": "医保报销到政务大厅3号窗口"}, "GUIDED"),
    ],
    ids=["repair", "company", "mediation", "elsewhere"],
)
def test_given_a_visitor_when_helped_then_the_register_says_how(store, method, asked, state):
    number = visit(store)
    assert state == do(store, method, KONG, number=number, **asked)["state"]


@pytest.mark.row("S3.9")
def test_given_a_quarrel_when_taken_to_mediation_then_the_visitor_is_its_first_party_and_the_host_mediates(store):
    shown = do(store, "mediate_visit", KONG, number=visit(store), **OPPONENT)
    with store.transaction() as session:
        case = session.scalars(select(Case)).one()
        found = (case.mediation_number, case.origin, case.parties[0].name, case.mediators[0].mediator_id)
    assert (shown["mediation_number"], "WALK_IN", VISITOR["name"], KONG.id) == found


def test_given_a_visitor_without_a_name_when_taken_to_mediation_then_the_name_is_asked_for(store):
    with pytest.raises(Invalid) as refused:
        do(store, "mediate_visit", KONG, number=visit(store, name=None), **OPPONENT)
    assert ["name"] == list(refused.value.details["fields"])


def test_given_an_open_day_that_is_over_when_somebody_is_registered_then_conflict(store):
    number = open_day(store)
    tick(store, WEDNESDAY + timedelta(hours=8))
    with pytest.raises(Conflict):
        do(store, "register_visit", KONG, number=number, matter="来晚了")


def test_given_a_visit_when_others_look_then_what_was_said_is_for_who_works_on_it(store):
    number = visit(store)
    seen = [do(store, "get_visit", who, number=number).get("matter") for who in (KONG, STREET)]
    assert [VISITOR["matter"], None] == seen


def test_given_a_visit_nobody_finished_when_half_its_time_is_over_then_its_receiver_is_warned_once(store):
    visit(store)
    for _ in range(2):
        with store.transaction() as session:
            LIFE.warn(session, Principal.service("mediation"), WEDNESDAY + timedelta(days=4))
    with store.transaction() as session:
        warned = said(session, "mediation_deadline_approaching")
    assert [(50, f"person:{KONG.id}")] == [(told["data"]["percent"], told["waits"]) for told in warned]


@pytest.mark.row("S2.3")
def test_given_what_was_told_of_three_years_when_counted_then_the_four_numbers_come_out(store):
    open_day(store)
    with store.transaction() as session:
        day = session.scalars(select(OpenDay).where(OpenDay.org_code == "chuxin")).first()
        session.execute(Case.__table__.insert(), [_settled(no, _year(no)) for no in range(39)])
        ways = {"COMPLAINT": 138, "REPAIR": 201, "COMPANY": 170, "WISH": 243}
        done = [_done(day, way, no, _year(no)) for way, count in ways.items() for no in range(count)]
        session.execute(Visit.__table__.insert(), done)
    counted = years(store)
    assert TOLD == counted.pop(None)
    assert ([2023, 2022, 2021], {"disputes": 13, "complaints": 46, "services": 124, "wishes": 81}) == (
        list(counted), counted[2021],
    )  # fmt: skip


@pytest.mark.row("S2.3")
@pytest.mark.parametrize(("second", "year"), [("2023-12-31T23:59:59", 2023), ("2024-01-01T00:00:00", 2024)])
def test_given_the_turn_of_the_year_when_counted_then_the_day_in_the_city_says_which_year(store, second, year):
    open_day(store)
    moment = datetime.fromisoformat(f"{second}+08:00")
    with store.transaction() as session:
        day = session.scalars(select(OpenDay).where(OpenDay.org_code == "chuxin")).first()
        session.execute(Case.__table__.insert(), [_settled(0, moment)])
        session.execute(
            Visit.__table__.insert(), [_done(day, way, 0, moment) for way in ("COMPLAINT", "REPAIR", "WISH")]
        )
        session.add(GrantedWish(number=numbered(2, "X"), org_code="chuxin", at=moment))
    expected = {"disputes": 1, "complaints": 1, "services": 1, "wishes": 2}
    assert {None: expected, year: expected} == years(store)


@pytest.mark.row("S2.3")
@pytest.mark.parametrize(
    "other",
    [{"result": "TO_COURT"}, {"result": None}, {"org_code": "yinhong-tiaowei"}],
    ids=["to court", "open", "of others"],
)
def test_given_a_case_that_was_not_settled_here_when_counted_then_it_is_no_dispute_settled(store, other):
    open_day(store)
    with store.transaction() as session:
        session.execute(Case.__table__.insert(), [{**_settled(0, WEDNESDAY), **other}])
    assert 0 == years(store)[None]["disputes"]


@pytest.mark.row("S2.3")
@pytest.mark.parametrize("state", ["RECEIVED", "IN_MEDIATION", "GUIDED"])
def test_given_a_visitor_who_was_not_helped_here_when_counted_then_in_none_of_the_four(store, state):
    open_day(store)
    with store.transaction() as session:
        day = session.scalars(select(OpenDay).where(OpenDay.org_code == "chuxin")).first()
        session.execute(Visit.__table__.insert(), [{**_done(day, "COMPLAINT", 0, WEDNESDAY), "state": state}])
    assert dict.fromkeys(TOLD, 0) == years(store)[None]


def _year(no):
    return datetime.fromisoformat(f"{2021 + no % 3}-12-31T23:30:00+08:00")


def _settled(no, moment):
    return {
        "id": uuid4(),
        "version": 0,
        "state": "CLOSED",
        "area_path": XISHAN,
        "case_number": numbered(no + 1, "M"),
        "mediation_number": numbered(no + 1, "M"),
        "org_code": "chuxin",
        "source_kind": "MEDIATION",
        "source_id": uuid4(),
        "source_number": numbered(no + 1, "M"),
        "dispute_type": "NEIGHBOUR",
        "risk_level": "GREEN",
        "claimed_amount": Decimal(0),
        "identified_at": moment,
        "accepted_at": moment,
        "closed_at": moment,
        "result": "SUCCESS",
    }


def _done(day, way, no, moment):
    return {
        "id": uuid4(),
        "version": 0,
        "state": "DONE",
        "day_id": day.id,
        "day_number": day.number,
        "org_code": "chuxin",
        "area_path": XISHAN,
        "case_number": f"GI-{way}-{no}",
        "matter": "来访",
        "receiver_id": KONG.id,
        "receiver_name": KONG.name,
        "way": way,
        "done_at": moment,
    }


def confirmed(claimer, area=XISHAN):
    data = {"number": numbered(1, "X"), "claimer": {"id": claimer, "name": "某某"}}
    return hear(WishConfirmed, data, area_path=area)


@pytest.mark.row("S2.3")
def test_given_a_wish_of_the_wall_granted_by_a_member_when_heard_twice_then_it_is_counted_once(store):
    furnish(store)
    twice(store, visits.wish_granted, confirmed(KONG.id), WEDNESDAY)
    assert 1 == years(store)[None]["wishes"]


@pytest.mark.parametrize(("claimer", "area"), [("u-baixue", XISHAN), (KONG.id, "yinchuan.xingqing.lijingjie.yinhong")])
def test_given_a_wish_of_somebody_else_or_elsewhere_when_heard_then_it_is_not_the_studios(store, claimer, area):
    furnish(store)
    deliver(store, visits.wish_granted, confirmed(claimer, area), WEDNESDAY)
    assert 0 == years(store)[None]["wishes"]


def test_given_visits_when_listed_then_each_reader_finds_those_of_their_own_place(store):
    number = visit(store)
    found = [[row["number"] for row in do(store, "list_visits", who)["items"]] for who in (KONG, MASHAOFENG, CAO)]
    assert [[number], [number], []] == found


CHANGES = (
    "update visit set way = 'WISH', done_at = done_at - interval '1 year' where :some",
    "update visit set state = 'RECEIVED' where :some",
    "update visit set state = 'DONE', way = 'COMPLAINT' where :some",
    "update visit set org_code = 'yinhong-tiaowei' where :some",
    "update mediation_case set result = 'TO_COURT' where :some",
    "update mediation_case set result = 'SUCCESS', closed_at = closed_at + interval '1 year' where :some",
    "update mediation_case set org_code = null where :some",
    "delete from granted_wish where :some",
    "delete from visit where :some and way = 'WISH'",
)


@pytest.mark.parametrize("seed", range(3))
def test_given_any_changes_of_the_register_when_counted_again_or_not_then_the_kept_counts_are_its_rows(store, seed):
    open_day(store)
    with store.transaction() as session:
        day = session.scalars(select(OpenDay).where(OpenDay.org_code == "chuxin")).first()
        session.execute(Case.__table__.insert(), [_settled(no, _year(no)) for no in range(12)])
        ways = ("COMPLAINT", "REPAIR", "COMPANY", "WISH")
        session.execute(Visit.__table__.insert(), [_done(day, way, no, _year(no)) for way in ways for no in range(6)])
        session.add_all(GrantedWish(number=numbered(no, "X"), org_code="chuxin", at=_year(no)) for no in range(1, 9))
    assert [] == drifts(store, studio_years.YEARS, CHANGES, seed)


def test_given_the_register_when_counted_again_then_the_answer_is_the_same(store):
    open_day(store)
    with store.transaction() as session:
        session.execute(Case.__table__.insert(), [_settled(no, _year(no)) for no in range(4)])
    before = years(store)
    with store.transaction() as session:
        counted = tallies.recount(session, studio_years.YEARS)
    assert (3, before) == (counted, years(store))
