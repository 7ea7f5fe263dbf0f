"""Pagers as they behave: a press goes out again under its id until the broker has it, and none overtakes another."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from uuid import uuid4

from tests.support.mqtt import Device, Refused

AGAIN_SECONDS = 0.5


@dataclass
class Press:
    """`at`, `acknowledged`: seconds since the epoch; `tries`: how often it was sent."""

    at: float
    id: str = field(default_factory=lambda: str(uuid4()))
    tries: int = 0
    acknowledged: float = 0.0


@dataclass
class Pager:
    """One device with a connection of its own, made anew where it broke."""

    number: str
    login: str
    secret: str
    address: tuple[str, int]
    presses: list[Press] = field(default_factory=list)
    _line: Device | None = None
    _waiting: deque[Press] = field(default_factory=deque)
    _busy: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def connect(self) -> None:
        """Errors: Refused, OSError."""
        if self._line is None:
            self._line = Device.connect(*self.address, self.login, self.secret)

    def press(self, at: float) -> None:
        """Returns once the broker has it, or another thread is sending this device's presses one after the other."""
        with self._lock:
            self.presses.append(press := Press(at))
            self._waiting.append(press)
            if self._busy:
                return
            self._busy = True
        while (waiting := self._next()) is not None:
            self._send(waiting)

    def _next(self) -> Press | None:
        with self._lock:
            self._busy = bool(self._waiting)
            return self._waiting.popleft() if self._waiting else None

    def _send(self, press: Press) -> None:
        body = json.dumps({"signal": "PRESS", "id": press.id}).encode()
        while not press.acknowledged:
            press.tries += 1
            try:
                self.connect()
                assert self._line is not None
                self._line.publish(f"pager/{self.number}", body)
                press.acknowledged = time.time()
            except (Refused, OSError):
                self._hang_up()
                time.sleep(AGAIN_SECONDS)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
