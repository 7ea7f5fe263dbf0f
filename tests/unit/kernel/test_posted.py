"""Posted hours, with the staggered ones of 错时工作制: what each day of the week says, beside the calendar."""

import pytest

from kernel.calendar import hours_words, is_open, is_written_well, load_calendar
from kernel.calendar.zone import SHANGHAI
from tests.unit.kernel.test_deadline_count import shanghai

CALENDAR = load_calendar()
STAGGERED = "WORKDAYS 08:30-17:30; TUE THU 17:30-20:00; DAYS_OFF 09:30-16:00"


@pytest.mark.row("S1.5")
@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-03-10 19:59", True),  # Tuesday
        ("2026-03-10 20:00", False),
        ("2026-03-11 18:00", False),  # Wednesday
        ("2026-03-14 10:00", True),  # Saturday
        ("2026-03-14 09:00", False),
        ("2026-02-14 09:00", True),  # a Saturday that is worked
        ("2026-02-14 17:00", True),
        ("2026-02-16 09:00", False),  # a Monday in the Spring Festival
        ("2026-02-16 10:00", True),
        ("2026-02-17 18:00", True),  # its Tuesday: the evening is said by the day of the week
    ],
)
def test_given_staggered_hours_then_each_day_has_its_own(moment: str, opened: bool) -> None:
    assert opened is is_open(STAGGERED, shanghai(moment).astimezone(SHANGHAI), CALENDAR)


@pytest.mark.row("S1.5")
@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (STAGGERED, "工作日 08:30-17:30；周二、周四 17:30-20:00；休息日 09:30-16:00"),
        ("DAILY 08:30-19:00", "每天 08:30-19:00"),
        ("ALWAYS", "全天"),
    ],
)
def test_given_hours_then_people_read_them(hours: str, words: str) -> None:
    assert (True, words) == (is_written_well(hours), hours_words(hours))


@pytest.mark.parametrize(
    "hours", ["", "TUE", "TUE,THU 08:00-09:00", "TUE 09:00-09:00", "WORKDAYS 08:30-17:30;", "MON DAILY 08:00-09:00"]
)
def test_given_hours_that_say_none_then_they_are_not_written_well(hours: str) -> None:
    assert not is_written_well(hours)


def test_given_a_night_of_one_weekday_then_it_runs_into_the_next_morning() -> None:
    night = "FRI 20:00-08:00"
    told = [is_open(night, shanghai(moment), CALENDAR) for moment in ("2026-03-14 07:59", "2026-03-15 07:59")]
    assert [True, False] == told
