"""Words about people go once their term is over, no day before; a dry run says how many and clears none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from chassis.erased import GONE
from chassis.errors import Forbidden
from chassis.identity import Principal
from chassis.tables import AUDIT
from services.notify import retention
from services.notify.care_rounds import CareCall
from services.notify.tables import Message
from services.notify.wishes import Wish
from tests.unit.notify.caring import FRIDAY, SEAT, called, climbed
from tests.unit.notify.facts import SERVICE, WANG_FANG
from tests.unit.notify.wishing import CLERK, do, posted

INTAKE = Principal.service("intake")
CALLS = "关怀电话记录"


def after(**span):
    """A moment so long after the rows were written, which is by the store's own clock."""
    return datetime.now(UTC) + timedelta(**span)


def talked(store):
    number = called(store)
    do(store, "record_care_talk", SEAT, FRIDAY, number=number, news_told=True, advice="楼道灯晚点关")
    return number


def due(store, now):
    return {one["what"]: one["rows"] for one in do(store, "count_due_in_notify", INTAKE, now)["items"]}


def clear(store, now):
    with store.transaction() as session:
        retention.RETENTION.clear_due(session, SERVICE, now)


def the_call(store):
    with store.transaction() as session:
        return session.scalars(select(CareCall)).one()


def test_given_a_talk_when_its_year_is_not_over_then_nothing_is_due_and_nothing_goes(store):
    talked(store)
    soon = after(days=360)
    clear(store, soon)
    assert (0, "楼道灯晚点关") == (due(store, soon)[CALLS], the_call(store).advice)


def test_given_a_talk_when_its_year_is_over_then_the_dry_run_counts_it_and_leaves_it(store):
    talked(store)
    assert (1, "楼道灯晚点关") == (due(store, after(days=370))[CALLS], the_call(store).advice)


def test_given_a_year_that_is_over_when_cleared_twice_then_the_words_are_gone_and_the_trail_tells_it_once(store):
    number = climbed(store, "SEARCHING")
    asked = {"found": "摔倒，已送医", "first_witness": "王芳", "second_witness": "杨帆"}
    do(store, "record_search", CLERK, FRIDAY, number=number, **asked)
    for _ in range(2):
        clear(store, after(days=370))
    row = the_call(store)
    assert (None, [], "HELPED", 3) == (row.found, row.witnesses, row.state, row.tries)
    with store.transaction() as session:
        trail = session.execute(select(AUDIT.c.act, AUDIT.c.details)).all()
    assert [("retention", {"what": CALLS, "cleared": 1})] == [tuple(one) for one in trail]
    assert 0 == due(store, after(days=800))[CALLS]


def test_given_an_open_call_when_its_year_is_over_then_it_keeps_what_was_said(store):
    climbed(store, "ASKING")
    clear(store, after(days=370))
    assert "敲门没有人应" == the_call(store).found


def test_given_a_message_that_ended_when_three_years_are_over_then_its_words_go_and_waiting_ones_stay(store):
    climbed(store, "VISITING")
    with store.transaction() as session:
        session.execute(
            text("update message set state = 'FAILED' where id = (select min(id::text)::uuid from message)")
        )
    clear(store, after(days=1100))
    with store.transaction() as session:
        words = {row.state: row.body == GONE for row in session.scalars(select(Message))}
    assert {"FAILED": True, "QUEUED": False} == words


def test_given_somebody_who_is_not_intake_when_asking_for_a_dry_run_then_it_is_refused(store):
    with pytest.raises(Forbidden):
        do(store, "count_due_in_notify", WANG_FANG)


def test_given_a_wish_that_ended_when_three_years_are_over_then_nothing_tells_whose_it_was_and_open_ones_stay(store):
    ended, waits = posted(store), posted(store, content="想要一副老花镜")
    do(store, "withdraw_wish", number=ended)
    clear(store, after(days=1100))
    with store.transaction() as session:
        told = {
            row.number: (row.content == GONE, row.for_whom == GONE, row.person_key)
            for row in session.scalars(select(Wish))
        }
    assert {ended: (True, True, None), waits: (False, False, told[waits][2])} == told
