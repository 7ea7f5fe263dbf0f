"""An appeal against a rating: once, in time, decided by somebody else; what was given stays beside."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from chassis.errors import Conflict, Forbidden, Invalid, ServiceError
from contracts.dispatch.rating_appeals import AppealRating, DecideRatingAppeal
from services.dispatch import rating_appeals
from services.dispatch.department_tables import DepartmentMessage
from tests.support.events import said
from tests.unit.dispatch import world
from tests.unit.dispatch.world import HEAD, HEWENBIN, LIUWEI, NOW, POINTS, WANGFANG, YANGFAN, ZHOUMIN, do, later

ANEW = {"timeliness": 20, "attendance": 20, "effect": 40, "cooperation": 20}
UPHELD = {"decision": "UPHELD", "reason": "签到表核实无误", **ANEW}


def rated(session, rater=WANGFANG):
    task = world.finished(session, world.blown(session, units=["sifasuo"]))
    world.confirm(session, task)
    return world.rate(session, task, rater, effect=6)


def appeal(session, task, who=HEWENBIN, now=NOW):
    asked = world.command(AppealRating, task, reason="已按时到会，签到表为证")
    return do(rating_appeals.appeal, session, who, asked, now)


def decide(session, task, who=LIUWEI, **more):
    asked = world.command(DecideRatingAppeal, task, **{**UPHELD, **more})
    return do(rating_appeals.decide, session, who, asked, NOW)


@pytest.mark.row("S4.9")
@pytest.mark.parametrize(("decision", "total"), [("UPHELD", 100), ("REJECTED", sum(POINTS.values()) - 30)])
def test_given_an_appeal_when_decided_then_these_points_count_and_the_old_ones_stay_beside(session, decision, total):
    task = appeal(session, rated(session))
    found = decide(session, task, decision=decision)
    told = said(session, "whistle_task_rating_appeal_decided")[0]["data"]
    before = found["rating_appeal"].total_before
    assert (total, 64, total, 64) == (found["rating"].total, before, told["total"], told["before"])


@pytest.mark.parametrize("who", [HEWENBIN, HEAD])
def test_given_the_unit_s_receiver_or_head_when_appealing_then_the_rating_stands_meanwhile(session, who):
    found = appeal(session, rated(session), who)
    assert (64, None) == (found["rating"].total, found["rating_appeal"].decision)


@pytest.mark.parametrize("who", [WANGFANG, LIUWEI])
def test_given_others_when_appealing_then_it_is_forbidden(session, who):
    with pytest.raises(Forbidden):
        appeal(session, rated(session), who)


def test_given_the_street_that_rated_when_it_decides_then_it_is_forbidden_and_the_district_may(session):
    task = appeal(session, rated(session, LIUWEI))
    with pytest.raises(Forbidden):
        decide(session, task, LIUWEI)
    assert 100 == decide(session, task, ZHOUMIN)["rating"].total


@pytest.mark.parametrize("who", [WANGFANG, HEWENBIN])
def test_given_somebody_below_the_street_when_deciding_then_it_is_forbidden(session, who):
    task = appeal(session, rated(session))
    with pytest.raises(Forbidden):
        decide(session, task, who)


def test_given_an_appeal_when_made_again_or_too_late_then_it_is_a_conflict(session):
    task = rated(session)
    with pytest.raises(Conflict):
        appeal(session, task, now=later(days=8))
    appeal(session, task)
    with pytest.raises(Conflict):
        appeal(session, task)


def test_given_no_appeal_or_a_decided_one_when_deciding_then_it_is_a_conflict(session):
    task = rated(session)
    with pytest.raises(Conflict):
        decide(session, task)
    appeal(session, task)
    decide(session, task)
    with pytest.raises(Conflict):
        decide(session, task)


def test_given_an_appeal_upheld_without_points_when_deciding_then_each_item_is_named(session):
    task = appeal(session, rated(session))
    with pytest.raises(Invalid) as error:
        decide(session, task, **dict.fromkeys(ANEW))
    assert sorted(ANEW) == sorted(error.value.details["fields"])


def test_given_another_unit_s_receiver_when_appealing_then_there_is_no_such_task(session):
    with pytest.raises(ServiceError):
        appeal(session, rated(session), YANGFAN)


def test_given_a_decision_when_the_unit_s_program_asks_then_it_hears_the_points_that_count(session):
    decide(session, appeal(session, rated(session)))
    bodies = map(json.loads, session.scalars(select(DepartmentMessage.body).order_by(DepartmentMessage.id)))
    last = [body["data"] for body in bodies if body["data"].get("change")][-1]
    assert ("RATING_APPEAL_DECIDED", 100, "RATED") == (last["change"], last["points"], last["state"])


def test_given_two_who_decide_at_once_then_one_decision_stands(store):
    with store.transaction() as session:
        task = appeal(session, rated(session))

    def once(who):
        try:
            with store.transaction() as session:
                return decide(session, task, who)["rating"].total
        except Conflict:
            return "CONFLICT"

    with ThreadPoolExecutor(2) as both:
        found = list(both.map(once, (LIUWEI, ZHOUMIN)))
    assert ["100", "CONFLICT"] == sorted(map(str, found))
