"""Processes that outlive the command: started detached, found again by pid and birth time, stopped with a grace."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from ops.world import REPOSITORY, World


def start_detached(world: World, name: str, argv: Sequence[str], env: Mapping[str, str]) -> None:
    """Starts a process in its own session with its output in logs/<name>.log, and remembers it.

    A short-lived helper starts it, so that it is nobody's child here and leaves no zombie behind.
    """
    log = world.logs / f"{name}.log"
    helper = [sys.executable, "-m", "ops.detach", str(log), *world.through, *argv]
    done = subprocess.run(helper, env=dict(env), cwd=REPOSITORY, check=True, capture_output=True, text=True)
    remember(world, name, int(done.stdout))


def remember(world: World, name: str, pid: int) -> None:
    """Writes pids/<name>.json at once and whole, since others read it at any moment.

    The birth time tells the process from a later one with the same pid.
    """
    try:
        born = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        born = 0.0
    fresh = pid_file(world, name).with_suffix(".new")
    fresh.write_text(json.dumps({"pid": pid, "born": born}))
    fresh.replace(pid_file(world, name))


def find(world: World, name: str) -> psutil.Process | None:
    """The remembered process if it still lives."""
    try:
        known = json.loads(pid_file(world, name).read_text())
        process = psutil.Process(known["pid"])
        alive = process.create_time() == known["born"] and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None
    return process if alive else None


def left_behind(world: World, name: str) -> bool:
    """Whether the remembered process is gone though nobody stopped it."""
    return pid_file(world, name).exists() and find(world, name) is None


def stop(world: World, name: str, grace: float) -> bool:
    """SIGTERM, then SIGKILL after `grace` seconds. True when it went by itself (or was not there)."""
    process = find(world, name)
    if process is None:
        return True
    process.terminate()
    gone, _ = psutil.wait_procs([process], timeout=grace)
    if not gone and find(world, name):
        process.kill()
        process.wait(10)
    pid_file(world, name).unlink(missing_ok=True)
    return bool(gone)


def pid_file(world: World, name: str) -> Path:
    return world.folder / "pids" / f"{name}.json"
