"""The life of a deadline: every step leaves a line, and a date told is never moved later in silence."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import SHANGHAI, DayKind, WorkCalendar, end_of, load_calendar
from kernel.codes import EscalationLevel
from kernel.deadlines import (
    WARNINGS,
    DeadlineClosed,
    ExtensionRefused,
    Limit,
    Term,
    check_extension,
    extend,
    is_reached,
    ladder,
    moment_at,
    next_raise,
    pause,
    recompute,
    resume,
    started,
)
from kernel.policy import pack

CALENDAR = load_calendar()
WEEKDAYS = WorkCalendar({}, years=range(2020, 2031))
MONDAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
STEPS = ladder(pack().value("dispatch.escalation"))


def five_days() -> Term:
    return started(MONDAY, Limit.parse("5wd"), CALENDAR)


def with_days(days: dict[date, DayKind]) -> WorkCalendar:
    return WorkCalendar(days, years=range(2020, 2031))


def acts(term: Term) -> list[str]:
    return [line["act"] for line in term.history]


def test_given_a_deadline_when_it_is_paused_and_resumed_then_it_moves_by_the_days_it_stood() -> None:
    paused = pause(five_days(), MONDAY + timedelta(days=1), "等待当事人补充材料")
    again = resume(paused, MONDAY + timedelta(days=3), CALENDAR)
    assert end_of(date(2026, 3, 9)) == paused.due_at
    assert end_of(date(2026, 3, 11)) == again.due_at
    assert ["opened", "paused", "resumed"] == acts(again)
    assert "等待当事人补充材料" == again.history[1]["reason"]


def test_given_a_deadline_when_it_is_extended_then_old_and_new_dates_stand_in_the_history() -> None:
    term = extend(five_days(), Limit.parse("3wd"), MONDAY, "情况复杂", CALENDAR)
    assert end_of(date(2026, 3, 12)) == term.due_at
    assert ("3wd", "情况复杂", "2026-03-09T16:00:00+00:00", "2026-03-12T16:00:00+00:00") == tuple(
        term.history[-1][key] for key in ("by", "reason", "was", "due_at")
    )
    assert 1 == term.extensions


def test_given_a_deadline_that_has_passed_then_it_is_neither_paused_nor_extended() -> None:
    late = five_days().due_at + timedelta(seconds=1)
    with pytest.raises(DeadlineClosed, match="已过"):
        pause(five_days(), late, "")
    with pytest.raises(DeadlineClosed, match="已过"):
        extend(five_days(), Limit.parse("1d"), late, "", CALENDAR)


def test_given_a_paused_deadline_then_it_is_not_paused_again_nor_extended() -> None:
    paused = pause(five_days(), MONDAY, "")
    with pytest.raises(DeadlineClosed):
        pause(paused, MONDAY, "")
    with pytest.raises(DeadlineClosed):
        extend(paused, Limit.parse("1d"), MONDAY, "", CALENDAR)


def test_given_a_running_deadline_then_it_is_not_resumed() -> None:
    with pytest.raises(DeadlineClosed):
        resume(five_days(), MONDAY, CALENDAR)


def test_given_one_extension_then_a_second_is_refused() -> None:
    term = extend(five_days(), Limit.parse("3wd"), MONDAY, "", CALENDAR)
    with pytest.raises(ExtensionRefused, match="1次"):
        check_extension(term, Limit.parse("1wd"), CALENDAR)
    check_extension(term, Limit.parse("1wd"), CALENDAR, times=2)


@pytest.mark.parametrize("by", ["6wd", "20d"])
def test_given_an_extension_longer_than_the_original_then_it_is_refused(by: str) -> None:
    with pytest.raises(ExtensionRefused, match="原时限5个工作日"):
        check_extension(five_days(), Limit.parse(by), CALENDAR)
    check_extension(five_days(), Limit.parse(by), CALENDAR, at_most_original=False)


@pytest.mark.parametrize("by", ["5wd", "7d", "24h"])
def test_given_an_extension_within_the_original_then_it_is_allowed(by: str) -> None:
    assert check_extension(five_days(), Limit.parse(by), CALENDAR) is None


def test_given_a_told_date_when_a_holiday_is_loaded_then_it_is_kept_and_the_history_says_so() -> None:
    holiday = with_days({date(2026, 3, 5): DayKind.OFF})
    term = recompute(five_days(), MONDAY, holiday)
    assert five_days().due_at == term.due_at
    assert ("recomputed", True, "2026-03-10T16:00:00+00:00") == tuple(
        term.history[-1][key] for key in ("act", "kept", "calendar_gives")
    )


def test_given_a_date_not_told_when_a_holiday_is_loaded_then_it_moves_and_the_history_says_so() -> None:
    holiday = with_days({date(2026, 3, 5): DayKind.OFF})
    term = recompute(five_days(), MONDAY, holiday, told=False)
    assert end_of(date(2026, 3, 10)) == term.due_at
    assert ("recomputed", False) == tuple(term.history[-1][key] for key in ("act", "kept"))


def test_given_a_told_date_when_a_working_saturday_is_loaded_then_it_moves_earlier_with_a_line() -> None:
    saturday = with_days({date(2026, 3, 7): DayKind.WORKING})
    term = recompute(five_days(), MONDAY, saturday)
    assert end_of(date(2026, 3, 7)) == term.due_at
    assert "recomputed" == term.history[-1]["act"]


def test_given_nothing_new_or_the_same_news_twice_then_no_line_is_added() -> None:
    holiday = with_days({date(2026, 3, 5): DayKind.OFF})
    once = recompute(five_days(), MONDAY, holiday)
    assert five_days() == recompute(five_days(), MONDAY, CALENDAR)
    assert once == recompute(once, MONDAY + timedelta(hours=1), holiday)


def test_given_a_cap_then_it_holds_also_when_recomputed() -> None:
    cap = MONDAY + timedelta(days=2)
    term = started(MONDAY, Limit.parse("5wd"), CALENDAR, not_after=cap)
    assert cap == term.due_at
    assert term == recompute(term, MONDAY, with_days({date(2026, 3, 5): DayKind.OFF}), told=False)


def test_given_a_cap_that_has_passed_then_it_is_none() -> None:
    assert five_days().due_at == started(MONDAY, Limit.parse("5wd"), CALENDAR, not_after=MONDAY).due_at


@st.composite
def lived(draw: st.DrawFn) -> Term:
    """A deadline with a few steps behind it."""
    start = draw(st.datetimes(datetime(2025, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)))
    term = started(start, Limit.parse(draw(st.sampled_from(["5wd", "15d", "24h", "4bh", "30d"]))), WEEKDAYS)
    moment = start
    for act in draw(st.lists(st.sampled_from(["stand", "extend"]), max_size=4)):
        if act == "extend":
            term = extend(term, Limit.parse(draw(st.sampled_from(["2h", "2wd", "3d"]))), moment, "", WEEKDAYS)
        else:
            paused = pause(term, moment, "")
            moment += draw(st.timedeltas(timedelta(), timedelta(days=9)))
            term = resume(paused, moment, WEEKDAYS)
        moment = min(moment, term.due_at)
    return term


@given(lived())
def test_given_any_life_when_recomputed_with_the_same_calendar_then_nothing_moves(term: Term) -> None:
    assert term == recompute(term, term.started_at, WEEKDAYS)


@given(lived())
def test_given_any_life_then_a_told_date_is_not_later_after_loading_a_year_and_never_before_the_start(
    term: Term,
) -> None:
    fresh = recompute(term, term.started_at, CALENDAR)
    assert term.started_at < fresh.due_at <= term.due_at
    assert term.due_at == fresh.due_at or fresh.history != term.history


@given(lived())
def test_given_any_life_then_every_moved_date_is_explained_by_a_line(term: Term) -> None:
    told = [line["due_at"] for line in term.history if "due_at" in line]
    was = [line["was"] for line in term.history if "was" in line]
    assert told[:-1] == was
    assert term.due_at == datetime.fromisoformat(told[-1])
    assert all(earlier <= later for earlier, later in pairwise(datetime.fromisoformat(text) for text in told))


def test_given_half_and_four_fifths_of_the_time_then_warnings_fall_due() -> None:
    start, due = MONDAY, MONDAY + timedelta(hours=10)
    moments = [start + timedelta(hours=hours) for hours in (4, 5, 8, 10)]
    reached = [[one.percent for one in WARNINGS if is_reached(start, due, now, one)] for now in moments]
    assert [[], [50], [50, 80], [50, 80]] == reached
    assert start + timedelta(hours=8) == moment_at(start, due, 80)


def test_given_an_overdue_task_then_levels_are_told_one_after_the_other() -> None:
    start, due = MONDAY, MONDAY + timedelta(hours=4)
    moments = [due + timedelta(minutes=minutes) for minutes in (0, 1, 120, 180, 240)]
    told = [[step.level for step in STEPS if is_reached(start, due, now, step)] for now in moments]
    assert [list(EscalationLevel)[:count] for count in range(5)] == told


def test_given_levels_already_raised_then_the_next_instant_is_that_of_the_first_left() -> None:
    start, due = MONDAY, MONDAY + timedelta(hours=4)
    assert due == next_raise(start, due, [], STEPS)
    assert due + timedelta(hours=2) == next_raise(start, due, ["RECEIVER_B"], STEPS)
    assert None is next_raise(start, due, EscalationLevel.values(), STEPS)
