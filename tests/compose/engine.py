"""The engine that runs this project, spoken to over its socket: its containers, and ending or starting one of them."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

import httpx

from ops.waiting import wait_until

SOCKET = "/var/run/docker.sock"
PROJECT, SERVICE = "com.docker.compose.project", "com.docker.compose.service"
READY_SECONDS = 90


@dataclass(frozen=True)
class Container:
    id: str
    name: str
    service: str


class Engine:
    """The containers of the project this container belongs to."""

    def __init__(self) -> None:
        self._http = httpx.Client(transport=httpx.HTTPTransport(uds=SOCKET), base_url="http://engine", timeout=60)
        self.project: str = self._ask(f"/containers/{socket.gethostname()}/json")["Config"]["Labels"][PROJECT]

    def _ask(self, path: str, **query: Any) -> Any:
        answer = self._http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def _order(self, path: str, **query: Any) -> None:
        self._http.post(path, params=query).raise_for_status()

    def containers(self, *services: str) -> list[Container]:
        """The running containers of these services (default: of all), by name."""
        wanted = f'{{"label": ["{PROJECT}={self.project}"], "status": ["running"]}}'
        found = [
            Container(each["Id"], each["Names"][0].lstrip("/"), each["Labels"][SERVICE])
            for each in self._ask("/containers/json", filters=wanted)
        ]
        return sorted((each for each in found if each.service in services or not services), key=lambda one: one.name)

    def kill(self, container: Container) -> None:
        """SIGKILL, and a start: what a sudden death and its restart come to."""
        self.end(container)
        self.start(container)

    def end(self, container: Container) -> None:
        """SIGKILL, and no start."""
        self._order(f"/containers/{container.id}/kill", signal="KILL")

    def start(self, container: Container) -> None:
        self._order(f"/containers/{container.id}/start")

    def restart(self, container: Container) -> None:
        """An orderly stop with the grace of the compose file, and a start."""
        self._order(f"/containers/{container.id}/restart", t=30)

    def is_healthy(self, container: Container) -> bool:
        state = self._ask(f"/containers/{container.id}/json")["State"]
        return bool(state["Running"] and state.get("Health", {}).get("Status") == "healthy")

    def wait_healthy(self, *containers: Container) -> None:
        for each in containers:
            wait_until(lambda: self.is_healthy(each), seconds=READY_SECONDS, what=f"{each.name} healthy", every=0.5)  # noqa: B023

    def restarts(self, container: Container) -> int:
        """How often the engine itself had to start it again: deaths nobody ordered."""
        return int(self._ask(f"/containers/{container.id}/json")["RestartCount"])

    def log(self, container: Container) -> str:
        """Everything it wrote, with the frames of the engine's stream left out."""
        answer = self._http.get(f"/containers/{container.id}/logs", params={"stdout": True, "stderr": True})
        return b"".join(frames(answer.content)).decode("utf8", errors="replace")


def frames(stream: bytes) -> list[bytes]:
    """The payloads of a multiplexed stream: a header of 8 bytes whose last four are the length, then so many bytes."""
    found, at = [], 0
    while at + 8 <= len(stream):
        length = int.from_bytes(stream[at + 4 : at + 8], "big")
        found.append(stream[at + 8 : at + 8 + length])
        at += 8 + length
    return found
