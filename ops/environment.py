"""What a process is told by its environment, and nothing more than it needs."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from ops.ports import LOOPBACK

if TYPE_CHECKING:
    from ops.world import World

VHOST = "shaodao"
# what a process may inherit; an operator's administrator addresses are not among it
SYSTEM = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "http_proxy", "https_proxy")
TUNING = ("LOG_LEVEL", "MAX_WORKERS", "HTTP_HOST", "DATA_FOLDER", "SERVICES_PACKAGE", "PUBLISH_SECONDS")
TERMS = ("PARKED_DAYS", "PARKED_BODY_DAYS", "PARKED_WARNING_DAYS")
WAYS_OUT = ("SMTP_URL", "SMTP_SENDER", "SMTP_STAFF_DOMAIN", "SMTP_SMS_DOMAIN", "GATEWAYS_FILE")
UPLOADS = ("UPLOADS", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
# where the portal keeps files; nobody else is told
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
        told |= {name: os.environ[name] for name in UPLOADS if name in os.environ}
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
    return f"postgresql+psycopg://{role}:{world.settings['roles'][role]}@{postgres_host(world)}/{database}"


def postgres_host(world: World) -> str:
    if url := world.external("postgres"):
        return urlsplit(url).netloc.rpartition("@")[2]
    return f"{LOOPBACK}:{world.port('postgres')}"


def amqp_uri(world: World, login: str) -> str:
    """Address of the broker for one login."""
    scheme, host = "amqp", f"{LOOPBACK}:{world.port('rabbitmq')}"
    if url := world.external("amqp"):
        scheme, host = urlsplit(url).scheme, urlsplit(url).netloc.rpartition("@")[2]
    return f"{scheme}://{quote(login)}:{world.settings['amqp'][login]}@{host}/{VHOST}"


def trusted_keys(world: World) -> str:
    """The public keys of all services: key id = issuer = service name."""
    pairs = world.settings["signing"]
    return json.dumps({name: {"issuer": name, "pem": pair["public"]} for name, pair in pairs.items()})
