"""Several servers for one: their addresses, which of them serves this process now, and how the dead are left.

It knows the drivers alone (amqp, kombu, psycopg), so that services, relays and tools can all stand on it.
"""

from __future__ import annotations

from collections.abc import Callable

_SERVING: dict[str, Callable[[], str]] = {}


def announce(kind: str, place: Callable[[], str]) -> None:
    """From now on `serving` tells of this kind of server (`broker`, `database`)."""
    _SERVING[kind] = place


def serving() -> dict[str, str]:
    """`host:port` of the node in use, by kind; nothing of a kind that has one node."""
    return {kind: place() for kind, place in _SERVING.items()}
