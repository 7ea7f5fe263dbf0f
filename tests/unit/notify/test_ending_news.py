"""One truthful message an end; what is no longer true is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.testing import deliver
from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.endings import (
    AppealClosed,
    AppealJoined,
    AppealMerged,
    AppealResumed,
    AppealSupervised,
    AppealWithdrawn,
)
from contracts.intake.triage import AppealAnswered, AppealAssigned, AppealDeclined, AppealDiverted, AppealReopened
from contracts.intake.working import AppealExtended, AppealOverdue, AppealResultReported
from services.notify import appeal_news, ending_news
from tests.unit.notify.facts import APPEAL, NIGHT, NOW, fact, messages, only_follow_up, registered, told, with_follow_up

REPORTER = samples.RESIDENT
SECOND, OTHER = samples.uid(31), samples.uid(32)

ITSELF = {"appeal_id": APPEAL, "number": samples.APPEAL_NO}

ENDS = {
    "answered": (ending_news.answered, AppealAnswered, "appeal_answered"),
    "diverted": (ending_news.diverted, AppealDiverted, "appeal_diverted"),
    "declined": (ending_news.declined, AppealDeclined, "appeal_declined"),
    "withdrawn": (ending_news.withdrawn, AppealWithdrawn, "appeal_withdrawn_for_you"),
    "merged": (ending_news.merged, AppealMerged, "appeal_merged"),
    "closed": (ending_news.closed, AppealClosed, "appeal_closed"),
}


def merged_second(store, person=OTHER):
    """Another citizen's appeal that was merged into the told one."""
    second = {"appeal_id": SECOND, "number": samples.MERGED_NO}
    reporter = {"reporter": {"person_id": person, "masked_name": "陈*"}}
    deliver(store, appeal_news.registered, fact(AppealRegistered, {**second, **reporter}, subject=SECOND), NOW)
    into = {**second, "into_id": APPEAL}
    deliver(store, ending_news.merged, fact(AppealMerged, into, 3, subject=SECOND), NOW)


@pytest.mark.rule("12")
@pytest.mark.parametrize("how", sorted(ENDS))
def test_given_an_end_in_quiet_hours_when_heard_then_it_is_all_the_reporter_and_the_handler_still_get(store, how):
    handle, contract, key = ENDS[how]
    registered(store, NIGHT, urgency="NORMAL")
    deliver(store, appeal_news.assigned, fact(AppealAssigned, version=3, actor="u-x"), NIGHT)
    deliver(store, handle, fact(contract, dict(ITSELF), 9), NIGHT)
    assert {(key, REPORTER)} == {pair for pair in told(store) if pair[0] != "appeal_closed_first_responder"}


@pytest.mark.rule("12")
@pytest.mark.parametrize("how", sorted(ENDS))
def test_given_a_result_when_the_case_then_ends_otherwise_then_its_follow_up_is_nobodys_work(store, how):
    handle, contract, _ = ENDS[how]
    with_follow_up(store)
    deliver(store, handle, fact(contract, dict(ITSELF), 12), NOW)
    assert only_follow_up(store).superseded_at is not None
    assert [] == messages(store, "follow_up_due", "follow_up_late", "appeal_result")


@pytest.mark.rule("12")
def test_given_a_result_when_reported_then_nobody_is_asked_to_sign_any_more(store):
    registered(store)
    deliver(store, appeal_news.assigned, fact(AppealAssigned, version=3, actor="u-x"), NIGHT)
    deliver(store, ending_news.result_reported, fact(AppealResultReported, version=9), NIGHT)
    assert [] == messages(store, "appeal_assigned")


@pytest.mark.rule("12")
def test_given_a_closed_case_when_its_reopening_is_heard_late_then_nobody_is_told_of_that(store):
    registered(store)
    deliver(store, ending_news.closed, fact(AppealClosed, version=15), NOW)
    deliver(store, ending_news.reopened, fact(AppealReopened, version=11), NOW)
    assert set() == told(store, "appeal_reopened", "appeal_reopened_unit")


@pytest.mark.rule("10")
@pytest.mark.parametrize(("own", "key"), [(True, "appeal_withdrawn"), (False, "appeal_withdrawn_for_you")])
def test_given_a_withdrawal_when_told_then_only_one_by_staff_says_how_to_object(store, own, key):
    registered(store)
    until = None if own else samples.MONTH_END
    data = {"by_complainant": own, "object_until": until}
    deliver(store, ending_news.withdrawn, fact(AppealWithdrawn, data, 9), NOW)
    (news,) = messages(store, "appeal_withdrawn", "appeal_withdrawn_for_you")
    assert (key, not own) == (news.template, "2024年8月8日（含当日）前" in news.body)


@pytest.mark.rule("10")
@pytest.mark.parametrize(("until", "key"), [(samples.MONTH_END, "appeal_declined"), (None, "appeal_declined_finally")])
def test_given_a_refusal_when_told_then_a_review_is_promised_only_where_there_is_one(store, until, key):
    registered(store)
    deliver(store, ending_news.declined, fact(AppealDeclined, {"object_until": until}, 9), NOW)
    (news,) = messages(store, "appeal_declined", "appeal_declined_finally")
    assert (key, until is not None) == (news.template, "申请复核一次" in news.body)


