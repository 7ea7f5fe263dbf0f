"""A difficulty heard on a care call is an appeal of whoever heard it; its words stay where they were said."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contracts.notify.care_rounds import CareNeedFound
from services.intake import care_needs
from services.intake.tables import Appeal
from tests.support.delivering import deliver
from tests.support.events import hear
from tests.unit.intake.world import NOW, STAIRWELL, WANG

pytestmark = pytest.mark.row("S1.31")


def found(store, times=1, **data):
    by = {"id": WANG.id, "name": WANG.name}
    event = hear(CareNeedFound, {"category": "housing.drain.blocked", "found_by": by, **data}, area_path=STAIRWELL)
    for _ in range(times):
        deliver(store, care_needs.care_need_found, event, NOW)
    with store.transaction() as session:
        return list(session.scalars(select(Appeal)))


def test_given_a_need_when_heard_twice_then_one_appeal_is_the_hearers_to_the_end(store):
    (appeal,) = found(store, times=2)
    told = (appeal.channel, appeal.source, appeal.first_responder_id, appeal.category)
    assert ("CARE_CALL", "PROACTIVE", WANG.id, "housing.drain.blocked") == told


def test_given_a_need_when_heard_then_the_appeal_names_the_call_and_nobody(store):
    (appeal,) = found(store)
    assert (True, None) == (CareNeedFound.example["number"] in appeal.content, appeal.reporter_id)


def test_given_a_category_nobody_knows_when_heard_then_it_is_unsorted_and_not_lost(store):
    (appeal,) = found(store, category="news.from.tomorrow")
    assert "other.unsorted.any" == appeal.category
