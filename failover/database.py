"""Several databases, one of which takes writes: finding it, and cutting off whoever still waits for another.

A server that is killed closes its connections. One that stands still does not: its clients would wait until it goes
on, since the kernel beneath it answers for it. So a thread asks the writable server every other second, and when
another has become it, the sockets to all others are shut: whoever waits there hears at once that it is lost.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any
from weakref import WeakSet

import psycopg
import structlog
from psycopg.conninfo import conninfo_to_dict

from failover import announce
from failover.addresses import of_database

CONNECT_SECONDS = 3
"""A host that swallows packets is given up after this, and the next one is asked."""
LOOK_SECONDS, PATIENCE_SECONDS = 2.0, 3.0
ASKED = b"show transaction_read_only"

log = structlog.get_logger()


class Follower:
    """Which of several servers takes writes. `moved` is called after it has become another one."""

    def __init__(self, address: str) -> None:
        self._how = conninfo_to_dict(address.replace("+psycopg", "", 1))
        self._lock = threading.Lock()
        self._opened: WeakSet[psycopg.Connection[Any]] = WeakSet()
        self._probe: psycopg.Connection[Any] | None = None
        self.primary = ""
        self.moved: list[Callable[[], object]] = []

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name="follower").start()

    def connect(self, *given: Any, **how: Any) -> psycopg.Connection[Any]:
        """A connection to the server that takes writes, asked first where it was last. Errors: psycopg's own."""
        told = {**(conninfo_to_dict(*given) if given else {}), **how}
        made = psycopg.connect(**self._in_order({**self._how, **told, "connect_timeout": CONNECT_SECONDS}))
        with self._lock:
            self._opened.add(made)
        self.primary = self.primary or place(made)
        return made

    def look(self) -> None:
        """One look: nothing where the server in use still takes writes. Errors: psycopg.Error when none does."""
        if self._probe is not None and takes_writes(self._probe, PATIENCE_SECONDS):
            return
        self.close()
        self._probe = psycopg.connect(
            **self._in_order({**self._how, "connect_timeout": CONNECT_SECONDS}), autocommit=True
        )
        before, self.primary = self.primary, place(self._probe)
        with self._lock:
            others = [each for each in self._opened if not each.closed and place(each) != self.primary]
        for each in others:
            shut(each)
        if before != self.primary:
            log.warning("database_followed", before=before, now=self.primary, cut=len(others))
            for act in self.moved:
                act()

    def close(self) -> None:
        """Ends the connection that asks."""
        if self._probe is not None:
            shut(self._probe)
            self._probe.close()
            self._probe = None

    def _run(self) -> None:
        told = False  # once for each time nobody does
        while True:
            try:
                self.look()
                told = False
            except (psycopg.Error, OSError) as error:
                if not told:
                    log.warning("no_database_takes_writes", error=str(error).partition("\n")[0])
                told = True
            time.sleep(LOOK_SECONDS)

    def _in_order(self, how: dict[str, Any]) -> dict[str, Any]:
        """The server that took writes last is asked first: a dead one before it would cost its time-out each time."""
        places = list(zip(str(how["host"]).split(","), str(how["port"]).split(","), strict=True))
        places.sort(key=lambda each: ":".join(each) != self.primary)
        return {**how, "host": ",".join(host for host, _ in places), "port": ",".join(port for _, port in places)}


@cache
def follower(setting: str) -> Follower | None:
    """At work for the rest of the process; None for a setting that names one server."""
    address = of_database(setting)
    if "target_session_attrs" not in address:
        return None
    made = Follower(address)
    announce("database", lambda: made.primary)
    made.start()
    return made


def connect(setting: str, **how: Any) -> psycopg.Connection[Any]:
    """A connection to the one server, or to that of several that takes writes. Errors: psycopg's own."""
    if following := follower(setting):
        return following.connect(**how)
    return psycopg.connect(setting.replace("+psycopg", "", 1), **how)


def place(connection: psycopg.Connection[Any]) -> str:
    return f"{connection.info.host}:{connection.info.port}"


def shut(connection: psycopg.Connection[Any]) -> None:
    """Ends the socket beneath a connection; whoever waits for an answer on it is told so by its driver."""
    with (
        suppress(OSError, psycopg.Error),
        socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as end,
    ):
        end.shutdown(socket.SHUT_RDWR)


def takes_writes(connection: psycopg.Connection[Any], seconds: float) -> bool:
    """Whether the server says within so many seconds that it takes writes; it is asked as libpq does for read-write.

    psycopg itself would wait for ever.
    """
    until, answer = time.monotonic() + seconds, False
    with suppress(psycopg.Error, OSError):
        server = connection.pgconn
        server.send_query(ASKED)
        while (left := until - time.monotonic()) > 0:
            if server.is_busy():
                select.select([server.socket], [], [], left)
                server.consume_input()
            elif (result := server.get_result()) is None:
                return answer
            else:
                answer = result.get_value(0, 0) == b"off"
    return False
