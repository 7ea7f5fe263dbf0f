"""The secrets of a compose project: one JSON file that knows all, and beside it one file a secret and reader.

`world.json` has the shape of a world's settings (ops.world). Every other file is derived from it, so it can be written
again at any time. A container sees only the files its service lists.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from contracts import topology
from contracts.grants import logins
from deploy.compose import nodes
from ops import certificate, secret
from ops.rabbitmq_node import MQTT_BY_TLS
from ops.world import SERVICES

Settings = dict[str, Any]
ROLES = ("postgres", *SERVICES, *(f"{service}_owner" for service in SERVICES))
VHOST = "shaodao"
# where a cluster has other names; {service} stands for the service's
STORE = os.environ.get("STORE_ADDRESS", "postgres:5432")
MANAGEMENT = os.environ.get("MANAGEMENT_ADDRESS", "broker:15672")
PAGER_NAMES = os.environ.get("PAGER_NAMES", "localhost,127.0.0.1").split(",")
"""How devices know the machine they connect to: the first is the certificate's subject."""
MQTT_FILES = {"address": "8883", "certificate": "/run/secrets/pagers_certificate", "key": "/run/secrets/pagers_key"}
BROKER_CONFIGURATION = """\
default_vhost = {vhost}
default_user = ops
default_pass = {password}
default_user_tags.administrator = true
mqtt.vhost = {vhost}
mqtt.exchange = pagers
mqtt.listeners.tcp.default = 1883
{mqtt_by_tls}
log.console = true
vm_memory_high_watermark.absolute = 600MB
disk_free_limit.absolute = 1GB
collect_statistics_interval = 1000
"""


class Refused(Exception):
    """The order makes no sense now; the message says why."""


def complete(settings: Settings) -> Settings:
    """The settings with whatever is still missing made up; what is there stays."""
    settings.update(name="compose", external={}, ports={})
    settings.setdefault("clock", False)
    settings.setdefault("policy_pack", "default")
    fill(settings, "amqp", [login.name for login in logins()], secret.password)
    fill(settings, "roles", ROLES, secret.password)
    fill(settings, "seal_keys", SERVICES, lambda: {"k1": secret.seal_key()})
    fill(settings, "hash_keys", SERVICES, secret.seal_key)
    fill(settings, "signing", SERVICES, secret.signing_pair)
    settings.setdefault("grafana", secret.password())
    nodes.complete(settings)
    pagers = settings.setdefault("pagers", {})
    if not pagers:
        pagers.update(authority=certificate.authority())
        renew_certificate(settings, "pagers")
    return settings


def fill(settings: Settings, name: str, keys: Any, make: Callable[[], Any]) -> None:
    kept = settings.setdefault(name, {})
    for key in keys:
        if key not in kept:
            kept[key] = make()


def files(settings: Settings) -> Iterator[tuple[str, str]]:
    """Path below the secrets' folder and content of every file."""
    yield "world.json", json.dumps(settings, ensure_ascii=False, indent=1)
    yield "postgres_password", settings["roles"]["postgres"]
    yield "broker_password", settings["amqp"]["ops"]
    yield "grafana_password", settings["grafana"]
    told = {"vhost": VHOST, "password": settings["amqp"]["ops"], "mqtt_by_tls": MQTT_BY_TLS.format(**MQTT_FILES)}
    yield "rabbitmq.conf", BROKER_CONFIGURATION.format(**told)
    yield "pagers/authority.pem", settings["pagers"]["authority"]["certificate"]
    yield "pagers/certificate", settings["pagers"]["server"]["certificate"]
    yield "pagers/key", settings["pagers"]["server"]["key"]
    yield "definitions.json", json.dumps(nodes.definitions(topology.definitions(settings["amqp"])))
    yield "management_uri", f"http://ops:{settings['amqp']['ops']}@{MANAGEMENT}/{VHOST}"
    yield "trusted_keys", json.dumps(trusted(settings))
    for service in SERVICES:
        for name, value in of_service(settings, service):
            yield f"{service}/{name}", value
    yield from nodes.files(settings)


def of_service(settings: Settings, service: str) -> Iterator[tuple[str, str]]:
    yield "database_url", database_url(settings, service, service)
    yield "migration_database_url", database_url(settings, service, f"{service}_owner")
    for name, role in (("role", service), ("owner", f"{service}_owner")):
        yield f"{name}_name", role
        yield f"{name}_password", settings["roles"][role]
    yield "amqp_uri", amqp_uri(settings, service)
    yield "relay_amqp_uri", amqp_uri(settings, f"{service}-relay")
    yield "seal_keys", json.dumps(settings["seal_keys"][service])
    yield "hash_key", settings["hash_keys"][service]
    yield "signing_key", settings["signing"][service]["private"]
    yield "signing_key_id", key_id(service, settings["signing"][service])


