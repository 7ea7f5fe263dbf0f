"""Which login may touch what on the broker. Patterns are anchored; the empty pattern `^$` grants nothing."""

import re
from dataclasses import dataclass, field
from typing import Any

from contracts import departments
from contracts.listeners import ASKERS, ASKS_EVERYTHING, LETTERS, SERVICES

RPC = "nameko-rpc"
PAGERS = LETTERS["notify"][0]
"""The topic exchange MQTT messages come to: topic `pager/HE…` is key `pager.HE…`."""
NOTHING = "^$"
ANYTHING = ".*"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
"""Keys of reply queues."""
_ANY = "|".join(SERVICES)
LOGS = rf"({_ANY})\.events_since"
"""All may ask all for the log of what was said."""
VERBS = f"({'|'.join(departments.VERBS)})"


@dataclass(frozen=True)
class Topic:
    """On one topic exchange: keys to publish with, and keys to bind a queue with."""

    exchange: str
    write: str
    read: str = NOTHING


@dataclass(frozen=True)
class Login:
    """One login and all it may do."""

    name: str
    write: str
    read: str = NOTHING
    configure: str = NOTHING
    topics: tuple[Topic, ...] = ()
    tags: list[str] = field(default_factory=list)

    @classmethod
    def of_service(cls, service: str) -> "Login":
        """Reads its own queues, asks over RPC, sends failed messages to wait. It cannot publish any event."""
        replies = rf"rpc\.reply-{service}-.*"
        letters = rf"|{service}\.{LETTERS[service][1]}" if service in LETTERS else ""
        return cls(
            service,
            configure=f"^{replies}$",
            write=rf"^({RPC}|{service}\.retry\.[0-9]+[sm]|{replies})$",
            read=rf"^({RPC}|{service}\.inbox|{service}\.dead{letters}|rpc-{service}|{replies})$",
            topics=(Topic(RPC, write=_may_ask(service), read=f"^{UUID}$"),),
        )

    @classmethod
    def of_relay(cls, service: str) -> "Login":
        """Publishes what the service recorded; dispatch's relay also writes to the departments. Reads nothing."""
        departments_too = f"|{departments.OUT}" if service == "dispatch" else ""
        return cls(f"{service}-relay", write=rf"^({service}\.events|{service}\.replay{departments_too})$")

    @classmethod
    def of_department(cls, unit: str) -> "Login":
        """Reads its own queue and replies under its own key, nothing else."""
        name = re.escape(f"department.{unit}")
        key = rf"^{re.escape(unit)}\.{VERBS}$"
        return cls(
            f"department.{unit}",
            read=f"^{name}$",
            write=f"^{re.escape(departments.BACK)}$",
            topics=(Topic(departments.BACK, write=key),),
        )

    @classmethod
    def of_pager(cls, number: str) -> "Login":
        """A device that speaks MQTT: publishes to its own topic `pager/<number>`, nothing else."""
        return cls(f"pager-{number}", write=f"^{PAGERS}$", topics=(Topic(PAGERS, write=rf"^pager\.{number}$"),))

    @classmethod
    def of_operator(cls) -> "Login":
        """The administrator."""
        return cls("ops", write=ANYTHING, read=ANYTHING, configure=ANYTHING, tags=["administrator"])

    def permissions(self, vhost: str) -> dict[str, str]:
        rights = {"configure": self.configure, "write": self.write, "read": self.read}
        return {"user": self.name, "vhost": vhost, **rights}

    def topic_permissions(self, vhost: str) -> list[dict[str, Any]]:
        return [
            {"user": self.name, "vhost": vhost, "exchange": topic.exchange, "write": topic.write, "read": topic.read}
            for topic in self.topics
        ]


def _may_ask(service: str) -> str:
    """Keys of nameko-rpc a service may publish with: answers, the peers' logs, and what ASKERS names."""
    if service in ASKS_EVERYTHING:
        return rf"^({UUID}|({_ANY})\.[a-z_]+)$"
    orders = [rf"{asked.service}\.{asked.method}" for asked in ASKERS.get(service, [])]
    return f"^({'|'.join([UUID, LOGS, *orders])})$"


def logins() -> list[Login]:
    """Everybody: each service, each relay, the operator. Departments are added at run time."""
    services = [Login.of_service(service) for service in SERVICES]
    relays = [Login.of_relay(service) for service in SERVICES]
    return [*services, *relays, Login.of_operator()]
