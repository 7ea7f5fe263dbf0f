"""Every row of the table, in the order it is played."""

from __future__ import annotations

from ops.programs import PARTS
from ops.world import SERVICES
from tests.chaos import backlog, broken, order, poison, processes, servers, versions, wire
from tests.chaos.row import Row
from tests.chaos.stage import RELAYS

POINTS = {
    "before commit": "before_commit",
    "after commit, before ack": "after_commit",
    "after ack": "after_ack",
}


SPEAKING = ("intake-relay", "dispatch-relay", "notify-relay")  # mediation says nothing in this load


def of_processes() -> list[Row]:
    dying = [
        Row(f"kill -9 of each service {words}", processes.killed_at(**{point: processes.WORKING}))
        for words, point in POINTS.items()
    ]
    return [
        Row("kill -9 of each service at random", processes.killed_at_random(*SERVICES, *PARTS)),
        *dying,
        Row("kill -9 of each relay at random", processes.killed_at_random(*RELAYS)),
        Row("kill -9 of intake's, dispatch's and notify's relay between confirm and mark",
            processes.killed_at(confirmed=SPEAKING)),
        Row("SIGTERM of every program in turn", processes.rolled),
    ]  # fmt: skip


def of_servers() -> list[Row]:
    return [Row(name, fault) for name, fault in servers.FAULTS.items()]


def of_the_wire() -> list[Row]:
    return [Row(name, fault, skip=wire.impossible) for name, fault in wire.FAULTS.items()]


def of_messages() -> list[Row]:
    changed = [Row(name, fault) for name, fault in versions.FAULTS.items()]
    return [
        Row("poison of every kind to every service", poison.fed),
        Row("a batch half of which is poison parks exactly its poison", poison.half_of_a_batch),
        Row("an event that kills notify each time it is handled", poison.deadly),
        Row("every message twice and in reverse order", order.twice_and_reversed(rounds=3, saved=60)),
        *changed,
        Row("a backlog of 10,000, then one consumer", backlog.backlog, settle=120.0),
    ]


FULL = [*of_processes(), *of_servers(), *of_the_wire(), *of_messages(), *broken.ROWS]
