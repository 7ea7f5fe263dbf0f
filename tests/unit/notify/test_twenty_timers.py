"""633 stewards, a year of months, twenty timers at once: each missed evaluation is told exactly once."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from chassis.store import new_id
from kernel.numbers import case_number
from services.notify.rules import due
from services.notify.stewards import LIFE, Steward
from services.notify.tables import Area
from tests.support.events import said
from tests.unit.notify.facts import COMMUNITY, NOW, SERVICE

STEWARDS, MONTHS, TIMERS = 633, 12, 20


def appointed(store) -> None:
    """All stairwells with their stewards, as their appointment left them."""
    ends = due("steward.evaluation", NOW, NOW)
    rows = []
    for no in range(1, STEWARDS + 1):
        rows.append({
            "id": new_id(), "state": "ACTIVE", "place": f"{no}单元", "area_path": f"{COMMUNITY}.u{no}", "name": "肖兰",
            "masked_name": "肖*", "phone": "13900000401", "nomination": "HOUSEHOLDS", "reasons": "热心", "version": 1,
            "nominator_id": "u-clerk", "case_number": case_number("GJ", NOW.date(), "0101", no), "clock_from": NOW,
            "due_at": ends, "warn_at": None, "appointed_at": NOW,
        })  # fmt: skip
    with store.transaction() as session:
        session.merge(Area(path=COMMUNITY, code="yinhong", level="COMMUNITY", name="银虹社区", area4="0101"))
        session.execute(insert(Steward), rows)


def nobody_is_left(store, now: datetime) -> bool:
    with store.transaction() as session:
        return session.scalar(select(Steward.id).where(Steward.due_at <= now).limit(1)) is None


def tick_all(store, now: datetime) -> None:
    """Twenty timers at once, again until nobody is due."""
    together = threading.Barrier(TIMERS)

    def tick(_: int) -> None:
        together.wait()
        with store.transaction() as session:
            LIFE.end_due(session, SERVICE, now)

    with ThreadPoolExecutor(TIMERS) as timers:
        while not nobody_is_left(store, now):
            list(timers.map(tick, range(TIMERS)))


@pytest.mark.row("S4.18")
def test_given_633_stewards_when_twenty_timers_tick_for_a_year_then_each_month_of_each_is_told_once(store):
    appointed(store)
    now = NOW
    for _ in range(MONTHS):
        with store.transaction() as session:
            now = session.scalar(select(Steward.due_at).order_by(Steward.due_at.desc()).limit(1)) + timedelta(seconds=1)
        tick_all(store, now)
    with store.transaction() as session:
        told = Counter(fact["data"]["number"] for fact in said(session, "steward_evaluation_missed"))
    assert (STEWARDS, {MONTHS}) == (len(told), set(told.values()))
