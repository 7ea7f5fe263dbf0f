"""Who is being listened to: a peer may be newer than we are, people and departments are told what they got wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

hearing_peers: ContextVar[bool] = ContextVar("hearing_peers", default=False)


@contextmanager
def from_peer() -> Iterator[None]:
    """What is loaded inside was said by another service of ours."""
    before = hearing_peers.set(True)
    try:
        yield
    finally:
        hearing_peers.reset(before)
