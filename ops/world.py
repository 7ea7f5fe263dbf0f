"""A world: one directory with the settings, servers, logs and process ids of one running Shaodao.

`.run/<name>/` holds everything; deleting it while the world is down leaves nothing behind. Secrets have mode 0600.
"""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ops import secret
from ops.ports import any_free, first_free, is_free
from ops.problems import Problem

REPOSITORY = Path(__file__).resolve().parent.parent
SERVICES = ("intake", "dispatch", "mediation", "notify", "portal")
SERVERS = ("postgres", "rabbitmq", "rabbitmq_api", "rabbitmq_distribution", "epmd", "mqtt", "mailbox")
MEMBER_SERVERS = (
    "rabbitmq",
    "rabbitmq_api",
    "rabbitmq_distribution",
    "mqtt",
    "postgres",
    "patroni",
    "etcd",
    "etcd_peer",
)
PORTAL_PORT = 8080
FIXED_PORTAL = frozenset({"local", "demo"})
# it is the name of a folder, of a broker's node and of a container
NAME = re.compile(r"[a-z0-9-]+")
# environment variable → key of settings["external"]: servers of the operator that are used instead of own ones
EXTERNAL = {"AMQP_URI": "amqp", "SHAODAO_RABBITMQ_API": "rabbitmq_api", "SHAODAO_POSTGRES_URL": "postgres"}

# servers are started from several threads, and each may change a port
CHANGING = threading.RLock()


@dataclass
class World:
    """The settings of one world and the paths in its directory."""

    folder: Path
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.settings["name"])

    @property
    def members(self) -> list[Member]:
        """The nodes of a cluster, each with a folder and ports of its own; none in a world of one node."""
        return [Member(self, number + 1) for number in range(len(self.settings.get("cluster", ())))]

    @property
    def through(self) -> list[str]:
        """Words before the command of each of this world's servers; none but where a test has its hand on them."""
        return []

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    @property
    def portal_url(self) -> str:
        return f"http://127.0.0.1:{self.port('portal')}"

    def port(self, name: str) -> int:
        """The port of a server or of a program's admin page; allocated at the first question, then kept."""
        ports: dict[str, int] = self.settings["ports"]
        with CHANGING:
            if name not in ports:
                ports[name] = any_free(ports.values())
                self.save()
        return ports[name]

    def renew_taken_port(self, name: str) -> None:
        """For a server that is down: another port where somebody else listens on its own by now."""
        with CHANGING:
            if not is_free(self.port(name)):
                self.settings["ports"].pop(name)
                self.settings["ports"][name] = fresh_port(self.name, name, self.settings["ports"])
                self.save()

    def external(self, name: str) -> str | None:
        """The address of an operator's server, or None where the world runs its own."""
        value = self.settings["external"].get(name)
        return str(value) if value else None

    def environment(self, service: str, replica: int = 1) -> dict[str, str]:
        """Every setting a process of this service needs, by its environment name."""
        from ops.environment import environment

        return environment(self, service, replica)

    def now(self) -> datetime:
        """The world's time: the system's, moved by its test clock where it has one."""
        shift = float(self.clock_file.read_text() or 0) if self.clock_file.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=shift)

    def shift_clock(self, seconds: float) -> None:
        """Sets how many seconds every process of the world is ahead of the system clock."""
        if not self.settings["clock"]:
            raise Problem(f"world {self.name} has no test clock")
        secret.write_private(self.clock_file, repr(float(seconds)))

    def save(self) -> None:
        with CHANGING:
            secret.write_private_json(self.folder / "settings.json", self.settings)


class Member(World):
    """One node of every server of a cluster: what is done with a world's server is done with it as well."""

    def __init__(self, whole: World, number: int) -> None:
        ports = whole.settings["cluster"][number - 1]
        settings = {key: value for key, value in whole.settings.items() if key != "cluster"}
        name = f"{whole.name}-{number}"
        super().__init__(whole.folder / f"node-{number}", {**settings, "name": name, "ports": ports, "external": {}})
        self.whole, self.number = whole, number
        for part in (self.folder, self.logs, self.folder / "pids"):
            part.mkdir(parents=True, exist_ok=True)

    @property
    def through(self) -> list[str]:
        """A command of the settings that is given the node's folder and the server's own command, and runs it."""
        words: list[str] = self.settings.get("through", [])
        return [*words, str(self.folder.absolute())] if words else []

    def save(self) -> None:
        self.whole.save()


