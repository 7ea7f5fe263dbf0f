"""A provider's real HTTP address on this machine: answers what it is told to, keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Provider:
    """`answers`: status and body by turns, the last one for ever. `got`: path, headers, JSON."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = [(200, {"code": 0, "errcode": 0})]
        self.got: list[tuple[str, Any, Any]] = []
        self.url = ""

    def says(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)

    def _next(self) -> tuple[int, bytes]:
        status, content = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return status, content if isinstance(content, bytes) else json.dumps(content).encode()


@contextmanager
def open_provider() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            provider.got.append((self.path, self.headers, content))
            status, body = provider._next()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    provider.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
