"""One POST to a department's address: redirects are not followed, proxies not asked, the answer's body not read."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Answer:
    """The status, None where none came; `trouble` in words; how long the other side asks to wait."""

    status: int | None
    trouble: str | None = None
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Where a message goes is decided by the operator, not by who answers."""


OPENER = build_opener(ProxyHandler({}), NoRedirects)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Never raises: what goes wrong is an answer, too."""
    request = Request(url, data=body, headers=headers, method="POST")
    try:
        with OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return Answer(answer.status)
    except HTTPError as error:
        with error:
            return Answer(
                error.code, f"{error.code} {error.reason}"[:200], waited_for(error.headers.get("Retry-After"))
            )
    except (URLError, OSError, ValueError, http.client.HTTPException) as error:
        return Answer(None, f"{type(error).__name__}: {error}"[:500])


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