def runs() -> Path:
    """Where worlds live: `.run/` of the repository, or SHAODAO_RUN_DIR."""
    return Path(os.environ.get("SHAODAO_RUN_DIR", REPOSITORY / ".run"))


def named(name: str | None = None) -> Path:
    """The directory of a world, by default of the one SHAODAO_WORLD names, else `local`. Errors: Problem."""
    chosen = name or os.environ.get("SHAODAO_WORLD") or "local"
    if not NAME.fullmatch(chosen):
        raise Problem(f"SHAODAO_WORLD={chosen}: a world's name is made of a-z, 0-9 and -")
    return runs() / chosen


def load(folder: Path) -> World:
    """An existing world. Errors: Problem when there is none, naming those there are."""
    try:
        settings = json.loads((folder / "settings.json").read_text(encoding="utf8"))
    except FileNotFoundError as error:
        raise Problem(f"there is no world {folder.name}; {instead(folder.parent)}") from error
    return World(folder, settings)


def instead(folder: Path) -> str:
    """What to do where a world is not there."""
    others = sorted(path.parent.name for path in folder.glob("*/settings.json"))
    if not others:
        return "`shaodao up` makes it"
    return f"`shaodao up` makes it, SHAODAO_WORLD chooses another: {', '.join(others)}"


def load_or_create(folder: Path, *, clock: bool = False, nodes: int = 0) -> World:
    """The world in this folder, made where it does not exist; external servers are taken from the environment.

    `nodes`: so many of each server (3), where it is made. Errors: Problem where it is there and has another number.
    """
    if (folder / "settings.json").exists():
        world = load(folder)
    else:
        for part in (folder, folder / "logs", folder / "pids"):
            part.mkdir(parents=True, exist_ok=True)
        world = World(folder, fresh_settings(folder.name, clock))
        if nodes:
            world.settings["cluster"] = fresh_nodes(world.settings["ports"], nodes)
    if nodes and len(world.members) != nodes:
        raise Problem(f"world {world.name} runs on one node; a cluster is a world of its own: SHAODAO_WORLD=…")
    given = {key: os.environ[name] for name, key in EXTERNAL.items() if os.environ.get(name)}
    world.settings["external"].update(given)
    world.save()
    return world


def fresh_settings(name: str, clock: bool) -> dict[str, Any]:
    """Ports, passwords and keys of a new world."""
    ports: dict[str, int] = {}
    for wanted in (*SERVERS, "portal"):
        ports[wanted] = fresh_port(name, wanted, ports)
    logins = ["ops", *SERVICES, *(f"{service}-relay" for service in SERVICES)]
    roles = ["postgres", *SERVICES, *(f"{service}_owner" for service in SERVICES)]
    return {
        "name": name,
        "clock": clock,
        "external": {},
        "policy_pack": "default",
        "ports": ports,
        "amqp": {login: secret.password() for login in logins},
        "roles": {role: secret.password() for role in roles},
        "seal_keys": {service: {"k1": secret.seal_key()} for service in SERVICES},
        "hash_keys": {service: secret.seal_key() for service in SERVICES},
        "signing": {service: secret.signing_pair() for service in SERVICES},
    }


def fresh_nodes(common: dict[str, int], number: int) -> list[dict[str, int]]:
    """Ports of each node. They share one name server of Erlang, as nodes of one machine do."""
    taken, nodes = set(common.values()), []
    for _ in range(number):
        ports = {"epmd": common["epmd"]}
        for wanted in MEMBER_SERVERS:
            ports[wanted] = any_free(taken)
            taken.add(ports[wanted])
        nodes.append(ports)
    return nodes


def fresh_port(world: str, name: str, taken: dict[str, int]) -> int:
    if name == "portal" and world in FIXED_PORTAL:
        return first_free(PORTAL_PORT, taken.values())
    return any_free(taken.values())
