"""Every place always has somebody who answers for it (A18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.errors import Conflict, Invalid
from contracts.intake.places import AreaPage, PostView
from kernel.calendar import is_open
from services.intake import areas, posts
from services.intake.areas import area4_of
from services.intake.policy import calendar
from services.intake.reference import ALWAYS
from services.intake.tables import Post, PostHolder
from tests.unit.intake.world import (
    CHEN,
    COMMUNITY,
    ELSEWHERE,
    GRID,
    LISHAN,
    LIU,
    MA,
    NIGHT,
    NOW,
    STAIRWELL,
    STREET,
    WANG,
    ZHANG,
    register,
)


def away(store, *people, start=NOW - timedelta(days=1), until=NOW + timedelta(days=1)):
    with store.transaction() as session:
        for who in people:
            posts.record_leave(session, who.id, start, until, "test")


def on_duty(store, at=NOW, place=STAIRWELL):
    with store.transaction() as session:
        return posts.on_duty(session, place, at).name


def test_given_working_hours_when_asked_then_the_holder_of_the_nearest_post_answers(store):
    assert "李珊" == on_duty(store)


@pytest.mark.row("S1.4")
def test_given_the_holder_on_leave_when_asked_then_the_deputy_answers(store):
    away(store, LISHAN)
    assert "马慧兰" == on_duty(store)


@pytest.mark.row("S1.4")
def test_given_both_on_leave_when_asked_then_the_supervisor_answers(store):
    away(store, LISHAN, MA)
    assert "王芳" == on_duty(store)


@pytest.mark.row("S1.6")
def test_given_saturday_night_when_asked_then_the_duty_roster_answers(store):
    assert "张静" == on_duty(store, NIGHT)


def test_given_saturday_night_and_the_roster_on_leave_when_asked_then_its_deputy_answers(store):
    away(store, ZHANG, until=NIGHT + timedelta(days=1))
    assert "王芳" == on_duty(store, NIGHT)


def test_given_the_end_of_a_leave_when_asked_then_the_holder_is_back(store):
    away(store, LISHAN)
    assert "李珊" == on_duty(store, NOW + timedelta(days=1))


def test_given_a_holder_on_leave_when_the_community_registers_then_the_case_goes_to_the_deputy(store):
    away(store, LISHAN)
    assert MA.id == register(store, WANG)["handler"]["id"]


def test_given_a_place_when_its_post_is_resolved_then_both_holders_and_the_one_on_duty_are_named(store):
    with store.transaction() as session:
        view = PostView().dump(posts.resolve(session, None, {"area_path": STAIRWELL, "at": NIGHT}, NOW))
    assert (GRID, "yinhong", "李珊", "马慧兰", "张静") == (
        view["area_path"],
        view["unit"],
        view["holder"]["name"],
        view["deputy"]["name"],
        view["on_duty"]["name"],
    )


def test_given_a_place_without_posts_when_resolved_then_the_gap_is_a_conflict(store):
    with store.transaction() as session, pytest.raises(Conflict):
        posts.resolve(session, None, {"area_path": ELSEWHERE, "at": None}, NOW)


def test_given_an_unknown_place_when_resolved_then_it_is_invalid(store):
    with store.transaction() as session, pytest.raises(Invalid):
        posts.resolve(session, None, {"area_path": f"{STREET}.nowhere", "at": NOW}, NOW)


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        ("ALWAYS", NIGHT, True),
        ("DAILY 08:30-19:00", NOW, True),
        ("DAILY 08:30-19:00", NIGHT, False),
        ("WORKDAYS 08:30-18:00", NOW, True),
        ("WORKDAYS 08:30-18:00", NOW + timedelta(days=1), False),
        ("OFF_HOURS", NIGHT, False),
        ("sometimes", NOW, False),
        ("DAILY 20:00-08:00", NIGHT, True),
        ("DAILY 20:00-08:00", NIGHT + timedelta(hours=3), True),
        ("DAILY 20:00-08:00", NOW, False),
        ("WORKDAYS 20:00-08:00", NIGHT, False),
        ("WORKDAYS 20:00-08:00", NOW + timedelta(hours=14), True),
        ("WORKDAYS 20:00-08:00", NOW + timedelta(hours=22), True),
        ("WORKDAYS 20:00-08:00", NOW + timedelta(hours=23), False),
    ],
)
@pytest.mark.rule("15")
def test_given_hours_when_asked_then_they_say_whether_somebody_is_there(hours, at, expected):
    assert expected == is_open(hours, at, calendar(at))


def test_given_areas_when_listed_then_children_come_with_parent_and_roots_without(store):
    with store.transaction() as session:
        below = AreaPage().dump(areas.children(session, None, {"parent": STREET}, NOW))["items"]
        roots = areas.children(session, None, {"parent": None}, NOW)["items"]
    assert [(ELSEWHERE, STREET), (COMMUNITY, STREET)] == [(item["path"], item["parent"]) for item in below]
    assert ["yinchuan"] == [item["path"] for item in roots]


def test_given_an_area_without_digits_when_numbered_then_those_of_the_nearest_above_count():
    chain = [("a", "0001"), ("a.b", "0100"), ("a.b.c", None)]
    assert ("0100", "0001") == (area4_of(chain, "a.b.c"), area4_of(chain, "a.x"))


def test_given_no_digits_anywhere_when_numbered_then_four_are_derived_and_stay():
    derived = area4_of([], "a.b")
    assert (4, True, derived) == (len(derived), derived.isdigit(), area4_of([], "a.b"))


@pytest.mark.rule("15")
def test_given_a_city_without_a_post_when_a_resident_reports_then_the_district_centre_is_the_first_responder(store):
    with store.transaction() as session:
        post = Post(area_path="yinchuan.xingqing", duty="DESK", name="区指挥中心", unit="zhihui", hours="ALWAYS")
        session.add(post)
        session.flush()
        session.add(PostHolder(post_id=post.id, rank="A", person_id=LIU.id, person_name=LIU.name, valid_from=ALWAYS))
    case = register(store, CHEN, area_path="yinchuan")
    assert (LIU.name, "0000") == (case["first_responder"]["name"], case["case_number"][9:13])


@pytest.mark.rule("15")
def test_given_a_city_with_posts_far_below_when_a_resident_reports_then_the_nearest_of_them_answers(store):
    assert "王芳" == register(store, CHEN, area_path="yinchuan")["first_responder"]["name"]
