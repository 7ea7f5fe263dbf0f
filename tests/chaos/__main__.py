"""`python -m tests.chaos [--cluster] [WORD …]`: every fault under load, one table. With words: only rows whose name
holds one. `--cluster`: three nodes of each server, and the faults of nodes (`cluster.ROWS`).

`--help`, and words no row holds, list the rows and start nothing.
"""

from __future__ import annotations

import signal
import sys
import time
from contextlib import nullcontext
from typing import TextIO

from rich.console import Console

from ops import world as worlds
from tests.chaos import cluster, disks, report, rows
from tests.chaos.report import Line
from tests.chaos.row import Row, play
from tests.chaos.stage import Stage, staged

NAME = "chaos"
FEW, MANY = 2, 10


CLUSTER, NODES = "--cluster", 3


def main(*arguments: str) -> int:
    words = [word for word in arguments if word != CLUSTER]
    nodes, full = (NODES, cluster.ROWS) if CLUSTER in arguments else (0, rows.FULL)
    wanted = [row for row in full if not words or any(word in row.name for word in words)]
    if lost := [word for word in words if not any(word in row.name for row in full)]:
        return list_rows(full, sys.stdout if "--help" in lost else sys.stderr)
    return played(wanted, f"{NAME}-cluster" if nodes else NAME, nodes)


def played(wanted: list[Row], name: str, nodes: int) -> int:
    """Plays rows in a world of its own; the exit status."""
    lines: list[Line] = []
    signal.signal(signal.SIGTERM, stop)
    began = time.monotonic()
    made = disks.made if nodes else lambda _: None
    try:
        with disks.cleared(name) if nodes else nullcontext(), staged(name, nodes=nodes, made=made) as stage:
            for row in wanted:
                lines.append(told(stage, row))
                report.write(lines, worlds.runs() / f"{name}.json")
    finally:
        report.show(lines, time.monotonic() - began)
    return 0 if len(lines) == len(wanted) and all(line.good() for line in lines) else 1


def list_rows(full: list[Row], out: TextIO) -> int:
    """What there is to be played; the exit status of a command that was not understood."""
    print("usage: python -m tests.chaos [--cluster] [WORD …]: the rows whose name holds a word. There are:", file=out)
    for row in full:
        print(f"  {row.name}", file=out)
    return 2


def stop(*_: object) -> None:
    """Told to stop, it still takes down what it started; told again, it goes on doing so."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


def told(stage: Stage, row: Row) -> Line:
    began = time.monotonic()
    line = play(stage, row)
    words = "skipped" if line.skipped else f"lost {line.lost}, doubled {line.doubled}"
    Console(width=200).print(f"{time.monotonic() - began:5.0f} s  {row.name}: {words} {line.note} {line.failed or ''}")
    for finding in line.findings[: FEW if line.breaks else MANY]:
        Console(width=200).print(f"         {finding}", markup=False)
    return line


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
