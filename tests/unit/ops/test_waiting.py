"""Patience: counted in time the machine had for us, and anew with every step forward."""

from __future__ import annotations

import itertools
from functools import partial

import pytest

from ops import waiting
from ops.waiting import Patience, wait_until


class Clock:
    """Ten seconds later at each look."""

    def __init__(self) -> None:
        self._ticks = itertools.count(0, 10)

    def __call__(self) -> float:
        return float(next(self._ticks))


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch, tmp_path):
    def set_runnable(number: int) -> None:
        path = tmp_path / "loadavg"
        path.write_text(f"0.00 0.00 0.00 {number}/99 1234")
        monkeypatch.setattr(waiting, "LOAD", path)
        monkeypatch.setattr(waiting.os, "cpu_count", lambda: 2)

    return set_runnable


def looks(patience: Patience, progress) -> int:
    """How many looks until it ends."""
    return next(count for count in itertools.count(1) if patience.ends(partial(progress, count)))


@pytest.mark.rule("55")
@pytest.mark.parametrize(("runnable", "expected"), [(1, 3), (2, 3), (10, 15)])
def test_given_a_crowded_machine_when_waiting_then_patience_lasts_longer(crowded, runnable, expected):
    crowded(runnable)
    assert expected == looks(Patience(30, Clock()), lambda _: None)


@pytest.mark.rule("55")
def test_given_progress_when_waiting_then_patience_begins_anew(crowded):
    crowded(1)
    assert 9 == looks(Patience(30, Clock()), lambda count: min(count, 5))


def test_given_movement_without_end_when_waiting_then_it_is_given_up_at_ten_times_the_seconds(crowded):
    crowded(1)
    assert 30 == looks(Patience(30, Clock()), lambda count: count)


def test_given_nothing_moves_when_waited_for_then_the_error_names_it():
    with pytest.raises(TimeoutError, match="the kettle: no progress"):
        wait_until(lambda: False, seconds=0.01, what="the kettle", every=0.01)
