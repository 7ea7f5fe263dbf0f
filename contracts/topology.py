"""The broker's furniture as data: what `deploy/rabbitmq/definitions.json` is made from.

Services declare nothing but their own reply queue. Delivery limits, dead-lettering and waiting times are policies, so
an operator can change them without deleting a queue. No password is ever written: `definitions(passwords)` hashes what
it is given at run time.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from contracts import departments
from contracts.grants import PAGERS, Login, logins
from contracts.listeners import HEARS_EVERYTHING, LETTERS, LISTENERS, SERVICES

VHOST = "shaodao"
RPC = "nameko-rpc"
RETRIES = {"5s": 5_000, "30s": 30_000, "5m": 300_000, "30m": 1_800_000}
"""Waiting times in milliseconds by their names in exchanges and queues (architecture §4)."""
DELIVERIES = 5
"""How often a message is delivered, at most, before it goes to the dead queue."""
DELIVERY_LIMIT = DELIVERIES - 1
"""What the broker calls so counts the deliveries after the first (RabbitMQ 3.10, 4.0)."""
NEVER = 1_000_000
"""A delivery limit nobody reaches. Without one, RabbitMQ 4 drops a message after 20 deliveries."""
HASHING = "rabbit_password_hashing_sha256"

Entry = dict[str, Any]


def exchanges() -> list[Entry]:
    """All exchanges, durable."""
    own = [_exchange(f"{service}.{kind}", type_) for service in SERVICES for kind, type_ in _own_exchanges()]
    shared = [_exchange(name, "topic") for name in (RPC, departments.OUT, departments.BACK, PAGERS)]
    return own + shared


def _own_exchanges() -> list[tuple[str, str]]:
    waiting = [(f"retry.{delay}", "fanout") for delay in RETRIES]
    return [("events", "topic"), *waiting, ("replay", "fanout"), ("dead", "fanout")]


def _exchange(name: str, type_: str) -> Entry:
    fixed = {"durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return {"name": name, "vhost": VHOST, "type": type_, **fixed}


def queues() -> list[Entry]:
    """All queues but the reply queues, which their processes declare."""
    return [entry for service in SERVICES for entry in _own_queues(service)]


def _own_queues(service: str) -> list[Entry]:
    letters = [f"{service}.{room}" for room in _rooms(service)]
    kept = [f"{service}.inbox", f"{service}.dead", *letters, *(f"{service}.retry.{delay}" for delay in RETRIES)]
    return [*(_queue(name, "quorum") for name in kept), _queue(f"rpc-{service}", "classic")]


def _queue(name: str, type_: str) -> Entry:
    fixed = {"durable": True, "auto_delete": False}
    return {"name": name, "vhost": VHOST, **fixed, "arguments": {"x-queue-type": type_}}


def bindings() -> list[Entry]:
    """Which exchange feeds which queue."""
    heard = [entry for service in SERVICES for entry in _heard(service)]
    own = [entry for service in SERVICES for entry in _own_bindings(service)]
    return heard + own


def _heard(service: str) -> list[Entry]:
    if service in HEARS_EVERYTHING:
        return [_binding(f"{speaker}.events", f"{service}.inbox", "#") for speaker in SERVICES]
    return [_binding(fact.exchange, f"{service}.inbox", heard(fact.name)) for fact in LISTENERS[service]]


def heard(name: str) -> str:
    """The binding key for an event: the facts of one commit are one message, under their names joined by dots."""
    return f"#.{name}.#"


def _rooms(service: str) -> list[str]:
    """Queues for what outsiders send; what fails in one waits and is parked as what fails in the inbox."""
    return [LETTERS[service][1]] if service in LETTERS else []


def _letters(service: str) -> list[Entry]:
    return [_binding(LETTERS[service][0], f"{service}.{room}", "#") for room in _rooms(service)]


def _own_bindings(service: str) -> list[Entry]:
    waiting = [_binding(f"{service}.retry.{delay}", f"{service}.retry.{delay}") for delay in RETRIES]
    replay = _binding(f"{service}.replay", f"{service}.inbox")
    dead = _binding(f"{service}.dead", f"{service}.dead")
    return [replay, dead, *waiting, *_letters(service), _binding(RPC, f"rpc-{service}", f"{service}.*")]


def _binding(source: str, queue: str, key: str = "") -> Entry:
    return {
        "source": source,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }


def policies() -> list[Entry]:
    """What the broker does with messages that fail, wait, or are given up."""
    own = [entry for service in SERVICES for entry in _own_policies(service)]
    return [*own, _policy("departments", r"^department\.", {"delivery-limit": NEVER})]


def _own_policies(service: str) -> list[Entry]:
    inbox = {**_dead_letters(f"{service}.dead"), "delivery-limit": DELIVERY_LIMIT}
    waiting = [_waiting(service, delay, milliseconds) for delay, milliseconds in RETRIES.items()]
    dead = _policy(f"{service}.dead", rf"^{service}\.dead$", {"delivery-limit": NEVER})
    taken_in = [_policy(f"{service}.{room}", rf"^{service}\.{room}$", inbox) for room in ("inbox", *_rooms(service))]
    return [*taken_in, dead, *waiting]


def _waiting(service: str, delay: str, milliseconds: int) -> Entry:
    """Back to the own inbox after the delay; the key is fixed, so a service cannot reach another's inbox this way."""
    back = {**_dead_letters(""), "dead-letter-routing-key": f"{service}.inbox", "message-ttl": milliseconds}
    return _policy(f"{service}.retry.{delay}", rf"^{service}\.retry\.{delay}$", back)


