"""What holds of councils, elections and decisions whatever is tried (domain §3.6, inv. 12 and 13)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chassis.identity import Grant, Principal
from contracts.mediation.open_days import DayOffRule
from services.mediation import decisions, elections, grid_councils, resolutions
from services.mediation.open_days import held as occasions
from services.mediation.rules import due, rules
from tests.unit.mediation import electing, meeting
from tests.unit.mediation.electing import XINHUA
from tests.unit.mediation.meeting import AFTER, GRID, JINMAO, LIJIN, QINGHE, STARTS, ZHOU, do, overdue, state_of, tick
from tests.unit.mediation.people import NOW
from tests.unit.mediation.test_grid_councils import told_overdue

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MOMENTS = some.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1), timezones=some.just(UTC))
WEEK, LONGEST_HOLIDAY = timedelta(days=7), timedelta(days=11)
LOPSIDED = [{"payer": "jinmao-wuye", "percent": "99.99"}]
PAYERS = {"jinmao-wuye": JINMAO, "lijinyuan-wuye": LIJIN}


@pytest.fixture
def store(world):
    return world.store


@FEW
@given(some.lists(some.sampled_from(["draft", "lopsided", "resolve", *PAYERS]), max_size=12))
def test_given_any_tries_when_a_council_with_money_resolves_then_every_payer_had_confirmed_the_whole(store, tries):
    number, confirmed = meeting.held(store), None
    acts = {
        "draft": lambda: do(store, "draft_resolution", number=number, now=AFTER),
        "lopsided": lambda: do(store, "draft_resolution", number=number, now=AFTER, shares=LOPSIDED),
        "resolve": lambda: do(store, "resolve_council", number=number, now=AFTER),
        **{payer: partial(do, store, "confirm_share", who, number=number, now=AFTER) for payer, who in PAYERS.items()},
    }
    for each in tries:
        with suppress(Conflict, Invalid, Forbidden, NotFound):
            acts[each]()
            assert each != "lopsided"
            confirmed = set() if each == "draft" else (confirmed or set()) | {each}
        if state_of(store, number) == "RESOLVED":
            break
    assert (state_of(store, number) == "RESOLVED") == (confirmed is not None and confirmed >= {*PAYERS, "resolve"})


@FEW
@given(some.integers(1, 300), some.integers(1, 300))
def test_given_any_quorum_and_any_heads_when_recorded_then_the_council_stands_if_enough_came_and_only_then(
    store, quorum, heads
):
    number = meeting.held(store, quorum=quorum, minutes={"head_count": heads})
    assert state_of(store, number) == ("HELD" if heads >= quorum else "QUORUM_FAILED")


@given(MOMENTS)
def test_given_any_moment_when_published_then_for_seven_whole_days_at_least_and_answers_take_three(moment):
    until, answered = due(resolutions.PUBLICATION, moment, moment), due(resolutions.ANSWER, moment, moment)
    assert (True, True) == (WEEK <= until - moment <= WEEK + LONGEST_HOLIDAY, answered <= until)


def published_council(store):
    return meeting.published(store), "get_council", resolutions.end_publications, AFTER


def published_election(store):
    number = electing.voting(store)
    electing.do(store, "count_ballots", number=number, **electing.counted(electing.VOTES))
    electing.do(store, "publish_election", number=number)
    return number, "get_election", elections.conclude_elections, electing.NOW


def published_decision(store):
    number = do(store, "propose_decision")["number"]
    for stage in ("PROPOSED", "DISCUSSED", "EXAMINED", "DECIDED"):
        do(store, "hold_stage", number=number, stage=stage, attended=30, yes=30, no=0, abstain=0)
    stage = do(store, "get_decision", number=number)["stage"]
    do(store, "publish_stage", number=number, stage=stage)
    return number, "get_decision", decisions.end_decision_publications, NOW


@pytest.mark.parametrize("published", [published_council, published_election, published_decision])
@FEW
@given(some.lists(some.integers(0, 12 * 24 * 60), min_size=1, max_size=4))
def test_given_ticks_at_any_minute_when_published_then_it_ends_at_its_end_and_never_before(store, published, minutes):
    number, get, ends, since = published(store)
    for minute in sorted(minutes):
        moment = since + timedelta(minutes=minute)
        tick(store, ends, moment)
        seen = electing.do(store, get, number=number) if get == "get_election" else do(store, get, number=number)
        until = datetime.fromisoformat(seen["published_until"])
        assert (seen["state"] == "PUBLISHED", until - since >= WEEK) == (moment < until, True)


@FEW
@given(some.lists(some.tuples(some.integers(1, 4), some.integers(1, 3)), max_size=12))
def test_given_any_run_of_votes_when_counted_then_each_voter_counts_once_with_the_first(store, votes):
    council, election = meeting.held(store), electing.voting(store, mode="PHONE", seats=1)
    for no, chosen in votes:
        neighbour, voter = (Principal(str(UUID(int=no)), "住*", (Grant("RESIDENT", place),), "resident")
                            for place in (f"{GRID}.m1", f"{XINHUA}.g1"))  # fmt: skip
        with suppress(Conflict):
            do(store, "cast_vote", neighbour, AFTER, number=council, option_no=chosen)
        with suppress(Conflict):
            electing.do(store, "cast_ballot", voter, number=election, choices=[chosen])
    first = dict(reversed(votes))
    expected = [sum(chosen == no for chosen in first.values()) for no in (1, 2, 3)]
    options = [each["votes"] for each in do(store, "get_council", number=council)["options"]]
    counted = electing.do(store, "count_ballots", number=election)
    assert (expected, expected) == (options, [each["votes"] for each in counted["standing"]][:3])


@FEW
@given(some.lists(some.integers(0, 6), min_size=7, max_size=7), some.integers(1, 6))
def test_given_any_count_when_more_are_equal_than_seats_are_left_then_it_is_voted_on_again(store, votes, seats):
    number = electing.voting(store, seats=seats)
    seen = electing.do(store, "count_ballots", number=number, **electing.counted(dict(enumerate(votes, 1)), valid=42))
    last = sorted(votes, reverse=True)[seats - 1]
    tied = bool(last) and sum(each >= last for each in votes) > seats
    elected = sum(each["elected"] for each in seen["standing"])
    expected = sum(each > last for each in votes) if tied else sum(each >= max(last, 1) for each in votes)
    assert ("RUN_OFF" if tied else "COUNTED", expected) == (seen["state"], elected)


RULES = some.sampled_from([*DayOffRule]).flatmap(
    lambda rule: some.one_of(
        some.builds(lambda days: {"weekdays": days, "on_day_off": rule}, some.lists(some.integers(1, 7), min_size=1)),
        some.builds(
            lambda days: {"month_days": days, "on_day_off": rule}, some.lists(some.integers(1, 31), min_size=1)
        ),
    )
)


@given(RULES, some.dates(date(2024, 1, 15), date(2026, 10, 1)), some.integers(0, 60))
def test_given_any_recurrence_over_holidays_when_listed_then_each_day_has_one_and_none_is_held_on_a_day_off(
    rule, first, days
):
    calendar, last = rules(NOW).calendar, first + timedelta(days=days)
    found = occasions(rule, first, last, calendar)
    assert all(first <= day <= last for day in found)
    if rule["on_day_off"] == DayOffRule.HELD:
        assert all(day == told for day, told in found.items())
        return
    assert all(calendar.is_working(day) for day in found)
    moved = {DayOffRule.NEXT_WORKING_DAY: 1, DayOffRule.PREVIOUS_WORKING_DAY: -1}.get(rule["on_day_off"], 0)
    assert all((day - told).days * moved >= 0 if moved else day == told for day, told in found.items())
    apart = occasions(rule, first, first + timedelta(days=days // 2), calendar) | occasions(
        rule, first + timedelta(days=days // 2 + 1), last, calendar
    )
    assert found == apart


@FEW
@given(some.lists(some.integers(1, 40), min_size=1, max_size=4), some.booleans())
def test_given_grid_councils_any_days_apart_when_a_fortnight_is_missed_then_it_is_told_unless_the_grid_was_redrawn(
    store, gaps, redrawn
):
    told, starts = len(told_overdue(store)), STARTS
    grids = (f"{QINGHE}.g9",) if redrawn else (GRID,)
    missed = 0
    for gap in (*gaps, 40):
        number = do(store, "convene_council", ZHOU, kind="GRID", area_path=GRID, starts_at=starts.isoformat())["number"]
        do(store, "record_minutes", ZHOU, number=number, now=starts + timedelta(hours=2), head_count=9)
        until = due(grid_councils.EVERY, starts, starts)
        assert 2 * WEEK <= until - starts <= 2 * WEEK + LONGEST_HOLIDAY
        following = starts + timedelta(days=gap)
        overdue(store, following, grids)
        missed += following >= until
        starts = following
    assert (0 if redrawn else missed) == len(told_overdue(store)) - told


def test_given_intake_away_when_a_fortnight_is_missed_then_it_is_told_later_and_not_lost(store):
    number = do(store, "convene_council", ZHOU, kind="GRID", area_path=GRID)["number"]
    do(store, "record_minutes", ZHOU, number=number, now=AFTER, head_count=9)

    def away(*_, **__):
        raise Unavailable("away")

    with store.transaction() as session, pytest.raises(Unavailable), session.begin_nested():
        grid_councils.tell_overdue(session, meeting.SERVICE, STARTS + timedelta(days=16), ask=away)
    overdue(store, STARTS + timedelta(days=16))
    assert [number] == told_overdue(store)
