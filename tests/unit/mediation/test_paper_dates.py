"""What counts is the day on the paper, not the day somebody typed it in; what was agreed orally counts from accord."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.errors import Invalid
from kernel.calendar import due_words, local_day
from services.mediation import document, views
from tests.unit.mediation.people import HEARING, SHI

pytestmark = pytest.mark.rule("16")

ACCORD = date(2024, 7, 9)
TYPED = datetime(2024, 7, 25, 2, 0, tzinfo=UTC)


def agreement(world, look):
    return world.see(lambda case: look(case.agreements[-1]))


def typed_in(world, at: datetime, **dates: date) -> None:
    """All four marks typed in at `at`, each dated on the paper as given, else with the day of the accord."""
    key = world.drafted()
    world.now = at
    for name, give in world.signatures(key).items():
        give(paper_date=dates.get(name, ACCORD).isoformat())


def effect(world):
    return agreement(world, lambda one: (local_day(one.effective_at), due_words(one.judicial_until), one.judicial))


def test_given_marks_typed_in_sixteen_days_late_then_the_window_runs_from_the_day_on_the_paper(world):
    typed_in(world, TYPED)
    assert (ACCORD, "8月8日（周四）24:00", "NONE") == effect(world)
    assert ["2024-08-08T16:00:00Z"] == [told["until"] for told in world.said("judicial_confirmation_window_opened")]


@pytest.mark.parametrize("last", ["chen", "zhao", "mediator", "seal"])
def test_given_four_dates_when_typed_in_then_the_latest_on_the_paper_counts(world, last):
    typed_in(world, TYPED, **{last: date(2024, 7, 12)})
    assert (date(2024, 7, 12), "8月12日（周一）24:00", "NONE") == effect(world)


def test_given_no_date_when_taken_down_then_it_is_today(world):
    key = world.drafted()
    world.now = TYPED
    for give in world.signatures(key).values():
        give()
    dates = agreement(world, lambda one: {mark.paper_date for mark in one.signatures})
    assert (TYPED, {local_day(TYPED)}) == (agreement(world, lambda one: one.effective_at), dates)


def test_given_paper_of_the_day_of_the_accord_then_it_does_not_bind_before_the_accord(world):
    typed_in(world, TYPED)
    assert agreement(world, lambda one: one.effective_at) == HEARING


def test_given_marks_typed_in_after_the_window_then_nobody_is_told_that_it_opens(world):
    typed_in(world, datetime(2024, 8, 9, 2, 0, tzinfo=UTC))
    (told,) = world.said("agreement_took_effect")
    assert (ACCORD, "8月8日（周四）24:00", "TIME_LAPSED") == effect(world)
    assert ("2024-08-08T16:00:00Z", []) == (told["judicial_until"], world.said("judicial_confirmation_window_opened"))


def test_given_an_oral_accord_when_written_down_later_then_it_counts_from_the_session(world):
    world.accord()
    world.now = TYPED
    world.draft(form="ORAL")
    assert (HEARING, "8月8日（周四）24:00") == agreement(
        world, lambda one: (one.effective_at, due_words(one.judicial_until))
    )


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2024-07-26", "不能晚于今天（2024年7月25日）"),
        ("2024-07-08", "不能早于达成一致的调解会（2024年7月9日）"),
        ("1924-07-09", "不能早于达成一致的调解会（2024年7月9日）"),
    ],
    ids=["future", "before-the-accord", "absurdly-old"],
)
@pytest.mark.parametrize("mark", ["chen", "mediator", "seal"])
def test_given_an_impossible_date_on_the_paper_when_taken_down_then_refused_with_the_reason(
    world, mark, written, reason
):
    key = world.drafted()
    world.now = TYPED
    with pytest.raises(Invalid) as refused:
        world.signatures(key)[mark](paper_date=written)
    assert [reason in said for said in refused.value.details["fields"]["paper_date"]] == [True]
    assert agreement(world, lambda one: one.signatures) == []


def test_given_a_date_on_the_paper_when_shown_or_printed_then_it_is_that_date(world):
    typed_in(world, TYPED, seal=date(2024, 7, 10))
    with world.store.transaction() as session:
        case = views.find(session, SHI, {"case_id": world.case_id})
        view = views.agreement_view(session, SHI, case.agreements[-1])
        seal = next(one for one in case.agreements[-1].signatures if one.signer == "MEDIATOR")
        assert document._done(seal).startswith("（已于2024年7月9日")
    assert [date(2024, 7, 10)] == [one["paper_date"] for one in view["signatures"] if one["signer"] == "SEAL"]
    assert {TYPED} == {one["at"] for one in view["signatures"]}


def test_given_the_accord_of_today_when_signed_at_once_then_the_hour_is_kept(world):
    key = world.drafted()
    world.now = HEARING + timedelta(hours=2)
    for give in world.signatures(key).values():
        give()
    assert agreement(world, lambda one: one.effective_at) == HEARING + timedelta(hours=2)
