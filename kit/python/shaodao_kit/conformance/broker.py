"""A RabbitMQ node for the desk: started from an installed rabbitmq-server, in a folder that goes with it.

It has the login, queue and permissions the department will have in production, and no more.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from shaodao_kit.conformance.desk import CONTRACT

VHOST, DESK = "shaodao", "desk"
START_SECONDS = 60
# the distribution's wrapper on PATH changes to the system's user and home: the real program comes first
PROGRAMS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server")
CONFIGURATION = """\
listeners.tcp.default = 127.0.0.1:{port}
load_definitions = {definitions}
log.console = true
log.console.level = warning
log.file = false
"""


class NoBroker(RuntimeError):
    """There is no rabbitmq-server here, or it does not start."""


@contextmanager
def running(unit: str) -> Iterator[tuple[str, str]]:
    """The desk's address and the department's. Errors: NoBroker."""
    program = next((each for each in (*PROGRAMS, shutil.which("rabbitmq-server") or "") if Path(each).is_file()), None)
    if program is None:
        raise NoBroker("rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server); or give --amqp-uri")
    folder = Path(tempfile.mkdtemp(prefix="shaodao-desk-"))
    port, passwords = free_port(), {name: secrets.token_hex(16) for name in (DESK, f"department.{unit}")}
    process = _start(program, folder, port, unit, passwords)
    try:
        _wait(process, port, folder)
        desk, department = (f"amqp://{name}:{word}@127.0.0.1:{port}/{VHOST}" for name, word in passwords.items())
        yield desk, department
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _end_epmd(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _start(program: str, folder: Path, port: int, unit: str, passwords: dict[str, str]) -> subprocess.Popen[bytes]:
    definitions = folder / "definitions.json"
    definitions.write_text(json.dumps(furniture(unit, passwords)), encoding="utf8")
    (folder / "rabbitmq.conf").write_text(CONFIGURATION.format(port=port, definitions=definitions), encoding="utf8")
    (folder / "enabled_plugins").write_text("[].\n", encoding="utf8")
    (folder / "epmd").write_text(str(free_port()), encoding="utf8")
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": str(folder),
        "RABBITMQ_NODENAME": f"desk-{port}@localhost", "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"), "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"), "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_PID_FILE": str(folder / "pid"), "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": (folder / "epmd").read_text(), "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RUNNING_UNDER_SYSTEMD": "true",
    }  # fmt: skip
    log = (folder / "log").open("wb")
    return subprocess.Popen([program], env=environment, stdout=log, stderr=log, start_new_session=True)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise NoBroker(f"rabbitmq-server did not start:\n{(folder / 'log').read_text(errors='replace')[-2000:]}")


def _end_epmd(folder: Path) -> None:
    """The node's name server outlives it, and refuses to go until it has noticed."""
    epmd, until = shutil.which("epmd"), time.monotonic() + 3
    while epmd and time.monotonic() < until:
        command = [epmd, "-port", (folder / "epmd").read_text(), "-kill"]
        if b"Killed" in subprocess.run(command, capture_output=True, check=False).stdout:
            return
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def furniture(unit: str, passwords: dict[str, str]) -> dict[str, Any]:
    """RabbitMQ definitions: what `shaodao department add` makes, and a login for the desk."""
    login, rights = f"department.{unit}", {"configure": ".*", "write": ".*", "read": ".*"}
    own = {"configure": "^$", "write": "^department-replies$", "read": f"^department\\.{unit}$"}
    verbs = "|".join(kind.split(".")[-2] for kind in CONTRACT["replies"])
    key = {"write": rf"^{unit}\.({verbs})$", "read": "^$"}
    durable = {"vhost": VHOST, "durable": True, "auto_delete": False}
    topics = [{"name": name, "type": "topic", "internal": False, "arguments": {}, **durable} for name in EXCHANGES]
    return {
        "vhosts": [{"name": VHOST}],
        "users": [{"name": name, "tags": "", **hashed(word)} for name, word in passwords.items()],
        "permissions": [
            {"user": DESK, "vhost": VHOST, **rights}, {"user": login, "vhost": VHOST, **own},
        ],
        "topic_permissions": [{"user": login, "vhost": VHOST, "exchange": "department-replies", **key}],
        "exchanges": topics,
        "queues": [{"name": login, "arguments": {"x-queue-type": "quorum"}, **durable}],
        "bindings": [
            {"source": "departments", "vhost": VHOST, "destination": login, "destination_type": "queue",
             "routing_key": unit, "arguments": {}},
        ],
    }  # fmt: skip


EXCHANGES = ("departments", "department-replies")


def hashed(password: str) -> dict[str, str]:
    salt = os.urandom(4)
    digest = base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
    return {"password_hash": digest, "hashing_algorithm": "rabbit_password_hashing_sha256"}
