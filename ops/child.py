"""One supervised process: started, watched, started again with growing pauses, stopped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ops.programs import Program
from ops.world import REPOSITORY

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
STEADY_SECONDS = 30.0
LOG_BYTES = 20_000_000
PR_SET_PDEATHSIG = 1


class Child:
    """The life of one program. All times are seconds of `time.monotonic()`, except `since` (Unix time)."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.last_exit: int | None = None
        self.since = 0.0
        self.due = 0.0
        self._born = 0.0
        self._pause = FIRST_PAUSE
        self._stepped_back = False

    def start(self, listening: int | None = None) -> None:
        """`listening`: the descriptor of the socket a program with a port accepts on; it is told its number."""
        rotate(self.program.log)
        descriptor = os.open(self.program.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        handed = () if listening is None else (listening,)
        environment = {**self.program.environment, **({"HTTP_SOCKET": str(listening)} if handed else {})}
        try:
            self.process = subprocess.Popen(
                self.program.argv, env=environment, cwd=REPOSITORY, stdin=subprocess.DEVNULL,
                stdout=descriptor, stderr=subprocess.STDOUT, start_new_session=True, pass_fds=handed,
                preexec_fn=die_with(os.getpid()),
            )  # fmt: skip
        finally:
            os.close(descriptor)
        self._born, self.since, self._stepped_back = time.monotonic(), time.time(), False

    def notice_death(self) -> bool:
        """Whether it has died since the last look; then its next start is due after a pause."""
        if self.process is None or self.process.poll() is None:
            return False
        self.last_exit, self.process = self.process.returncode, None
        if time.monotonic() - self._born >= STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        self.put_off()
        self.restarts += 1
        return True

    def step_back(self) -> None:
        """Once it is on its feet it lets others go first; everybody waits for a start."""
        running = self.process is not None and self.process.poll() is None
        if running and not self._stepped_back and time.monotonic() - self._born >= STEADY_SECONDS:
            self._stepped_back = True
            lower(self.process.pid, self.program.nice)  # type: ignore[union-attr]

    def put_off(self) -> None:
        """The next start is due after a pause that doubles each time."""
        self.due = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal to the process; SIGKILL goes to everything it started as well."""
        if self.process is None or self.process.poll() is not None:
            return
        if number is signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)

    def ended(self) -> bool:
        """Whether nothing runs; keeps the exit status."""
        if self.process is not None and self.process.poll() is not None:
            self.last_exit, self.process = self.process.returncode, None
        return self.process is None

    def state(self) -> dict[str, Any]:
        pid = self.process.pid if self.process else None
        return {"pid": pid, "since": self.since, "restarts": self.restarts, "last_exit": self.last_exit}


def rotate(log: Path) -> None:
    """Keeps one older log of a program that has written much."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def lower(pid: int, nice: int) -> None:
    """Lowers a process, and its session where the kernel schedules by sessions (autogroup hides plain nice)."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, nice)
    with contextlib.suppress(OSError), open(f"/proc/{pid}/autogroup", "w") as group:
        group.write(str(nice))


def die_with(parent: int) -> Any:
    """What a new process does before its program: arrange to die when the supervisor dies (Linux)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
