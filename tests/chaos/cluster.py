"""Every row of a cluster's table, in the order it is played."""

from __future__ import annotations

from tests.chaos import between, brokers, cluster_broken, databases, machines, restoring
from tests.chaos.row import Fault, Row

CASES, PACE, LATER, SETTLE_SECONDS = 60, 6.0, 2.0, 120.0
"""Few a second, so that a machine of two cores has time for eighteen servers and as many programs beside them."""


def row(name: str, fault: Fault, **more: object) -> Row:
    return Row(name, fault, cases=CASES, pace=PACE, later=LATER, settle=SETTLE_SECONDS, **more)  # type: ignore[arg-type]


ROWS = [
    *(row(name, fault) for name, fault in {**brokers.FAULTS, **databases.FAULTS}.items()),
    *(row(name, fault, skip=between.impossible) for name, fault in {**brokers.WIRE, **databases.WIRE}.items()),
    *(row(name, fault, skip=skip) for name, (fault, skip) in machines.FAULTS.items()),
    row("everything lost, restored from a backup", restoring.restored),
    *cluster_broken.ROWS,
]
