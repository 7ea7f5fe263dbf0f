"""What a merge does to both cases, and what becomes of the merged one when the survivor ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict
from contracts import samples
from contracts.intake.endings import MergeAppeal, WithdrawAppeal
from contracts.intake.triage import DeclineAppeal, DivertAppeal
from contracts.intake.working import ExtendAppeal, RecordContact
from services.intake import endings, plainly, reading, triage, working
from services.intake.tables import Deadline
from tests.unit.intake.world import (
    CHEN,
    LISHAN,
    MA,
    NOTIFY,
    NOW,
    WANG,
    ZHANG,
    do,
    facts_of,
    names,
    register,
    solve,
    state,
    stored,
)

HUSBAND = {"name": "陈先生", "phone": "13900000003"}
NEIGHBOUR = {"name": "周女士", "phone": "13900000004"}
HOUR = timedelta(hours=1)


def merge(store, number, into, now=NOW, who=WANG):
    return do(store, endings.merge_appeal, MergeAppeal, who, now, number=number, into_number=into)


def withdraw(store, number, who=WANG, now=NOW + HOUR, **more):
    return do(store, endings.withdraw_appeal, WithdrawAppeal, who, now, number=number, **more)


def merged_pair(store, **survivor):
    """An ordinary case, and a second call of another citizen that was merged into it."""
    first = register(store, **survivor)["number"]
    second = register(store, ZHANG, channel="HOTLINE", reporter=HUSBAND, calm=True)["number"]
    merge(store, second, first)
    return first, second


def end(store, number, how):
    if how == "withdrawn":
        return withdraw(store, number)
    operation, contract = ENDINGS[how]
    return do(store, operation, contract, WANG, NOW + HOUR, number=number)


ENDINGS = {
    "diverted": (triage.divert_appeal, DivertAppeal),
    "declined": (triage.decline_appeal, DeclineAppeal),
}


@pytest.mark.rule("7")
@pytest.mark.parametrize("how", ["withdrawn", "diverted", "declined"])
def test_given_a_merged_case_when_its_survivor_ends_without_an_answer_then_it_is_taken_up_with_its_own_date(store, how):
    first = register(store, ZHANG, calm=True)["number"]
    second = register(store, ZHANG, reporter=HUSBAND, calm=True)
    merge(store, second["number"], first)
    end(store, first, how)
    with stored(store, second["number"]) as appeal:
        assert ("ASSIGNED", None, second["due_at"]) == (appeal.state, appeal.merged_into, appeal.due_at)
    (told,) = facts_of(store, "appeal_resumed")
    assert ("SURVIVOR_ENDED", second["number"]) == (told["data"]["cause"], told["data"]["number"])
    assert ["appeal_resumed", "appeal_accepted", "appeal_assigned"] == names(store)[-3:]


@pytest.mark.rule("7")
def test_given_a_case_taken_up_again_when_its_clocks_are_looked_at_then_exactly_its_own_run(store):
    first, second = merged_pair(store)
    withdraw(store, first)
    with stored(store, second) as appeal, store.transaction() as session:
        rows = [row for row in session.query(Deadline) if row.is_open]
        assert {(appeal.id, "FIRST_CONTACT"), (appeal.id, "FEEDBACK")} == {(row.subject_id, row.stage) for row in rows}


@pytest.mark.rule("7")
def test_given_a_chain_of_merges_when_the_last_ends_then_the_first_registered_lives_on_and_the_other_follows(store):
    one = register(store, ZHANG, reporter=HUSBAND, calm=True)["number"]
    two = register(store, ZHANG, reporter=NEIGHBOUR, calm=True, now=NOW + HOUR)["number"]
    last = register(store)["number"]
    merge(store, one, two)
    merge(store, two, last, NOW + HOUR)
    withdraw(store, last, now=NOW + 2 * HOUR)
    assert ("ASSIGNED", "MERGED") == (state(store, one), state(store, two))
    with stored(store, two) as appeal:
        assert one == appeal.merged_into_number
    told = facts_of(store, "appeal_merged")[-1]["data"]
    assert (two, one) == (told["number"], told["into_number"])


@pytest.mark.rule("7")
def test_given_two_calls_of_one_person_when_that_person_withdraws_then_both_have_ended(store):
    first, second = register(store)["number"], register(store, ZHANG)["number"]
    merge(store, second, first)
    withdraw(store, first)
    assert ("MERGED", []) == (state(store, second), facts_of(store, "appeal_resumed"))


@pytest.mark.rule("7")
def test_given_a_survivor_with_a_result_when_it_is_reported_then_the_merged_stays_merged(store):
    first, second = merged_pair(store)
    solve(store, first)
    assert "MERGED" == state(store, second)


@pytest.mark.rule("8")
def test_given_an_emergency_when_merged_into_an_ordinary_case_then_urgency_dangers_and_earlier_clocks_win(store):
    ordinary = register(store, calm=True)["number"]
    urgent = register(store, ZHANG, reporter=HUSBAND)
    merge(store, urgent["number"], ordinary)
    with stored(store, ordinary) as survivor, store.transaction() as session:
        assert ("EMERGENCY", ["FLOODING"], True) == (survivor.urgency, survivor.danger_flags, survivor.damage_ongoing)
        assert (urgent["due_at"], urgent["first_contact_due"]) == (survivor.due_at, survivor.first_contact_due)
        running = {row.stage: row.due_at for row in session.query(Deadline) if row.is_open}
    assert {"FEEDBACK": urgent["due_at"], "FIRST_CONTACT": urgent["first_contact_due"]} == running
    (told,) = facts_of(store, "appeal_joined")
    assert (ordinary, "EMERGENCY", True) == tuple(told["data"][key] for key in ("number", "urgency", "urgency_raised"))


@pytest.mark.rule("8")
def test_given_an_ordinary_case_when_merged_into_an_emergency_then_that_keeps_its_clocks(store):
    emergency = register(store)
    ordinary = register(store, ZHANG, reporter=HUSBAND, calm=True)["number"]
    merge(store, ordinary, emergency["number"])
    with stored(store, emergency["number"]) as survivor:
        assert ("EMERGENCY", emergency["due_at"]) == (survivor.urgency, survivor.due_at)
    assert [False] == [fact["data"]["urgency_raised"] for fact in facts_of(store, "appeal_joined")]


@pytest.mark.rule("8")
def test_given_a_reported_result_when_an_emergency_would_be_merged_then_it_is_refused(store):
    ordinary = register(store, calm=True)["number"]
    solve(store, ordinary)
    urgent = register(store, ZHANG, reporter=HUSBAND)["number"]
    with pytest.raises(Conflict, match="更紧急"):
        merge(store, urgent, ordinary)
    assert "ASSIGNED" == state(store, urgent)


def shown(store, number, who=LISHAN):
    with store.transaction() as session:
        return reading.get_appeal(session, who, {"number": number}, NOW)


@pytest.mark.rule("9")
def test_given_a_survivor_when_read_then_numbers_files_and_records_of_the_merged_are_there(store):
    first = register(store)["number"]
    second = register(store, MA, reporter=HUSBAND, calm=True, attachments=[samples.PHOTO])["number"]
    do(store, working.record_contact, RecordContact, MA, number=second)
    merge(store, second, first)
    (merged,) = shown(store, first)["merged"]
    assert (second, 1, 1) == (merged["number"], len(merged["attachments"]), len(merged["handling"]))


@pytest.mark.rule("9")
def test_given_a_secret_reporters_merged_call_when_read_then_only_its_number_is_there(store):
    first = register(store)["number"]
    second = register(store, ZHANG, reporter=HUSBAND, calm=True, secret=True)["number"]
    merge(store, second, first)
    (merged,) = shown(store, first, MA)["merged"]
    assert {"number", "created_at", "channel", "urgency"} == set(merged)


@pytest.mark.rule("9")
def test_given_the_complainant_of_the_survivor_when_reading_then_nothing_of_the_other_is_shown(store):
    first = register(store, CHEN, channel="WEB")["number"]
    second = register(store, ZHANG, reporter=HUSBAND, calm=True)["number"]
    merge(store, second, first)
    assert [] == shown(store, first, CHEN)["merged"]


def looked_up(store, number, tail="0003", now=NOW + 2 * HOUR):
    with store.transaction() as session:
        return plainly.check_resident(session, NOTIFY, {"number": number, "phone_tail": tail}, now)


@pytest.mark.rule("9")
def test_given_a_merged_call_when_looked_up_by_its_own_number_then_the_survivors_progress_is_told(store):
    first, second = merged_pair(store)
    solve(store, first, result_text="陈阿姨家的下水道通了")
    view = looked_up(store, second)
    assert (second, "RESULT_REPORTED") == (view["number"], view["state"])
    assert "办理结果：已解决" in [step["text"] for step in view["steps"]]


@pytest.mark.rule("9")
def test_given_a_merged_call_when_looked_up_then_no_words_of_the_survivor_are_told(store):
    calm = {"calm": True, "category": "old.lift"}
    first = register(store, **calm)["number"]
    second = register(store, ZHANG, reporter=HUSBAND, **calm)["number"]
    merge(store, second, first)
    late = {"reason": "等陈阿姨回宁", "reason_code": "THIRD_PARTY", "days": 1}
    do(store, working.extend_appeal, ExtendAppeal, LISHAN, NOW, number=first, **late)
    solve(store, first, result_text="陈阿姨家的下水道通了")
    view = looked_up(store, second)
    assert (None, False) == (view["result_text"], "陈阿姨" in str(view))
