"""Every Friday each old person is phoned; who does not answer is looked for until found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from chassis.errors import Conflict, Forbidden, Invalid
from chassis.tables import AUDIT
from services.notify.care_profiles import CareProfile
from services.notify.care_rounds import CALL, LIFE, CareCall, CareRound, due_weeks, open_rounds
from tests.support.events import names_said, said
from tests.unit.notify.caring import (
    FRIDAY,
    GRANDMOTHER,
    GRID_WORKER,
    SEAT,
    called,
    calls,
    climbed,
    furnish,
    listed,
    tick,
    unanswered,
)
from tests.unit.notify.facts import shanghai, told
from tests.unit.notify.wishing import CLERK, HELPER, STEWARD, do

pytestmark = pytest.mark.row("S1.31")
ARROWS = """
PLANNED record_care_talk TALKED | CALLING record_care_talk TALKED
PLANNED record_no_answer CALLING | CALLING record_no_answer CALLING | CALLING unanswered VISITING
VISITING record_care_visit ASKING | VISITING seen SEEN
ASKING record_family_asked SEARCHING | ASKING reached REACHED | SEARCHING record_search HELPED
PLANNED called_off CALLED_OFF | CALLING called_off CALLED_OFF
"""
"""Domain §3.4, with the rungs of §2 A9 as states."""
MOVED = [(1, 2, "2025-12-31"), (2, 20, "2026-02-14"), (5, 1, "2026-04-30"), (6, 19, "2026-06-18"),
         (9, 25, "2026-09-24"), (10, 2, "2026-09-30")]  # fmt: skip


def state(store, number):
    return do(store, "get_care_call", SEAT, number=number)["state"]


def the_round(store):
    with store.transaction() as session:
        return session.scalars(select(CareRound)).one().case_number


def test_given_the_life_of_a_call_when_compared_with_the_domain_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in CALL.arrows()}


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"agreed": False}, "agreed"), ({"area_path": "yinchuan.nowhere"}, "area_path"),
     ({"birth_date": "2030-01-01"}, "birth_date"), ({"lunar_birthday": "十三月初一"}, "lunar_birthday")],
)  # fmt: skip
def test_given_no_consent_or_a_wrong_field_when_listed_then_the_field_is_named(store, changed, field):
    furnish(store)
    with pytest.raises(Invalid) as refused:
        listed(store, **changed)
    assert [field] == list(refused.value.details["fields"])


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [("1946-07-05", (2026, 7, 4), 79), ("1946-07-05", (2026, 7, 5), 80), ("1944-02-29", (2024, 2, 29), 80),
     ("1944-02-29", (2025, 2, 28), 80), ("1944-02-29", (2025, 3, 1), 81)],
)  # fmt: skip
def test_given_a_birthday_when_age_is_counted_then_it_is_that_of_the_day(born, on, age):
    assert age == CareProfile(born=born).age_on(date(*on))


@pytest.mark.parametrize(("month", "day", "moved"), MOVED)
def test_given_a_friday_off_when_the_round_is_due_then_the_working_day_before_counts(month, day, moved):
    begins = shanghai(1, 8, 30).replace(year=int(moved[:4]), month=int(moved[5:7]), day=int(moved[8:]))
    due = [date(2026, month, day) in due_weeks(begins + timedelta(minutes=minutes)) for minutes in (-1, 0)]
    assert [False, True] == due


def test_given_friday_half_past_eight_when_the_clock_ticks_twice_then_one_round_calls_each_who_is_old_enough(store):
    furnish(store)
    listed(store)
    listed(store, name="丁香", birth_date="1944-07-06")
    for _ in range(2):
        tick(store)
    with store.transaction() as session:
        opened = said(session, "care_round_opened")
    assert ([1], 1) == ([fact["data"]["planned"] for fact in opened], len(calls(store)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"birth_date": "1940-07-11"}, "2024年7月11日"),
        ({"birth_date": "1940-07-12"}, None),
        ({"birth_date": "1940-01-01", "lunar_birthday": "六月初五"}, "2024年7月10日（农历六月初五）"),
        ({"birth_date": "1940-07-11", "lunar_birthday": "闰四月初一"}, None),
    ],
)
def test_given_a_birthday_before_the_next_call_when_the_round_begins_then_the_caller_can_congratulate(
    store, changed, words
):
    furnish(store)
    listed(store, **changed)
    tick(store)
    (number,) = calls(store)
    shown = [do(store, "get_care_call", who, number=number)["birthday"] for who in (SEAT, STEWARD)]
    assert [words, None] == shown


def test_given_thursday_when_the_clock_ticks_then_no_round_begins(store):
    furnish(store)
    listed(store)
    tick(store, FRIDAY - timedelta(minutes=1))
    assert [] == calls(store)


def test_given_a_service_away_on_friday_when_it_is_back_on_saturday_then_the_round_begins_and_next_week_another(store):
    furnish(store)
    listed(store)
    for days in (1, 2, 7):
        tick(store, FRIDAY + timedelta(days=days))
    assert 2 == len(calls(store))


def test_given_who_no_longer_wants_calls_when_the_round_begins_then_nobody_phones(store):
    furnish(store)
    do(store, "stop_care", CLERK, number=listed(store), ended_reason="本人不愿再接")
    tick(store)
    assert [] == calls(store)


def test_given_a_call_of_today_when_somebody_stops_the_care_then_it_is_called_off_and_nobody_may_record_it(store):
    number = called(store)
    with store.transaction() as session:
        profile = session.scalars(select(CareCall)).one().profile_number
    do(store, "stop_care", CLERK, number=profile, ended_reason="搬去和女儿住")
    with pytest.raises(Conflict):
        do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True)
    assert "CALLED_OFF" == state(store, number)


def test_given_a_talk_without_difficulty_when_recorded_then_no_appeal_is_asked_for(store):
    number = called(store)
    do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True, advice="楼道灯晚点关")
    with store.transaction() as session:
        assert ("TALKED", False) == (state(store, number), "care_need_found" in names_said(session))


def test_given_a_difficulty_when_recorded_then_the_fact_names_category_and_hearer_and_no_word_of_it(store):
    asked = {"difficulties": "买不到降压药", "category": "other.unsorted.any", "news_told": True}
    do(store, "record_care_talk", SEAT, FRIDAY, number=called(store), **asked)
    with store.transaction() as session:
        (fact,) = said(session, "care_need_found")
    assert ("other.unsorted.any", "u-seat") == (fact["data"]["category"], fact["data"]["found_by"]["id"])
    assert "降压药" not in str(fact)


def test_given_advice_when_recorded_then_the_fact_names_call_and_hearer_and_no_word_of_it(store):
    number = called(store)
    do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True, advice="楼道灯晚点关")
    with store.transaction() as session:
        (fact,) = said(session, "care_advice_given")
    assert (number, "u-seat", False) == (fact["data"]["number"], fact["data"]["heard_by"]["id"], "楼道灯" in str(fact))


def test_given_a_difficulty_without_category_when_recorded_then_the_field_is_named_and_nothing_changes(store):
    number = called(store)
    with pytest.raises(Invalid) as refused:
        do(store, "record_care_talk", SEAT, FRIDAY, number=number, difficulties="买不到药", news_told=True)
    assert (["category"], "PLANNED") == (list(refused.value.details["fields"]), state(store, number))


def test_given_three_tries_when_nobody_answers_then_somebody_has_to_go_there_and_the_community_is_told(store):
    number = unanswered(store)
    with store.transaction() as session:
        steps = [name for name in names_said(session) if name.startswith("care_call_")]
    assert ["care_call_planned", "care_call_tried", "care_call_tried", "care_call_unanswered"] == steps
    assert ("VISITING", True) == (state(store, number), ("care_call_unanswered", "community-yinhong") in told(store))


def test_given_an_answer_at_the_second_try_when_recorded_then_nobody_goes_there(store):
    number = called(store)
    do(store, "record_no_answer", SEAT, FRIDAY, number=number)
    do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True)
    assert "TALKED" == state(store, number)


@pytest.mark.parametrize(
    ("rung", "method", "who", "asked", "ends"),
    [
        ("VISITING", "record_care_visit", STEWARD, {"seen": True, "found": "在阳台浇花"}, "SEEN"),
        ("ASKING", "record_family_asked", CLERK, {"reached": True, "found": "在女儿家"}, "REACHED"),
        (
            "SEARCHING",
            "record_search",
            CLERK,
            {"found": "摔倒，已送医", "first_witness": "王芳", "second_witness": "杨帆"},
            "HELPED",
        ),
    ],
)
def test_given_a_rung_of_the_ladder_when_somebody_is_found_then_it_ends_there_and_has_no_limit(
    store, rung, method, who, asked, ends
):
    number = climbed(store, rung)
    found = do(store, method, who, FRIDAY, number=number, **asked)
    assert (ends, None) == (found["state"], found["due_at"])


def test_given_one_witness_named_twice_when_a_search_is_recorded_then_it_is_not_enough(store):
    asked = {"found": "开门", "first_witness": "王芳", "second_witness": "王芳"}
    number = climbed(store, "SEARCHING")
    with pytest.raises(Invalid) as refused:
        do(store, "record_search", CLERK, FRIDAY, number=number, **asked)
    assert ["second_witness"] == list(refused.value.details["fields"])


def test_given_a_call_without_outcome_when_the_round_is_closed_then_the_conflict_says_how_many(store):
    number = called(store)
    with pytest.raises(Conflict) as refused:
        do(store, "close_care_round", CLERK, number=the_round(store))
    assert 1 == refused.value.details["open"]
    do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True)
    assert "CLOSED" == do(store, "close_care_round", CLERK, number=the_round(store))["state"]


def test_given_the_day_when_it_passes_then_open_calls_are_warned_of_and_settled_ones_are_not(store):
    furnish(store)
    for name in ("马秀英", "丁香"):
        listed(store, name=name)
    tick(store)
    do(store, "record_care_talk", SEAT, FRIDAY, number=calls(store)[0], news_told=True)
    for _ in range(2):
        with store.transaction() as session:
            CALL.warn(session, SEAT, shanghai(5, 22))
    with store.transaction() as session:
        warned = [fact["data"]["number"] for fact in said(session, "notify_deadline_approaching")]
    assert calls(store)[1:] == warned


def test_given_who_phones_when_the_telephone_is_asked_for_then_it_is_told_and_the_trail_knows(store):
    furnish(store)
    number = listed(store)
    shown = do(store, "reveal_care_contact", SEAT, number=number, purpose="红色星期五")
    with store.transaction() as session:
        trail = session.execute(select(AUDIT.c.principal_id, AUDIT.c.act, AUDIT.c.purpose)).all()
    assert ("13900000301", "马强") == (shown["phone"], shown["emergency"]["name"])
    assert [("u-seat", "reveal_care_contact", "红色星期五")] == trail


@pytest.mark.parametrize("who", [STEWARD, HELPER])
def test_given_who_does_not_phone_when_the_telephone_is_asked_for_then_it_is_refused(store, who):
    furnish(store)
    with pytest.raises(Forbidden if who is STEWARD else Exception):
        do(store, "reveal_care_contact", who, number=listed(store), purpose="看看")


def test_given_a_steward_when_she_reads_then_who_it_is_and_what_was_said_is_left_out(store):
    number = climbed(store, "ASKING")
    seen = do(store, "get_care_call", STEWARD, number=number)
    whole = do(store, "get_care_call", GRID_WORKER, number=number)
    assert ((None, "马*英"), "敲门没有人应") == ((seen["found"], seen["masked_name"]), whole["found"])


def test_given_a_whole_round_when_told_then_no_name_telephone_or_word_is_on_the_bus_or_readable_in_the_store(store):
    number = climbed(store, "SEARCHING")
    asked = {"found": "摔倒，已送医", "first_witness": "王芳", "second_witness": "杨帆"}
    do(store, "record_search", CLERK, FRIDAY, number=number, **asked)
    with store.transaction() as session:
        bus = str(said(session))
        rows = str(session.execute(text("select * from care_profile, care_call")).all())
    words = [GRANDMOTHER["name"], GRANDMOTHER["phone"], "马强", "敲门没有人应", "摔倒", "1940-07-05"]
    assert [] == [word for word in words if word in bus or word in rows]


def test_given_two_replicas_when_their_clocks_tick_at_once_then_one_round_is_opened(store):
    furnish(store)
    listed(store)
    with store.transaction() as first, store.transaction() as second:
        for session in (first, second):
            open_rounds(session, SEAT, FRIDAY)
    assert 1 == len(calls(store))


def test_given_the_round_when_shown_then_it_counts_who_has_been_found(store):
    number = called(store)
    do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True)
    shown = do(store, "get_care_round", CLERK, number=the_round(store))
    assert (1, 1, "银虹社区", "2024-07-05") == (shown["planned"], shown["settled"], shown["place"], shown["day"])
    assert {"CLOSED"} == LIFE.terminal
