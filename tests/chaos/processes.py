"""Faults of processes: killed at random, killed at a named point, asked to go one after the other."""

from __future__ import annotations

import random
import signal
from collections.abc import Sequence

from ops.programs import PARTS, READMODEL
from ops.waiting import wait_until
from ops.world import SERVICES
from tests.chaos.row import Fault, Play
from tests.chaos.stage import RELAYS, Stage

STRIKE_SECONDS = 40.0
WORKING = (*(service for service in SERVICES if service != "portal"), READMODEL)
"""Who commits what others wait for; of the portal that is its read model."""
CLEAR = frozenset({"201", "503"})


def killed_at_random(*names: str) -> Fault:
    """kill -9 of each, one soon after the other, at moments nobody chose."""

    def fault(play: Play) -> None:
        before = {}
        for name in names:
            play.load.go_on(random.uniform(0.3, 2.0))
            before[name] = play.stage.pid(name)
            play.stage.strike(name, signal.SIGKILL)
            play.is_over()
        for name in names:
            play.stage.back(name, before[name])

    return fault


def killed_at(**points: Sequence[str]) -> Fault:
    """kill -9 of each by its own hand, the nth time it comes by its point (`services`, `relays`): point → programs."""
    doomed = [(name, point) for point, names in points.items() for name in names]

    def fault(play: Play) -> None:
        before = {name: play.stage.pid(name) for name, _ in doomed}
        for name, point in doomed:
            order(play.stage, name, point, random.randint(2, 15))
        for name, point in doomed:
            struck(play.stage, name, point)
            play.is_over()
        for name in before:
            play.stage.back(name, before[name])

    return fault


def order(stage: Stage, name: str, point: str, nth: int) -> None:
    stage.control.take_back(f"{name}.point.struck")
    stage.control.tell(f"{name}.point", {"point": point, "nth": nth})


def struck(stage: Stage, name: str, point: str) -> None:
    """Until the program has come by its point and killed itself there. Errors: TimeoutError."""
    what = f"{name} at {point}"
    wait_until(lambda: has_struck(stage, name), seconds=STRIKE_SECONDS, what=what, progress=stage.work_done)


def has_struck(stage: Stage, name: str) -> bool:
    return stage.control.told(f"{name}.point.struck") is not None


def rolled(play: Play) -> None:
    """A rolling restart as an upgrade does it: a second process of each service, ready, then SIGTERM to the first.

    Nothing may be delivered again, and nobody may hear anything but 201 or a 503 that says when to come again.
    """
    stage = play.stage
    for seen in stage.control.folder.glob("*.seen"):
        seen.unlink()
    seconds = [f"{service}-2" for service in SERVICES]
    stage.plan(scale=dict.fromkeys(SERVICES, 2))
    wait_until(lambda: all(map(stage.pid, seconds)), seconds=60, what="a second process each")
    stage.ready(*seconds)
    for names in (SERVICES, (*PARTS, *RELAYS)):
        renewed(stage, names)
    stage.plan()
    wait_until(lambda: not any(map(stage.pid, seconds)), seconds=60, what="the second processes gone")
    play.is_over()
    again = [f"{seen.stem} got {len(seen.read_text().split())} again" for seen in stage.control.folder.glob("*.seen")]
    unclear = {kind: count for kind, count in play.load.answers.kinds.items() if kind not in CLEAR}
    play.failed += again + [f"answers {unclear}"] * bool(unclear)


def renewed(stage: Stage, names: Sequence[str]) -> None:
    """SIGTERM to these programs: they come back reading what `control` tells them at their start."""
    before = {name: stage.pid(name) for name in names}
    for name in names:
        stage.strike(name, signal.SIGTERM)
    for name in names:
        stage.back(name, before[name])
