"""Teams of volunteers: who asks is admitted by others, who is in it stays inside, whoever was there has hours, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from services.notify.service_records import ServiceRecord
from services.notify.volunteer_teams import LIFE
from tests.support.events import said
from tests.unit.notify import serving
from tests.unit.notify.facts import NOW, messages
from tests.unit.notify.serving import BEGAN, ENDED, LEADER, MEMBER, founded, held
from tests.unit.notify.wishing import CLERK, FAR_HELPER, STEWARD, do

pytestmark = pytest.mark.row("S2.10")

ARROWS = """
ACTIVE join_team ACTIVE | ACTIVE admit_member ACTIVE | ACTIVE leave_team ACTIVE | ACTIVE dismiss_member ACTIVE
ACTIVE hand_team_over ACTIVE | ACTIVE call_team_together ACTIVE | ACTIVE record_team_action ACTIVE
ACTIVE dissolve_team DISSOLVED
"""


@pytest.fixture
def store(store):
    serving.furnish(store)
    return store


def roll(store, number, who=CLERK):
    return {
        each["person"]["id"]: each["membership"]
        for each in do(store, "get_volunteer_team", who, number=number)["members"]
    }


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for line in ARROWS.strip().splitlines() for arrow in line.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_a_volunteer_who_asks_when_the_leader_admits_them_then_they_are_in_the_team(store):
    number = founded(store)
    do(store, "join_team", MEMBER, number=number)
    before = roll(store, number)
    do(store, "admit_member", LEADER, number=number, member_id=MEMBER.id)
    expected = {LEADER.id: "MEMBER", MEMBER.id: "ASKED"}, {LEADER.id: "MEMBER", MEMBER.id: "MEMBER"}
    assert expected == (before, roll(store, number))


def test_given_who_has_not_asked_when_admitted_then_nobody_is_put_into_a_team(store):
    with pytest.raises(NotFound):
        do(store, "admit_member", LEADER, number=founded(store), member_id=MEMBER.id)


def test_given_who_asked_when_they_would_admit_themselves_then_it_is_forbidden(store):
    number = founded(store)
    do(store, "join_team", MEMBER, number=number)
    with pytest.raises(Forbidden):
        do(store, "admit_member", MEMBER, number=number, member_id=MEMBER.id)


def test_given_a_volunteer_who_asks_twice_at_once_then_one_asking_stands(store):
    number = founded(store)
    with ThreadPoolExecutor(2) as both:
        tries = [both.submit(do, store, "join_team", MEMBER, number=number) for _ in range(2)]
        failed = [type(one.exception()) for one in tries if one.exception()]
    with store.transaction() as session:
        assert ([Conflict], 1) == (failed, len(said(session, "team_join_asked")))


def test_given_a_volunteer_of_another_place_when_asking_then_the_team_is_not_theirs_to_find(store):
    with pytest.raises(NotFound):
        do(store, "join_team", FAR_HELPER, number=founded(store))


def test_given_who_left_when_they_ask_again_then_they_may_come_back(store):
    number = founded(store, MEMBER)
    do(store, "leave_team", MEMBER, number=number)
    left = roll(store, number)[MEMBER.id]
    do(store, "join_team", MEMBER, number=number)
    assert ("LEFT", "ASKED") == (left, roll(store, number)[MEMBER.id])


@pytest.mark.parametrize(
    ("method", "who", "error"), [("leave_team", LEADER, Forbidden), ("dismiss_member", CLERK, Conflict)]
)
def test_given_the_leader_when_they_would_be_gone_then_the_team_is_handed_over_first(store, method, who, error):
    number = founded(store, MEMBER)
    more = {"member_id": LEADER.id} if method == "dismiss_member" else {}
    with pytest.raises(error):
        do(store, method, who, number=number, **more)
    do(store, "hand_team_over", LEADER, number=number, member_id=MEMBER.id)
    do(store, "leave_team", LEADER, number=number)
    assert {LEADER.id: "LEFT", MEMBER.id: "MEMBER"} == roll(store, number)


def test_given_who_is_no_member_when_the_team_would_be_handed_to_them_then_it_is_refused(store):
    with pytest.raises(NotFound):
        do(store, "hand_team_over", LEADER, number=founded(store), member_id=MEMBER.id)


@pytest.mark.parametrize("who", [STEWARD, MEMBER])
def test_given_others_when_they_read_a_team_then_they_do_not_read_who_is_in_it(store, who):
    number = founded(store)
    shown = (
        do(store, "get_volunteer_team", who, number=number)
        if who is MEMBER
        else do(store, "list_volunteer_teams", CLERK)["items"][0]
    )
    assert bool(shown["members"]) is (who is not MEMBER)


def test_given_an_unknown_place_when_founded_there_then_it_is_refused(store):
    with pytest.raises(Invalid):
        do(store, "found_team", CLERK, **{**serving.TEAM, "area_path": f"{serving.COMMUNITY}.none"})


def test_given_each_step_when_told_then_who_it_is_about_hears_of_it(store):
    founded(store, MEMBER)
    assert [("team_join_asked", LEADER.id), ("team_member_admitted", MEMBER.id)] == [
        (row.template, row.recipient_id) for row in messages(store)
    ]


CALL = {"next_what": "清扫楼道", "next_at": "2024-07-09T01:00:00Z", "next_place": "3号楼", "next_risks": "楼梯湿滑"}


def test_given_a_team_when_called_together_then_every_member_hears_of_it_and_nobody_else(store):
    number = founded(store, MEMBER)
    shown = do(store, "call_team_together", LEADER, number=number, **CALL)
    told = {row.recipient_id for row in messages(store, "team_called_together")}
    assert ({LEADER.id, MEMBER.id}, "楼梯湿滑") == (told, shown["next_risks"])


def test_given_words_of_a_call_when_told_then_none_is_on_the_bus(store):
    do(store, "call_team_together", LEADER, number=founded(store), **CALL)
    with store.transaction() as session:
        assert [] == [word for word in ("清扫楼道", "3号楼", "湿滑") if word in str(said(session))]


def test_given_a_member_who_is_not_the_leader_when_calling_the_team_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        do(store, "call_team_together", MEMBER, number=founded(store, MEMBER), **CALL)


def recorded(store):
    with store.transaction() as session:
        rows = session.scalars(select(ServiceRecord).order_by(ServiceRecord.volunteer_id))
        return [(row.volunteer_id, row.minutes, row.state) for row in rows]


def test_given_who_was_there_when_recorded_then_their_minutes_wait_for_confirmation(store):
    held(store, founded(store, MEMBER), MEMBER, LEADER)
    assert [(LEADER.id, 90, "CLAIMED"), (MEMBER.id, 90, "CLAIMED")] == sorted(recorded(store))


def test_given_an_action_that_was_recorded_when_recorded_again_then_nothing_counts_twice(store):
    number = founded(store, MEMBER)
    held(store, number, MEMBER)
    with pytest.raises(Conflict):
        held(store, number, MEMBER, LEADER)
    assert [(MEMBER.id, 90, "CLAIMED")] == recorded(store)


@pytest.mark.parametrize(
    ("present", "began", "ended", "field"),
    [
        (FAR_HELPER, BEGAN, ENDED, "member_ids"),
        (MEMBER, ENDED, BEGAN, "ended_at"),
        (MEMBER, BEGAN, BEGAN + timedelta(days=2), "ended_at"),
        (MEMBER, NOW - timedelta(minutes=5), NOW + timedelta(minutes=5), "ended_at"),
    ],
)
def test_given_what_cannot_have_been_when_recorded_then_the_field_says_why(store, present, began, ended, field):
    number = founded(store, MEMBER)
    with pytest.raises(Invalid) as refused:
        held(store, number, present, began=began, ended=ended)
    assert ([field], []) == (list(refused.value.details["fields"]), recorded(store))


def test_given_a_team_that_was_dissolved_when_it_would_go_on_then_it_is_refused(store):
    number = founded(store)
    do(store, "dissolve_team", CLERK, number=number)
    with pytest.raises(Conflict):
        held(store, number, LEADER)
