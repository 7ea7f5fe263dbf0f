"""One POST to somebody else's address, within one budget of time, however slowly they answer.

Redirects are not followed, proxies not asked; of the answer's body no more is read than was asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from time import monotonic
from urllib.parse import SplitResult, urlsplit

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
"""From looking the name up to the last line of the answer's head, however slowly it comes."""


@dataclass(frozen=True)
class Answer:
    """The status, None where none came; `trouble` in words; how long the other side asks to wait; its own words."""

    status: int | None
    trouble: str | None = None
    retry_after: timedelta | None = None
    body: bytes = b""

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: dict[str, str], seconds: float = TOTAL_SECONDS, reads: int = 0) -> Answer:
    """Never raises, never takes longer than `seconds`: what goes wrong is an answer, too. Reads `reads` bytes of it."""
    until = monotonic() + seconds
    try:
        at = urlsplit(url)
        with _connected(at, until) as wire, _cut_off(wire, until):
            return _asked(at, wire, body, headers, reads)
    except (OSError, ValueError, http.client.HTTPException) as error:
        if monotonic() >= until:
            return Answer(None, f"no whole answer within {seconds:.0f} s")
        return Answer(None, f"{type(error).__name__}: {error}"[:500])


def _connected(at: SplitResult, until: float) -> socket.socket:
    """To the first of the host's addresses that answers. Errors: OSError."""
    trouble: OSError = OSError("no address")
    port = at.port or (443 if at.scheme == "https" else 80)
    for *_, address in socket.getaddrinfo(at.hostname, port, type=socket.SOCK_STREAM):
        left = until - monotonic()
        if left <= 0:
            raise TimeoutError("no time left to connect")
        try:
            return socket.create_connection((str(address[0]), port), timeout=min(CONNECT_SECONDS, left))
        except OSError as error:
            trouble = error
    raise trouble


@contextmanager
def _cut_off(wire: socket.socket, until: float) -> Iterator[None]:
    """Ends the connection when time is up: a time-out of a socket begins anew with every byte."""
    handle = wire.dup()
    timer = threading.Timer(max(0.0, until - monotonic()), _end, (handle,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()


def _end(wire: socket.socket) -> None:
    with suppress(OSError):  # ended meanwhile
        wire.shutdown(socket.SHUT_RDWR)


def _asked(at: SplitResult, wire: socket.socket, body: bytes, headers: dict[str, str], reads: int) -> Answer:
    wire.settimeout(TOTAL_SECONDS)
    host = str(at.hostname)
    connection = http.client.HTTPConnection(host, at.port)
    if at.scheme == "https":
        connection = http.client.HTTPSConnection(host, at.port, context=_tls())
        wire = _tls().wrap_socket(wire, server_hostname=host)
    connection.sock = wire
    with wire:
        connection.request("POST", (at.path or "/") + (f"?{at.query}" if at.query else ""), body, headers)
        answer = connection.getresponse()
        words = answer.read(reads) if reads else b""
    good = 200 <= answer.status < 300
    trouble = None if good else f"{answer.status} {answer.reason}"[:200]
    return Answer(answer.status, trouble, None if good else waited_for(answer.getheader("Retry-After")), words)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def signature(secret: str, delivery: str, body: bytes, moment: datetime) -> dict[str, str]:
    """The headers that prove a body to who shares the secret: HMAC-SHA256 of `<t>.<delivery>.<body>`, t in seconds."""
    t = int(moment.timestamp())
    signed = hmac.new(secret.encode(), f"{t}.{delivery}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Shaodao-Delivery": delivery, "Shaodao-Signature": f"t={t},v1={signed}"}


def waited_for(text: str | None, now: datetime | None = None) -> timedelta | None:
    """Retry-After: seconds, or an HTTP date. None where there is none or it cannot be read."""
    if text is None:
        return None
    if text.strip().isdigit():
        return timedelta(seconds=min(int(text), 10**6))
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(aware - (now or datetime.now(UTC)), timedelta(0))
