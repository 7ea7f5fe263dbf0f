"""Every morning: who looked at names and telephones the day before, who stands out, and who looked into that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from chassis import audit
from chassis.errors import Forbidden, NotFound, Unavailable
from chassis.identity import Grant, Principal
from services.notify import unmask_days
from services.notify.unmask_days import LIFE, OWN_ACTS, UnmaskDay, next_day, together
from tests.support.events import names_said, said
from tests.unit.notify.facts import SERVICE, WANG_FANG, shanghai
from tests.unit.notify.wishing import do

ARROWS = {("OPEN", "review_unmask_day", "REVIEWED")}
MORNING = shanghai(9, 6)
DAY = date(2024, 7, 8)
AUDITOR = Principal("u-fanzheng", "范正", (Grant("AUDITOR", "yinchuan"),))
LISTED = Principal("u-many", "看得多", (Grant("AUDITOR", "yinchuan"),))


class Peers:
    """Intake and mediation, who count in their own trails, or do not answer."""

    def __init__(self, *counts, error=None):
        self.counts, self.error, self.asked = counts, error, []

    def __call__(self, command, asked, deadline):
        self.asked.append((command.service, asked["day"]))
        if self.error:
            raise self.error
        return {"items": list(self.counts) if command.service == "intake" else []}


def count(account, looks, at_night=0, matters=1):
    return {"account": account, "looks": looks, "at_night": at_night, "matters": matters}


def draw(store, peers=None, now=MORNING):
    unmask_days.draw_days(store, SERVICE, now, ask=peers or Peers())


def only(store):
    with store.transaction() as session:
        return session.scalars(select(UnmaskDay)).one()


def look(store, who, moment, act="reveal_care_contact", subject="G1"):
    with store.transaction() as session:
        audit.note(session, Principal(who, who), moment, act, subject, "试")


def test_given_the_life_when_compared_with_the_arrows_then_they_are_the_same():
    assert ARROWS == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


def test_given_looks_in_the_own_trail_when_drawn_then_those_of_the_day_by_people_are_counted_and_nothing_else(store):
    look(store, "u-a", shanghai(8, 0)), look(store, "u-a", shanghai(8, 23, 59), subject="G2")
    look(store, "u-a", shanghai(9, 0)), look(store, "u-a", shanghai(8, 12), act="issue_pager_token")
    look(store, "service:notify", shanghai(8, 12))
    draw(store)
    row = only(store)
    assert ("CLEAR", DAY, 2, 1, []) == (row.state, row.day, row.looks, row.accounts, row.anomalies)


def test_given_many_looks_or_looks_at_night_when_drawn_then_who_did_stands_on_the_list_with_the_reason(store):
    peers = Peers(count("u-many", 51), count("u-usual", 50, 5), count("u-night", 6, 6))
    draw(store, peers)
    row = only(store)
    assert [("u-many", ["MANY"]), ("u-night", ["AT_NIGHT"])] == [(one["account"], one["why"]) for one in row.anomalies]
    assert ("OPEN", True, [("intake", "2024-07-08"), ("mediation", "2024-07-08")]) == (
        row.state, row.due_at is not None, peers.asked,
    )  # fmt: skip


def test_given_looks_in_several_stores_when_put_together_then_they_are_of_one_account():
    assert [count("u-a", 5, 1, 3), count("u-b", 1)] == together(
        [count("u-a", 2, 1), count("u-b", 1), count("u-a", 3, 0, 2)]
    )


def test_given_a_store_that_does_not_answer_when_drawn_then_nothing_is_said_and_the_next_tick_asks_again(store):
    with pytest.raises(Unavailable):
        draw(store, Peers(error=Unavailable("intake")))
    with store.transaction() as session:
        assert [] == session.scalars(select(UnmaskDay)).all()
    draw(store)
    assert DAY == only(store).day


def test_given_the_morning_when_many_clocks_tick_then_one_day_is_drawn_and_none_before_the_hour(store):
    draw(store, now=MORNING - timedelta(minutes=1))
    assert date(2024, 7, 7) == only(store).day
    for _ in range(3):
        draw(store)
    with store.transaction() as session:
        days = session.scalars(select(UnmaskDay.day).order_by(UnmaskDay.day)).all()
    assert [date(2024, 7, 7), DAY] == days


def test_given_a_service_that_was_away_when_it_is_back_then_each_day_is_drawn_the_oldest_first(store):
    draw(store)
    later = MORNING + timedelta(days=3)
    for day in (9, 10, 11):
        with store.transaction() as session:
            assert date(2024, 7, day) == next_day(session, later)
        draw(store, now=later)
    with store.transaction() as session:
        assert next_day(session, later) is None


def test_given_a_list_when_reviewed_then_by_an_auditor_who_is_not_on_it(store):
    draw(store, Peers(count("u-many", 51)))
    number = only(store).case_number
    with pytest.raises(Forbidden):
        do(store, "review_unmask_day", LISTED, number=number, verdict="没事")
    with pytest.raises(NotFound):
        do(store, "get_unmask_day", WANG_FANG, number=number)
    done = do(store, "review_unmask_day", AUDITOR, number=number, verdict="回访登记，工作需要")
    assert ("REVIEWED", "u-fanzheng", None) == (done["state"], done["reviewer"]["id"], done["due_at"])
    with store.transaction() as session:
        assert ["unmask_day_drawn", "unmask_day_reviewed"] == names_said(session)
        assert "工作需要" not in str(said(session))


def test_given_the_language_when_read_then_all_that_is_revealed_here_is_counted():
    assert {"reveal_care_contact", "reveal_pager_contact", "reveal_steward_contact", "print_letter"} <= OWN_ACTS
