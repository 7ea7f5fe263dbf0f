"""Everything lost: dumps taken while people worked are put back into a cluster that begins with nothing."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ops import lifecycle, postgres, programs, provision, rabbitmq, rabbitmq_api, readiness, servers
from ops.problems import Problem
from ops.progress import silent
from ops.world import SERVICES, World
from tests.chaos.nodes import EVER, clear_away, healed
from tests.chaos.row import Play

LISTENERS_FIRST = ("portal", "notify", "mediation", "dispatch", "intake")
BEFORE = timedelta(minutes=70)
"""What was said so long before the backup is said again: peers ask by themselves for what is older than an hour."""
DUMP_SECONDS = 300
KNOWN = ("users", "permissions", "topic_permissions", "policies", "exchanges", "queues", "bindings")


def restored(play: Play) -> None:
    """Facts are on their way while the dumps are taken, and nobody tells more: it would be gone with the disks."""
    play.load.until(60)
    world, folder = play.stage.world, play.stage.control.folder / "dumps"
    folder.mkdir(exist_ok=True)
    with play.load.held():
        begun = world.now()
        for service in LISTENERS_FIRST:
            dumped(world, service, folder)
        known = definitions(world)
        play.stage.read_department()  # what lies there for it is not in any dump
        with lifecycle.locked(world):
            lose_everything(world)
            lifecycle.servers_up(world, silent(), SERVICES, load=False)
            rabbitmq.define(world, known)
            for service in SERVICES:
                put_back(world, service, folder)
            said_again(world, begun)
            lifecycle.supervise(world)
            readiness.wait_ready(world, programs.programs_of(world), lambda _: None)
        play.is_over()
    play.note = "five dumps, nothing left, put back: nobody tells anything meanwhile"
    healed(play, EVER)


def lose_everything(world: World) -> None:
    if bad := list(lifecycle.stop_programs(world)):
        raise Problem(f"did not end well: {bad}")
    servers.stop(world, orderly=False)
    for member in world.members:
        clear_away("postgres", "rabbitmq", "etcd", of=member)


def definitions(world: World) -> dict[str, Any]:
    """What the broker alone knows: departments' logins and queues."""
    told = rabbitmq_api.call(world, "GET", "definitions")
    return {kind: told[kind] for kind in KNOWN}


def dumped(world: World, service: str, folder: Path) -> None:
    run(postgres.program("pg_dump"), "--format=custom", "--file", str(folder / f"{service}.dump"),
        provision.administrator_url(world, service))  # fmt: skip


def put_back(world: World, service: str, folder: Path) -> None:
    run(postgres.program("pg_restore"), "--clean", "--if-exists", "--exit-on-error", "--dbname",
        provision.administrator_url(world, service), str(folder / f"{service}.dump"))  # fmt: skip
    provision.after_migration(world, service)


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=DUMP_SECONDS)
    if done.returncode:
        raise Problem(f"{Path(command[0]).name}: {done.stderr}")


def said_again(world: World, begun: datetime) -> None:
    """As `deploy/compose/restore` does: who was restored has not heard it, all others know it by its id."""
    since = (begun - BEFORE).isoformat()
    for service in SERVICES:
        with provision.connected(world, service) as database:
            database.execute(
                "update outbox set sent_at = null, sent_no = null where exchange like '%%.events' and sent_at > %s",
                [since],
            )
    for service in SERVICES:
        with provision.connected(world, service) as database:
            found = database.execute("select coalesce(max(sent_no), 0) from outbox").fetchone()
        for peer in SERVICES:
            with provision.connected(world, peer) as database:
                database.execute(
                    "update peer_cursor set position = least(position, %s) where source = %s",
                    [found[0] if found else 0, service],
                )
