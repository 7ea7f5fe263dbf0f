"""The three pages every process shows its operators: /live, /ready, /metrics."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.telemetry import metrics
from failover import serving

Checks = Callable[[], dict[str, bool]]


def show(state: dict[str, bool]) -> None:
    """Puts every check into the metrics, so that a scrape tells the present."""
    for check, holds in state.items():
        metrics.ready.labels(check).set(holds)


def application(checks: Checks) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A WSGI application: live is 'the process answers', ready is 'every check holds'."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            show(checks())
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        if path not in ("/live", "/ready"):
            start_response("404 Not Found", [])
            return [b""]
        state = checks() if path == "/ready" else {}
        status = "200 OK" if all(state.values()) else "503 Service Unavailable"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({**state, **serving()}).encode()]

    return answer
