"""Supervision: ordered by the level over the unit or by the platform, answered, returned, decided; once a cycle."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from capability.holdings import Subject, erase
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.dispatch.whistles import CancelWhistle
from services.dispatch import escalation, supervising, supervisions, whistles
from services.dispatch.department_tables import DepartmentMessage
from services.dispatch.holdings import HOLDINGS
from services.dispatch.supervision_tables import Supervision, SupervisionReply
from services.dispatch.tables import Task, Whistle
from tests.support.events import said
from tests.unit.dispatch import test_rating_appeals as appealing
from tests.unit.dispatch import turning_out, world
from tests.unit.dispatch.supervised import BOTH_SIDES, BUREAU_CHIEF, TIMER, blown, do, issued, tick
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
JULY = {"area_path": world.STREET_PATH, "month": "2024-07"}
WEEK = timedelta(days=7)


def facts(store, *names):
    with store.transaction() as session:
        return [each["data"] for name in names for each in said(session, name)]


def orders(store):
    with store.transaction() as session:
        rows = session.scalars(select(Supervision).order_by(Supervision.case_number))
        return [(row.cause, row.cycle, row.level, row.issued_by) for row in rows]


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
    assert ("REPLIED", True, LIUWEI.id, False, False) == (
        found["state"], fact["in_time"], fact["issued_by"]["id"], "陈阿姨" in str(fact), "陈阿姨".encode() in bytes(raw),
    )  # fmt: skip


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


# ordered by the platform


def late_to_the_top(store, **changes):
    whistle = blown(store, asked_time="2025-07-05T01:00:00Z", **changes)
    tick(store, escalation.raise_due, later(hours=3))
    return whistle


@pytest.mark.row("S2.18")
def test_given_the_top_of_the_ladder_when_reached_then_an_order_is_issued_and_told_once(store):
    late_to_the_top(store)
    for hours in (3, 4, 40):
        tick(store, escalation.raise_due, later(hours=hours))
    told = facts(store, "supervision_ordered")
    assert ([("OVERDUE", "SIGN", "STREET", None)], 1) == (orders(store), len(told))


def test_given_twenty_replicas_of_the_timer_when_they_run_at_once_then_each_order_is_told_once(store):
    for _ in range(4):
        blown(store, asked_time="2025-07-05T01:00:00Z")
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: tick(store, escalation.raise_due, later(hours=3)), range(20)))
    tick(store, escalation.raise_due, later(hours=3))
    assert (4, 4) == (len(orders(store)), len(facts(store, "supervision_ordered")))


def test_given_an_order_by_hand_when_the_top_is_reached_then_there_is_no_second_for_the_same_cause(store):
    whistle = blown(store, asked_time="2025-07-05T01:00:00Z")
    tick(store, escalation.raise_due, later(minutes=61))
    issued(store, whistle=whistle, cause="OVERDUE", now=later(minutes=62))
    tick(store, escalation.raise_due, later(hours=3))
    assert ["HAND1"] == [cycle for _, cycle, _, _ in orders(store)]


def test_given_an_ended_order_when_another_stage_is_late_to_the_top_then_it_is_another_cycle(store):
    late_to_the_top(store)
    (number,) = [fact["number"] for fact in facts(store, "supervision_ordered")]
    do(store, "reply_supervision", number=number, now=later(hours=4))
    do(store, "accept_supervision", number=number, now=later(hours=5))
    tick(store, escalation.raise_due, later(days=900))
    assert ["SIGN", "REPORT"] == [cycle for _, cycle, _, _ in orders(store)]


def test_given_a_volunteers_team_when_it_is_late_then_nobody_supervises_it(store):
    turning_out.furnish(store)
    turning_out.blown(store)
    tick(store, escalation.raise_due, later(days=30))
    assert [] == orders(store)


def rated(store, **points):
    with store.transaction() as session:
        task = world.finished(session, world.blown(session, units=["sifasuo"]))
        world.confirm(session, task)
        return world.rate(session, task, **points)


LOW = {"effect": 0}
"""58 of 100."""


def test_given_a_low_rating_when_nobody_appealed_in_time_then_an_order_is_issued_once(store):
    rated(store, **LOW)
    counts = [tick(store, supervising.settle_ratings, later(days=days)) for days in (1, 6, 8, 9)]
    assert ([0, 0, 1, 0], [("DISSATISFIED", "RATED", "STREET", None)]) == (counts, orders(store))


def test_given_a_rating_that_is_good_enough_when_time_goes_on_then_nothing_is_ordered(store):
    rated(store, effect=2)
    tick(store, supervising.settle_ratings, later(days=30))
    assert [] == orders(store)


@pytest.mark.parametrize(("decision", "count"), [("UPHELD", 0), ("REJECTED", 1)])
def test_given_an_appeal_when_decided_then_only_a_rating_that_stands_is_followed_by_an_order(store, decision, count):
    task = rated(store, **LOW)
    with store.transaction() as session:
        appealing.appeal(session, task)
    tick(store, supervising.settle_ratings, later(days=30))
    assert [] == orders(store)
    with store.transaction() as session:
        appealing.decide(session, task, decision=decision)
    tick(store, supervising.settle_ratings, later(days=30))
    assert count == len(orders(store))


def test_given_twenty_replicas_when_low_ratings_stand_then_each_order_is_told_once(store):
    for _ in range(3):
        rated(store, **LOW)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: tick(store, supervising.settle_ratings, later(days=9)), range(20)))
    assert (3, 3) == (len(orders(store)), len(facts(store, "supervision_ordered")))


def test_given_the_third_rejection_when_made_then_the_district_s_word_is_followed_by_an_order(store):
    with store.transaction() as session:
        task = world.finished(session, world.blown(session, units=["sifasuo"]))
        for times in range(3):
            world.reject(session, task)
            if times < 2:
                world.finish(session, task)
    assert [("DISSATISFIED", "REJECTED", "STREET", None)] == orders(store)


def test_given_the_same_unit_called_for_one_matter_again_and_again_when_policy_s_time_comes_then_it_is_ordered(store):
    matter = world.source()
    with store.transaction() as session:
        for _ in range(3):
            assert [] == said(session, "supervision_ordered")
            world.finished(session, world.blown(session, units=["sifasuo"], source=matter))
        world.blown(session, units=["sifasuo"])
    assert [("REPEATED", "3", "STREET", None)] == orders(store)


# its own clock


def test_given_an_order_when_half_and_four_fifths_have_passed_then_the_unit_is_warned_once_each(store):
    issued(store)
    for hours in (67, 68, 69, 109, 110):
        tick(store, supervisions.LIFE.warn, later(hours=hours))
    with store.transaction() as session:
        told = [(each["data"]["percent"], each["waits"]) for each in said(session, "dispatch_deadline_approaching")]
    assert [(50, "unit:sifasuo"), (80, "unit:sifasuo")] == told


def raised(store):
    return [(fact["stage"], fact["told"], fact["cycle"]) for fact in facts(store, "supervision_overdue")]


def test_given_no_answer_when_the_limit_has_passed_then_each_level_hears_once_a_cycle(store):
    number = issued(store)
    for days in (5, 6, 7, 8, 30):
        tick(store, supervising.raise_supervisions, later(days=days))
    first = [("REPLY", "DEPT_HEAD", 1), ("REPLY", "STREET", 1), ("REPLY", "DISTRICT", 1)]
    assert first == raised(store)
    do(store, "reply_supervision", number=number, now=later(days=31))
    do(store, "return_supervision", number=number, now=later(days=31))
    tick(store, supervising.raise_supervisions, later(days=60))
    assert [*first, *((stage, told, 2) for stage, told, _ in first)] == raised(store)


def test_given_an_order_of_the_district_undecided_when_late_then_the_district_alone_hears(store):
    number = issued(store, ZHOUMIN)
    do(store, "reply_supervision", number=number)
    tick(store, supervising.raise_supervisions, later(days=30))
    assert [("DECISION", "DISTRICT", 1)] == raised(store)


def test_given_twenty_replicas_when_orders_are_late_then_each_level_hears_once(store):
    for _ in range(5):
        issued(store)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: tick(store, supervising.raise_supervisions, later(days=30)), range(20)))
    assert (15, 5) == (len(raised(store)), raised(store).count(("REPLY", "DISTRICT", 1)))


# figures


def test_given_orders_when_counted_then_the_shares_are_of_the_rows_they_open(store):
    in_time, late, lifted = issued(store), issued(store), issued(store)
    do(store, "reply_supervision", number=in_time)
    do(store, "accept_supervision", number=in_time)
    do(store, "reply_supervision", number=late, now=NOW + WEEK)
    do(store, "lift_supervision", number=lifted)
    found = do(store, "report_supervisions", **JULY, now=NOW + WEEK)["figures"]
    told = {each["name"]: (each["part"], each["whole"], each["value"]) for each in found}
    assert ((1, 2, "50.0%"), (1, 2, "50.0%"), (0, 0, "无数据"), (1, 2, "50.0%")) == (
        told["按时回复率·全部"], told["按时回复率·领导交办或其他"], told["按时回复率·超期"], told["督办办结率·sifasuo"],
    )  # fmt: skip
    rows = do(store, "list_counted_supervisions", **JULY, measure="IN_TIME", cause="OTHER", unit="sifasuo")["items"]
    assert [(in_time, True), (late, False)] == [(row["number"], row["counts"]) for row in rows]


def test_given_an_order_neither_answered_nor_late_when_counted_then_there_is_no_data_and_not_none_in_a_hundred(store):
    issued(store)
    (first, *_) = do(store, "report_supervisions", **JULY)["figures"]
    assert ("无数据", 0) == (first["value"], first["whole"])


@pytest.mark.parametrize("who", [WANGFANG, HEWENBIN, BUREAU_CHIEF])
def test_given_whoever_is_counted_when_asking_for_figures_then_it_is_forbidden(store, who):
    with pytest.raises(Forbidden):
        do(store, "report_supervisions", who, **JULY)


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


def test_given_a_tick_when_its_commit_fails_then_the_next_one_tells_all_the_same(store):
    blown(store, asked_time="2025-07-05T01:00:00Z")
    with pytest.raises(ZeroDivisionError), store.transaction() as session:
        escalation.raise_due(session, TIMER, later(hours=3))
        raise ZeroDivisionError
    tick(store, escalation.raise_due, later(hours=3))
    assert (1, 1) == (len(orders(store)), len(facts(store, "supervision_ordered")))
