"""One truthful message an end; what is no longer true is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.identity import Grant, Principal
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
from contracts.intake.incidents import AppealNoticeGiven
from contracts.intake.triage import AppealAnswered, AppealAssigned, AppealDeclined, AppealDiverted, AppealReopened
from contracts.intake.working import AppealExtended, AppealOverdue, AppealResultReported, AppealUrgencyRaised
from services.notify import messages as queue
from services.notify.tables import Unit
from tests.unit.notify.facts import (
    APPEAL,
    GRID,
    NIGHT,
    NOW,
    fact,
    messages,
    only_follow_up,
    registered,
    tell,
    told,
    with_follow_up,
)

REPORTER = samples.RESIDENT
SECOND, OTHER = samples.uid(31), samples.uid(32)

ITSELF = {"appeal_id": APPEAL, "number": samples.APPEAL_NO}

ENDS = {
    "answered": (AppealAnswered, "appeal_answered"),
    "diverted": (AppealDiverted, "appeal_diverted"),
    "declined": (AppealDeclined, "appeal_declined"),
    "withdrawn": (AppealWithdrawn, "appeal_withdrawn_for_you"),
    "merged": (AppealMerged, "appeal_merged"),
    "closed": (AppealClosed, "appeal_closed"),
}


def merged_second(store, person=OTHER, place=GRID):
    """Another citizen's appeal that was merged into the told one."""
    second = {"appeal_id": SECOND, "number": samples.MERGED_NO}
    reporter = {"reporter": {"person_id": person, "masked_name": "陈*"}}
    about = {"subject": SECOND, "case_number": samples.MERGED_NO, "area_path": place}
    tell(store, fact(AppealRegistered, {**second, **reporter}, **about), NOW)
    tell(store, fact(AppealMerged, {**second, "into_id": APPEAL}, 3, **about), NOW)


@pytest.mark.rule("12")
@pytest.mark.parametrize("how", sorted(ENDS))
def test_given_an_end_in_quiet_hours_when_heard_then_it_is_all_the_reporter_and_the_handler_still_get(store, how):
    contract, key = ENDS[how]
    registered(store, NIGHT, urgency="NORMAL")
    tell(store, fact(AppealAssigned, version=3, actor="u-x"), NIGHT)
    tell(store, fact(contract, dict(ITSELF), 9), NIGHT)
    assert {(key, REPORTER)} == {pair for pair in told(store) if pair[0] != "appeal_closed_first_responder"}


@pytest.mark.rule("12")
@pytest.mark.parametrize("how", sorted(ENDS))
def test_given_a_result_when_the_case_then_ends_otherwise_then_its_follow_up_is_nobodys_work(store, how):
    contract, _ = ENDS[how]
    with_follow_up(store)
    tell(store, fact(contract, dict(ITSELF), 12), NOW)
    assert "SUPERSEDED" == only_follow_up(store).state
    assert [] == messages(store, "follow_up_due", "follow_up_late", "appeal_result")


@pytest.mark.rule("12")
def test_given_a_result_when_reported_then_nobody_is_asked_to_sign_any_more(store):
    registered(store)
    tell(store, fact(AppealAssigned, version=3, actor="u-x"), NIGHT)
    tell(store, fact(AppealResultReported, version=9), NIGHT)
    assert [] == messages(store, "appeal_assigned")


@pytest.mark.rule("12")
def test_given_a_closed_case_when_its_reopening_is_heard_late_then_nobody_is_told_of_that(store):
    registered(store)
    tell(store, fact(AppealClosed, version=15), NOW)
    tell(store, fact(AppealReopened, version=11), NOW)
    assert set() == told(store, "appeal_reopened", "appeal_reopened_unit")


@pytest.mark.rule("10")
@pytest.mark.parametrize(("own", "key"), [(True, "appeal_withdrawn"), (False, "appeal_withdrawn_for_you")])
def test_given_a_withdrawal_when_told_then_only_one_by_staff_says_how_to_object(store, own, key):
    registered(store)
    until = None if own else samples.MONTH_END
    data = {"by_complainant": own, "object_until": until}
    tell(store, fact(AppealWithdrawn, data, 9), NOW)
    (news,) = messages(store, "appeal_withdrawn", "appeal_withdrawn_for_you")
    assert (key, not own) == (news.template, "2024年8月8日（含当日）前" in news.body)