def database_url(settings: Settings, service: str, role: str) -> str:
    return f"postgresql+psycopg://{role}:{settings['roles'][role]}@{STORE.format(service=service)}/{service}"


def amqp_uri(settings: Settings, login: str) -> str:
    """One whole address a node, with ; between them."""
    who = f"{quote(login)}:{settings['amqp'][login]}"
    return ";".join(f"amqp://{who}@{node}/{VHOST}" for node in nodes.BROKER)


def key_id(service: str, pair: dict[str, Any]) -> str:
    return str(pair.get("id", service))


def trusted(settings: Settings) -> dict[str, dict[str, str]]:
    """Public keys by key id: each service's present one, and its last and its next while a rotation is under way."""
    found = {}
    for service, pair in settings["signing"].items():
        for one in (pair, pair.get("next"), pair.get("last")):
            if one:
                found[key_id(service, one)] = {"issuer": service, "pem": one["public"]}
    return found


def rotate_database(settings: Settings, role: str) -> None:
    """Another password for a database role (`intake`, `intake_owner`, …)."""
    replace(settings["roles"], role, secret.password())


def rotate_broker(settings: Settings, login: str) -> None:
    """Another password for a login of the broker (`intake`, `intake-relay`, …)."""
    replace(settings["amqp"], login, secret.password())


def rotate_node(settings: Settings, name: str) -> None:
    """Another one of what nodes share: the brokers' `cookie`, the password of `patroni`'s API."""
    if name not in nodes.SHARED or name not in settings:
        raise Refused(f"nodes share {' and '.join(nodes.SHARED)}, where there are several")
    settings[name] = secret.password()


def renew_certificate(settings: Settings, name: str) -> None:
    """Another certificate for what devices connect to, for the names of the setting PAGER_NAMES, by the same authority:
    devices go on trusting it."""
    kept = known(settings, name)
    kept["server"] = certificate.server(kept["authority"], PAGER_NAMES)


def rotate_seal(settings: Settings, service: str) -> None:
    """A new first sealing key; the old ones go on opening what they sealed."""
    keys = known(settings["seal_keys"], service)
    newest = max(int(name.removeprefix("k")) for name in keys)
    settings["seal_keys"][service] = {f"k{newest + 1}": secret.seal_key(), **keys}


def retire_seal(settings: Settings, service: str) -> None:
    """Drops all sealing keys but the first. Only after `reseal`: what they sealed cannot be opened again."""
    keys = known(settings["seal_keys"], service)
    settings["seal_keys"][service] = dict([next(iter(keys.items()))])


def announce_signing(settings: Settings, service: str) -> None:
    """Makes the next signing key and lets everybody trust it; nobody signs with it yet."""
    pair = known(settings["signing"], service)
    if "next" in pair:
        raise Refused(f"{service} has a next key already: switch to it")
    number = int(pair.get("number", 1)) + 1
    pair["next"] = {**secret.signing_pair(), "id": f"{service}-{number}", "number": number}


def switch_signing(settings: Settings, service: str) -> None:
    """The service signs with its next key; the last one stays trusted."""
    pair = known(settings["signing"], service)
    if "next" not in pair:
        raise Refused(f"{service} has no next key: announce one and restart all services first")
    last = {"id": key_id(service, pair), "public": pair["public"]}
    settings["signing"][service] = {**pair["next"], "last": last}


def retire_signing(settings: Settings, service: str) -> None:
    """Nobody trusts the last key any more. Tokens live two minutes."""
    known(settings["signing"], service).pop("last", None)


def replace(kept: dict[str, Any], name: str, value: str) -> None:
    known(kept, name)
    kept[name] = value


def known(kept: dict[str, Any], name: str) -> Any:
    if name not in kept:
        raise Refused(f"there is no {name}; there are {', '.join(sorted(kept))}")
    return kept[name]


ORDERS: dict[tuple[str, str], Callable[[Settings, str], None]] = {
    ("rotate", "database"): rotate_database,
    ("rotate", "broker"): rotate_broker,
    ("rotate", "node"): rotate_node,
    ("rotate", "seal"): rotate_seal,
    ("retire", "seal"): retire_seal,
    ("renew", "certificate"): renew_certificate,
    ("announce", "signing"): announce_signing,
    ("switch", "signing"): switch_signing,
    ("retire", "signing"): retire_signing,
}
