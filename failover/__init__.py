"""Several servers for one: their addresses, which of them serves this process now, and how the dead are left.

It knows the drivers alone (amqp, kombu, psycopg), so that services, relays and tools can all stand on it.
"""

from __future__ import annotations

from collections.abc import Callable

_SERVING: dict[str, Callable[[], str]] = {}


def announce(kind: str, place: Callable[[], str]) -> None:
    """From now on `serving` tells of this kind of server (`broker`, `database`)."""
    _SERVING[kind] = place


def serving() -> dict[str, dict[str, str]]:
    """Under `serving` the `host:port` of the node in use, by kind; nothing where no kind has several."""
    return {"serving": {kind: place() for kind, place in _SERVING.items()}} if _SERVING else {}
