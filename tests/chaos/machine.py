"""`python -m tests.chaos.machine CONTROL NODE COMMAND…` runs a server as one of a node's processes.

NODE is the node's folder: its processes live in a control group of their own, by which the network between nodes is cut
(`between`). CONTROL may hold NODE.environment, which the server gets besides: a clock that is wrong. Knows the standard
library alone, since each server starts through it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.chaos.control import Control

MOUNTS, CONTROLLED = Path("/proc/mounts"), Path("/sys/fs/cgroup")


def hierarchy() -> Path | None:
    """Where control groups of the second version are, below what nftables knows; None where there are none."""
    for line in MOUNTS.read_text().splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2" and Path(place).is_relative_to(CONTROLLED):
            return Path(place)
    return None


def group(node: Path) -> str:
    """The name of a node's group: two checkouts may both have a world of this name."""
    return f"shaodao-{hashlib.sha256(str(node.parent.resolve()).encode()).hexdigest()[:8]}-{node.name}"


def enter(node: Path) -> None:
    """Puts this process into its node's group; where there are no groups it stays outside."""
    with suppress(OSError):
        if (top := hierarchy()) is not None:
            (top / group(node)).mkdir(exist_ok=True)
            (top / group(node) / "cgroup.procs").write_text(str(os.getpid()))


def disband(world: Path) -> None:
    """Removes the empty groups of a world's nodes."""
    if (top := hierarchy()) is not None:
        for place in top.glob(group(world / "node-*")):
            with suppress(OSError):
                place.rmdir()


def with_environment(command: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """A command that has more environment, behind the change of user: what libfaketime shares is its maker's alone."""
    if not told:
        return list(command)
    changes = Path(command[0]).name == "setpriv"
    at = next(no for no, word in enumerate(command) if no and not word.startswith("--")) if changes else 0
    return [*command[:at], "env", *(f"{name}={value}" for name, value in told.items()), *command[at:]]


def main(control: str, node: str, *command: str) -> None:
    enter(Path(node))
    told = Control(Path(control)).told(f"{Path(node).name}.environment") or {}
    words = with_environment(command, told)
    os.execvp(words[0], words)


if __name__ == "__main__":
    main(*sys.argv[1:])
