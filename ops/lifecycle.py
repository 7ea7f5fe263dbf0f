"""Up and down: everything a world needs, in the order it needs it."""

from __future__ import annotations

import fcntl
import json
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from ops import docker, packages, preparing, processes, programs, provision, rabbitmq, readiness, servers
from ops import world as worlds
from ops.environment import inherited
from ops.problems import Problem, tail
from ops.progress import Steps, silent
from ops.world import SERVICES, World

SUPERVISOR = "supervisor"
STOP_SECONDS = 35.0


def up(
    world: World,
    steps: Steps,
    *,
    services: Sequence[str] = SERVICES,
    scale: Mapping[str, int] | None = None,
    load: bool = True,
    through: Sequence[str] = (),
) -> None:
    """Starts what does not run and waits until all is ready. May be called again at any time. Errors: Problem.

    A service whose `scale` is not given runs as often as before; in a cluster twice from its beginning.
    """
    with locked(world), steps:
        twice = dict.fromkeys(services, 2) if world.members else {}
        programs.plan(world, services, {**twice, **programs.planned_scale(world), **(scale or {})}, through)
        programs.programs_of(world)  # gives every new program its port before several processes could
        servers_up(world, steps, services, load)
        with steps.step("Services and relays") as tell:
            supervise(world)
            readiness.wait_ready(world, programs.programs_of(world), tell)


def servers_up(world: World, steps: Steps, services: Sequence[str], load: bool) -> None:
    """The broker with its topology, and beside it the databases with their tables and reference data."""
    with ThreadPoolExecutor(2) as both:
        started = [both.submit(broker_up, world, steps), both.submit(databases_up, world, steps, services, load)]
    for one in started:
        one.result()


def broker_up(world: World, steps: Steps) -> None:
    with steps.step("RabbitMQ, queues and logins") as tell:
        servers.start_broker(world, tell)
        rabbitmq.define(world, servers.definitions_of(world))


def databases_up(world: World, steps: Steps, services: Sequence[str], load: bool) -> None:
    with steps.step("PostgreSQL, databases and roles"):
        servers.start_database(world)
        provision.provision(world)
    with steps.step("Tables"):
        preparing.migrate(world, services, again=False)
    if load and preparing.DISTRICT.is_dir():
        with steps.step("Reference data"):
            preparing.load(world, services, again=False)
    # printed agreements need a Chinese font; without one everything but printing works
    packages.install_fonts()


def supervise(world: World) -> None:
    """Starts the supervisor, or lets the running one read the plan again."""
    if running_one := processes.find(world, SUPERVISOR):
        running_one.send_signal(signal.SIGHUP)
        return
    for program in programs.programs_of(world):
        port = program.name if program.name == programs.MAILBOX else f"{program.name}-admin"
        world.renew_taken_port(port)
    world.renew_taken_port("portal")
    (world.folder / "state.json").unlink(missing_ok=True)
    argv = [sys.executable, "-m", "ops.supervisor", str(world.folder.resolve())]
    processes.start_detached(world, SUPERVISOR, argv, inherited())


def down(world: World, steps: Steps, *, wipe: bool = False) -> dict[str, str]:
    """Stops everything, programs first. Returns the last words of programs that did not end well, by their names."""
    with locked(world), steps:
        with steps.step("Services and relays"):
            bad = {name: f"exit {status}\n{tail(world.logs / f'{name}.log')}" for name, status in stop_programs(world)}
        with steps.step("RabbitMQ and PostgreSQL"):
            servers.stop(world, orderly=not wipe)
    if wipe:
        docker.wipe(world)
        shutil.rmtree(world.folder)
    return bad


def stop_programs(world: World) -> Iterator[tuple[str, int | None]]:
    """Those that did not end well, each with its exit status."""
    if processes.find(world, SUPERVISOR) is None:
        return
    if not processes.stop(world, SUPERVISOR, STOP_SECONDS):
        yield SUPERVISOR, None
        return
    told = json.loads((world.folder / "state.json").read_text(encoding="utf8"))
    for name in told.get("failed", []):
        yield name, told["programs"][name]["last_exit"]


@contextmanager
def locked(world: World, *, wait: bool = True) -> Iterator[bool]:
    """One `up` or `down` a world at a time; a second one waits, or with wait=False is told that it has no lock."""
    with (world.folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def running(
    name: str,
    *,
    services: Sequence[str] = SERVICES,
    scale: Mapping[str, int] | None = None,
    clock: bool = True,
    load: bool = True,
    folder: Path | None = None,
    through: Sequence[str] = (),
    nodes: int = 0,
    made: Callable[[World], object] = lambda _: None,
) -> Iterator[World]:
    """For tests: a world of its own, up and ready, stopped and removed at the end, whatever happens.

    `folder` is where the world's directory is made (default: where all worlds live); `through` as in `programs.plan`;
    `nodes` as in `worlds.load_or_create`; `made` is called once the world is there and nothing of it runs.
    A world of this name that an aborted run left behind is removed first.
    """
    place = (folder or worlds.runs()) / name
    if (place / "settings.json").exists():
        down(worlds.load(place), silent(), wipe=True)
    world = worlds.load_or_create(place, clock=clock, nodes=nodes)
    try:
        made(world)
        up(world, silent(), services=services, scale=scale, load=load, through=through)
        yield world
    finally:
        bad = down(world, silent(), wipe=True)
    if bad:
        raise Problem("\n".join(f"did not end well: {name}\n{words}" for name, words in bad.items()))
