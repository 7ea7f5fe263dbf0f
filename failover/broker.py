"""The nodes of one broker: a process speaks to one of them at a time, and leaves it when it is lost."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import structlog
from amqp.exceptions import AMQPError
from kombu import Connection, pools
from kombu.exceptions import OperationalError
from kombu.transport import pyamqp  # noqa: F401 - kombu imports it late, and two green threads must not do so at once

from failover import announce
from failover.addresses import host_and_port, of_brokers

LOST = (AMQPError, OperationalError, OSError)
HEARTBEAT_SECONDS = 10
HEARTBEAT_AMONG_SEVERAL = 4
"""A node that fell silent is left after two of them."""

TIMEOUTS = {"connect_timeout": 5, "read_timeout": 15, "write_timeout": 15, "login_timeout": 10}
TRANSPORT = {**TIMEOUTS, "max_retries": 1, "interval_start": 0.2, "interval_step": 0.2, "interval_max": 0.5}

log = structlog.get_logger()


class Brokers:
    """All nodes under one login. Consumers and publishers of a process share it, and with it the node they speak to."""

    def __init__(self, uris: tuple[str, ...]) -> None:
        self.uris = uris
        self._at = random.randrange(len(uris))  # so that processes spread over the nodes

    @property
    def several(self) -> bool:
        return len(self.uris) > 1

    @property
    def current(self) -> str:
        return self.uris[self._at]

    @property
    def heartbeat(self) -> int:
        return HEARTBEAT_AMONG_SEVERAL if self.several else HEARTBEAT_SECONDS

    def leave(self, uri: str) -> None:
        """On to the next node, unless another thread has left this one already."""
        if self.several and uri == self.current:
            self._at = (self._at + 1) % len(self.uris)
            log.warning("broker_left", node=host_and_port(uri), now=host_and_port(self.current))


@cache
def brokers(setting: str) -> Brokers:
    """The nodes a setting names; the same object for the whole process. Errors: BadAddress."""
    found = Brokers(of_brokers(setting))
    if found.several:
        announce("broker", lambda: host_and_port(found.current))
    return found


class Pools:
    """Connections kept by node: what is acquired is of the node in use."""

    def __init__(self, nodes: Brokers, how: dict[str, Any]) -> None:
        self._nodes = nodes
        self._made = {each: pools.producers[Connection(each, transport_options=how)] for each in nodes.uris}

    def acquire(self, **how: Any) -> Any:
        return self._made[self._nodes.current].acquire(**how)


class Link(Connection):
    """A connection that is tried once, and is dropped without a word where it ends by an error."""

    def connect(self) -> Any:
        """kombu's own tries a second time after two seconds."""
        return self._ensure_connection(max_retries=0, reraise_as_library_errors=False)

    def __exit__(self, kind: object = None, *rest: object) -> None:
        if kind is not None:
            drop(self)
        super().__exit__(kind, *rest)


def connect(nodes: Brokers) -> Link:
    """A lazy connection to the node in use, with heartbeat and timeouts."""
    return Link(nodes.current, heartbeat=nodes.heartbeat, transport_options=dict(TIMEOUTS), connect_timeout=5)


def drop(connection: Connection) -> None:
    """Gives up a connection without a word: a polite end waits for an answer (minutes, from a node that stands still),
    and a late confirm that comes over the same channel would be taken for the next message's."""
    if (inner := connection._connection) is not None:
        inner.collect()
    connection._connection = connection._default_channel = None
    connection.declared_entities.clear()
