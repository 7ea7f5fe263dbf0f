"""Whether programs are ready, asked of themselves."""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import psutil

from ops import programs
from ops.ports import is_open
from ops.problems import Problem, tail
from ops.progress import Tell
from ops.rabbitmq_api import OPENER
from ops.waiting import wait_until
from ops.world import World

READY_SECONDS = 60.0
"""In which nothing that starts did anything; on a busy machine a start may take much longer."""
# a program that died this often on its way up will not come
MANY_DEATHS = 5


def why_not_ready(program: programs.Program) -> str | None:
    """None when the program is ready, else what it says or what is wrong."""
    if program.probe is None:
        return None
    address = urlsplit(program.probe)
    if address.scheme == "tcp":
        return None if is_open(address.port or 0) else "does not listen yet"
    try:
        with OPENER.open(program.probe, timeout=2):
            return None
    except urllib.error.HTTPError as error:
        return error.read().decode("utf8", errors="replace").strip() or f"answers {error.code}"
    except OSError:
        return "does not answer yet"


def wait_ready(world: World, wanted: Sequence[programs.Program], tell: Tell, seconds: float = READY_SECONDS) -> None:
    """Until every program is ready. Errors: Problem naming each that is not, with the end of its log."""
    waiting = {program.name: (program, "was not asked yet") for program in wanted}
    before = {name: deaths(world, name) for name in waiting}

    def all_ready() -> bool:
        for name, (program, _) in list(waiting.items()):
            reason = why_not_ready(program)
            if reason is None:
                del waiting[name]
            else:
                waiting[name] = (program, reason)
        tell(f"{len(wanted) - len(waiting)} of {len(wanted)} ready")
        return not waiting or any(deaths(world, name) - before[name] >= MANY_DEATHS for name in waiting)

    try:
        wait_until(all_ready, seconds=seconds, every=0.2, progress=lambda: work_done(world))
    except TimeoutError:
        tell("gave up")
    if waiting:
        raise Problem("\n".join(complaint(program, reason) for program, reason in waiting.values()))


def complaint(program: programs.Program, reason: str) -> str:
    return f"{program.name} is not ready: {reason}\n{tail(program.log)}"


def state(world: World) -> dict[str, dict[str, int | float | None]]:
    """What the supervisor last wrote about each program: pid, since, restarts, last_exit."""
    try:
        text = (world.folder / "state.json").read_text(encoding="utf8")
    except FileNotFoundError:
        return {}
    programs_state: dict[str, dict[str, int | float | None]] = json.loads(text)["programs"]
    return programs_state


def deaths(world: World, name: str) -> int:
    return int(state(world).get(name, {}).get("restarts") or 0)


def work_done(world: World) -> float:
    """Processor seconds, in tenths, of all programs that run: it grows while they are on their way up."""
    total = 0.0
    for pid in filter(None, (each.get("pid") for each in state(world).values())):
        with suppress(psutil.NoSuchProcess):
            total += sum(psutil.Process(int(pid)).cpu_times()[:2])
    return round(total, 1)


def pid_of(world: World, name: str) -> int | None:
    """The process id of a running program (`dispatch`, `dispatch-relay`, …)."""
    pid = state(world).get(name, {}).get("pid")
    return int(pid) if pid else None
