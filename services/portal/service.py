"""The portal's front: HTTP handed to Flask. The read model has a process of its own (readmodel/service.py)."""

from __future__ import annotations

import socket
from datetime import datetime
from functools import cache
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from chassis.bus.peers import Peers
from chassis.identity import Principal
from chassis.service import Program, every
from chassis.web import http
from services.portal.accounts.limits import forget_old
from services.portal.accounts.sessions import forget_expired
from services.portal.app import create_app

METHODS = "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS"


@cache
def application() -> Flask:
    """One a process."""
    return create_app()


def send_at_once(environ: dict[str, Any]) -> None:
    """Head and body of an answer are two writes: without this the second waits for the reader's delayed ack, 40 ms."""
    environ["eventlet.input"].get_socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class PortalService(Program):
    """门户: owns accounts, uploads and the read model, and no state of any case."""

    name = "portal"
    peers = Peers("intake", "dispatch", "mediation", "notify")

    @http(METHODS, "/")  # type: ignore[untyped-decorator]
    def front(self, request: Request) -> Response:
        return self.serve(request)

    @http(METHODS, "/<path:path>")  # type: ignore[untyped-decorator]
    def anywhere(self, request: Request, path: str) -> Response:
        return self.serve(request)

    def serve(self, request: Request) -> Response:
        """Streams leave as they come: nothing is buffered here."""
        send_at_once(request.environ)
        request.environ["eventlet.minimum_write_chunk_size"] = 0  # else 4 KB are gathered before a stream moves
        environ = {**request.environ, "shaodao.peers": self.peers, "shaodao.process": self.standing.process}
        environ["wsgi.input_terminated"] = True  # eventlet ends the body itself, chunked or counted
        return Response.from_app(application(), environ, buffered=False)

    @every(seconds=600)
    def forget(self, session: Session, who: Principal, now: datetime) -> None:
        forget_expired(session, now)
        forget_old(session, now)
