"""Who, for this place, this matter, this minute, and why (A18)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Conflict, Invalid
from contracts.intake.responsible import ResolveResponsible, ResponsibleView
from services.intake import posts, responsible
from services.intake.tables import Post, PostHolder
from tests.unit.intake.world import (
    CHEN,
    COMMUNITY,
    ELSEWHERE,
    LISHAN,
    LIU,
    MA,
    NIGHT,
    NOW,
    STAIRWELL,
    STREET,
    WANG,
    ZHANG,
    do,
    facts_of,
    register,
)

DAY_OFF = datetime(2026, 2, 16, 2, 0, tzinfo=UTC)
"""A Monday in the Spring Festival, 10:00 in Yinchuan."""
MADE_UP = datetime(2026, 2, 14, 2, 0, tzinfo=UTC)
"""A Saturday that is a working day."""


@pytest.fixture
def street(store):
    """A street with a desk on working days and a roster on others."""
    with store.transaction() as session:
        for duty, name, hours, who in (
            ("STREET_DESK", "街道值班台", "WORKDAYS 08:30-18:00", LIU),
            ("STREET_OFF_HOURS", "街道假日值班", "OFF_HOURS", ZHANG),
        ):
            post = Post(area_path=STREET, duty=duty, name=name, unit="lijingjie", hours=hours)
            session.add(post)
            session.flush()
            since = datetime(2000, 1, 1, tzinfo=UTC)
            held = {"person_id": who.id, "person_name": who.name, "valid_from": since}
            session.add(PostHolder(post_id=post.id, rank="A", **held))
    posts.forget()
    return store


def away(store, *people, until=NOW + timedelta(days=1)):
    with store.transaction() as session:
        for who in people:
            posts.record_leave(session, who.id, NOW - timedelta(days=1), until, "test")


def asked(store, at=NOW, place=STAIRWELL, category=None):
    more = {"area_path": place, "at": at.isoformat(), "category": category}
    return ResponsibleView().dump(do(store, responsible.answer, ResolveResponsible, LISHAN, **more))


def said(view):
    return view["person"]["name"], view["reason_code"], view["reason"]


def test_given_working_hours_when_asked_then_the_holder_is_there(store):
    assert ("李珊", "HOLDER", "李珊是GRID的A岗，现在在岗。") == said(asked(store))


@pytest.mark.row("S1.4")
def test_given_the_holder_on_leave_when_asked_then_the_deputy_and_until_when(store):
    away(store, LISHAN)
    assert ("马慧兰", "STANDS_IN", "李珊请假到7月6日（周六）09:00，由GRID的B岗马慧兰顶岗。") == said(asked(store))


@pytest.mark.row("S1.4")
def test_given_both_on_leave_when_asked_then_the_supervisor_and_who_is_away(store):
    away(store, LISHAN, MA)
    name, code, reason = said(asked(store))
    assert ("王芳", "SUPERVISOR", True, True) == (name, code, "李珊请假到" in reason, "马慧兰请假到" in reason)


def test_given_saturday_night_when_asked_then_the_duty_roster_and_the_day(store):
    expected = "2024年7月6日（放假，23:10），GRID不在班，由COMMUNITY_OFF_HOURS张静负责。"
    assert ("张静", "ROSTER", expected) == said(asked(store, NIGHT))


@pytest.mark.row("S1.6")
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (MADE_UP, ("刘伟", "HOLDER", "刘伟是街道值班台的A岗，现在在岗。")),
        (DAY_OFF, ("张静", "ROSTER", "2026年2月16日（春节，放假，10:00），街道值班台不在班，由街道假日值班张静负责。")),
    ],
    ids=["working Saturday", "holiday"],
)
def test_given_the_spring_festival_when_asked_then_by_the_notice_and_not_by_the_week(street, at, expected):
    assert expected == said(asked(street, at, STREET))


@pytest.mark.row("S1.6")
def test_given_a_roster_for_a_day_when_asked_then_who_is_listed_comes_before_the_post_itself(street):
    with street.transaction() as session:
        post = session.query(Post).filter_by(duty="STREET_OFF_HOURS").one()
        held = {"valid_from": DAY_OFF - timedelta(hours=10), "valid_to": DAY_OFF + timedelta(hours=14)}
        session.add(PostHolder(post_id=post.id, rank="R", person_id=WANG.id, person_name=WANG.name, **held))
    posts.forget()
    name, code, reason = said(asked(street, DAY_OFF, STREET))
    assert ("王芳", "ROSTER", True) == (name, code, reason.endswith("值班表排的是本人。"))
    assert "张静" == said(asked(street, DAY_OFF + timedelta(days=1), STREET))[0]


def test_given_a_matter_when_asked_then_who_usually_leads_it_is_named(store):
    assert None is asked(store, category="other.advice")["lead_unit"]
    with pytest.raises(Invalid):
        asked(store, category="no.such.thing")


def test_given_a_place_without_posts_when_asked_then_the_gap_is_a_conflict(store):
    with pytest.raises(Conflict):
        asked(store, place=ELSEWHERE)


@pytest.mark.row("S1.4")
def test_given_an_empty_post_when_a_case_comes_in_then_the_supervisor_has_it_and_an_alarm_is_said(store):
    away(store, LISHAN, MA)
    view = register(store, CHEN)
    (fact,) = facts_of(store, "post_left_empty")
    assert (WANG.id, WANG.id, "GRID") == (
        view["first_responder"]["id"], fact["data"]["taken_by"]["id"], fact["data"]["post"],
    )  # fmt: skip


def test_given_a_post_that_is_held_when_a_case_comes_in_then_no_alarm_is_said(store):
    register(store, CHEN)
    assert [] == facts_of(store, "post_left_empty")


def test_given_a_place_of_the_community_when_asked_then_its_own_post_answers(store):
    assert "王芳" == said(asked(store, place=COMMUNITY))[0]
