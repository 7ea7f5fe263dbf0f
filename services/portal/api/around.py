"""What happens around every request: trace, metrics, security headers, and the refusal of other sites' pages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from chassis.errors import NotFound, Unavailable
from chassis.telemetry import trace
from chassis.telemetry.metrics import LATENCY
from services.portal.accounts import quotas
from services.portal.accounts.current import SAFE
from services.portal.api.reading import CONTROL
from services.portal.problems import WORDS, CrossSite
from services.portal.web import CROWDED

BACK_IN_SECONDS = 10
OWN_SITE = frozenset({"same-origin", "none"})
TRACEPARENT = "shaodao.traceparent"
REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{1,64}")
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
    "Cache-Control": "no-store",
}
http_requests = Counter("shaodao_http_requests_total", "HTTP requests, by route and status", ["route", "status"])
http_seconds = Histogram("shaodao_http_seconds", "Time to answer one HTTP request", ["route"], buckets=LATENCY)
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Traced:
    """Runs each request inside a span that continues the caller's `traceparent`."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        parent = environ.get("HTTP_TRACEPARENT", "")
        with trace.span(parent) as traceparent:
            environ[TRACEPARENT] = traceparent
            return self._application(environ, start_response)


def traceparent() -> str:
    """The trace context to pass on to services."""
    return str(request.environ[TRACEPARENT])


def begin() -> None:
    g.began = time.perf_counter()


def route() -> str:
    """The rule that matched, so that ids do not become labels."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def refuse_a_crowd() -> None:
    """Errors: Unavailable for who found no place in time (services.portal.web)."""
    if CROWDED in request.environ:
        raise Unavailable("现在办事的人太多，请稍后再试", retry_after=BACK_IN_SECONDS)


def refuse_other_sites() -> None:
    """No write is taken from a page of another site (OWASP: fetch metadata, Origin).

    Requests with a Bearer token cannot be forged by another site and need no check. A write that says nothing about
    where it comes from may not use the cookie: `accounts.current` sees to that. Errors: CrossSite.
    """
    if request.method in SAFE or "Authorization" in request.headers:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if (origin is not None and host_of(origin) != request.host) or (site is not None and site not in OWN_SITE):
        raise CrossSite("此操作须从本站页面发起")


def host_of(origin: str) -> str | None:
    """None for what is no origin at all, as no browser sends it."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def refuse_odd_paths() -> None:
    """Nothing of ours has a control character in its address; databases and headers choke on them. Errors: NotFound."""
    if CONTROL.search(request.path):
        raise NotFound(WORDS[404])


def finish(response: Response) -> Response:
    """Sets what every answer carries, where the view has not said otherwise, and counts it."""
    response.headers.extend((name, value) for name, value in HEADERS.items() if name not in response.headers)
    told = request.headers.get("X-Request-Id", "")
    context = traceparent()
    response.headers["X-Request-Id"] = told if REQUEST_ID_FORM.fullmatch(told) else context.split("-")[1]
    response.headers["traceresponse"] = context
    http_requests.labels(route(), str(response.status_code)).inc()
    http_seconds.labels(route()).observe(time.perf_counter() - g.began)
    return response


def register(app: Flask) -> None:
    app.wsgi_app = Traced(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(begin)
    app.before_request(refuse_a_crowd)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_odd_paths)
    app.after_request(finish)
    app.after_request(quotas.tell)
