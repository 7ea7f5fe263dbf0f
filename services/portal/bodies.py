"""Bodies of requests: whole, or refused. What is cut must not be taken for what was sent."""

from __future__ import annotations

from typing import IO, cast

import flask
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream


class Bounded(LimitedStream):
    """A body of at most `most` bytes whose length nobody told. Errors: RequestEntityTooLarge, while it is read.

    Werkzeug's own stream ends at the limit without a word when all of it is read at once, and refuses a body of exactly
    the limit when it is read in parts. This one goes a byte further: whoever gets there has sent too much.
    """

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__(stream, most + 1, is_max=True)

    def readinto(self, b: bytearray) -> int | None:  # type: ignore[override]
        count = super().readinto(b)
        if self.is_exhausted:
            self.on_exhausted()
        return count


class Request(flask.Request):
    """Flask's, for servers that end the input themselves: chunked bodies have no length to look at beforehand."""

    @cached_property
    def stream(self) -> IO[bytes]:
        found, most = super().stream, self.max_content_length  # refuses a Content-Length that is too much
        if most is None or "wsgi.input_terminated" not in self.environ:
            return found
        return cast(IO[bytes], Bounded(self.input_stream, most))
