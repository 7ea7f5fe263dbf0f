"""A department asks a community: admitted with terms, cancelled never, all else by the street and counted (A16)."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from contracts.dispatch.whistles import ApproveWhistle, ReturnWhistle
from services.dispatch import whistles
from services.dispatch.duty_requests import LIFE
from tests.unit.dispatch import world
from tests.unit.dispatch.asking_community import ADMITTED, CANCELLED, CHIEF, OWN_DUTY, TEXT, do, furnish, pending
from tests.unit.dispatch.world import LIUWEI, STREET_PATH, WANGFANG, ZHOUMIN

pytestmark = pytest.mark.row("S4.6")
JULY = {"area_path": STREET_PATH, "month": "2024-07"}
TERMS = {"duty_item": ADMITTED, "terms": "部门派员同行，每户补贴20元"}


@pytest.fixture
def store(store):
    furnish(store)
    return store


ARROWS = """PENDING listed OPEN | PENDING allow_duty_request OPEN | PENDING refuse_duty_request REFUSED
| OPEN finish_duty_request DONE"""


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for arrow in ARROWS.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.parametrize(
    ("asked", "state", "crossing"),
    [
        (TERMS, "OPEN", False),
        ({"duty_item": "Z1-1-1"}, "OPEN", False),
        ({"duty_item": OWN_DUTY}, "PENDING", True),
        ({}, "PENDING", True),
    ],
)
def test_given_what_the_lists_say_when_asked_then_it_goes_to_the_community_or_to_the_street(
    store, asked, state, crossing
):
    found = do(store, "ask_community", **asked)
    assert (state, crossing) == (found["state"], found["crossing"])


def test_given_a_cancelled_item_when_asked_then_version_and_line_are_named(store):
    with pytest.raises(Conflict) as error:
        do(store, "ask_community", duty_item=CANCELLED)
    line = next(no for no, line in enumerate(TEXT.splitlines(), 1) if "code: Q12" in line)
    assert ("demo-2024.1", line) == (error.value.details["catalogue"], error.value.details["line"])


def test_given_an_admitted_item_when_asked_without_terms_then_the_list_s_terms_are_named(store):
    with pytest.raises(Invalid) as error:
        do(store, "ask_community", duty_item=ADMITTED)
    assert ["准入事项要附准入条件，清单写明：只核对与报告，不拆除"] == error.value.details["fields"]["terms"]


@pytest.mark.parametrize("who", [WANGFANG, LIUWEI, world.HEAD])
def test_given_somebody_of_no_such_unit_when_asking_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        do(store, "ask_community", who)


def test_given_decisions_of_a_month_when_reported_then_the_share_is_of_summed_counts_and_opens_its_rows(store):
    let_through, refused = pending(store), pending(store)
    do(store, "allow_duty_request", number=let_through)
    do(store, "refuse_duty_request", number=refused)
    found = do(store, "report_crossings", **JULY)
    shown = [(each["name"], each["part"], each["whole"], each["value"]) for each in found["figures"]]
    assert [("全部", 1, 2, "50.0%"), ("chengguan", 1, 2, "50.0%")] == shown
    rows = do(store, "list_crossings", **JULY, asker="chengguan")["items"]
    assert [(refused, False), (let_through, True)] == [(row["number"], row["let_through"]) for row in rows]


def test_given_no_decision_when_reported_then_there_is_no_data_and_not_none_in_a_hundred(store):
    (only,) = do(store, "report_crossings", **JULY)["figures"]
    assert ("无数据", 0) == (only["value"], only["whole"])


@pytest.mark.parametrize(
    ("period", "whole", "first_day"), [("CALENDAR", 0, "2024-08-01"), ("ASSESSMENT", 1, "2024-07-19")]
)
def test_given_a_month_of_assessment_then_it_begins_on_the_day_of_the_policy(store, period, whole, first_day):
    number = pending(store)
    do(store, "refuse_duty_request", number=number, now=datetime(2024, 7, 19, 1, tzinfo=UTC))
    found = do(store, "report_crossings", area_path=STREET_PATH, month="2024-08", period=period)
    assert (whole, first_day) == (found["figures"][0]["whole"], found["first_day"])


def test_given_two_of_the_street_who_decide_at_once_then_one_decision_counts(store):
    number = pending(store)

    def decide(method):
        try:
            return do(store, method, number=number)["state"]
        except Conflict:
            return "CONFLICT"

    with ThreadPoolExecutor(2) as both:
        states = set(both.map(decide, ("allow_duty_request", "refuse_duty_request")))
    assert (2, 1) == (len(states), do(store, "report_crossings", **JULY)["figures"][0]["whole"])
    assert "CONFLICT" in states


def from_district(session, **more):
    return world.drafted(session, ZHOUMIN, level="DISTRICT", units=["yinhong"], **more)


@pytest.mark.parametrize(
    ("item", "state"), [(None, "PENDING_APPROVAL"), (OWN_DUTY, "PENDING_APPROVAL"), ("Z1-1-1", "BLOWN")]
)
def test_given_a_whistle_of_the_district_to_a_community_then_what_is_not_listed_waits(store, item, state):
    with store.transaction() as session:
        assert state == from_district(session, duty_item=item)["state"]


def test_given_such_a_whistle_then_the_street_decides_and_not_the_district_and_it_is_counted(store):
    with store.transaction() as session:
        first, second = from_district(session), from_district(session)
        with pytest.raises(Forbidden):
            whistles.approve(session, ZHOUMIN, world.command(ApproveWhistle, first), world.NOW)
    with store.transaction() as session:
        whistles.approve(session, LIUWEI, world.command(ApproveWhistle, first), world.NOW)
        why = {"reason_code": "WRONG_UNIT", "reason": "应由部门办"}
        whistles.give_back(session, LIUWEI, world.command(ReturnWhistle, second, **why), world.NOW)
    counted = do(store, "report_crossings", **JULY)["figures"]
    assert [("全部", 1, 2), ("DISTRICT", 1, 2)] == [(each["name"], each["part"], each["whole"]) for each in counted]


def content(text):
    return {"content": base64.b64encode(text.encode()).decode()}


def test_given_a_new_version_when_imported_then_it_holds_from_its_day_and_the_old_one_can_still_be_read(store):
    newer = TEXT.replace("demo-2024.1", "demo-2025.1").replace("valid_from: 2024-01-01", "valid_from: 2025-01-01")
    found = do(store, "import_duty_catalogue", ZHOUMIN, **content(newer.replace("拆除违法建筑", "拆除违建")))
    assert (32, 17, 46) == (found["self_governed"], found["admitted"], found["cancelled"])
    versions = [each["version"] for each in do(store, "list_duty_catalogues")["items"]]
    old = do(store, "list_duty_items", duty_list="CANCELLED")["items"][10]["item"]
    new = do(store, "list_duty_items", version="demo-2025.1", duty_list="CANCELLED")["items"][10]["item"]
    assert (["demo-2025.1", "demo-2024.1"], "拆除违法建筑（示例）", "拆除违建（示例）") == (versions, old, new)


@pytest.mark.parametrize("who", [LIUWEI, WANGFANG, CHIEF])
def test_given_others_than_the_district_when_importing_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        do(store, "import_duty_catalogue", who, **content(TEXT))


def test_given_what_is_no_text_when_importing_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "import_duty_catalogue", ZHOUMIN, content=base64.b64encode(b"\xff\xfe\x00").decode())
