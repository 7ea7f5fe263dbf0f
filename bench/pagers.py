"""`python -m bench.pagers`: many devices on MQTT press, and every press is an alarm: none lost, none doubled, in time.

BENCH_PAGERS devices (900), BENCH_RATE presses a second (50) for BENCH_SECONDS (15). Devices do not wait for each other.
"""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import cycle
from statistics import quantiles
from typing import Any
from uuid import uuid4

from rich.console import Console

from bench.desk import Desk, log_in
from ops import lifecycle, pager, provision, rabbitmq_api
from ops.secret import password
from ops.waiting import wait_until
from ops.world import World
from tests.stories.people import SEWAGE_AREA
from tests.support.mqtt import Device

DEVICES = int(os.environ.get("BENCH_PAGERS", "900"))
RATE = float(os.environ.get("BENCH_RATE", "50"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "15"))
HANDS = 16
PATIENCE_SECONDS = 300.0
KEEPER = "dingxiang"
RAISED = """
    select coalesce(sum(presses), 0)::int, count(*)::int, count(distinct pager_id)::int,
           coalesce(extract(epoch from percentile_cont(0.99) within group (order by created_at - raised_at)), 0)::float
    from pager_alarm
"""


def register(desk: Desk, number: int) -> str:
    home = {"area_path": SEWAGE_AREA, "place_text": f"{number}室", "phone": "13900000300", "name": "马秀英"}
    return str(desk.post("/api/pagers", {**home, "agreed": True})["number"])


def admit(world: World, numbers: list[str]) -> dict[str, str]:
    """A login for each, in one import."""
    topology, secrets = import_module("contracts.topology"), {number: password() for number in numbers}
    rights = [topology.pager_permissions(number) for number in numbers]
    rabbitmq_api.call(world, "POST", "definitions", {
        "users": [topology.pager_login(number, secret) for number, secret in secrets.items()],
        "permissions": [each["permissions"] for each in rights],
        "topic_permissions": [topic for each in rights for topic in each["topic_permissions"]],
    }, seconds=120)  # fmt: skip
    return secrets


def recorded(world: World) -> tuple[Any, ...]:
    with provision.connected(world, "notify") as database:
        return database.execute(RAISED).fetchone() or ()


def press(line: Device, number: str) -> float:
    """Seconds until the broker has it for good."""
    began = time.perf_counter()
    line.publish(f"pager/{number}", json.dumps({"signal": "PRESS", "id": str(uuid4())}).encode())
    return time.perf_counter() - began


def run(world: World) -> None:
    desk = Desk(world, log_in(world, KEEPER))
    numbers = [register(desk, number) for number in range(DEVICES)]
    secrets, address = admit(world, numbers), pager.address(world)
    lines = {number: Device.connect(*address, pager.login(number), secrets[number]) for number in numbers}
    Console().print(f"{len(lines)} devices connected")
    began, turns = time.perf_counter(), cycle(numbers)
    with ThreadPoolExecutor(HANDS) as hands:
        pressed = []
        for no in range(int(RATE * SECONDS)):
            time.sleep(max(0.0, began + no / RATE - time.perf_counter()))
            number = next(turns)
            pressed.append(hands.submit(press, lines[number], number))
        waits = [1000 * one.result() for one in pressed]
    took = time.perf_counter() - began
    wait_until(lambda: recorded(world)[0] >= len(waits), seconds=PATIENCE_SECONDS, what="every press", every=0.1)
    behind = time.perf_counter() - began - took
    presses, alarms, devices, late = recorded(world)
    Console().print(
        f"{len(waits)} presses in {took:.1f} s; acknowledged p50 {quantiles(waits, n=100)[49]:.1f} ms, "
        f"p99 {quantiles(waits, n=100)[98]:.1f} ms; the last recorded {behind:.2f} s after the last press; "
        f"{presses} recorded in {alarms} alarms of {devices} devices; lost {len(waits) - presses}; "
        f"p99 of the transaction {1000 * late:.0f} ms"
    )


def main() -> None:
    with lifecycle.running("bench-pagers") as world:
        run(world)


if __name__ == "__main__":
    main()
