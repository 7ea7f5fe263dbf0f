"""The HTTP server of a service that is told to stop: nobody who asked is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPResponse
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from chassis.process import CONFIG_KEY
from chassis.web import Front

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Asked(Front):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = Event(), Event()

    def get_wsgi_app(self) -> Any:
        def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
            self.asked.send(None)
            self.go_on.wait()
            start("200 OK", [("Content-Length", "4")])
            return [b"here"]

        return answer


@pytest.fixture
def front() -> Iterator[Asked]:
    made = Asked()
    settings = SimpleNamespace(http_socket=None, http_host="127.0.0.1", http_port=0)
    config = {CONFIG_KEY: SimpleNamespace(settings=settings)}
    made.container = SimpleNamespace(config=config, spawn_managed_thread=eventlet.spawn)
    made.start()
    provider = object()
    made._providers.add(provider)
    made.leave = lambda: made.unregister_provider(provider)
    with eventlet.Timeout(10):
        yield made


def test_given_open_connections_when_the_server_leaves_then_the_asked_is_answered_and_the_idle_is_closed(front):
    # Given
    address = front._sock.getsockname()
    asking, idle = eventlet.connect(address), eventlet.connect(address)
    asking.sendall(REQUEST)
    front.asked.wait()
    # When
    leaving = eventlet.spawn(front.leave)
    ended = idle.recv(1)
    front.go_on.send(None)
    answer = HTTPResponse(asking)
    answer.begin()
    leaving.wait()
    # Then
    assert (b"", 200, "close", b"here") == (ended, answer.status, answer.headers["Connection"], answer.read())
    with pytest.raises(ConnectionRefusedError):
        eventlet.connect(address)