@pytest.mark.rule("10")
@pytest.mark.parametrize(("until", "key"), [(samples.MONTH_END, "appeal_declined"), (None, "appeal_declined_finally")])
def test_given_a_refusal_when_told_then_a_review_is_promised_only_where_there_is_one(store, until, key):
    registered(store)
    tell(store, fact(AppealDeclined, {"object_until": until}, 9), NOW)
    (news,) = messages(store, "appeal_declined", "appeal_declined_finally")
    assert (key, until is not None) == (news.template, "申请复核一次" in news.body)


def extended(store, now, old):
    data = {"old_due_at": old, "new_due_at": old + timedelta(days=3)}
    tell(store, fact(AppealExtended, data, 6), now)


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
    tell(store, fact(AppealWithdrawn, version=8), NOW)
    tell(store, fact(AppealResumed, resumed, 5, subject=SECOND), NOW)
    assert {("appeal_resumed", OTHER), ("appeal_withdrawn_for_you", REPORTER)} == told(store)


@pytest.mark.rule("7")
def test_given_a_resumed_case_when_its_merge_is_heard_late_then_it_stays_by_itself(store):
    about = {"appeal_id": SECOND, "number": samples.MERGED_NO}
    tell(store, fact(AppealResumed, about, 5, subject=SECOND), NOW)
    merged_second(store)
    registered(store)
    tell(store, fact(AppealClosed, version=12), NOW)
    assert {("appeal_closed", REPORTER)} == told(store, "appeal_closed")


@pytest.mark.rule("9")
@pytest.mark.parametrize("how", ["closed", "answered"])
def test_given_a_survivor_when_it_ends_with_an_answer_then_every_reporter_hears_it_by_the_own_number(store, how):
    contract, key = ENDS[how]
    registered(store)
    merged_second(store)
    tell(store, fact(contract, version=12), NOW)
    bodies = {row.recipient_id: row.body for row in messages(store, key)}
    assert {REPORTER: True, OTHER: True} == {
        REPORTER: samples.APPEAL_NO in bodies[REPORTER],
        OTHER: samples.MERGED_NO in bodies[OTHER],
    }


NEXT_DOOR = GRID.rpartition(".")[0] + ".g9"


def listed(store, number, who):
    """Whom the messages of a case went to, as staff of a place read its list."""
    with store.transaction() as session:
        items = queue.list_of_case(session, who, {"case_number": number}, NOW)["items"]
        return {(row["template"], row["recipient"]["id"]) for row in items if row["audience"] == "RESIDENT"}


@pytest.mark.rule("9")
@pytest.mark.parametrize("key", ["appeal_notice_given", "appeal_closed"])
def test_given_a_survivor_when_there_is_news_then_it_stands_in_the_own_case_of_each_and_in_the_leading_ones_list(
    store, key
):
    registered(store)
    merged_second(store, place=NEXT_DOOR)
    contract = {"appeal_closed": AppealClosed, "appeal_notice_given": AppealNoticeGiven}[key]
    tell(store, fact(contract, dict(ITSELF), 12), NOW)
    assert {(samples.APPEAL_NO, REPORTER), (samples.MERGED_NO, OTHER)} == {
        (row.case_number, row.recipient_id) for row in messages(store, key)
    }
    (own,) = [row for row in messages(store, key) if row.recipient_id == OTHER]
    grid_worker = Principal("u-next", "隔壁网格员", (Grant("GRID", NEXT_DOOR),))
    whole = Principal("u-all", "社区", (Grant("COMMUNITY", NEXT_DOOR.rpartition(".")[0]),))
    assert (NEXT_DOOR, True, {(key, REPORTER), (key, OTHER)}) == (
        own.area_path, (key, OTHER) in listed(store, samples.MERGED_NO, grid_worker),
        {each for each in listed(store, samples.APPEAL_NO, whole) if each[0] == key},
    )  # fmt: skip


