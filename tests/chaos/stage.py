"""A world for one run of the chaos: own broker node, own PostgreSQL, own ports, every program behind the door."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from unittest.mock import patch

import httpx
import psycopg

from ops import lifecycle, programs, provision, rabbitmq_api, readiness
from ops import world as worlds
from ops.problems import Problem
from ops.processes import find
from ops.programs import Program
from ops.waiting import wait_until
from ops.world import SERVICES, World
from tests.chaos.control import Control
from tests.integration.departments.plug import Plug
from tests.stories import people, sql
from tests.stories.talk import SHANGHAI, Story

RELAYS = tuple(f"{service}-relay" for service in SERVICES[:-1])  # the portal says nothing of its own
UNIT = people.UNITS["供电公司"]
WORKDAY_MORNING = datetime(2024, 7, 3, 10, 0, tzinfo=SHANGHAI)
WITNESS = (
    "create table chaos_effect (no bigint generated always as identity, handler text, event_id text)",
    "create index on chaos_effect (event_id)",
    "grant insert, select on chaos_effect to public",
)
BACK_SECONDS = 60.0


@dataclass
class Stage:
    """What a fault and a checker need."""

    world: World
    control: Control
    orders: set[str] = field(default_factory=set)

    @cached_property
    def token(self) -> str:
        with httpx.Client(base_url=self.world.portal_url, timeout=20, trust_env=False) as client:
            return Story(self.world, client).token(people.STAFF["李珊"])

    @cached_property
    def department(self) -> Plug:
        """The power company, with a login and a queue of its own."""
        with patch.dict(os.environ, SHAODAO_WORLD=self.world.name):
            return Plug.of(self.world, UNIT)

    def read_department(self) -> set[str]:
        """Reads the department's queue to its end; the ids of all it ever held (a second copy has the same id)."""
        with self.department.connect() as connection:
            channel = connection.channel()
            while message := channel.basic_get(f"department.{UNIT}", no_ack=True):
                self.orders.add(json.loads(message.body)["id"])
        return self.orders

    def programs(self) -> list[Program]:
        helpers = (programs.MAILBOX, programs.CARETAKER)
        return [each for each in programs.programs_of(self.world) if each.name not in helpers]

    def pid(self, name: str) -> int | None:
        return readiness.pid_of(self.world, name)

    def strike(self, name: str, number: signal.Signals) -> float:
        """Sends a signal to a program; the moment it was sent, in monotonic seconds."""
        os.kill(wait_until(lambda: self.pid(name), seconds=BACK_SECONDS, what=f"{name} runs"), number)
        return time.monotonic()

    def back(self, name: str, before: int | None) -> None:
        """Until the supervisor has started the program anew and it is ready."""
        what = f"{name} back"
        wait_until(lambda: self.pid(name) not in (None, before), seconds=BACK_SECONDS, what=what, progress=self._starts)
        self.ready(name)

    def ready(self, *names: str) -> None:
        """Until these programs are ready; without names, all."""
        wanted = [each for each in self.programs() if each.name in names or not names]
        unready = lambda: [each.name for each in wanted if readiness.why_not_ready(each)]  # noqa: E731
        what = f"ready: {names or 'all'}"
        wait_until(lambda: not unready(), seconds=BACK_SECONDS, what=what, every=0.2, progress=self._starts)

    def _starts(self) -> float:
        return readiness.work_done(self.world)

    def work_done(self) -> object:
        """What changes while facts are on their way; nothing where the servers are away."""
        with suppress(psycopg.Error, OSError, Problem):
            queues = rabbitmq_api.queues(self.world)
            return sql.work_done(self.world), {name: queue.get("messages") for name, queue in queues.items()}
        return None

    def plan(self, services: Sequence[str] = SERVICES, scale: dict[str, int] | None = None) -> None:
        """Another plan for the running supervisor; it may read it at any moment, so ports are given out before."""
        for service in scale or {}:
            self.world.port(f"{service}-2-admin")
        programs.plan(self.world, services, scale, door(self.control))
        supervisor = find(self.world, lifecycle.SUPERVISOR)
        assert supervisor is not None
        supervisor.send_signal(signal.SIGHUP)


def door(control: Control) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.chaos.door", str(control.folder.resolve()))


def furnish(world: World) -> None:
    """A table in every store in which committed effects leave a row of their own (`services.witnessed`)."""
    for service in SERVICES:
        with provision.connected(world, service) as connection:
            for statement in WITNESS:
                connection.execute(statement.encode())


@contextmanager
def staged(
    name: str, folder: Path | None = None, nodes: int = 0, made: Callable[[World], object] = lambda _: None
) -> Iterator[Stage]:
    """Up and ready, at ten in the morning of a working day; stopped and removed at the end, whatever happens.

    `nodes` and `made` as in `lifecycle.running`.
    """
    control = Control((folder or worlds.runs()) / name / "chaos")
    with lifecycle.running(name, clock=True, folder=folder, through=door(control), nodes=nodes, made=made) as world:
        world.shift_clock((WORKDAY_MORNING - datetime.now(SHANGHAI)).total_seconds())
        furnish(world)
        control.tell("witness")
        stage = Stage(world, control)
        assert stage.token
        assert stage.department
        yield stage