def extended(store, now, old):
    data = {"old_due_at": old, "new_due_at": old + timedelta(days=3)}
    deliver(store, appeal_news.extended, fact(AppealExtended, data, 6), now)


@pytest.mark.rule("12")
@pytest.mark.parametrize(("hours", "wakes"), [(3, True), (48, False)])
def test_given_an_extension_at_night_when_told_then_it_breaks_the_quiet_only_where_the_morning_is_too_late(
    store, hours, wakes
):
    registered(store, urgency="NORMAL")
    extended(store, NIGHT, NIGHT + timedelta(hours=hours))
    (news,) = messages(store, "appeal_extended")
    assert (REPORTER, wakes) == (news.recipient_id, news.breaks_quiet)


@pytest.mark.rule("7")
def test_given_a_merged_case_when_it_goes_on_by_itself_then_its_reporter_hears_that_and_no_more_of_the_other(store):
    registered(store)
    merged_second(store)
    resumed = {"appeal_id": SECOND, "number": samples.MERGED_NO}
    deliver(store, ending_news.withdrawn, fact(AppealWithdrawn, version=8), NOW)
    deliver(store, ending_news.resumed, fact(AppealResumed, resumed, 5, subject=SECOND), NOW)
    assert {("appeal_resumed", OTHER), ("appeal_withdrawn_for_you", REPORTER)} == told(store)


@pytest.mark.rule("7")
def test_given_a_resumed_case_when_its_merge_is_heard_late_then_it_stays_by_itself(store):
    about = {"appeal_id": SECOND, "number": samples.MERGED_NO}
    deliver(store, ending_news.resumed, fact(AppealResumed, about, 5, subject=SECOND), NOW)
    merged_second(store)
    registered(store)
    deliver(store, ending_news.closed, fact(AppealClosed, version=12), NOW)
    assert {("appeal_closed", REPORTER)} == told(store, "appeal_closed")


@pytest.mark.rule("9")
@pytest.mark.parametrize("how", ["closed", "answered"])
def test_given_a_survivor_when_it_ends_with_an_answer_then_every_reporter_hears_it_by_the_own_number(store, how):
    handle, contract, key = ENDS[how]
    registered(store)
    merged_second(store)
    deliver(store, handle, fact(contract, version=12), NOW)
    bodies = {row.recipient_id: row.body for row in messages(store, key)}
    assert {REPORTER: True, OTHER: True} == {
        REPORTER: samples.APPEAL_NO in bodies[REPORTER],
        OTHER: samples.MERGED_NO in bodies[OTHER],
    }


@pytest.mark.rule("9")
@pytest.mark.parametrize("late", [False, True])
def test_given_one_person_merged_twice_when_told_then_once(store, late):
    deliver(store, ending_news.closed, fact(AppealClosed, version=12), NOW) if late else None
    registered(store)
    merged_second(store, REPORTER)
    deliver(store, ending_news.closed, fact(AppealClosed, version=12), NOW) if not late else None
    assert [REPORTER] == [row.recipient_id for row in messages(store, "appeal_closed")]


@pytest.mark.rule("9")
def test_given_one_person_merged_twice_when_both_registrations_are_late_then_the_news_goes_once(store):
    into = {"appeal_id": SECOND, "number": samples.MERGED_NO, "into_id": APPEAL}
    deliver(store, ending_news.merged, fact(AppealMerged, into, 3, subject=SECOND), NOW)
    deliver(store, ending_news.closed, fact(AppealClosed, version=12), NOW)
    registered(store)
    merged_second(store, REPORTER)
    assert [REPORTER] == [row.recipient_id for row in messages(store, "appeal_closed")]


@pytest.mark.rule("8")
def test_given_a_merge_that_makes_it_urgent_when_heard_then_the_handler_is_told_at_any_hour(store):
    registered(store, urgency="NORMAL")
    deliver(store, appeal_news.assigned, fact(AppealAssigned, version=3, actor="u-lishan"), NIGHT)
    deliver(store, appeal_news.joined, fact(AppealJoined, version=6), NIGHT)
    (news,) = messages(store, "appeal_urgency_raised")
    assert ("u-lishan", True) == (news.recipient_id, news.breaks_quiet)


@pytest.mark.rule("11")
def test_given_supervision_when_heard_then_the_citizen_and_the_level_above_are_told_with_the_date(store):
    with_follow_up(store)
    deliver(store, ending_news.supervised, fact(AppealSupervised, version=14), NOW)
    assert {("appeal_supervision", "street-lijingjie"), ("appeal_supervised", REPORTER)} == told(
        store, "appeal_supervision", "appeal_supervised", "appeal_result"
    )


@pytest.mark.rule("11")
@pytest.mark.parametrize(("level", "told_to"), [(1, "street-lijingjie"), (2, "district-xingqing")])
def test_given_a_late_supervision_when_raised_then_it_climbs_from_the_level_that_has_it(store, level, told_to):
    registered(store, reporter=None)
    late = {"level": level, "stage": "SUPERVISION"}
    deliver(store, appeal_news.overdue, fact(AppealOverdue, late, version=4), NOW)
    assert {("appeal_overdue", told_to)} == told(store)
