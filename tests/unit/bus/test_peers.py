"""What is written on the wire to ask a peer."""

from __future__ import annotations

from typing import Any

import pytest

from bus.peers import written
from chassis.errors import Invalid


def test_given_a_question_nested_without_end_when_written_then_it_is_refused_by_name():
    nested: list[Any] = []
    for _ in range(5000):
        nested = [nested]
    with pytest.raises(Invalid):
        written({"how": nested})
