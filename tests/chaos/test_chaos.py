"""The short set of the chaos: the most telling faults in one world under one load, and the checkers on broken builds.

The whole of it is `make chaos`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos import processes, servers
from tests.chaos.broken import three_at_once
from tests.chaos.order import twice_and_reversed
from tests.chaos.row import Play, Row, play
from tests.chaos.rows import SPEAKING
from tests.chaos.stage import Stage, staged

pytestmark = pytest.mark.integration
FAULTS = (
    processes.killed_at(after_commit=processes.WORKING, confirmed=SPEAKING),
    servers.broker_killed,
    servers.database_restarted,
    twice_and_reversed(rounds=1, saved=15),
)

BROKEN = frozenset({"exists lost", "effects lost", "effects doubled"})


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged("chaos-short") as made:
        yield made


def one_after_the_other(acted: Play) -> None:
    for fault in FAULTS:
        fault(acted)


def test_given_deaths_outages_and_doubles_under_load_when_all_is_settled_then_nothing_is_lost_or_doubled(stage):
    line = play(stage, Row("a short chaos", one_after_the_other, cases=40, pace=10.0))
    assert ([], [], 0) == (line.failed, line.findings, line.lost + line.doubled)
    assert line.cases >= 40


def test_given_builds_broken_on_purpose_when_judged_then_the_checkers_fail_where_each_is_broken(stage):
    """No inbox in notify, ack first in the read model, no outbox in intake. Runs last: it leaves a broken world."""
    line = play(stage, Row("broken", three_at_once, cases=30, settle=40.0, breaks=BROKEN))
    assert [] == line.failed
    found = "\n".join(line.findings)
    seen = [word for word in ("effects: portal cn.", "effects: notify 0", "exists: S") if word in found]
    assert ["effects: portal cn.", "effects: notify 0", "exists: S"] == seen, found
