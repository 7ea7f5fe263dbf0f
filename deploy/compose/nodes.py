"""Three of each server in a compose project: what the nodes know of each other, and the secrets they share.

A project is one of several nodes where BROKER_ADDRESS names several (docker-compose.cluster.yml).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import yaml

from ops import secret
from ops.cluster import broker, patroni

Settings = dict[str, Any]
BROKER = os.environ.get("BROKER_ADDRESS", "rabbitmq:5672").split(",")
DATABASES = ("postgres", "postgres-2", "postgres-3")
ETCD = tuple(f"etcd-{number}:2379" for number in (1, 2, 3))
SHARED = ("cookie", "patroni")
SERVER_PORT, PATRONI_PORT = 5432, 8008
# programs come by network and login; the local socket is for who may enter the container anyway, as in the public image
ACCESS = [
    "local all all trust",
    "host replication replicator all scram-sha-256",
    "host all all all scram-sha-256",
]


def several() -> bool:
    return len(BROKER) > 1


def complete(settings: Settings) -> None:
    """Adds what only nodes need: the cookie of the brokers, the passwords of replication and of Patroni's API."""
    if several():
        for name in SHARED:
            settings.setdefault(name, secret.password())
        settings["roles"].setdefault("replicator", secret.password())


def definitions(made: dict[str, Any]) -> dict[str, Any]:
    """The topology: where there are several nodes, queues of calls are on all of them too."""
    return broker.definitions(made) if several() else made


def files(settings: Settings) -> Iterator[tuple[str, str]]:
    """Path and content of every file that only nodes read; none for a single one."""
    if several():
        yield "erlang_cookie", settings["cookie"]
        yield "replicator_password", settings["roles"]["replicator"]
        yield "rabbitmq-cluster.conf", broker.TOGETHER + peers()
        yield "rabbitmq-advanced.config", broker.ADVANCED
        for name in DATABASES:
            yield f"patroni/{name}.yaml", yaml.safe_dump(of_database(settings, name))


def peers() -> str:
    """The lines by which a fresh node finds the others."""
    names = [f"rabbit@{node.partition(':')[0]}" for node in BROKER]
    return "".join(f"cluster_formation.classic_config.nodes.{no} = {name}\n" for no, name in enumerate(names, 1))


def of_database(settings: Settings, name: str) -> Settings:
    """Patroni's configuration of one member; all agree on the same as in a world of nodes."""
    roles = settings["roles"]
    server = {**patroni.SERVER, "parameters": {**patroni.PARAMETERS, "unix_socket_directories": "/run/postgresql"}}
    login = {"username": "patroni", "password": settings["patroni"]}
    address = f"{name}:{SERVER_PORT}"
    return {
        "scope": patroni.SCOPE,
        "name": name,
        "restapi": {
            "listen": f"0.0.0.0:{PATRONI_PORT}", "connect_address": f"{name}:{PATRONI_PORT}", "authentication": login,
        },
        "etcd3": {"hosts": list(ETCD)},
        "bootstrap": {"dcs": {**patroni.AGREED, "postgresql": server}, "initdb": patroni.LOCALE},
        "postgresql": {
            "listen": f"0.0.0.0:{SERVER_PORT}", "connect_address": address,
            "data_dir": "/var/lib/postgresql/data/server", "pgpass": "/tmp/pgpass", "pg_hba": ACCESS,
            "authentication": {
                "superuser": {"username": "postgres", "password": roles["postgres"]},
                "replication": {"username": "replicator", "password": roles["replicator"]},
            },
        },
    }  # fmt: skip
