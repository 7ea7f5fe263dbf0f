"""Long work beside green threads."""

from __future__ import annotations

import eventlet
import pytest
from eventlet.patcher import original
from psycopg import waiting
from sqlalchemy import MetaData, text

from bus import green


def test_given_long_work_aside_then_other_green_threads_go_on_meanwhile():
    gate = original("threading").Event()
    eventlet.spawn(gate.set)
    assert green.aside(gate.wait, 10)


@pytest.mark.rule("37")
def test_given_a_wait_that_lets_others_go_on_when_proved_then_it_overlaps_however_slow_the_machine_is():
    def slowly() -> None:
        eventlet.sleep(0)
        original("time").sleep(0.5)  # the machine is loaded: what overlaps still takes its time

    assert green.overlaps(slowly)


@pytest.mark.rule("37")
def test_given_a_wait_that_stops_all_when_proved_then_it_does_not_overlap_however_fast_it_is():
    assert not green.overlaps(lambda: original("time").sleep(0))


@pytest.mark.rule("37")
def test_given_a_real_database_when_asked_green_and_not_then_the_first_alone_overlaps(database, monkeypatch):
    store = database(MetaData())
    found = []
    for wait in (green.wait, waiting.wait_c or waiting.wait_selector):
        monkeypatch.setattr(waiting, "wait", wait)
        with store.engine.connect() as connection:
            found.append(green.overlaps(lambda asked=connection: asked.execute(text("select 1"))))
    assert [True, False] == found


def test_given_work_aside_that_fails_then_its_error_reaches_who_waits():
    with pytest.raises(ValueError, match="no number"):
        green.aside(int, "no number")
