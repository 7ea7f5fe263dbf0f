"""The HTTP server of a service that is told to stop: nobody who asked is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any

import eventlet
import pytest
from eventlet.event import Event
from nameko.containers import ServiceContainer

from services.portal import web
from services.portal.web import site

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


class Asked:
    """A service whose application answers when it is told to."""

    name = "asked"
    asked, go_on = Event(), Event()

    @site
    def application(self) -> Any:
        def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
            if environ["REQUEST_METHOD"] == "POST":
                environ["wsgi.input"].read()
            elif web.CROWDED not in environ:
                self.asked.send(None)
                self.go_on.wait()
            start("503 Full" if web.CROWDED in environ else "200 OK", [("Content-Length", "4")])
            return [b"here"]

        return answer


@pytest.fixture
def container(monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceContainer]:
    monkeypatch.setattr(web, "READ_SECONDS", 0.2)
    monkeypatch.setattr(Asked, "asked", Event())
    monkeypatch.setattr(Asked, "go_on", Event())
    monkeypatch.setenv("HTTP_PORT", "0")
    made = ServiceContainer(Asked, {"max_workers": 2})
    made.start()
    with eventlet.Timeout(10):
        yield made


def test_given_open_connections_when_the_service_stops_then_the_asked_is_answered_and_the_idle_is_closed(container):
    # Given
    (front,) = container.subextensions
    address = front._sock.getsockname()
    asking, idle = eventlet.connect(address), eventlet.connect(address)
    asking.sendall(REQUEST)
    Asked.asked.wait()
    # When
    leaving = eventlet.spawn(container.stop)
    ended = idle.recv(1)
    while not front._room.locked():  # it listens no more: only the request at work holds it now
        eventlet.sleep(0.01)
    still_there = not leaving.dead
    Asked.go_on.send(None)
    answer = HTTPResponse(asking)
    answer.begin()
    leaving.wait()
    # Then
    assert (b"", True, 200, "close", b"here") == (
        ended,
        still_there,
        answer.status,
        answer.headers["Connection"],
        answer.read(),
    )
    with pytest.raises(ConnectionRefusedError):
        eventlet.connect(address)


def test_given_as_many_bodies_that_never_come_as_there_are_workers_then_others_are_answered_all_the_same(container):
    # Given
    (front,) = container.subextensions
    address = front._sock.getsockname()
    slow = [eventlet.connect(address) for _ in range(2)]
    for each in slow:
        each.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
    while not front._room.locked():
        eventlet.sleep(0.01)
    # When
    asking = eventlet.connect(address)
    asking.sendall(REQUEST)
    Asked.go_on.send(None)
    answer = HTTPResponse(asking)
    answer.begin()
    # Then
    assert (200, b"here") == (answer.status, answer.read())
    container.stop()


def test_given_every_place_taken_for_long_when_another_asks_then_it_is_told_so_and_the_others_are_answered(
    container, monkeypatch
):
    # Given
    monkeypatch.setattr(web, "ROOM_SECONDS", 0.05)
    (front,) = container.subextensions
    address = front._sock.getsockname()
    inside = [eventlet.connect(address) for _ in range(2)]
    inside[0].sendall(REQUEST)
    Asked.asked.wait()
    Asked.asked.reset()
    inside[1].sendall(REQUEST)
    Asked.asked.wait()
    # When
    outside = eventlet.connect(address)
    outside.sendall(REQUEST)
    answers = [HTTPResponse(each) for each in (outside, *inside)]
    answers[0].begin()
    Asked.go_on.send(None)
    for each in answers[1:]:
        each.begin()
    # Then
    assert [503, 200, 200] == [each.status for each in answers]
    container.stop()