@pytest.mark.rule("9")
@pytest.mark.parametrize("late", [False, True])
def test_given_one_person_merged_twice_when_told_then_once(store, late):
    tell(store, fact(AppealClosed, version=12), NOW) if late else None
    registered(store)
    merged_second(store, REPORTER)
    tell(store, fact(AppealClosed, version=12), NOW) if not late else None
    assert [REPORTER] == [row.recipient_id for row in messages(store, "appeal_closed")]


@pytest.mark.rule("9")
def test_given_one_person_merged_twice_when_both_registrations_are_late_then_the_news_goes_once(store):
    into = {"appeal_id": SECOND, "number": samples.MERGED_NO, "into_id": APPEAL}
    tell(store, fact(AppealMerged, into, 3, subject=SECOND), NOW)
    tell(store, fact(AppealClosed, version=12), NOW)
    registered(store)
    merged_second(store, REPORTER)
    assert [REPORTER] == [row.recipient_id for row in messages(store, "appeal_closed")]


@pytest.mark.rule("8")
def test_given_a_merge_that_makes_it_urgent_when_heard_then_the_handler_is_told_at_any_hour(store):
    registered(store, urgency="NORMAL")
    tell(store, fact(AppealAssigned, version=3, actor="u-lishan"), NIGHT)
    tell(store, fact(AppealJoined, version=6), NIGHT)
    (news,) = messages(store, "appeal_joined")
    assert ("u-lishan", True) == (news.recipient_id, news.breaks_quiet)


@pytest.mark.rule("11")
def test_given_supervision_when_heard_then_the_citizen_and_the_level_above_are_told_with_the_date(store):
    with_follow_up(store)
    tell(store, fact(AppealSupervised, version=14), NOW)
    assert {("appeal_supervision", "street-lijingjie"), ("appeal_supervised", REPORTER)} == told(
        store, "appeal_supervision", "appeal_supervised", "appeal_result"
    )


@pytest.mark.rule("11")
@pytest.mark.parametrize(("level", "told_to"), [(1, "street-lijingjie"), (2, "district-xingqing")])
def test_given_a_late_supervision_when_raised_then_it_climbs_from_the_level_that_has_it(store, level, told_to):
    registered(store, reporter=None)
    late = {"level": level, "stage": "SUPERVISION"}
    tell(store, fact(AppealOverdue, late, version=4), NOW)
    assert {("appeal_overdue", told_to)} == told(store)


@pytest.mark.rule("8")
def test_given_urgency_raised_by_another_when_heard_then_handler_and_first_responder_are_told_at_any_hour(store):
    registered(store, urgency="NORMAL")
    tell(store, fact(AppealAssigned, {"handler": {"id": "u-hai", "name": "海"}}, 3, actor="u-x"), NIGHT)
    tell(store, fact(AppealUrgencyRaised, version=6, actor="u-x"), NIGHT)
    rows = messages(store, "appeal_urgency_raised")
    assert {("u-hai", True), ("u-lishan", True)} == {(row.recipient_id, row.breaks_quiet) for row in rows}
    assert all("发现燃气" in row.body for row in rows)


@pytest.mark.rule("8")
def test_given_the_handler_raised_the_urgency_when_heard_then_only_the_first_responder_is_told(store):
    registered(store, urgency="NORMAL")
    tell(store, fact(AppealAssigned, {"handler": {"id": "u-hai", "name": "海"}}, 3, actor="u-x"))
    tell(store, fact(AppealUrgencyRaised, version=6, actor="u-hai"))
    assert {("appeal_urgency_raised", "u-lishan")} == told(store, "appeal_urgency_raised")


@pytest.mark.rule("2")
def test_given_a_secret_reporter_when_refused_then_that_is_told_like_the_receipt(store):
    registered(store, secret=True, reporter=None)
    tell(store, fact(AppealDeclined, version=9))
    assert {("appeal_declined", "secret")} == told(store)


def test_given_a_lead_unit_known_by_name_when_told_then_its_code_is_not_shown(store):
    with store.transaction() as session:
        session.add(Unit(code="yinhong", name="银虹社区"))
    tell(store, fact(AppealReopened, version=11))
    assert ["银虹社区"] == [row.recipient_name for row in messages(store, "appeal_reopened_unit")]
