"""Numbers are unique whoever asks at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.numbering import next_number
from kernel.numbers import check, parse
from services.intake.tables import NumberCounter
from tests.unit.intake.world import NOW, register


def test_given_many_at_once_when_numbered_then_no_number_is_given_twice(store):
    def one(_):
        with store.transaction() as session:
            return next_number(session, NumberCounter, "S", "0101", NOW)

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(120)))
    assert 120 == len(set(numbers))
    assert all(map(check, numbers))


def test_given_a_rolled_back_number_when_asked_again_then_nothing_was_used_up(store):
    with pytest.raises(RuntimeError), store.transaction() as session:
        next_number(session, NumberCounter, "S", "0101", NOW)
        raise RuntimeError
    with store.transaction() as session:
        assert 0 == session.query(NumberCounter).count()


def test_given_an_appeal_when_numbered_then_it_says_kind_local_day_and_area(store):
    number = parse(register(store)["number"])
    assert ("S", "2024-07-05", "0101") == (number.kind, number.day.isoformat(), number.area4)
