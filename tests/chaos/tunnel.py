"""`python -m tests.chaos.tunnel NEAR FAR RULES`: the wire between two TUN devices, one of them in another namespace.

Every packet passes through here: on time, late, or never, as RULES (a JSON file, read again and again) says for the
TCP port it belongs to: {"5672": {"delay": 0.3, "loss": 0.05, "cut": false}}. `delay` in seconds on the way back from
the port, so a round trip is late by that much once; `loss` in both directions.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import os
import random
import select
import struct
import sys
import time
from pathlib import Path
from typing import Any

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x1, 0x1000
LONGEST = 65535
LOOK_SECONDS = 0.1


def opened(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def ports(packet: bytes) -> tuple[int, int]:
    """Source and destination port of a TCP packet over IPv4; zeros for anything else."""
    if packet[0] >> 4 != 4 or packet[9] != 6:
        return 0, 0
    start = (packet[0] & 15) * 4
    return struct.unpack_from("!HH", packet, start)


class Wire:
    """Packets on their way, and the rules of the moment."""

    def __init__(self, near: int, far: int, rules: Path) -> None:
        self._other = {near: far, far: near}
        self._path, self._read_at, self._rules = rules, 0.0, {}
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._number = 0

    def run(self) -> None:
        while True:
            wait = max(0.0, self._under_way[0][0] - time.monotonic()) if self._under_way else LOOK_SECONDS
            for device in select.select(list(self._other), [], [], min(wait, LOOK_SECONDS))[0]:
                self._take(device)
            self._hand_on()

    def _take(self, device: int) -> None:
        packet = os.read(device, LONGEST)
        source, target = ports(packet)
        rule = self._rule(source) or self._rule(target) or {}
        if rule.get("cut") or random.random() < rule.get("loss", 0.0):
            return
        late = rule.get("delay", 0.0) if self._rule(source) else 0.0
        self._number += 1
        heapq.heappush(self._under_way, (time.monotonic() + late, self._number, self._other[device], packet))

    def _rule(self, port: int) -> dict[str, Any] | None:
        if time.monotonic() - self._read_at > LOOK_SECONDS:
            self._rules = json.loads(self._path.read_text())
            self._read_at = time.monotonic()
        return self._rules.get(str(port))

    def _hand_on(self) -> None:
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, device, packet = heapq.heappop(self._under_way)
            try:
                os.write(device, packet)
            except OSError:
                continue  # a device that is down or full loses packets, as wires do


if __name__ == "__main__":
    Wire(opened(sys.argv[1]), opened(sys.argv[2]), Path(sys.argv[3])).run()
