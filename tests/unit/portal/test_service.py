"""The HTTP entrypoint: what the server under Flask has to be told."""

from __future__ import annotations

import socket
from contextlib import closing

import eventlet
from eventlet import wsgi

from services.portal.service import send_at_once


class Input:
    """The body of a request, as eventlet hands it on."""

    def __init__(self, connection):
        self.connection = connection

    def get_socket(self):
        return self.connection


def waits_for_acks(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0


def test_given_a_connection_when_a_request_is_served_then_its_answer_never_waits_for_an_ack():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        client = socket.create_connection(server.getsockname())
        with closing(client), closing(server.accept()[0]) as connection:
            before = waits_for_acks(connection)
            send_at_once({"eventlet.input": Input(connection)})
            assert (True, False) == (before, waits_for_acks(connection))


def test_given_eventlets_server_when_it_takes_a_request_then_it_hands_the_socket_on():
    seen = []

    def answer(environ, start):
        send_at_once(environ)
        seen.append(waits_for_acks(environ["eventlet.input"].get_socket()))
        start("200 OK", [("Connection", "close")])
        return [b""]

    with closing(eventlet.listen(("127.0.0.1", 0))) as server:
        serving = eventlet.spawn(wsgi.server, server, answer, log_output=False)
        with closing(eventlet.connect(server.getsockname())) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            client.recv(100)
        serving.kill()
    assert [False] == seen
