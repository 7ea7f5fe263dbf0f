"""A campaign visits every unit of a place; what one person asked for stays one appeal, the rest is 未诉先办 (A6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.numbers import check
from services.intake.campaigns import LIFE
from tests.unit.intake import campaigning as at
from tests.unit.intake.campaigning import FIRST, QINYUAN, SECOND, UNITS, asked_for, do, opened, visited
from tests.unit.intake.world import INTAKE, NOW, OTHER, facts_of, names

ARROWS = """
PROPOSED accept_sweep OPEN | PROPOSED decline_sweep DECLINED
OPEN record_visit OPEN | OPEN raise_appeal OPEN | OPEN raise_hazard OPEN | OPEN decide_change OPEN
CONCLUDED decide_change CONCLUDED | OPEN conclude_campaign CONCLUDED | OPEN withdraw_campaign WITHDRAWN
"""
COUNTS = ("units", "visited", "needing", "appeals", "proactive", "progress")


@pytest.fixture
def place(store):
    with store.transaction() as session:
        at.furnish(session)
    return store


def counts(view):
    return tuple(view[name] for name in COUNTS)


def fields_of(refused):
    return list(refused.value.details["fields"])


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_community_67_units_when_a_sweep_is_opened_then_each_unit_is_for_its_grid_worker(place):
    view = do(place, "open_campaign")
    visitors = [target["visitor"]["id"] for target in view["targets"]]
    expected = (UNITS, [at.WORKERS[unit.rpartition(".")[0]].id for unit in UNITS], True, "2024-08-05")
    told = [target["unit_path"] for target in view["targets"]]
    assert expected == (told, visitors, check(view["number"]), view["due_at"][:10])


@pytest.mark.row("S3.5")
def test_given_one_request_when_67_of_67_units_need_it_then_it_is_one_appeal_and_66_proactive(place):
    number = opened(place, appeal_number=asked_for(place))
    visited(place, number)
    view = do(place, "conclude_campaign", number=number)
    (concluded,), (answered,) = (
        facts_of(place, f"{name}") for name in ("campaign_concluded", "appeal_survey_answered")
    )
    told = tuple(concluded["data"][name] for name in ("units", "visited", "needing", "appeals", "proactive"))
    assert ((67, 67, 67, 1, 66, "67/67"), (67, 67, 67, 1, 66)) == (counts(view), told)
    assert (67, 66) == (answered["data"]["needing"], answered["data"]["proactive"])


def test_given_the_asking_unit_when_it_needs_nothing_then_every_need_is_proactive(place):
    number = opened(place, appeal_number=asked_for(place))
    visited(place, number, [FIRST], need="NO", how_many=None)
    visited(place, number, [SECOND])
    assert (67, 2, 1, 0, 1, "2/67") == counts(do(place, "get_campaign", number=number))


def test_given_an_appeal_of_the_whole_community_when_units_need_it_then_one_of_them_stands_for_it(place):
    number = opened(place, appeal_number=asked_for(place, QINYUAN))
    assert (67, 3, 3, 1, 2, "3/67") == counts(visited(place, number, UNITS[:3]))


def test_given_a_sweep_without_an_appeal_when_units_need_it_then_all_are_proactive(place):
    assert (67, 3, 3, 0, 3, "3/67") == counts(visited(place, opened(place), UNITS[:3]))


def test_given_a_sweep_when_told_then_the_counts_stand_in_its_tally_and_it_waits_for_who_has_units_left(place):
    number = opened(place)
    visited(place, number, UNITS[16:])
    last = facts_of(place, "visit_recorded")[-1]
    tally = dict(each.split("=") for each in last["tally"].split())
    assert ("person:u-grid1", "67", "51", "51") == (
        last["waits"], tally["units"], tally["visited"], tally["proactive"],
    )  # fmt: skip
    visited(place, number, UNITS[:16])
    assert "role:COMMUNITY" == facts_of(place, "visit_recorded")[-1]["waits"]


@pytest.mark.parametrize("result", ["NOBODY", "LATER"])
def test_given_nobody_home_when_visited_again_then_the_unit_is_told(place, result):
    number = opened(place)
    visited(place, number, [FIRST], result=result, need=None, how_many=None)
    assert (67, 1, 1, 0, 1, "1/67") == counts(visited(place, number, [FIRST]))


@pytest.mark.parametrize("result", ["IN", "REFUSED"])
def test_given_a_unit_that_was_visited_when_visited_again_then_it_is_a_conflict(place, result):
    number = opened(place, purpose="ROUTINE")
    visited(place, number, [FIRST], result=result, need=None, how_many=None)
    with pytest.raises(Conflict):
        visited(place, number, [SECOND, FIRST], result=result, need=None, how_many=None)
    assert "1/67" == do(place, "get_campaign", number=number)["progress"]


def test_given_one_unit_when_two_record_it_at_once_then_one_visit_is_kept(place):
    number = opened(place)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(do, place, "record_visit", who, number=number) for who in (at.ZOU, at.STEWARD)]
        failed = [one.exception() for one in tries if one.exception()]
    assert ([Conflict], 1) == ([type(error) for error in failed], len(facts_of(place, "visit_recorded")))


@pytest.mark.parametrize("who", [at.YU, at.STEWARD])
def test_given_a_unit_of_another_grid_when_visited_then_it_is_forbidden(place, who):
    number = opened(place)
    with pytest.raises(Forbidden):
        do(place, "record_visit", who, number=number, unit_paths=[SECOND])


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("need", {"need": None}),
        ("need", {"result": "NOBODY"}),
        ("how_many", {"need": "NO"}),
        ("unit_paths", {"unit_paths": [QINYUAN]}),
    ],
)
def test_given_what_no_survey_can_tell_when_recorded_then_the_field_says_why(place, field, given):
    number = opened(place)
    with pytest.raises(Invalid) as refused:
        do(place, "record_visit", at.ZOU, number=number, **{"how_many": None, **given} if field == "need" else given)
    assert [field] == fields_of(refused)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("area_path", {"area_path": f"{QINYUAN}.g9"}),
        ("question", {"question": None}),
        ("appeal_number", {"appeal_number": "S202407060104000018"}),
    ],
)
def test_given_what_no_campaign_may_be_when_opened_then_the_field_says_why(place, field, given):
    with pytest.raises(Invalid) as refused:
        opened(place, **given)
    assert [field] == fields_of(refused)


def test_given_more_units_than_the_policy_allows_when_opened_then_it_is_refused(place, monkeypatch):
    most = {"visits.most_units": 66}
    rules = type("Rules", (), {"value": staticmethod(most.get)})
    monkeypatch.setattr("services.intake.campaigns.policy.rules", lambda now: rules)
    with pytest.raises(Invalid) as refused:
        opened(place)
    assert ["area_path"] == fields_of(refused)


def test_given_an_appeal_of_another_place_when_a_sweep_would_grow_from_it_then_it_is_refused(place):
    number = asked_for(place, at.UNITS[20])
    with pytest.raises(Invalid) as refused:
        opened(place, area_path=f"{QINYUAN}.g1", appeal_number=number)
    assert ["appeal_number"] == fields_of(refused)


def test_given_units_left_when_concluded_then_a_reason_is_asked_for(place):
    number = opened(place)
    visited(place, number, UNITS[:60])
    with pytest.raises(Invalid) as refused:
        do(place, "conclude_campaign", number=number)
    done = do(place, "conclude_campaign", number=number, reason="七户长期不在家，改为电话询问")
    unreached = facts_of(place, "campaign_concluded")[0]["data"]["unreached"]
    assert (["reason"], "CONCLUDED", 7) == (fields_of(refused), done["state"], unreached)


def test_given_a_change_seen_at_a_door_when_decided_then_it_is_once_by_the_community(place):
    number = opened(place)
    visited(place, number, [FIRST], change="302室换了住户")
    (change,) = do(place, "get_campaign", number=number)["changes"]
    given = {"number": number, "change_id": change["id"]}
    with pytest.raises(Forbidden):
        do(place, "decide_change", at.ZOU, **given)
    (decided,) = do(place, "decide_change", **given)["changes"]
    with pytest.raises(Conflict):
        do(place, "decide_change", at.FAN, decision="REJECTED", **given)
    assert ("PROPOSED", "ACCEPTED", "u-geyanxia") == (change["state"], decided["state"], decided["decided_by"]["id"])


@pytest.mark.row("S0.14")
def test_given_a_visit_when_an_appeal_comes_of_it_then_it_is_registered_there_as_proactive(place):
    number = opened(place)
    visited(place, number, [FIRST])
    target = do(place, "raise_appeal", at.ZOU, number=number)["targets"][0]
    appeal = do(place, "get_appeal", at.ZOU, number=target["came_of"][0])
    expected = ("PROACTIVE", "VISIT", FIRST, "u-grid1")
    assert expected == (
        appeal["source"], appeal["channel"], appeal["area_path"], appeal["first_responder"]["id"],
    )  # fmt: skip
    assert [target["came_of"][0]] == [fact["data"]["raised"] for fact in facts_of(place, "visit_led_to")]


def test_given_a_visit_when_a_hazard_comes_of_it_then_its_number_stands_with_the_unit(place):
    number = opened(place)
    visited(place, number, [FIRST])
    target = do(place, "raise_hazard", at.STEWARD, number=number)["targets"][0]
    assert FIRST == do(place, "get_hazard", at.ZOU, number=target["came_of"][0])["area_path"]


def test_given_a_unit_nobody_visited_when_something_should_come_of_it_then_the_visit_is_asked_for_first(place):
    number = opened(place)
    with pytest.raises(Invalid):
        do(place, "raise_appeal", at.ZOU, number=number)
    assert "appeal_registered" not in names(place)


@pytest.mark.row("S0.4")
def test_given_a_campaign_when_a_visitor_reads_it_then_what_was_said_at_doors_is_for_the_community(place):
    number = opened(place, appeal_number=asked_for(place))
    visited(place, number, [FIRST], note="老两口都八十多岁", change="换了住户")
    seen, whole = (do(place, "get_campaign", who, number=number) for who in (at.STEWARD, at.GE))
    hidden = [name for name in ("visits", "changes", "appeal_number") if whole[name] and not seen[name]]
    assert (["visits", "changes", "appeal_number"], 67) == (hidden, len(seen["targets"]))


def test_given_a_campaign_when_told_then_no_word_of_a_door_is_on_the_bus_and_notes_are_sealed(place):
    number = opened(place)
    visited(place, number, [FIRST], note="老两口都八十多岁", change="302室换了住户")
    with place.transaction() as session:
        note = session.execute(text("select note from visit")).scalar_one()
    told = str(facts_of(place))
    assert (bytes, []) == (type(note), [word for word in ("八十", "302", "扶手") if word in told])


def test_given_staff_of_elsewhere_when_looked_for_then_there_is_no_campaign(place):
    number = opened(place)
    with pytest.raises(NotFound):
        do(place, "get_campaign", OTHER, number=number)
    assert ([], [number]) == tuple(
        [row["number"] for row in do(place, "list_campaigns", who)["items"]] for who in (OTHER, at.STEWARD)
    )


def test_given_a_campaign_when_half_its_time_is_over_then_who_has_units_left_is_warned_once_and_visits_move_no_date(
    place,
):
    number = opened(place)
    due = visited(place, number, UNITS[16:], now=NOW + timedelta(days=10))["due_at"]
    for _ in range(2):
        with place.transaction() as session:
            LIFE.warn(session, INTAKE, NOW + timedelta(days=16))
    (warned,) = facts_of(place, "intake_deadline_approaching")
    assert ("2024-08-05", 50, "person:u-grid1") == (due[:10], warned["data"]["percent"], warned["waits"])


def test_given_a_campaign_that_is_over_when_time_goes_on_then_nobody_is_warned(place):
    do(place, "withdraw_campaign", number=opened(place))
    with place.transaction() as session:
        LIFE.warn(session, INTAKE, NOW + timedelta(days=16))
    assert [] == facts_of(place, "intake_deadline_approaching")
