"""Somebody at a desk: a login and one kept connection, plain HTTP."""

from __future__ import annotations

import http.client
import json
import uuid
from typing import Any

import httpx

from ops.world import World
from tests.stories.people import PASSWORD

Answer = dict[str, Any]
BROKEN = (OSError, http.client.HTTPException)


class Refused(Exception):
    """The portal did not do it."""


def log_in(world: World, username: str) -> str:
    """A session's token. One login serves any number of connections: checking a password takes long on purpose."""
    login = {"username": username, "password": PASSWORD}
    answer = httpx.post(f"{world.portal_url}/api/session", json=login, trust_env=False, timeout=30)
    return str(answer.raise_for_status().json()["token"])


class Desk:
    """Asks and answers one at a time. Errors: Refused for every status but 2xx, and where no answer comes."""

    def __init__(self, world: World, token: str) -> None:
        self.speak_for(token)
        self._connection = http.client.HTTPConnection("127.0.0.1", world.port("portal"), timeout=60)

    def speak_for(self, token: str) -> None:
        """From now on, over the same connection."""
        self._head = {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> bytes:
        return self._said("GET", path, None, self._head)

    def post(self, path: str, body: Answer) -> Answer:
        head = {**self._head, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        found: Answer = json.loads(self._said("POST", path, json.dumps(body), head))
        return found

    def _said(self, method: str, path: str, body: str | None, head: dict[str, str]) -> bytes:
        """A connection that lay idle longer than the portal keeps it is opened again: the key makes that safe."""
        try:
            return self._once(method, path, body, head)
        except BROKEN:
            self._connection.close()
        try:
            return self._once(method, path, body, head)
        except BROKEN as error:
            self._connection.close()
            raise Refused(f"{method} {path}: the portal gives no answer ({type(error).__name__}: {error})") from error

    def _once(self, method: str, path: str, body: str | None, head: dict[str, str]) -> bytes:
        self._connection.request(method, path, body, head)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise Refused(f"{method} {path}: {answer.status} {text[:300].decode(errors='replace')}")
        return text
