"""After the last reopening by itself: a task with a date for the level above."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Forbidden
from contracts.intake.appeals import ListAppeals
from contracts.intake.endings import DecideSupervision
from contracts.intake.triage import SignAppeal
from contracts.notify.follow_ups import FollowUpCompleted
from services.intake import outcomes, overdue, plainly, reading, supervising, triage
from tests.support.delivering import deliver
from tests.support.events import hear
from tests.unit.intake.world import (
    INTAKE,
    LISHAN,
    LIU,
    NOTIFY,
    NOW,
    WANG,
    about,
    command,
    do,
    facts_of,
    names,
    register,
    solve,
    state,
    stored,
)

DAY = timedelta(days=1)
LAST = NOW + 4 * DAY


def unsolved(store, view, now):
    answer = {"subject": about(view), "solved": "NO", "satisfied": "UNSATISFIED"}
    deliver(store, outcomes.follow_up_completed, hear(FollowUpCompleted, answer, time=now), now)


def supervised(store):
    """A case whose second result was found wanting too."""
    view = register(store)
    solve(store, view["number"])
    unsolved(store, view, NOW + DAY)
    do(store, triage.sign_appeal, SignAppeal, LISHAN, NOW + DAY, number=view["number"])
    solve(store, view["number"], now=NOW + 2 * DAY)
    unsolved(store, view, LAST)
    return view["number"]


def decide(store, number, decision, who=LIU, now=LAST + DAY):
    given = {"number": number, "decision": decision}
    return do(store, supervising.decide_supervision, DecideSupervision, who, now, **given)


@pytest.mark.rule("11")
def test_given_a_second_unsolved_when_heard_then_the_level_above_has_it_until_a_date(store):
    number = supervised(store)
    (fact,) = facts_of(store, "appeal_supervised")
    assert ("UNSOLVED", "STREET", 1) == tuple(fact["data"][key] for key in ("reason_code", "level", "reopen_count"))
    with stored(store, number) as appeal:
        assert (appeal.state, True) == ("RESULT_REPORTED", appeal.supervision_due > LAST)


@pytest.mark.rule("11")
def test_given_supervision_when_the_street_lists_its_supervised_cases_then_it_is_the_only_one(store):
    number = supervised(store)
    register(store)
    with store.transaction() as session:
        page = reading.list_appeals(session, LIU, command(ListAppeals, supervised=True, **ANY), LAST)
    assert [number] == [row["number"] for row in page["items"]]


ANY = {"numbers": [], "state": [], "area_path": None, "handler_id": None, "due_before": None}


@pytest.mark.rule("11")
def test_given_supervision_when_its_date_has_passed_then_that_is_raised_and_shown(store):
    number, late = supervised(store), LAST + 30 * DAY
    with store.transaction() as session:
        overdue.raise_due(session, INTAKE, late)
    stages = {fact["data"]["stage"] for fact in facts_of(store, "appeal_overdue") if fact["data"]["number"] == number}
    with store.transaction() as session:
        view = reading.get_appeal(session, LIU, {"number": number}, late)
    assert ("SUPERVISION" in stages, ["SUPERVISION"]) == (True, view["overdue"])


@pytest.mark.rule("11")
def test_given_supervision_when_done_anew_then_the_handler_has_a_fresh_date_and_the_next_unsolved_comes_back(store):
    number = supervised(store)
    view = decide(store, number, "REDO")
    assert ("ASSIGNED", 2, None) == (view["state"], view["reopen_count"], view["supervision_due"])
    assert ["appeal_reopened", "appeal_assigned"] == names(store)[-2:]


@pytest.mark.rule("11")
def test_given_supervision_when_the_result_is_upheld_then_it_closes_and_not_as_solved(store):
    number = supervised(store)
    decide(store, number, "UPHOLD")
    assert ("CLOSED", "NO") == (state(store, number), facts_of(store, "appeal_closed")[0]["data"]["solved"])


@pytest.mark.rule("11")
def test_given_the_own_community_when_deciding_then_it_is_forbidden(store):
    number = supervised(store)
    with pytest.raises(Forbidden):
        decide(store, number, "UPHOLD", WANG)


@pytest.mark.rule("11")
def test_given_an_ordinary_result_when_deciding_then_there_is_nothing_to_decide(store):
    number = register(store)["number"]
    solve(store, number)
    with pytest.raises(Conflict):
        decide(store, number, "REDO")


@pytest.mark.rule("11")
def test_given_supervision_when_the_citizen_looks_it_up_then_the_page_promises_what_will_be(store):
    number = supervised(store)
    with store.transaction() as session:
        view = plainly.check_resident(session, NOTIFY, {"number": number, "phone_tail": "0001"}, LAST)
    assert ("您说问题没有解决，已转上级督办", True) == (view["state_text"], "决定是否重新办理" in view["next_text"])
