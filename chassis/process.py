"""What one running process of a service stands on, made once at start and handed to every extension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chassis.clock import Clock, clock_from_environment
from chassis.identity import Principal, Signer, Verifier
from chassis.settings import Settings
from chassis.store import Store

CONFIG_KEY = "process"


@dataclass(frozen=True)
class Process:
    settings: Settings
    store: Store
    clock: Clock
    verifier: Verifier
    signer: Signer

    @classmethod
    def of(cls, service: str) -> Process:
        settings = Settings.of(service)
        return cls(
            settings=settings,
            store=Store(settings.database_url, pool_size=settings.max_workers + 4),
            clock=clock_from_environment(),
            verifier=Verifier.from_environment(),
            signer=Signer.from_environment(service),
        )

    def own_identity(self) -> str:
        """A token with which this service asks its peers in its own name."""
        return self.signer.mint(Principal.service(self.settings.service), self.clock())


@dataclass(frozen=True)
class Standing:
    """What a service method finds under `self.standing`: the process, and the headers the message came with."""

    process: Process
    headers: dict[str, Any]
