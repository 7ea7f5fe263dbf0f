"""Faults of the servers: the broker stopped, killed, frozen, out of memory; PostgreSQL away; logins revoked."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psutil

from ops import lifecycle, postgres, processes, provision, rabbitmq, rabbitmq_api, rabbitmq_node
from ops.problems import Problem
from ops.waiting import wait_until
from ops.world import World
from tests.chaos.row import Fault, Play

LOGIN = "intake"
AWAY_SECONDS = 10.0
FROZEN_SECONDS = 20.0
CUT_SECONDS = 20.0


def broker_process(world: World) -> psutil.Process:
    found = processes.find(world, "rabbitmq")
    if found is None:
        raise Problem("the broker does not run")
    return found


def broker_restarted(play: Play) -> None:
    play.load.until(20)
    world = play.stage.world
    with lifecycle.locked(world):  # else the caretaker takes a broker that stops for one that died, and starts a second
        rabbitmq.stop(world)
        rabbitmq.start(world)
    healed(play)


def broker_is_new(world: World, before: psutil.Process | None) -> bool:
    """Whether a broker answers that is not the one before."""
    return processes.find(world, "rabbitmq") not in (None, before) and rabbitmq_api.answers(world)


def fell_silent(world: World) -> None:
    """It was the broker that was struck, and not another process. Errors: TimeoutError."""
    wait_until(lambda: not rabbitmq_api.answers(world), seconds=10, every=0.1, what="the broker to fall silent")


def broker_killed(play: Play) -> None:
    play.load.until(20)
    world, killed = play.stage.world, broker_process(play.stage.world)
    killed.kill()
    fell_silent(world)
    anew = partial(broker_is_new, world, killed)
    wait_until(anew, seconds=rabbitmq.START_SECONDS, what="the broker started again by the caretaker")
    healed(play)


def broker_frozen(play: Play) -> None:
    """No connection closes, nothing is refused: it only stops answering."""
    play.load.until(20)
    frozen = broker_process(play.stage.world)
    frozen.suspend()
    try:
        fell_silent(play.stage.world)
        play.load.go_on(FROZEN_SECONDS)
    finally:
        frozen.send_signal(signal.SIGCONT)
    healed(play)


def broker_out_of_memory(play: Play) -> None:
    """The memory alarm blocks every connection that publishes, until it is over."""
    play.load.until(20)
    rabbitmqctl(play.stage.world, "set_vm_memory_high_watermark", "0.00001")
    try:
        wait_until(lambda: alarmed(play.stage.world), seconds=60, what="the alarm", every=0.2)
        play.load.go_on(AWAY_SECONDS)
    finally:
        rabbitmqctl(play.stage.world, "set_vm_memory_high_watermark", "0.6")
    healed(play)


def alarmed(world: World) -> bool:
    """As far as the broker has told: a node that was just started has no figures yet."""
    return any(node.get("mem_alarm", False) for node in rabbitmq_api.call(world, "GET", "nodes"))


def rabbitmqctl(world: World, *words: str) -> None:
    """The node's own command: its real program, with the node's home and cookie."""
    program = rabbitmq_node.find_program()
    if program is None:
        raise Problem("no rabbitmq-server is installed")
    environment = rabbitmq_node.environment(world)
    command = [str(program.with_name("rabbitmqctl")), "-n", environment["RABBITMQ_NODENAME"], *words]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)


def database_restarted(play: Play) -> None:
    database_away(play, 0.0)


def database_down(play: Play) -> None:
    database_away(play, AWAY_SECONDS)


def database_away(play: Play, seconds: float) -> None:
    play.load.until(20)
    with lifecycle.locked(play.stage.world):
        postgres.stop(play.stage.world)
        try:
            play.load.go_on(seconds)
        finally:
            postgres.start(play.stage.world)
    healed(play)


def database_killed(play: Play) -> None:
    """kill -9 of every process of the cluster: what was committed must come back from the log."""
    play.load.until(20)
    world = play.stage.world
    cluster = psutil.Process(int((postgres.data(world) / "postmaster.pid").read_text().split()[0]))
    for process in [cluster, *cluster.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    anew = lambda: not postgres.died(world) and postgres.is_running(world)  # noqa: E731
    wait_until(anew, seconds=postgres.START_SECONDS, what="the database started again by the caretaker")
    healed(play)


def healed(play: Play) -> None:
    """The fault ends here; then everything has to become ready by itself."""
    play.is_over()
    play.stage.ready()


def broker_login_revoked(play: Play) -> None:
    """intake and its relay may not log in any more and lose the connections they have."""
    world = play.stage.world
    withdrawn(play, lambda: [forbid(world, name) for name in (LOGIN, f"{LOGIN}-relay")],
              lambda: [allow(world, name) for name in (LOGIN, f"{LOGIN}-relay")])  # fmt: skip


def database_login_revoked(play: Play) -> None:
    """intake's role may not log in any more and its sessions are ended."""
    world = play.stage.world

    def revoke() -> None:
        with provision.connected(world) as server:
            provision.execute(server, "ALTER ROLE {} NOLOGIN", LOGIN)
            server.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [LOGIN])

    def grant() -> None:
        with provision.connected(world) as server:
            provision.execute(server, "ALTER ROLE {} LOGIN", LOGIN)

    withdrawn(play, revoke, grant)


def withdrawn(play: Play, revoke: Callable[[], object], grant: Callable[[], object]) -> None:
    play.load.until(20)
    revoke()
    try:
        play.load.go_on(AWAY_SECONDS)
    finally:
        grant()
    healed(play)


def forbid(world: World, login: str) -> None:
    """Another password, and every connection closed: the broker refuses whoever knows the old one."""
    rabbitmq_api.call(world, "PUT", f"users/{login}", {"password": "nobody knows", "tags": ""})

    def gone() -> bool:
        with suppress(Problem):  # closed meanwhile
            rabbitmq_api.call(world, "DELETE", f"connections/username/{login}")
        return not rabbitmq_api.call(world, "GET", f"connections/username/{login}")

    wait_until(gone, seconds=CUT_SECONDS, what=f"connections of {login} closed", every=0.2)


def allow(world: World, login: str) -> None:
    rabbitmq_api.call(world, "PUT", f"users/{login}", {"password": world.settings["amqp"][login], "tags": ""})


FAULTS: dict[str, Fault] = {
    "broker stopped and started": broker_restarted,
    "broker kill -9": broker_killed,
    "broker frozen 20 s": broker_frozen,
    "memory alarm on the broker 10 s": broker_out_of_memory,
    "PostgreSQL restarted": database_restarted,
    "PostgreSQL 10 s down": database_down,
    "PostgreSQL kill -9": database_killed,
    "broker login revoked 10 s": broker_login_revoked,
    "database role revoked 10 s": database_login_revoked,
}
