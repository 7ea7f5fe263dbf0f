"""What the desk shows, to whom."""

from __future__ import annotations

import pytest

from chassis.errors import Forbidden, Invalid, NotFound
from chassis.identity import Grant, Principal
from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.triage import AppealReopened
from contracts.intake.working import AppealResultReported
from contracts.notify.follow_ups import GetFollowUp, ListFollowUps
from services.notify import desk, follow_ups
from tests.unit.notify.facts import (
    COLLEAGUE,
    ELSEWHERE,
    HE_JING,
    NEIGHBOUR_STAFF,
    NOW,
    NUMBER,
    RESIDENT,
    WANG_FANG,
    fact,
    only_follow_up,
    tell,
    with_follow_up,
)

AUDITOR = Principal("u-audit", "审计", (Grant("AUDITOR", "yinchuan"),))


def page(store, who=HE_JING, **more):
    command = ListFollowUps().load({"cursor": None, "limit": 50, "state": [], **more})
    with store.transaction() as session:
        return ListFollowUps.answer().dump(desk.list_page(session, who, command, NOW))


def get(store, who=HE_JING, number=NUMBER):
    with store.transaction() as session:
        return GetFollowUp.answer().dump(desk.view(session, who, desk.get(session, who, {"case_number": number}, NOW)))


def another(store, n, minute):
    appeal = {"appeal_id": samples.uid(500 + n), "number": NUMBER}
    moment = NOW.replace(minute=minute)
    event = fact(AppealResultReported, appeal, 3, subject=appeal["appeal_id"], time=moment)
    tell(store, event, NOW)


def test_given_a_follow_up_when_shown_to_the_clerk_then_it_says_what_they_may_do(store):
    with_follow_up(store)
    shown = get(store)
    assert ["attempt_follow_up", "close_follow_up_invalid"] == shown["allowed_commands"]
    assert ("DUE", samples.REPORTER, 0) == (shown["state"], shown["resident"], shown["attempt_count"])


def test_given_a_done_follow_up_when_shown_then_the_answers_stand_in_it(store):
    with_follow_up(store)
    key = {"follow_up_id": only_follow_up(store).id}
    with store.transaction() as session:
        follow_ups.attempt(session, HE_JING, {**key, "method": "CALL", "reached": True, "note": "接通"}, NOW)
        follow_ups.complete(session, HE_JING, {**key, "solved": "YES", "satisfied": "BASICALLY"}, NOW)
    shown = get(store)
    assert ("COMPLETED", "YES", "BASICALLY", True, True, []) == tuple(
        shown[name] for name in ("state", "solved", "satisfied", "valid", "contacted", "allowed_commands")
    )
    assert [("接通", {"id": "u-hejing", "name": "何静"})] == [(one["note"], one["by"]) for one in shown["attempts"]]


@pytest.mark.parametrize("reached", [False, True])
def test_given_a_try_when_shown_then_it_can_be_completed_only_where_somebody_was_reached(store, reached):
    with_follow_up(store)
    key = {"follow_up_id": only_follow_up(store).id}
    with store.transaction() as session:
        follow_ups.attempt(session, HE_JING, {**key, "method": "CALL", "reached": reached}, NOW)
    assert reached is ("complete_follow_up" in get(store)["allowed_commands"])


@pytest.mark.parametrize("who", [WANG_FANG, COLLEAGUE, AUDITOR], ids=["community", "handling-unit", "auditor"])
def test_given_staff_of_the_place_when_shown_then_they_may_read_and_not_act(store, who):
    with_follow_up(store)
    assert [] == get(store, who)["allowed_commands"]


@pytest.mark.rule("4")
@pytest.mark.parametrize("who", [NEIGHBOUR_STAFF, ELSEWHERE, RESIDENT], ids=lambda who: who.id)
def test_given_anybody_else_when_asking_then_not_found(store, who):
    with_follow_up(store)
    with pytest.raises(NotFound):
        get(store, who)


def test_given_no_follow_up_when_asked_then_not_found(store):
    with pytest.raises(NotFound):
        get(store)


def test_given_a_secret_reporter_when_shown_then_only_who_may_follow_up_sees_a_name(store):
    tell(store, fact(AppealRegistered, {"secret": True}), NOW)
    tell(store, fact(AppealResultReported, version=10), NOW)
    assert (samples.REPORTER, None, None) == tuple(
        get(store, who)["resident"] for who in (HE_JING, WANG_FANG, COLLEAGUE)
    )


def test_given_several_when_listed_then_pages_follow_start_by_without_gap(store):
    for n, minute in ((1, 30), (2, 10), (3, 20)):
        another(store, n, minute)
    first = page(store, limit=2)
    second = page(store, limit=2, cursor=first["next_cursor"])
    subjects = [item["subject"]["id"] for item in first["items"] + second["items"]]
    assert (sorted(samples.uid(500 + n) for n in (1, 2, 3)), None) == (sorted(subjects), second["next_cursor"])


def test_given_states_when_listed_then_only_those_are_shown(store):
    with_follow_up(store)
    assert [1, 0, 0] == [len(page(store, state=states)["items"]) for states in ([], ["TRYING"], ["COMPLETED"])]


def test_given_another_place_when_listed_then_nothing_of_here_is_shown(store):
    with_follow_up(store)
    assert [0, 0] == [len(page(store, who)["items"]) for who in (ELSEWHERE, NEIGHBOUR_STAFF)]


def test_given_no_reading_role_when_listed_then_forbidden(store):
    with pytest.raises(Forbidden):
        page(store, RESIDENT)


def test_given_a_cursor_nobody_gave_when_listed_then_invalid(store):
    with pytest.raises(Invalid):
        page(store, cursor="bm9uc2Vuc2U=")


def test_given_a_superseded_follow_up_when_listed_then_it_is_off_the_desk(store):
    with_follow_up(store)
    tell(store, fact(AppealReopened, version=11), NOW)
    assert [] == page(store)["items"]
    assert [] == get(store)["allowed_commands"]