def _dead_letters(exchange: str) -> Entry:
    """At-least-once needs `reject-publish`: a queue that drops its head could lose what it promised to hand on."""
    return {
        "dead-letter-exchange": exchange,
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }


def _policy(name: str, pattern: str, definition: Entry) -> Entry:
    where = {"vhost": VHOST, "name": name, "pattern": pattern, "apply-to": "queues"}
    return {**where, "definition": definition, "priority": 10}


def users() -> list[str]:
    """Every login that needs a password."""
    return [login.name for login in logins()]


def template() -> Entry:
    """The definitions without password hashes, for the repository."""
    return _definitions([_user(login) for login in logins()])


def definitions(passwords: Mapping[str, str]) -> Entry:
    """The definitions to import, with salted hashes. Errors: KeyError where a login of `users()` has no password."""
    return _definitions([{**_user(login), **_hashed(passwords[login.name])} for login in logins()])


def _definitions(accounts: list[Entry]) -> Entry:
    return {
        "vhosts": [{"name": VHOST}],
        "users": accounts,
        "permissions": [login.permissions(VHOST) for login in logins()],
        "topic_permissions": [entry for login in logins() for entry in login.topic_permissions(VHOST)],
        "policies": policies(),
        "exchanges": exchanges(),
        "queues": queues(),
        "bindings": bindings(),
    }


def _user(login: Login) -> Entry:
    return {"name": login.name, "tags": login.tags}


def _hashed(password: str) -> Entry:
    """RabbitMQ's salted SHA-256: base64 of a 4-byte salt followed by the digest of salt and password."""
    salt = os.urandom(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {"password_hash": base64.b64encode(salt + digest).decode(), "hashing_algorithm": HASHING}


def department_queue(unit: str) -> Entry:
    """The queue of one unit, with its binding: `{"queue": …, "binding": …}`."""
    name = f"department.{unit}"
    return {"queue": _queue(name, "quorum"), "binding": _binding(departments.OUT, name, unit)}


def department_login(unit: str, password: str) -> Entry:
    """The login of one unit with the salted hash of its password: the body of `PUT users/department.<unit>`."""
    login = Login.of_department(unit)
    return {"name": login.name, "tags": "", **_hashed(password)}


def department_permissions(unit: str) -> Entry:
    """What the login `department.<unit>` may do: `{"permissions": …, "topic_permissions": […]}`."""
    login = Login.of_department(unit)
    return {"permissions": login.permissions(VHOST), "topic_permissions": login.topic_permissions(VHOST)}


def pager_login(number: str, password: str) -> Entry:
    """The login of one device with the salted hash of its password: the body of `PUT users/pager-<number>`."""
    return {"name": Login.of_pager(number).name, "tags": "", **_hashed(password)}


def pager_permissions(number: str) -> Entry:
    """What the login `pager-<number>` may do, as `department_permissions`."""
    login = Login.of_pager(number)
    return {"permissions": login.permissions(VHOST), "topic_permissions": login.topic_permissions(VHOST)}
