"""One process per world that keeps the planned programs alive: `python -m ops.supervisor WORLD_FOLDER`.

SIGTERM stops them (SIGTERM, a grace, SIGKILL) and ends with 0 when all went well, 1 when one had to be killed or
failed on its way out. SIGHUP reads the plan again. `state.json` tells what runs. Programs die with the supervisor.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ops import world as worlds
from ops.child import Child
from ops.ports import LOOPBACK
from ops.programs import Program, programs_of
from ops.secret import write_private_json

# a service gives itself 25 s and says what it left undone; it is killed only when it cannot do even that
GRACE_SECONDS = 27.0
# between two starts: ten interpreters at once would only take two cores from each other
STAGGER_SECONDS = 0.15
LOOK_SECONDS = 1.0
# connections that wait while the portal is started anew
BACKLOG = 512
CLEAN_EXITS = frozenset({0, -signal.SIGTERM, None})


class Supervisor:
    """Keeps the programs that `planned` returns alive and writes their state to a file."""

    def __init__(self, planned: Callable[[], Iterable[Program]], state: Path, grace: float = GRACE_SECONDS) -> None:
        self._planned, self._state, self._grace = planned, state, grace
        self._children: dict[str, Child] = {}
        self._wanted: set[signal.Signals] = set()
        self._sockets: dict[int, socket.socket] = {}
        self._next_start = 0.0

    def run(self) -> int:
        """Until SIGTERM or SIGINT. Returns the exit status."""
        with self._wake_ups() as wake_up:
            self._read_plan()
            while not self._wanted & {signal.SIGTERM, signal.SIGINT}:
                if signal.SIGHUP in self._wanted:
                    self._wanted.discard(signal.SIGHUP)
                    self._read_plan()
                self._look()
                self._wait(wake_up)
            return self._stop(list(self._children.values()))

    @contextlib.contextmanager
    def _wake_ups(self) -> Any:
        """A socket that becomes readable with every signal, so that no signal falls between two looks."""
        reading, writing = socket.socketpair()
        for end in (reading, writing):
            end.setblocking(False)
        signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda received, _: self._wanted.add(signal.Signals(received)))
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with reading, writing:
            yield reading
            signal.set_wakeup_fd(-1)

    def _read_plan(self) -> None:
        """Drops programs that are no longer planned and takes up new ones; the others run on."""
        planned = {program.name: program for program in self._planned()}
        dropped = [self._children.pop(name) for name in list(self._children) if name not in planned]
        if dropped:
            self._stop(dropped)
        for name, program in planned.items():
            self._children.setdefault(name, Child(program))
        for port in self._sockets.keys() - {program.port for program in planned.values()}:
            self._sockets.pop(port).close()

    def _look(self) -> None:
        """Notices deaths, lets steady programs step back, and starts at most one that is due."""
        died = [child for child in self._children.values() if child.notice_death()]
        for child in self._children.values():
            child.step_back()
        now = time.monotonic()
        due = [child for child in self._children.values() if child.process is None and child.due <= now]
        if due and now >= self._next_start:
            self._start(due[0])
            self._next_start = now + STAGGER_SECONDS
            self._write_state()
        elif died:
            self._write_state()

    def _start(self, child: Child) -> None:
        """A program with a port is given the socket that listens there; it is kept open between two lives."""
        port, host = child.program.port, child.program.environment.get("HTTP_HOST", LOOPBACK)
        try:
            if port is not None and port not in self._sockets:
                self._sockets[port] = socket.create_server((host, port), backlog=BACKLOG)
            child.start(None if port is None else self._sockets[port].fileno())
        except OSError as error:
            print(f"{child.program.name} cannot be started: {error}", file=sys.stderr, flush=True)
            child.put_off()

    def _wait(self, wake_up: socket.socket) -> None:
        """Until a signal comes or the next start is due."""
        starts = [max(child.due, self._next_start) for child in self._children.values() if child.process is None]
        pause = min([LOOK_SECONDS, *(start - time.monotonic() for start in starts)])
        self._sleep(wake_up, pause)

    def _sleep(self, wake_up: socket.socket | None, seconds: float) -> None:
        sources = [wake_up] if wake_up else []
        if select.select(sources, [], [], max(0.01, seconds))[0] and wake_up:
            wake_up.recv(4096)

    def _stop(self, children: list[Child]) -> int:
        """SIGTERM to all, SIGKILL to those still there after the grace."""
        for child in children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + self._grace
        while [child for child in children if not child.ended()] and time.monotonic() < deadline:
            self._sleep(None, 0.05)
        for child in children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()
            child.ended()
        bad = sorted(child.program.name for child in children if child.last_exit not in CLEAN_EXITS)
        self._write_state(failed=bad)
        return 1 if bad else 0

    def _write_state(self, **more: Any) -> None:
        programs = {name: child.state() for name, child in self._children.items()}
        write_private_json(self._state, {"supervisor": os.getpid(), "programs": programs, **more})


def main(folder: str) -> int:
    world = worlds.load(Path(folder))
    return Supervisor(lambda: programs_of(worlds.load(world.folder)), world.folder / "state.json").run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
