"""Which programs a world runs, and how each is started and asked whether it is ready."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ops.environment import inherited, process_environment
from ops.ports import LOOPBACK
from ops.problems import Problem
from ops.secret import write_private_json
from ops.world import SERVICES, World

MAILBOX, CARETAKER = "mailbox", "caretaker"
READMODEL, DELIVERY = "portal-readmodel", "notify-delivery"
LATER = 10
"""How far news, relays and letters step back (nice): a tenth of the weight of what somebody waits for."""
PARTS = (READMODEL, DELIVERY)
"""Parts of a service that run apart from it: nobody waits for news and letters as for an answer."""


@dataclass(frozen=True)
class Program:
    """One process to keep alive. `probe` is what answers when it is ready: an http address or tcp://host:port.

    `port`: where it accepts connections; the supervisor holds that socket, so that nobody is refused while the program
    is started anew. `nice` as in nice(1): where the machine is short of time, what somebody waits for goes before what
    may come later.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    probe: str | None = None
    nice: int = 0
    port: int | None = None


def plan(
    world: World,
    services: Iterable[str] = SERVICES,
    scale: Mapping[str, int] | None = None,
    through: Sequence[str] = (),
) -> None:
    """Writes down what the supervisor has to run. Errors: Problem for an unknown service or an impossible scale.

    `through`: a command that is given each service's and relay's own command as its last words and runs it.
    """
    services, scale = list(services), dict(scale or {})
    refuse_impossible(services, scale)
    write_private_json(plan_file(world), {"services": services, "scale": scale, "through": list(through)})


def refuse_impossible(services: Iterable[str], scale: Mapping[str, int]) -> None:
    """Errors: Problem for an unknown service, or one that is to run less than once."""
    for service in (*services, *scale):
        if service not in SERVICES:
            raise Problem(f"there is no service {service}; there are {', '.join(SERVICES)}")
    if any(count < 1 for count in scale.values()):
        raise Problem("a service runs at least once; `shaodao down` stops everything")


def planned_services(world: World) -> list[str]:
    """The services this world runs; all where it never was up."""
    services: list[str] = planned(world).get("services", list(SERVICES))
    return services


def planned_scale(world: World) -> dict[str, int]:
    """How often each service runs that was scaled."""
    scale: dict[str, int] = planned(world).get("scale", {})
    return scale


def planned(world: World) -> dict[str, Any]:
    """What was written down; nothing where the world never was up."""
    if not plan_file(world).exists():
        return {}
    found: dict[str, Any] = json.loads(plan_file(world).read_text(encoding="utf8"))
    return found


def programs_of(world: World) -> list[Program]:
    """The planned programs: services first, then what runs apart from them and the relays, then the world's helpers."""
    plan = planned(world)
    services: list[str] = plan["services"]
    running = [service_program(world, name, number + 1) for name in services for number in range(copies(plan, name))]
    running += [part_program(world, part) for part in PARTS if part.partition("-")[0] in services]
    running += [relay_program(world, name) for name in services]
    through = plan.get("through", [])
    return [*(replace(program, argv=(*through, *program.argv)) for program in running), *helpers(world, services)]


def helpers(world: World, services: Sequence[str]) -> list[Program]:
    """What a world of this machine has instead of an operator: a mailbox, and somebody who starts dead servers."""
    return [caretaker_program(world), *([mailbox_program(world)] if "notify" in services else [])]


def copies(plan: dict[str, Any], service: str) -> int:
    return int(plan["scale"].get(service, 1))


def service_program(world: World, service: str, replica: int) -> Program:
    name = service if replica == 1 else f"{service}-{replica}"
    environment = process_environment(world, service, replica)
    program = chassis_program(world, name, "bus.run", service, environment, environment["ADMIN_PORT"])
    return replace(program, port=world.port("portal")) if service == "portal" else program


def part_program(world: World, name: str) -> Program:
    """Steps back where the machine is short of time."""
    service, _, part = name.partition("-")
    port = str(world.port(f"{name}-admin"))
    environment = {**process_environment(world, service), "ADMIN_PORT": port}
    return chassis_program(world, name, "bus.run", f"{service}.{part}", environment, port, nice=LATER)


def relay_program(world: World, service: str) -> Program:
    environment = process_environment(world, service)
    port = environment["RELAY_ADMIN_PORT"]
    return chassis_program(world, f"{service}-relay", "relay", service, environment, port, nice=LATER)


def chassis_program(
    world: World, name: str, module: str, service: str, environment: dict[str, str], port: str, nice: int = 0
) -> Program:
    argv = (sys.executable, "-m", module, service)
    return Program(name, argv, environment, world.logs / f"{name}.log", f"http://{LOOPBACK}:{port}/ready", nice)


def caretaker_program(world: World) -> Program:
    argv = (sys.executable, "-m", "ops.caretaker", str(world.folder.resolve()))
    return Program(CARETAKER, argv, inherited(), world.logs / f"{CARETAKER}.log")


def mailbox_program(world: World) -> Program:
    """Takes in every mail the world sends and keeps it as a file under mail/."""
    port = world.port(MAILBOX)
    argv = (sys.executable, "-m", "ops.mailbox", str(world.folder / "mail"), str(port))
    return Program(MAILBOX, argv, inherited(), world.logs / f"{MAILBOX}.log", f"tcp://{LOOPBACK}:{port}", LATER)


def plan_file(world: World) -> Path:
    return world.folder / "plan.json"
