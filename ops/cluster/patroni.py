"""Three PostgreSQL under Patroni: one takes writes, a commit is answered when one of the two others has it as well.

Patroni and PostgreSQL run as the system user who runs PostgreSQL on behalf of root. The databases are the wheel's, as
in a world of one node.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import yaml

from ops import postgres, processes, provision, system_user
from ops.cluster import etcd
from ops.ports import LOOPBACK
from ops.problems import Problem, tail
from ops.rabbitmq_api import OPENER
from ops.secret import password, write_private
from ops.waiting import wait_until
from ops.world import Member, World

START_SECONDS, STOP_SECONDS = 120, 30
SCOPE = "shaodao"
# the shortest Patroni takes: who holds the leader's key and falls silent is replaced after TTL and a look
AGREED: dict[str, Any] = {
    "ttl": 20,
    "loop_wait": 4,
    "retry_timeout": 5,
    "primary_start_timeout": 0,  # a primary that died is replaced, not waited for
    "maximum_lag_on_failover": 16 << 20,
    "synchronous_mode": "quorum",
    "synchronous_mode_strict": True,
    "synchronous_node_count": 1,
    "failsafe_mode": True,
}
# agreed on as well: Patroni leaves out what a member alone says of max_connections and its like
PARAMETERS = {
    "unix_socket_directories": "", "max_connections": 400, "shared_buffers": "128MB", "work_mem": "8MB",
    "maintenance_work_mem": "64MB", "effective_cache_size": "1GB", "max_wal_size": "1GB", "wal_compression": "on",
    "random_page_cost": 1.1, "jit": "off", "max_parallel_workers_per_gather": 0, "autovacuum_max_workers": 2,
    "timezone": "UTC", "log_timezone": "UTC", "log_line_prefix": "%m [%p] %u@%d ", "wal_keep_size": "256MB",
    # a standby that vanished without a word is noticed in seconds
    "wal_sender_timeout": "10s", "wal_receiver_timeout": "10s", "tcp_user_timeout": 15000, "wal_log_hints": "on",
}  # fmt: skip
SERVER = {"use_pg_rewind": True, "use_slots": True, "parameters": PARAMETERS}
ACCESS = ["host all all 127.0.0.1/32 scram-sha-256", "host replication replicator 127.0.0.1/32 scram-sha-256"]
LOCALE = [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"locale-provider": "builtin"}, {"builtin-locale": "C.UTF-8"}]


def start(world: World) -> None:
    """Starts etcd and the members that do not run, and waits for a primary with both standbys. Errors: Problem."""
    if world.external("postgres"):
        return
    if importlib.util.find_spec("patroni") is None:
        raise Problem("a cluster needs Patroni: `make cluster` installs it")
    etcd.start(world)
    for member in world.members:
        start_member(member)
    try:
        wait_until(lambda: whole(world), seconds=START_SECONDS, what="a primary and its standbys", every=0.5)
    except TimeoutError as error:
        raise Problem(f"PostgreSQL did not start:\n{tail(world.members[0].logs / 'patroni.log')}") from error


def start_member(member: Member) -> None:
    """Starts one Patroni, which starts its PostgreSQL, where it does not run."""
    if processes.find(member, "patroni") is not None:
        return
    prepare(member)
    home = str(folder(member))
    command = [*as_user(), sys.executable, "-m", "patroni", str(configuration(member))]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}
    processes.start_detached(member, "patroni", command, environment)


def as_user() -> list[str]:
    """Words before a command that run it as PostgreSQL's system user where we are root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Problem("a cluster run by root needs setpriv (Debian: util-linux)")
    return [setpriv, f"--reuid={system_user.NAME}", f"--regid={system_user.NAME}", "--clear-groups"]


