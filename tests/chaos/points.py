"""Dying at a named point: the program kills itself, as `kill -9` would, the nth time it comes by."""

from __future__ import annotations

import os
import signal
from collections import Counter

from tests.chaos.control import Control


class Points:
    """The points of one program; the driver's order may come at any time."""

    def __init__(self, control: Control, program: str) -> None:
        self._control, self._order = control, f"{program}.point"
        self._passed: Counter[str] = Counter()

    def pass_by(self, point: str) -> None:
        order = self._control.told(self._order)
        if not order or order["point"] != point:
            return
        self._passed[point] += 1
        if self._passed[point] >= order["nth"]:
            self._control.path(self._order).replace(self._control.path(f"{self._order}.struck"))
            os.kill(os.getpid(), signal.SIGKILL)
