"""A missing event that fails again and again does not keep those behind it waiting for ever."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.bus.catching_up import LOOKS, CatchingUp
from chassis.errors import Reject, ServiceError

EVENT: Any = SimpleNamespace(id="e-1")
HANDLER: Any = SimpleNamespace(handler_name="things.thing_changed")


class Looking(CatchingUp):
    """Its handler fails as the test says; what is kept for a person is noted."""

    def __init__(self, error: BaseException | None) -> None:
        self.error, self.kept, self._looks = error, [], Counter()
        self.inbox: Any = SimpleNamespace(keep=lambda *told, **more: self.kept.append((*told[:3], more["attempts"])))
        super().__init__()

    def _try(self, event: Any) -> BaseException | None:
        return self.error


def test_given_an_event_that_fails_when_looked_at_often_enough_then_a_person_decides_and_the_rest_is_read():
    looking = Looking(ValueError("told to fail"))
    for _ in range(LOOKS - 1):
        with pytest.raises(ServiceError):
            looking._handle(EVENT, HANDLER, "{}")
    looking._handle(EVENT, HANDLER, "{}")
    assert [("things.thing_changed", "e-1", b"{}", LOOKS)] == looking.kept


def test_given_an_event_no_retry_can_mend_when_looked_at_then_a_person_decides_at_once():
    looking = Looking(Reject("no"))
    looking._handle(EVENT, HANDLER, "{}")
    assert [("things.thing_changed", "e-1", b"{}", 1)] == looking.kept


def test_given_an_event_that_is_handled_when_looked_at_then_nothing_is_kept():
    looking = Looking(None)
    looking._handle(EVENT, HANDLER, "{}")
    assert [] == looking.kept
