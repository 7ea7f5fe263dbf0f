"""The portal's process: HTTP to Flask, and no more queries than needed."""

from __future__ import annotations

import socket
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import eventlet
from eventlet import wsgi
from flask import Flask, request
from sqlalchemy import event
from werkzeug.test import Client, TestResponse

from chassis.process import Standing
from services.portal.accounts.sessions import forget_expired
from services.portal.accounts.tables import SessionRow
from services.portal.app import behind_proxies
from services.portal.service import PortalService, send_at_once
from tests.unit.portal.api.fakes import Portal


def serve(portal: Portal, path: str) -> TestResponse:
    process: Any = portal.client.environ_base["shaodao.process"]
    service: Any = SimpleNamespace(peers=portal.peers, standing=Standing(process, {}))
    with closing(socket.socket()) as connection:
        body = SimpleNamespace(get_socket=lambda: connection)
        return Client(PortalService.application(service)).get(path, environ_overrides={"eventlet.input": body})


def test_given_a_request_when_it_is_served_then_its_answer_waits_for_no_ack_of_the_reader() -> None:
    seen: list[int] = []

    def answer(environ: dict[str, Any], start: Any) -> list[bytes]:
        send_at_once(environ)
        seen.append(environ["eventlet.input"].get_socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        start("200 OK", [("Connection", "close")])
        return [b"seen"]

    with closing(eventlet.listen(("127.0.0.1", 0))) as server:
        serving = eventlet.spawn(wsgi.server, server, answer, log_output=False)
        with closing(eventlet.connect(server.getsockname())) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            client.recv(100)
        serving.kill()
    assert [True] == [bool(each) for each in seen]


def test_a_request_finds_process_and_peers(portal: Portal) -> None:
    # Given
    portal.peers.answers["list_areas"] = {"items": []}
    # When
    answer = serve(portal, "/api/areas?parent=yinchuan")
    # Then
    assert (200, {"items": []}, {"parent": "yinchuan"}) == (answer.status_code, answer.json, portal.peers.last.command)


def test_a_remembered_session_costs_no_query(portal: Portal, program: dict[str, str]) -> None:
    # Given
    portal.client.get("/api/units", headers=program)
    asked: list[str] = []
    event.listen(portal.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    # When
    portal.client.get("/api/units", headers=program)
    # Then
    assert [] == asked


def test_ended_sessions_are_forgotten_in_time(portal: Portal) -> None:
    # Given
    portal.login()
    later = portal.clock.forward(hours=17)
    # When
    with portal.store.transaction() as session:
        forget_expired(session, None, later)
    # Then
    with portal.store.transaction() as session:
        assert 0 == session.query(SessionRow).count()


def address_seen(trusted: int) -> str:
    app = Flask("toy")
    app.add_url_rule("/", view_func=lambda: str(request.remote_addr))
    behind_proxies(app, trusted)
    return app.test_client().get("/", headers={"X-Forwarded-For": "10.9.9.9, 10.0.0.7"}).text


def test_only_trusted_proxies_are_believed_about_addresses() -> None:
    assert ("127.0.0.1", "10.0.0.7") == (address_seen(0), address_seen(1))
