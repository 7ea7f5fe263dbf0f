"""Long work beside green threads."""

from __future__ import annotations

import eventlet
import pytest
from eventlet.patcher import original

from chassis import green


def test_given_long_work_aside_then_other_green_threads_go_on_meanwhile():
    gate = original("threading").Event()
    eventlet.spawn(gate.set)
    assert green.aside(gate.wait, 10)


def test_given_work_aside_that_fails_then_its_error_reaches_who_waits():
    with pytest.raises(ValueError, match="no number"):
        green.aside(int, "no number")
