"""A PostgreSQL of three a service by CloudNativePG: a commit is answered when one of the two standbys has it too."""

from __future__ import annotations

from deploy.kubernetes.parts import (
    OURS,
    SECRETS,
    SERVICE,
    Thing,
    job,
    mounted,
    of_namespace,
    pods,
    policy,
    ports,
    selected,
    thing,
)
from ops.provision import EXTENSIONS

IMAGE = "ghcr.io/cloudnative-pg/postgresql:17"
PARAMETERS = {"max_connections": "300", "jit": "off", "timezone": "UTC", "wal_log_hints": "on"}


def things(service: str) -> list[Thing]:
    return [cluster(service), backup(service), migrate(service), reached_by(service)]


def name(service: str) -> str:
    return f"shaodao-{service}"


def cluster(service: str) -> Thing:
    """<service>_owner migrates, <service> reads and writes rows. The operator keeps one instance up while machines are
    drained, and two of one cluster never on one machine."""
    initdb = {
        "database": service,
        "owner": f"{service}_owner",
        "secret": {"name": f"{name(service)}-owner"},
        "encoding": "UTF8",
        "localeProvider": "builtin",
        "builtinLocale": "C.UTF-8",
        "locale": "C.UTF-8",
        "postInitApplicationSQL": rights(service),
    }
    role = {
        "name": service,
        "ensure": "present",
        "login": True,
        "passwordSecret": {"name": f"{name(service)}-role"},
    }
    spec = {
        "instances": 3,
        "imageName": IMAGE,
        "storage": {"size": "50Gi"},
        "affinity": {"podAntiAffinityType": "required", "topologyKey": "kubernetes.io/hostname"},
        "postgresql": {
            "parameters": PARAMETERS,
            "synchronous": {"method": "any", "number": 1, "dataDurability": "required"},
        },
        "bootstrap": {"initdb": initdb},
        "managed": {"roles": [role]},
    }
    return thing("postgresql.cnpg.io/v1", "Cluster", name(service), spec)


def rights(service: str) -> list[str]:
    """What ops.provision gives in a world, in the words of a new database."""
    owner = f"{service}_owner"
    defaults = f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT"
    return [
        *(f"CREATE EXTENSION IF NOT EXISTS {extension}" for extension in EXTENSIONS),
        f"CREATE ROLE {service} NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT",
        f"REVOKE ALL ON DATABASE {service} FROM PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {service} TO {service}",
        f"GRANT CREATE, USAGE ON SCHEMA public TO {owner}",
        f"GRANT USAGE ON SCHEMA public TO {service}",
        f"{defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {service}",
        f"{defaults} USAGE, SELECT ON SEQUENCES TO {service}",
    ]


def backup(service: str) -> Thing:
    """Every night at 02:30 UTC; between two of them the archived log leads to any second. Where to: the overlay."""
    spec = {"schedule": "0 30 2 * * *", "backupOwnerReference": "self", "cluster": {"name": name(service)}}
    return thing("postgresql.cnpg.io/v1", "ScheduledBackup", name(service), spec)


def migrate(service: str) -> Thing:
    """Brings the tables to the present; migrations run under the old code too."""
    address = "migration_database_url"
    env = [{"name": "MIGRATION_DATABASE_URL_FILE", "value": f"{SECRETS}/{address}"}]
    words = ["python", "-m", "tools.migrate", service]
    made = job(
        f"migrate-{service}", "migrate", f"shaodao/{service}:local", words,
        sources=[mounted(f"{name(service)}-migration", [address])], env=env,
    )  # fmt: skip
    made["spec"]["template"]["metadata"]["labels"][SERVICE] = service
    return made


def reached_by(service: str) -> Thing:
    """Its own service, its own instances and the operator."""
    mine = {"cnpg.io/cluster": name(service)}
    return policy(
        f"{name(service)}-store",
        selected(**mine),
        ingress=[
            {"from": [pods(**OURS, **{SERVICE: service})], "ports": ports(5432)},
            {"from": [pods(**mine), of_namespace("cnpg-system")], "ports": ports(5432, 8000)},
            {"ports": ports(9187)},
        ],
    )
