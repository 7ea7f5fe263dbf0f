"""A load at a given rate, whatever the answers take: each act has its planned moment, and is timed from there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles

from bench.desk import Desk, Refused

CLIENTS = 24
Act = Callable[[Desk, int], None]


@dataclass(frozen=True)
class Paced:
    """What was done, a second; milliseconds from the planned moment; how many failed, and the first words of one."""

    rate: float
    p50: float
    p99: float
    failed: int
    trouble: str

    def __str__(self) -> str:
        told = f"{self.rate:.1f}/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms, {self.failed} failed"
        return f"{told} ({self.trouble})" if self.trouble else told


def pace(desks: list[Desk], rate: float, seconds: float, act: Act, first: int = 0) -> Paced:
    """`rate` acts a second for `seconds`, numbered from `first`; no more at once than there are desks."""
    return _run(desks, int(rate * seconds), lambda number: number / rate, act, first)


def rush(desks: list[Desk], count: int, act: Act, first: int = 0) -> Paced:
    """`count` acts as fast as the desks can."""
    return _run(desks, count, lambda _: 0.0, act, first)


def _run(desks: list[Desk], count: int, planned: Callable[[int], float], act: Act, first: int) -> Paced:
    numbers, times, troubles = iter(range(count)), list[float](), list[str]()
    began = time.perf_counter() + 0.1
    drawn = threading.Lock()

    def one(desk: Desk) -> None:
        while True:
            with drawn:
                number = next(numbers, None)
            if number is None:
                return
            due = began + planned(number)
            time.sleep(max(0.0, due - time.perf_counter()))
            start = due if planned(count) else time.perf_counter()
            try:
                act(desk, first + number)
                times.append(time.perf_counter() - start)
            except Refused as error:
                troubles.append(str(error))

    threads = [threading.Thread(target=one, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _told(times, time.perf_counter() - began, troubles)


def _told(times: list[float], spent: float, troubles: list[str]) -> Paced:
    cuts = quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return Paced(len(times) / spent, cuts[49] * 1000, cuts[98] * 1000, len(troubles), troubles[0] if troubles else "")
