"""What cannot be solved now: asked for with its reason, approved above, capped, and looked at again by a date."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identity import Grant
from contracts import registry
from services.intake import on_account, overdue, plainly
from tests.unit.intake.world import INTAKE, LISHAN, LIU, NOW, STREET, WANG, do, facts_of, register, staff, stored

ASK, DECIDE, RESUME = (
    registry.command("intake", name) for name in ("ask_on_account", "decide_on_account", "resume_from_account")
)
COLLEAGUE = staff(61, "孙立", Grant("STREET", STREET, "lijingjie"))
DISTRICT = staff(62, "周敏", Grant("DISTRICT", "yinchuan.xingqing", "zhihui"))
REASON = "管网改造明年三月才开工"


def asked(store, number=None, **more):
    number = number or register(store, calm=True)["number"]
    given = {"number": number, "reason": REASON, "review_on": "2024-09-30", **more}
    return do(store, on_account.ask, ASK, LISHAN, NOW, **given)


def decided(store, number, who=LIU, decision="APPROVE", now=NOW):
    return do(store, on_account.decide, DECIDE, who, now, number=number, decision=decision, words=None)


def plain(store, number):
    with store.transaction() as session:
        return plainly.check_resident(session, INTAKE, {"number": number, "phone_tail": "0001"}, NOW)


def test_given_a_request_when_made_then_it_waits_for_the_level_above_and_the_clock_runs_on(store):
    number = register(store, calm=True)["number"]
    with stored(store, number) as appeal:
        before = appeal.due_at
    view = asked(store, number)
    (fact,) = facts_of(store, "on_account_asked")
    assert ("IN_PROGRESS", before, "role:STREET role:DISTRICT", False) == (
        view["state"], view["due_at"], fact["waits"], REASON in str(fact),
    )  # fmt: skip


def test_given_an_approval_when_given_then_the_review_date_is_the_clock_and_the_citizen_knows_why(store):
    number = asked(store)["number"]
    view, told = decided(store, number), plain(store, number)
    assert ("ON_ACCOUNT", "2024-09-30T16:00:00", True, True) == (
        view["state"], view["due_at"].strftime("%Y-%m-%dT%H:%M:%S"), "前再研究" in told["next_text"],
        f"挂账，原因：{REASON}" in [step["text"] for step in told["steps"]],
    )  # fmt: skip


def test_given_a_refusal_when_decided_then_the_work_goes_on_by_its_date(store):
    before = asked(store)
    view = decided(store, before["number"], decision="REFUSE")
    assert ("IN_PROGRESS", before["due_at"]) == (view["state"], view["due_at"])


@pytest.mark.parametrize("day", ["2024-07-05", "2024-10-04"])
def test_given_a_date_gone_by_or_beyond_the_limit_when_asked_then_the_field_says_so(store, day):
    with pytest.raises(Invalid) as refused:
        asked(store, review_on=day)
    assert ["review_on"] == list(refused.value.details["fields"])


def test_given_an_emergency_when_asked_then_it_is_refused(store):
    with pytest.raises(Conflict, match="紧急"):
        asked(store, register(store)["number"])


@pytest.mark.parametrize("who", [WANG, LISHAN])
def test_given_who_is_not_above_when_deciding_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        decided(store, asked(store)["number"], who)


def test_given_the_street_asks_when_decided_then_by_the_district_alone_which_is_awaited_and_told(store):
    number = register(store, calm=True)["number"]
    do(store, on_account.ask, ASK, LIU, NOW, number=number, reason=REASON, review_on="2024-09-30")
    (fact,) = facts_of(store, "on_account_asked")
    assert ("role:DISTRICT", "DISTRICT") == (fact["waits"], fact["data"]["level"])
    for below in (LIU, COLLEAGUE):
        with pytest.raises(Forbidden):
            decided(store, number, below)
    assert "ON_ACCOUNT" == decided(store, number, DISTRICT)["state"]


def test_given_who_asked_and_has_risen_since_when_deciding_then_it_is_forbidden_all_the_same(store):
    number = asked(store)["number"]
    risen = replace(LISHAN, grants=(*LISHAN.grants, Grant("DISTRICT", "yinchuan.xingqing", "zhihui")))
    with pytest.raises(Forbidden):
        decided(store, number, risen)


def test_given_nothing_asked_when_decided_then_it_is_a_conflict(store):
    with pytest.raises(Conflict, match="没有待审批"):
        decided(store, register(store, calm=True)["number"])


def test_given_the_share_of_open_cases_is_used_up_when_approved_at_once_then_one_wins_and_the_other_hears_why(store):
    numbers = [asked(store)["number"] for _ in range(2)]

    def tried(number):
        try:
            return decided(store, number)["state"]
        except Conflict as conflict:
            return conflict.details["most"]

    with ThreadPoolExecutor(2) as pool:
        assert {"ON_ACCOUNT", 1} == set(pool.map(tried, numbers))


def test_given_more_open_cases_when_approved_then_five_in_a_hundred_may_be_on_account(store):
    numbers = [register(store, calm=True)["number"] for _ in range(40)][:3]
    for number in numbers:
        asked(store, number)
    for number in numbers[:2]:
        decided(store, number)
    with pytest.raises(Conflict, match="未办结40件，最多2件，已挂账2件"):
        decided(store, numbers[2])


def test_given_a_review_date_when_passed_then_that_stage_is_overdue_and_resuming_begins_the_clock_anew(store):
    number, late = asked(store)["number"], NOW + timedelta(days=90)
    decided(store, number)
    with store.transaction() as session:
        overdue.raise_due(session, INTAKE, late)
    view = do(store, on_account.resume, RESUME, LISHAN, late, number=number)
    stages = {fact["data"]["stage"] for fact in facts_of(store, "appeal_overdue")}
    assert (True, "IN_PROGRESS", True) == ("ON_ACCOUNT" in stages, view["state"], view["due_at"] > late)


def test_given_what_is_on_account_when_asked_again_and_approved_then_it_stays_until_the_later_date(store):
    number, later = asked(store)["number"], NOW + timedelta(days=60)
    decided(store, number)
    do(store, on_account.ask, ASK, LISHAN, later, number=number, reason=REASON, review_on="2024-11-30")
    view = decided(store, number, now=later)
    assert ("ON_ACCOUNT", "2024-11-30") == (view["state"], view["due_at"].date().isoformat())
