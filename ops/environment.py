"""What a process is told by its environment, and nothing more than it needs."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from failover.addresses import host_and_port, of_brokers, of_database
from ops.ports import LOOPBACK

if TYPE_CHECKING:
    from ops.world import World

VHOST = "shaodao"
# what a process may inherit; an operator's administrator addresses are not among it
SYSTEM = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "http_proxy", "https_proxy")
TUNING = ("LOG_LEVEL", "MAX_WORKERS", "HTTP_HOST", "DATA_FOLDER", "SERVICES_PACKAGE", "PUBLISH_SECONDS", "TIMERS_HURRY")
TERMS = ("PARKED_DAYS", "PARKED_BODY_DAYS", "PARKED_WARNING_DAYS")
WAYS_OUT = ("SMTP_URL", "SMTP_SENDER", "SMTP_STAFF_DOMAIN", "SMTP_SMS_DOMAIN", "GATEWAYS_FILE")
UPLOADS = ("UPLOADS", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
# where the portal keeps files; nobody else is told
SIGNING_IN = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "RATE_LIMITS")
INHERITED = SYSTEM + TUNING + TERMS + WAYS_OUT


def environment(world: World, service: str, replica: int = 1) -> dict[str, str]:
    """Settings of one process of a service; replicas differ in their admin port alone."""
    admin = f"{service}-admin" if replica == 1 else f"{service}-{replica}-admin"
    told = {
        "MALLOC_ARENA_MAX": "2",  # threads that hash passwords would each keep their memory for ever
        "DATABASE_URL": database_url(world, service),
        "MIGRATION_DATABASE_URL": database_url(world, service, f"{service}_owner"),
        "AMQP_URI": amqp_uri(world, service),
        "RELAY_AMQP_URI": amqp_uri(world, f"{service}-relay"),
        "ADMIN_PORT": str(world.port(admin)),
        "RELAY_ADMIN_PORT": str(world.port(f"{service}-relay-admin")),
        "SEAL_KEYS": json.dumps(world.settings["seal_keys"][service]),
        "HASH_KEY": world.settings["hash_keys"][service],
        "SIGNING_KEY": world.settings["signing"][service]["private"],
        "TRUSTED_KEYS": trusted_keys(world),
        "POLICY_PACK": world.settings["policy_pack"],
    }
    if world.settings["clock"]:
        told["CLOCK_FILE"] = str(world.clock_file)
    if service == "notify":
        told["PORTAL_URL"] = os.environ.get("PORTAL_URL") or world.portal_url
        told["SMTP_URL"] = os.environ.get("SMTP_URL") or f"smtp://{LOOPBACK}:{world.port('mailbox')}"
    if service == "portal":
        told["HTTP_PORT"] = str(world.port("portal"))
        told |= {name: os.environ[name] for name in UPLOADS + SIGNING_IN if name in os.environ}
    return told


def inherited() -> dict[str, str]:
    """What every process of a world gets of the operator's environment."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def process_environment(world: World, service: str, replica: int = 1) -> dict[str, str]:
    """The whole environment of a running process: without the owner's database login, which only migrations need."""
    told = environment(world, service, replica)
    del told["MIGRATION_DATABASE_URL"]
    return {**inherited(), **told, "PYTHONUNBUFFERED": "1"}


def migration_environment(world: World, service: str) -> dict[str, str]:
    """The environment of `python -m tools.migrate` and `tools.load`."""
    return {**process_environment(world, service), **environment(world, service)}


def database_url(world: World, database: str, role: str | None = None) -> str:
    """SQLAlchemy address of a service's database for one of its two roles (default: the runtime role)."""
    role = role or database
    login = f"{role}:{world.settings['roles'][role]}"
    return f"postgresql+psycopg://{login}@{postgres_host(world)}/{database}{where_of(world)}"


def postgres_host(world: World) -> str:
    """Where the one database is; empty where there are several (`where_of`)."""
    if url := world.external("postgres"):
        return "" if where_of(world) else host_and_port(url)
    if world.members:
        return ""
    return f"{LOOPBACK}:{world.port('postgres')}"


def where_of(world: World) -> str:
    """The part of an address that names several databases; empty where there is one. SQLAlchemy, libpq and pg_dump read
    it alike, and each finds the one that takes writes."""
    if url := world.external("postgres"):
        told = urlsplit(of_database(url)).query
        return f"?{told}" if "target_session_attrs" in told else ""
    if not world.members:
        return ""
    ports = ",".join(str(member.port("postgres")) for member in world.members)
    hosts = ",".join([LOOPBACK] * len(world.members))
    return f"?target_session_attrs=read-write&host={hosts}&port={ports}"


def amqp_uri(world: World, login: str) -> str:
    """Address of the broker for one login; of several nodes one each, with ; between them."""
    own: list[World] = [*world.members] or [world]
    nodes = [f"amqp://{LOOPBACK}:{each.port('rabbitmq')}" for each in own]
    if url := world.external("amqp"):
        nodes = list(of_brokers(url))
    who = f"{quote(login)}:{world.settings['amqp'][login]}"
    return ";".join(f"{urlsplit(each).scheme}://{who}@{host_and_port(each)}/{VHOST}" for each in nodes)


def trusted_keys(world: World) -> str:
    """The public keys of all services: key id = issuer = service name."""
    pairs = world.settings["signing"]
    return json.dumps({name: {"issuer": name, "pem": pair["public"]} for name, pair in pairs.items()})
