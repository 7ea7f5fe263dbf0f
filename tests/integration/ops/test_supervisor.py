"""The supervisor with real processes: keeps alive, stops in order, takes its children with it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from ops.ports import any_free
from ops.waiting import wait_until
from ops.world import REPOSITORY

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a supervisor over the named programs; all of it is gone at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*names: str, grace: float = 5.0) -> subprocess.Popen[bytes]:
        (tmp_path / "plan").write_text(" ".join(names))
        command = [sys.executable, "-m", "tests.integration.ops.supervised", str(tmp_path), str(grace)]
        started.append(subprocess.Popen(command, cwd=REPOSITORY))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def state(folder: Path) -> dict[str, Any]:
    path = folder / "state.json"
    return json.loads(path.read_text()) if path.exists() else {"programs": {}}


def program(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = state(folder)["programs"].get(name, {})
    return found


def here(folder: Path, name: str, times: int = 1) -> int:
    """Waits until the program has said `here` as often as expected; its pid."""
    log = folder / f"{name}.log"
    wait_until(lambda: log.exists() and log.read_text().count("here") >= times, seconds=60, what=f"{name} to start")
    return int(wait_until(lambda: program(folder, name).get("pid"), seconds=60, what=f"{name}'s pid"))


def test_a_killed_program_comes_back(start: Start, tmp_path: Path) -> None:
    start("steady", "other")
    first, other = here(tmp_path, "steady"), here(tmp_path, "other")
    os.kill(first, signal.SIGKILL)
    assert here(tmp_path, "steady", times=2) != first
    assert program(tmp_path, "steady")["restarts"] == 1
    assert program(tmp_path, "steady")["last_exit"] == -signal.SIGKILL
    assert program(tmp_path, "other") | {"since": 0} == {"pid": other, "since": 0, "restarts": 0, "last_exit": None}


def answer(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        return connection.recv(100).decode()


def test_given_a_program_that_is_between_two_lives_when_somebody_connects_then_its_next_life_answers(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "port").write_text(str(port := any_free()))
    start("once")
    here(tmp_path, "once")
    # the second comes while nobody accepts
    answers = [answer(port), answer(port)]
    here(tmp_path, "once", times=2)
    assert re.findall(r"here (\d+)", (tmp_path / "once.log").read_text())[:2] == answers


def test_sigterm_stops_all_and_ends_with_0(start: Start, tmp_path: Path) -> None:
    supervisor = start("polite", "steady")
    pids = [here(tmp_path, "polite"), here(tmp_path, "steady")]
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert state(tmp_path)["failed"] == []
    assert program(tmp_path, "polite")["last_exit"] == 0


def test_what_does_not_stop_in_time_is_killed_and_named(start: Start, tmp_path: Path) -> None:
    supervisor = start("polite", "stubborn", grace=0.3)
    here(tmp_path, "polite")
    pid = here(tmp_path, "stubborn")
    supervisor.terminate()
    assert supervisor.wait(10) == 1
    assert not psutil.pid_exists(pid)
    assert state(tmp_path)["failed"] == ["stubborn"]


def test_a_program_that_cannot_live_is_tried_again_and_named_at_the_end(start: Start, tmp_path: Path) -> None:
    supervisor = start("broken", "steady")
    here(tmp_path, "steady")
    wait_until(lambda: program(tmp_path, "broken").get("restarts", 0) >= 2, seconds=60, what="two attempts")
    supervisor.terminate()
    assert supervisor.wait(10) == 1
    assert state(tmp_path)["failed"] == ["broken"]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ends children with their parent")
def test_programs_die_with_the_supervisor(start: Start, tmp_path: Path) -> None:
    supervisor = start("stubborn")
    pid = here(tmp_path, "stubborn")
    supervisor.kill()
    supervisor.wait()
    assert wait_until(lambda: gone(pid), seconds=60, what="the program's end")


def test_a_changed_plan_is_taken_up_without_touching_the_rest(start: Start, tmp_path: Path) -> None:
    supervisor = start("steady", "polite")
    steady, polite = here(tmp_path, "steady"), here(tmp_path, "polite")
    (tmp_path / "plan").write_text("steady other")
    supervisor.send_signal(signal.SIGHUP)
    here(tmp_path, "other")
    assert gone(polite)
    assert set(state(tmp_path)["programs"]) == {"steady", "other"}
    assert program(tmp_path, "steady")["pid"] == steady


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
