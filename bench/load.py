"""A light HTTP load: keep-alive connections, one thread a client, nothing but the standard library."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from typing import Any


@dataclass(frozen=True)
class Load:
    """What a run reached: answers a second, and milliseconds at the 50th and 99th percentile."""

    rate: float
    p50: float
    p99: float
    refused: int

    def __str__(self) -> str:
        return f"{self.rate:.0f}/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms, {self.refused} refused"


def run(
    port: int, clients: int, seconds: float, make: Callable[[int], tuple[str, dict[str, Any], dict[str, str]]]
) -> Load:
    """Posts what `make(number)` gives (path, body, headers) from `clients` connections for `seconds`."""
    times: list[float] = []
    refused = [0]
    until = time.perf_counter() + seconds
    numbers = iter(range(10**9))
    threads = [
        threading.Thread(target=_client, args=(port, until, numbers, make, times, refused)) for _ in range(clients)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    cuts = quantiles(times, n=100)
    return Load(len(times) / spent, cuts[49] * 1000, cuts[98] * 1000, refused[0])


def _client(port: int, until: float, numbers: Any, make: Any, times: list[float], refused: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (began := time.perf_counter()) < until:
        path, body, headers = make(next(numbers))
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read()
        if answer.status == 201:
            times.append(time.perf_counter() - began)
        else:
            refused[0] += 1
    connection.close()
