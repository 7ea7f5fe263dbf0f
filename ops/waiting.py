"""Waiting on conditions with a deadline, instead of sleeping and hoping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], *, seconds: float, what: str = "the condition", every: float = 0.05) -> T:
    """The first true value of `condition`, asked every `every` seconds.

    Errors: TimeoutError naming `what` when `seconds` have passed. An error raised by `condition` is not caught.
    """
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() >= deadline:
            raise TimeoutError(f"{what}: not after {seconds:g} s")
        time.sleep(every)
