"""Supervision ordered by the level over the unit, answered, returned, decided, lifted."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from capability.holdings import Subject, erase
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.dispatch.whistles import CancelWhistle
from services.dispatch import supervisions, whistles
from services.dispatch.department_tables import DepartmentMessage
from services.dispatch.holdings import HOLDINGS
from services.dispatch.supervision_tables import SupervisionReply
from services.dispatch.tables import Task, Whistle
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.supervised import BOTH_SIDES, blown, do, facts, issued
from tests.unit.dispatch.world import (
    HEAD,
    HEWENBIN,
    LIUWEI,
    NOW,
    OTHER_STREET,
    UNLISTED,
    WANGFANG,
    YANGFAN,
    ZHOUMIN,
    later,
)

ARROWS = """ISSUED reply_supervision REPLIED | REPLIED accept_supervision ACCEPTED | REPLIED return_supervision ISSUED
| ISSUED lift_supervision LIFTED | REPLIED lift_supervision LIFTED | ISSUED moot LIFTED | REPLIED moot LIFTED"""


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for arrow in ARROWS.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in supervisions.LIFE.arrows()}


# ordered by people


@pytest.mark.parametrize(
    ("who", "unit", "level"),
    [(LIUWEI, "sifasuo", "STREET"), (ZHOUMIN, "sifasuo", "DISTRICT"), (ZHOUMIN, "chengguan", "DISTRICT")],
)
def test_given_the_street_or_the_district_when_it_orders_then_it_is_the_order_s_level(store, who, unit, level):
    found = do(store, "issue_supervision", who, whistle=blown(store, units=[unit]), unit=unit)
    assert ("ISSUED", level, "2024-07-10T16:00:00Z") == (found["state"], found["level"], found["due_at"])


@pytest.mark.parametrize(
    ("who", "unit", "error"),
    [
        (LIUWEI, "chengguan", Forbidden),
        (WANGFANG, "sifasuo", Forbidden),
        (HEWENBIN, "sifasuo", Forbidden),
        (BOTH_SIDES, "sifasuo", Forbidden),
        (OTHER_STREET, "sifasuo", NotFound),
    ],
)
def test_given_who_is_not_over_the_unit_when_ordering_then_it_is_refused(store, who, unit, error):
    with pytest.raises(error):
        do(store, "issue_supervision", who, whistle=blown(store, units=[unit]), unit=unit)


def test_given_wrong_input_when_ordering_then_each_has_its_named_error(store):
    whistle = blown(store)
    for asked, error in (
        ({"unit": "paichusuo"}, Invalid), ({"cause": "OVERDUE"}, Invalid),
        ({"whistle": "W202407050101000012"}, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            do(store, "issue_supervision", **{"whistle": whistle, **asked})


def test_given_an_open_order_when_the_same_cause_is_ordered_again_then_the_conflict_names_it(store):
    whistle = blown(store)
    number = issued(store, whistle=whistle)
    with pytest.raises(Conflict) as refused:
        issued(store, whistle=whistle)
    assert number == refused.value.details["number"]


def test_given_two_of_the_street_who_order_at_once_then_one_order_stands(store):
    whistle = blown(store)

    def once(who):
        try:
            return bool(issued(store, who, whistle))
        except Conflict:
            return "CONFLICT"

    with ThreadPoolExecutor(2) as both:
        assert {True, "CONFLICT"} == set(both.map(once, (LIUWEI, ZHOUMIN)))


def test_given_an_order_when_told_then_the_case_s_timeline_and_the_unit_s_program_hear_of_it(store):
    number = issued(store)
    (on_case,) = facts(store, "whistle_task_supervised")
    with store.transaction() as session:
        fact = said(session, "whistle_task_supervised")[0]
        bodies = [json.loads(body)["data"] for body in session.scalars(select(DepartmentMessage.body))]
        (changed,) = [body for body in bodies if body.get("change") == "SUPERVISED"]
        note = session.scalars(select(Task)).one().notes[-1].text
    assert (world.APPEAL_NO, number) == (fact["casenumber"], on_case["order"])
    assert f"督办单{number}，7月10日（周三）24:00前回复：限期到场" == note == changed["reason"]


# answered and decided


@pytest.mark.parametrize("who", [HEWENBIN, HEAD])
def test_given_the_unit_s_receiver_or_head_when_answering_then_it_waits_for_the_level_and_lies_sealed(store, who):
    number = issued(store)
    found = do(store, "reply_supervision", who, number=number)
    (fact,) = facts(store, "supervision_answered")
    with store.transaction() as session:
        raw = session.connection().exec_driver_sql("select text from supervision_reply").scalar_one()
    assert ("REPLIED", True, LIUWEI.id) == (found["state"], fact["in_time"], fact["issued_by"]["id"])
    assert (False, False) == ("陈阿姨" in str(fact), "陈阿姨".encode() in bytes(raw))


@pytest.mark.parametrize(
    ("who", "error"), [(YANGFAN, NotFound), (WANGFANG, Forbidden), (LIUWEI, Forbidden), (UNLISTED, Forbidden)]
)
def test_given_others_when_answering_then_it_is_refused(store, who, error):
    with pytest.raises(error):
        do(store, "reply_supervision", who, number=issued(store))


@pytest.mark.parametrize("method", ["accept_supervision", "return_supervision", "lift_supervision"])
@pytest.mark.parametrize("who", [HEWENBIN, HEAD, BOTH_SIDES, WANGFANG])
def test_given_whoever_is_supervised_or_below_when_deciding_then_it_is_forbidden(store, method, who):
    number = issued(store)
    do(store, "reply_supervision", number=number)
    with pytest.raises(Forbidden):
        do(store, method, who, number=number)


def test_given_an_answer_when_returned_then_a_new_limit_begins_and_the_old_answer_stays_beside(store):
    number = issued(store)
    do(store, "reply_supervision", number=number)
    found = do(store, "return_supervision", number=number, now=later(days=3))
    do(store, "reply_supervision", number=number, now=later(days=3))
    ended = do(store, "accept_supervision", number=number, now=later(days=4))
    answers = [(each["no"], each["returned"], each["decided_by"]["name"]) for each in ended["replies"]]
    assert ("ISSUED", 1, "2024-07-11T16:00:00Z") == (found["state"], found["returns"], found["due_at"])
    assert ("ACCEPTED", [(1, "没有附现场照片", "刘伟"), (2, None, "刘伟")]) == (ended["state"], answers)
    (last,) = facts(store, "whistle_task_supervision_ended")
    assert ("ACCEPTED", number) == (last["result"], last["order"])


def test_given_the_return_that_policy_counts_when_made_then_the_district_has_it_and_the_street_no_more(store):
    number = issued(store)
    for times in (1, 2):
        do(store, "reply_supervision", number=number)
        found = do(store, "return_supervision", number=number)
        assert ("STREET", "DISTRICT")[times - 1] == found["level"]
    do(store, "reply_supervision", number=number)
    with pytest.raises(Forbidden):
        do(store, "accept_supervision", number=number)
    assert "ACCEPTED" == do(store, "accept_supervision", ZHOUMIN, number=number)["state"]
    assert [2] == [fact["returns"] for fact in facts(store, "supervision_raised")]


def test_given_two_who_decide_at_once_then_one_decision_stands(store):
    number = issued(store)
    version = do(store, "reply_supervision", number=number)["version"]

    def once(method):
        try:
            return do(store, method, number=number, expected_version=version)["state"]
        except Conflict:
            return "CONFLICT"

    with ThreadPoolExecutor(2) as both:
        states = list(both.map(once, ("accept_supervision", "return_supervision")))
    assert 1 == states.count("CONFLICT")
    assert 1 == len(facts(store, "supervision_accepted", "supervision_returned"))


@pytest.mark.parametrize("how", ["cancelled", "reassigned", "excused"])
def test_given_a_task_asked_of_the_unit_no_more_when_it_is_so_then_its_order_is_lifted(store, how):
    whistle = blown(store)
    number = issued(store, whistle=whistle)
    with store.transaction() as session:
        task = {"id": session.scalars(select(Task.id)).one()}
        if how == "cancelled":
            cancel(session, whistle)
        elif how == "excused":
            world.waive(session, task, LIUWEI, "NOT_ATTENDED_EXCUSED")
        else:
            world.objecting(session, task)
            world.decide(session, task, "UPHELD", new_unit="paichusuo")
    found = do(store, "get_supervision", number=number)
    assert ("LIFTED", None, None) == (found["state"], found["decided_by"], found["due_at"])


def cancel(session, whistle):
    row = {"id": session.scalars(select(Whistle.id).where(Whistle.number == whistle)).one()}
    whistles.cancel(session, LIUWEI, world.command(CancelWhistle, row, reason_code="MISTAKE", reason="误发"), NOW)


def test_given_an_excused_task_when_ordered_then_it_is_a_conflict(store):
    whistle = blown(store)
    with store.transaction() as session:
        world.waive(session, {"id": session.scalars(select(Task.id)).one()}, LIUWEI, "NOT_ATTENDED_EXCUSED")
    with pytest.raises(Conflict):
        issued(store, whistle=whistle)


def test_given_an_erased_person_when_the_order_has_ended_then_its_words_go(store):
    number = issued(store)
    do(store, "reply_supervision", number=number)
    subject = Subject(frozenset(), numbers=(world.APPEAL_NO,))
    with store.transaction() as session:
        erase(session, HOLDINGS, subject, NOW)
    assert "限期到场" == do(store, "get_supervision", number=number)["demand"]
    do(store, "accept_supervision", number=number)
    with store.transaction() as session:
        erase(session, HOLDINGS, subject, NOW)
        assert None is session.scalars(select(SupervisionReply)).one().text
    assert "限期到场" != do(store, "get_supervision", number=number)["demand"]
