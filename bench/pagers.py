"""`python -m bench.pagers`: many devices on MQTT press, and every press is an alarm: none lost, none doubled, in time.

BENCH_PAGERS devices (900), BENCH_RATE presses a second (50) for BENCH_SECONDS (15). Devices do not wait for each other.
With BENCH_KILL=1 the broker is killed when half of them have been pressed; the caretaker starts it again.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import cycle, pairwise
from statistics import quantiles

from rich.console import Console

from bench.desk import Desk, log_in
from bench.pressing import Pager, Press
from ops import lifecycle, pager, processes, provision, rabbitmq_api
from ops.secret import password
from ops.waiting import wait_until
from ops.world import World
from tests.stories.people import SEWAGE_AREA

DEVICES = int(os.environ.get("BENCH_PAGERS", "900"))
RATE = float(os.environ.get("BENCH_RATE", "50"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "15"))
KILL = os.environ.get("BENCH_KILL") == "1"
PATIENCE_SECONDS = 300.0
KEEPER = "dingxiang"
TOLD = ("pager_alarm_raised", "pager_pressed_again")
RECORDED = "select coalesce(sum(presses), 0)::int, count(*)::int, count(distinct pager_id)::int from pager_alarm"
FACTS = """
    select body, extract(epoch from queued_at)::float from outbox
    where routing_key like '%pager_alarm_raised%' or routing_key like '%pager_pressed_again%' order by position
"""
Records = dict[str, list[tuple[int, float]]]
"""By the id of a press its places in the log and the moments at which it was written there."""


def register(desk: Desk, number: int) -> str:
    home = {"area_path": SEWAGE_AREA, "place_text": f"{number}室", "phone": "13900000300", "name": "马秀英"}
    return str(desk.post("/api/pagers", {**home, "agreed": True})["number"])


def admit(world: World, numbers: list[str]) -> list[Pager]:
    """A login for each, in one import."""
    topology, secrets = import_module("contracts.topology"), {number: password() for number in numbers}
    rights = [topology.pager_permissions(number) for number in numbers]
    rabbitmq_api.call(world, "POST", "definitions", {
        "users": [topology.pager_login(number, secret) for number, secret in secrets.items()],
        "permissions": [each["permissions"] for each in rights],
        "topic_permissions": [topic for each in rights for topic in each["topic_permissions"]],
    }, seconds=120)  # fmt: skip
    return [Pager(number, pager.login(number), secret, pager.address(world)) for number, secret in secrets.items()]


def recorded(world: World) -> tuple[int, int, int]:
    """Presses, alarms, devices."""
    with provision.connected(world, "notify") as database:
        presses, alarms, devices = database.execute(RECORDED).fetchone() or (0, 0, 0)
    return presses, alarms, devices


def records(world: World) -> Records:
    """What was written of each press, by the letter that caused it."""
    found: Records = {}
    with provision.connected(world, "notify") as database:
        for place, (body, at) in enumerate(database.execute(FACTS).fetchall()):
            told = json.loads(body)
            for fact in told if isinstance(told, list) else [told]:
                if fact["type"].split(".")[-2] in TOLD:
                    found.setdefault(fact["causationid"].split("/")[1], []).append((place, at))
    return found


def press_all(world: World, pagers: list[Pager]) -> float | None:
    """Presses at the rate, whoever still waits; when the broker was killed."""
    began, turns, killed, most = time.time(), cycle(pagers), None, int(RATE * SECONDS)
    with ThreadPoolExecutor(DEVICES) as hands:
        under_way = []
        for no in range(most):
            time.sleep(max(0.0, (at := began + no / RATE) - time.time()))
            under_way.append(hands.submit(next(turns).press, at))
            if KILL and no == most // 2:
                killed = time.time()
                kill(world)
        for one in under_way:
            one.result()
    return killed


def kill(world: World) -> None:
    broker = processes.find(world, "rabbitmq")
    assert broker is not None, "the broker runs"
    broker.kill()


def in_order(pager: Pager, found: Records) -> bool:
    """Whether what one device said was written in the order in which it was said."""
    return all(found[one.id][0] < found[other.id][0] for one, other in pairwise(pager.presses))


def late(presses: Iterable[Press], found: Records) -> Iterator[float]:
    """Milliseconds from the finger to the log."""
    return (1000 * (found[one.id][0][1] - one.at) for one in presses)


def shown(name: str, waits: list[float]) -> str:
    cuts = quantiles(waits, n=100)
    return f"{name}: {len(waits)} presses, p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms, slowest {max(waits):.0f} ms"


def report(world: World, pagers: list[Pager], killed: float | None) -> Iterator[str]:
    presses, found = [one for each in pagers for one in each.presses], records(world)
    back = min((one.acknowledged for one in presses if killed and one.acknowledged > killed + 1), default=None)
    lost = [one for one in presses if one.id not in found]
    doubled = Counter(len(found[one.id]) for one in presses if one.id in found)
    again = sum(one.tries - 1 for one in presses)
    yield f"lost {len(lost)}, doubled {doubled.total() - doubled[1]}, sent again {again}"
    if lost:
        return
    yield f"out of order: {sum(not in_order(each, found) for each in pagers)} of {len(pagers)} devices"
    up = [one for one in presses if not killed or found[one.id][0][1] < killed]
    yield shown("finger to log" if not killed else "finger to log before the kill", list(late(up, found)))
    if killed and back:
        yield f"away for {back - killed:.1f} s: {sum(killed - 1 < one.at < back for one in presses)} presses in between"
        yield shown("pressed meanwhile", list(late((p for p in presses if p.at < back and p not in up), found)))
        since = [one for one in presses if one.at >= back]
        yield shown("pressed since it is back", list(late(since, found)))
        yield shown("pressed while it was up, before or after", list(late([*up, *since], found)))


def run(world: World) -> None:
    desk = Desk(world, log_in(world, KEEPER))
    pagers = admit(world, [register(desk, number) for number in range(DEVICES)])
    for each in pagers:
        each.connect()
    Console().print(f"{len(pagers)} devices connected; load {os.getloadavg()[0]:.1f}")
    killed, most = press_all(world, pagers), int(RATE * SECONDS)
    wait_until(lambda: recorded(world)[0] >= most, seconds=PATIENCE_SECONDS, what="every press", every=0.1)
    presses, alarms, devices = recorded(world)
    Console().print(f"{most} presses, {presses} recorded in {alarms} alarms of {devices} devices")
    for line in report(world, pagers, killed):
        Console().print(line)
    Console().print(f"load {os.getloadavg()[0]:.1f}")


def main() -> None:
    with lifecycle.running("bench-pagers") as world:
        run(world)


if __name__ == "__main__":
    main()
