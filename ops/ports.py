"""Free TCP ports on the loopback address."""

from __future__ import annotations

import random
import socket
from collections.abc import Container

LOOPBACK = "127.0.0.1"
# below the usual range of outgoing connections (32768…), so that no client socket takes a port while its server is down
LOWEST, HIGHEST = 20000, 32000
# a system RabbitMQ's distribution and its clients' range stay untouched
RESERVED = frozenset({25672})


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_open(port: int, host: str = LOOPBACK) -> bool:
    """Whether somebody accepts connections on this port."""
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def any_free(taken: Container[int] = ()) -> int:
    """A random free port that is not in `taken`."""
    while True:
        port = random.randrange(LOWEST, HIGHEST)
        if port not in RESERVED and port not in taken and is_free(port):
            return port


def first_free(wanted: int, taken: Container[int] = ()) -> int:
    """The wanted port, or the next free one after it."""
    while wanted in taken or not is_free(wanted):
        wanted += 1
    return wanted
