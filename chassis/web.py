"""HTTP on a socket that outlives the process: who starts it holds the socket and hands it on (HTTP_SOCKET, its number).

While one process goes and the next comes, connections wait in the socket's queue instead of being refused.
"""

from __future__ import annotations

import socket
from typing import Any

import eventlet
from nameko.web.handlers import HttpRequestHandler
from nameko.web.server import WebServer

from chassis.process import CONFIG_KEY
from chassis.settings import Settings


def listening(settings: Settings) -> socket.socket:
    """The inherited socket; where there is none, one of its own."""
    if settings.http_socket is None:
        own: socket.socket = eventlet.listen((settings.http_host, settings.http_port))
        return own
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=settings.http_socket)


class Front(WebServer):
    """nameko's server, accepting where it is told to."""

    _gt: Any

    def start(self) -> None:
        if self._gt is None:  # each route of the service starts the server they share
            self._sock = listening(self.container.config[CONFIG_KEY].settings)
            self._sock.settimeout(None)
            self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app())
            self._gt = self.container.spawn_managed_thread(self.run)


class Http(HttpRequestHandler):
    server = Front()


http = Http.decorator
