"""An alarm is answered, classified, sent to the nearest station on duty, and followed until it has an outcome."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, Forbidden, Invalid
from services.notify.care_stations import CareShift, metres, nearest, steps
from services.notify.pager_alarms import LIFE
from tests.support.events import names_said, said
from tests.unit.notify.facts import COMMUNITY, NIGHT, NOW, messages
from tests.unit.notify.pressing import NEAR, NEXT, OTHER_SEAT, SEAT, alarms, do, furnish, later, press, raised
from tests.unit.notify.wishing import CLERK, STAIRWELL

ARROWS = """
RAISED answer_pager_alarm ANSWERED
ANSWERED classify_pager_alarm CLASSIFIED | CLASSIFIED classify_pager_alarm CLASSIFIED
ASSIGNED classify_pager_alarm CLASSIFIED | ACCEPTED classify_pager_alarm CLASSIFIED
CLASSIFIED assigned ASSIGNED | ASSIGNED assigned ASSIGNED | ASSIGNED accept_pager_alarm ACCEPTED
CLASSIFIED record_pager_arrival ARRIVED | ASSIGNED record_pager_arrival ARRIVED
ACCEPTED record_pager_arrival ARRIVED
CLASSIFIED resolve_pager_alarm RESOLVED | ARRIVED resolve_pager_alarm RESOLVED
"""
"""Domain §3.4, with the ways back: what was classified wrongly, what nobody accepted, who came before the station."""


def view(store, number, who=SEAT):
    return do(store, "get_pager_alarm", who, number=number)


def test_given_the_life_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_call_for_help_when_it_goes_its_way_then_every_step_is_told(store):
    do(store, "resolve_pager_alarm", NEAR, number=raised(store, "ARRIVED"))
    steps_told = ["raised", "answered", "classified", "assigned", "accepted", "arrived", "resolved"]
    with store.transaction() as session:
        assert [f"pager_alarm_{step}" for step in steps_told] == names_said(session)[1:]


def test_given_each_state_when_told_then_it_waits_for_whose_turn_it_is(store):
    raised(store, "ARRIVED")
    with store.transaction() as session:
        waits = [each["waits"] for each in said(session) if each["kind"] == "PAGER_ALARM"]
    seats, going = "role:CARE", "person:u-near role:CARE"
    assert [seats, seats, seats, "unit:yinhong", going, going] == waits


def test_given_a_ringing_alarm_when_two_seats_answer_at_once_then_one_has_it(store):
    number = raised(store)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(do, store, "answer_pager_alarm", who, number=number) for who in (SEAT, OTHER_SEAT)]
    assert [Conflict] == [type(one.exception()) for one in tries if one.exception()]


def test_given_an_emergency_when_no_rescue_line_was_called_then_it_is_refused(store):
    number = raised(store, "ANSWERED")
    with pytest.raises(Invalid) as refused:
        do(store, "classify_pager_alarm", number=number, kind="EMERGENCY")
    done = do(store, "classify_pager_alarm", number=number, kind="EMERGENCY", called=["AMBULANCE"], family_told=True)
    assert (["called"], "ASSIGNED", ["AMBULANCE"]) == (
        list(refused.value.details["fields"]),
        done["state"],
        done["called"],
    )


@pytest.mark.parametrize("kind", ["CHAT", "FALSE", "TEST"])
def test_given_what_needs_nobody_there_when_classified_then_it_can_be_ended_at_the_seat(store, kind):
    number = raised(store, "ANSWERED")
    assert "CLASSIFIED" == do(store, "classify_pager_alarm", number=number, kind=kind)["state"]
    assert "RESOLVED" == do(store, "resolve_pager_alarm", number=number, outcome="NO_NEED")["state"]


def test_given_a_call_for_help_when_nobody_was_there_then_it_has_no_outcome(store):
    number = raised(store, "ANSWERED", NIGHT)
    with store.transaction() as session:
        session.query(CareShift).delete()
    classified = do(store, "classify_pager_alarm", now=NIGHT, number=number)
    with pytest.raises(Conflict):
        do(store, "resolve_pager_alarm", number=number)
    assert ("CLASSIFIED", False) == (classified["state"], "resolve_pager_alarm" in classified["allowed_commands"])


def test_given_what_turns_out_to_be_nothing_when_classified_anew_then_the_station_is_free_of_it(store):
    number = raised(store, "ACCEPTED")
    done = do(store, "classify_pager_alarm", number=number, kind="FALSE")
    assert ("CLASSIFIED", None, None) == (done["state"], done["station"], done["accepter"])


def test_given_another_station_when_it_accepts_what_was_not_sent_to_it_then_it_is_forbidden(store):
    number = raised(store, "ASSIGNED")
    with pytest.raises(Forbidden):
        do(store, "accept_pager_alarm", NEXT, number=number)


def test_given_a_station_that_does_not_accept_when_three_minutes_are_over_then_the_next_nearest_is_asked(store):
    number = raised(store, "ASSIGNED")
    asked = []
    for seconds in (179, 180, 359, 360):
        later(store, seconds)
        asked.append(view(store, number)["station"]["code"])
    assert ["yinhong", "jingyuan", "jingyuan", "xinle"] == asked
    told = [row.recipient_id for row in messages(store, "pager_alarm_assigned")]
    assert ["yinhong", "jingyuan", "xinle"] == told


def test_given_all_stations_asked_in_vain_when_time_is_over_then_it_is_told_upwards_and_the_round_begins_anew(store):
    number = raised(store, "ASSIGNED")
    for minutes in (3, 6, 9, 12):
        later(store, minutes * 60)
    told = [row.recipient_id for row in messages(store, "pager_alarm_overdue")]
    assert (["community-yinhong"], "yinhong") == (told, view(store, number)["station"]["code"])


@pytest.mark.parametrize(("moment", "code"), [(NOW, "yinhong"), (NIGHT, "xinle")])
def test_given_stations_when_one_is_looked_for_then_only_those_with_somebody_on_duty_count(store, moment, code):
    furnish(store)
    with store.transaction() as session:
        found = nearest(session, STAIRWELL, {"lat": 38.4713, "lon": 106.28}, moment, ())
        assert code == found.code


def test_given_a_home_nobody_has_located_when_a_station_is_looked_for_then_the_area_tree_decides(store):
    furnish(store)
    with store.transaction() as session:
        assert "yinhong" == nearest(session, STAIRWELL, None, NOW, ()).code
    beside = "yinchuan.xingqing.lijingjie.jingyuan"
    assert (2, 3, 0) == tuple(
        steps(*way) for way in ((STAIRWELL, COMMUNITY), (f"{COMMUNITY}.g3", beside), (beside, beside))
    )


def test_given_two_points_a_hundredth_of_a_degree_apart_when_measured_then_it_is_a_kilometre():
    north = metres({"lat": 38.47, "lon": 106.28}, {"lat": 38.48, "lon": 106.28})
    assert 1112 == round(north)


OVERDUE = {"RAISED": 30, "ANSWERED": 180, "ACCEPTED": 1800, "ARRIVED": 7200}


@pytest.mark.parametrize("state", OVERDUE)
def test_given_an_open_alarm_when_its_time_is_over_then_it_is_told_upwards_again_and_again(store, state):
    number = raised(store, state)
    for seconds in (-1, 0, 1, 300, 600):
        later(store, OVERDUE[state] + seconds)
    told = [row.recipient_id for row in messages(store, "pager_alarm_overdue")]
    assert (["community-yinhong", "district-xingqing", "district-xingqing"], state) == (
        told,
        view(store, number)["state"],
    )


def test_given_an_overdue_alarm_at_night_when_told_then_it_does_not_wait_for_the_morning(store):
    raised(store, now=NIGHT)
    later(store, (NIGHT - NOW + timedelta(seconds=30)).total_seconds())
    assert [True] == [row.breaks_quiet for row in messages(store, "pager_alarm_overdue")]


def test_given_an_ambulance_that_is_there_first_when_recorded_then_it_counts(store):
    done = do(store, "record_pager_arrival", SEAT, number=raised(store, "ASSIGNED"), who_came="AMBULANCE")
    assert ("ARRIVED", "AMBULANCE") == (done["state"], done["who_came"])


HIDDEN = ["place_text", "advice"]


def test_given_an_alarm_when_it_is_over_then_where_she_lives_is_shown_no_more(store):
    number = raised(store, "ARRIVED")
    shown = [[name for name in HIDDEN if view(store, number, who)[name]] for who in (SEAT, CLERK)]
    do(store, "resolve_pager_alarm", NEAR, number=number)
    after = [[name for name in HIDDEN if view(store, number, who)[name]] for who in (SEAT, CLERK)]
    assert ([HIDDEN, HIDDEN], [[], []]) == (shown, after)


MOVES = [
    "answer_pager_alarm",
    "classify_pager_alarm",
    "accept_pager_alarm",
    "record_pager_arrival",
    "resolve_pager_alarm",
]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from([*MOVES, "tick"]), min_size=3, max_size=12))
def test_given_random_work_and_clocks_when_looked_at_then_no_open_alarm_is_without_a_clock(store, acts):
    """The centre never leaves an alarm without an outcome (domain A10)."""
    furnish(store)
    press(store, do(store, "register_pager")["number"])
    number = max(alarms(store), key=lambda alarm: alarm.number).number
    for minute, act in enumerate(acts, 1):
        if act == "tick":
            later(store, minute * 60)
        else:
            with suppress(Conflict, Forbidden):
                do(store, act, number=number, now=NOW + timedelta(minutes=minute))
    assert [] == [one.number for one in alarms(store) if one.state != "RESOLVED" and one.due_at is None]
