"""The portal's front: HTTP handed to Flask. The read model has a process of its own (readmodel/service.py)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

from bus.peers import Peers
from bus.service import Program
from services.portal.app import create_app
from services.portal.web import site

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def send_at_once(environ: dict[str, Any]) -> None:
    """Head and body of an answer are two writes: without this the second waits for the reader's delayed ack, 40 ms."""
    environ["eventlet.input"].get_socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class PortalService(Program):
    """门户: owns accounts, uploads and the read model, and no state of any case."""

    name = "portal"
    peers = Peers("intake", "dispatch", "mediation", "notify")
    capabilities = ("accounts.limits", "accounts.quotas", "accounts.sessions")

    @site  # type: ignore[untyped-decorator]
    def application(self) -> Application:
        """Streams leave as they come: nothing is buffered here."""
        flask, found = create_app(), {"shaodao.peers": self.peers, "shaodao.process": self.standing.process}
        # else 4 KB are gathered before a stream moves; eventlet ends the body of a request itself, chunked or counted
        found |= {"eventlet.minimum_write_chunk_size": 0, "wsgi.input_terminated": True}

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            send_at_once(environ)
            environ.update(found)
            return flask(environ, start_response)

        return answer
