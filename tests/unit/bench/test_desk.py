"""A desk whose connection the portal has closed opens it again, and says so when nobody answers."""

from __future__ import annotations

import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest

from bench.desk import Desk, Refused


class Portal(BaseHTTPRequestHandler):
    """Answers once a connection, then closes it without a word, as a portal does with one that lay idle."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.keys.append(self.headers["Idempotency-Key"])
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def portal():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Portal) as server:
        server.keys = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def desk_at(port):
    return Desk(SimpleNamespace(port=lambda _: port), "token")


def test_given_a_connection_the_portal_closed_when_asked_again_then_it_is_opened_anew(portal):
    desk = desk_at(portal.server_address[1])
    assert [{}, {}, {}] == [desk.post("/api/appeals", {"no": no}) for no in range(3)]
    assert 3 == len(set(portal.keys))


def test_given_nobody_there_when_asked_then_the_refusal_says_whose_fault_it_is(portal):
    desk = desk_at(portal.server_address[1])
    portal.shutdown()
    portal.server_close()
    with pytest.raises(Refused, match=r"POST /api/appeals: the portal gives no answer .*refused"):
        desk.post("/api/appeals", {})