def prepare(member: Member) -> None:
    """Folder and configuration, owned by who runs the server."""
    folder(member).mkdir(exist_ok=True)
    if os.geteuid() == 0:
        system_user.ensure()
        for path in (folder(member).resolve(), Path(sys.executable).absolute(), Path(sys.executable).resolve()):
            system_user.let_pass(path)
    folder(member).chmod(0o700)
    system_user.own(folder(member))
    write_private(configuration(member), yaml.safe_dump(settings(member)))
    system_user.own(configuration(member))


def settings(member: Member) -> dict[str, Any]:
    """Patroni's configuration of one member."""
    world = member.whole
    if "replicator" not in world.settings["roles"]:
        world.settings["roles"]["replicator"] = password()
        world.save()
    roles, home = world.settings["roles"], folder(member)
    return {
        "scope": SCOPE,
        "name": member.name,
        "restapi": {"listen": place(member, "patroni"), "connect_address": place(member, "patroni")},
        "etcd3": {"hosts": [place(each, "etcd") for each in world.members]},
        "bootstrap": {"dcs": {**AGREED, "postgresql": SERVER}, "initdb": LOCALE},
        "postgresql": {
            "listen": place(member, "postgres"), "connect_address": place(member, "postgres"),
            "data_dir": str(home / "data"), "bin_dir": str(Path(postgres.program("postgres")).parent),
            "pgpass": str(home / "pgpass"), "pg_hba": ACCESS,
            "basebackup": {"checkpoint": "fast"},  # else a new standby waits for one that takes minutes on purpose
            "authentication": {
                "superuser": {"username": "postgres", "password": roles["postgres"]},
                "replication": {"username": "replicator", "password": roles["replicator"]},
            },
        },
    }  # fmt: skip


def state(member: Member) -> dict[str, Any]:
    """What Patroni of one member says: `role`, `state`, `replication`, …; nothing where it does not answer."""
    try:
        with OPENER.open(f"http://{place(member, 'patroni')}/patroni", timeout=3) as answer:
            told: dict[str, Any] = json.loads(answer.read())
    except (OSError, ValueError):
        return {}
    return told


def primary(world: World) -> Member | None:
    """The member whose database takes writes."""
    roles = {"primary", "master"}
    return next((each for each in world.members if (told := state(each)).get("role") in roles and runs(told)), None)


def runs(told: dict[str, Any]) -> bool:
    return told.get("state") == "running"


def whole(world: World) -> bool:
    """Whether one takes writes and all others follow it."""
    with suppress(psycopg.Error), provision.connected(world) as server:
        found = server.execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'").fetchone()
        return found is not None and int(found[0]) == len(world.members) - 1
    return False


def stop(world: World, *, orderly: bool = True) -> None:
    """Patroni stops its PostgreSQL; orderly=False kills both, for a world whose data goes with it."""
    found = [process for member in world.members if (process := processes.find(member, "patroni"))]
    for process in found:
        process.terminate() if orderly else process.kill()
    for member in world.members:
        processes.stop(member, "patroni", STOP_SECONDS if orderly else 0)
        stop_server(member)
    etcd.stop(world, orderly=orderly)


def stop_server(member: Member) -> None:
    """A PostgreSQL that outlived its Patroni."""
    server = server_of(member)
    if server is not None:
        server.send_signal(signal.SIGQUIT)
        psutil.wait_procs([server], timeout=10)


def server_of(member: Member) -> psutil.Process | None:
    """The PostgreSQL of one member, where it runs."""
    with suppress(OSError, IndexError, ValueError, psutil.NoSuchProcess):
        found = psutil.Process(int((folder(member) / "data" / "postmaster.pid").read_text().split()[0]))
        return found if found.name() == "postgres" else None
    return None


def is_running(world: World) -> bool:
    return any(processes.find(member, "patroni") for member in world.members)


def folder(member: Member) -> Path:
    return member.folder / "postgres"


def configuration(member: Member) -> Path:
    return folder(member) / "patroni.yaml"


def place(member: Member, port: str) -> str:
    return f"{LOOPBACK}:{member.port(port)}"
