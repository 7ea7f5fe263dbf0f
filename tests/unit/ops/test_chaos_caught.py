"""What counts as caught where a cluster is broken on purpose."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.chaos.invariants import Findings
from tests.chaos.load import Answers
from tests.chaos.row import Row, line_of


@pytest.mark.parametrize(
    ("beyond", "found", "good"),
    [
        (True, {"exists": ["S1"], "effects": ["e"]}, True),  # nobody can say how much else is lost
        (True, {"effects": ["e"]}, False),
        (True, {}, False),
        (False, {"exists": ["S1"]}, True),
        (False, {"exists": ["S1"], "effects": ["e"]}, False),
    ],
)
def test_given_something_broken_on_purpose_when_judged_then_it_is_good_only_if_it_was_caught(beyond, found, good):
    row = Row("broken", lambda _: None, breaks=frozenset({"exists lost"}), beyond=beyond)
    acted = SimpleNamespace(load=SimpleNamespace(answers=Answers(), told=[]), over=0.0, note="", failed=[])
    assert good == line_of(row, acted, Findings(lost=found), 1.0).good()
