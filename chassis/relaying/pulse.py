"""What a relay shows of itself: /live while its loop moves, /ready while it is connected, /metrics."""

from __future__ import annotations

import threading
import time
from wsgiref.simple_server import WSGIRequestHandler, make_server

from chassis.pages import application


class Pulse:
    """The time of the loop's last turn."""

    def __init__(self) -> None:
        self._beat = time.monotonic()
        self.ready = False

    def beat(self) -> None:
        self._beat = time.monotonic()

    def age(self) -> float:
        return time.monotonic() - self._beat


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Health checks are not news."""


def serve(pulse: Pulse, host: str, port: int) -> None:
    """Answers in a thread of its own."""
    server = make_server(host, port, application(lambda: {"connected": pulse.ready}), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
