"""HTTP on a socket that outlives the process: who starts it holds the socket and hands it on (HTTP_SOCKET, its number).

While one process goes and the next comes, connections wait in the socket's queue instead of being refused.
"""

from __future__ import annotations

import socket
from typing import Any

import eventlet
from eventlet import patcher, wsgi
from eventlet.event import Event
from eventlet.greenio import shutdown_safe
from eventlet.semaphore import Semaphore
from nameko.extensions import Entrypoint
from nameko.web.server import WebServer

from chassis.settings import read
from chassis.telemetry.logs import log

READ_SECONDS = 15.0
ROOM_SECONDS = 5.0
"""Who has no place by then is told to come back: whoever is let in is answered in time, however many stand outside."""
CROWDED = "shaodao.crowded"
"""In the environment of a request that found no place: the application refuses it."""
LEAVE_SECONDS, LOOK_SECONDS = 0.3, 0.02


def listening() -> socket.socket:
    """The inherited socket; where there is none, one of its own."""
    if inherited := read("HTTP_SOCKET", ""):
        return socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=int(inherited))
    own: socket.socket = eventlet.listen((read("HTTP_HOST", "127.0.0.1"), int(read("HTTP_PORT", "8080"))))
    return own


class Front(WebServer):  # type: ignore[misc]
    """nameko's server, accepting where it is told to, and the first to leave when the service stops.

    nameko's own accepts until its peers are gone: who asks in between is cut off. This one takes nobody new, answers
    what was sent already while the whole service is still there, and closes the connections that are idle.
    Requests go straight to the application of the one Site, as many at once as the service has workers: a worker each,
    as nameko gives them, would route every request twice and cost a quarter more processor time (ADR 9).
    """

    _gt: Any
    _starting: bool

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, list[Any]] = {}

    def start(self) -> None:
        if not self._starting:
            self._starting = True
            self._sock = listening()
            self._sock.settimeout(None)
            self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app())
            # a request whose body does not come gives its place back
            self._serv.socket_timeout = READ_SECONDS
            # metrics count requests, and the application writes header names as they should be
            self._serv.log_output = self._serv.capitalize_response_headers = False
            self._gt = self.container.spawn_managed_thread(self.run)

    def get_wsgi_app(self) -> Any:
        (site,) = self._providers
        application, self._room = site.application(), Semaphore(self.container.max_workers)

        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            if not self._room.acquire(timeout=ROOM_SECONDS):
                return application({**environ, CROWDED: True}, start_response)
            try:
                return application(environ, start_response)
            finally:
                self._room.release()

        return answer

    def process_request(self, sock: Any, address: Any) -> None:
        """Serves one connection until it is closed. Its state is a list that eventlet keeps: address, socket, state."""
        state = [address, sock, wsgi.STATE_IDLE]
        self._open[id(state)] = state
        try:
            self._serv.process_request(state)
        except OSError as lost:
            log.info("connection_lost", error=str(lost))
        finally:
            del self._open[id(state)]

    def unregister_provider(self, provider: Any) -> None:
        if self._is_accepting:
            self._leave()
        super().unregister_provider(provider)

    def _leave(self) -> None:
        self._is_accepting = False
        self._gt.kill()
        self._sock.close()
        self._serv.keepalive = False  # answers from now on say that the connection ends with them
        for _ in range(int(LEAVE_SECONDS / LOOK_SECONDS)):
            eventlet.sleep(LOOK_SECONDS)
            for state in list(self._open.values()):
                if state[2] == wsgi.STATE_IDLE and not has_something(state[1]):
                    shutdown_safe(state[1])
        for _ in range(self.container.max_workers):
            self._room.acquire()  # all of it: nobody is at work any more


def has_something(sock: Any) -> bool:
    """Whether something was sent to this socket that nobody has read."""
    if sock.fileno() < 0:
        return False
    readable, _, _ = patcher.original("select").select([sock.fileno()], [], [], 0)
    return bool(readable)


class Site(Entrypoint):  # type: ignore[misc]
    """The service's method that makes the WSGI application: called once, with the dependencies of the service."""

    server = Front()

    def setup(self) -> None:
        self.server.register_provider(self)

    def stop(self) -> None:
        self.server.unregister_provider(self)

    def application(self) -> Any:
        """Errors: those of the method; the service does not start then."""
        made = Event()

        def keep(_: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            made.send_exception(*exc_info) if exc_info else made.send(result)
            return result, exc_info

        self.container.spawn_worker(self, (), {}, handle_result=keep)
        return made.wait()


site = Site.decorator
