"""Every row of the table, in the order it is played."""

from __future__ import annotations

from ops.world import SERVICES
from tests.chaos import processes
from tests.chaos.row import Row

POINTS = {
    "before commit": "before_commit",
    "after commit, before ack": "after_commit",
    "after ack": "after_ack",
}


SPEAKING = ("intake-relay", "dispatch-relay", "notify-relay")  # mediation says nothing in this load
RELAYS = tuple(f"{service}-relay" for service in SERVICES[:-1])  # the portal says nothing of its own


def of_processes() -> list[Row]:
    dying = [
        Row(f"kill -9 of each service {words}", processes.killed_at(point, *SERVICES))
        for words, point in POINTS.items()
    ]
    return [
        Row("kill -9 of each service at random", processes.killed_at_random(*SERVICES)),
        *dying,
        Row("kill -9 of each relay at random", processes.killed_at_random(*RELAYS)),
        Row("kill -9 of intake's, dispatch's and notify's relay between confirm and mark",
            processes.killed_at("confirmed", *SPEAKING)),
        Row("SIGTERM of every program in turn", processes.rolled),
    ]  # fmt: skip


FULL = of_processes()
