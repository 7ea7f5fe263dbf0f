"""Talking to the portal as the people of the story would: each with an account, a session and plain HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any, TypeVar

import httpx
import psycopg
from PIL import Image

from ops.waiting import wait_until
from ops.world import World
from tests.stories import people, sql

T = TypeVar("T")
SHANGHAI = timezone(timedelta(hours=8))
PATIENCE_SECONDS = 30
# not answered now: the same request may be sent again
AGAIN = (401, 503, 504)


def dot() -> bytes:
    """A photo of one dot, of another colour each time."""
    drawn, out = Image.new("RGBA", (1, 1), tuple(uuid.uuid4().bytes[:4])), BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


class Refused(Exception):
    """The portal said no; `problem` is its document."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem.get('code')}: {problem.get('detail')} {problem.get('errors', '')}")
        self.problem = problem


@dataclass
class Story:
    """What is told so far."""

    world: World
    http: httpx.Client
    tokens: dict[str, str] = field(default_factory=dict)
    number: str = ""
    other_number: str = ""
    reader: str = "社区"
    """Who may read the case of `number`."""
    phone: str = ""
    whistle: str = ""
    tasks: dict[str, str] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    agreement: str = ""
    session: str = ""
    promised: str | None = None
    refusal: dict[str, Any] | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    def set_time(self, *moment: int) -> None:
        wanted = datetime(*moment, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]
        self.world.shift_clock((wanted - datetime.now(UTC)).total_seconds())
        self.tokens.clear()

    def later(self, **step: int) -> None:
        shift = (self.world.now() - datetime.now(UTC)).total_seconds()
        self.world.shift_clock(shift + timedelta(**step).total_seconds())

    def now(self) -> datetime:
        return self.world.now().astimezone(SHANGHAI)

    def token(self, username: str) -> str:
        if username not in self.tokens:
            login = {"username": username, "password": people.PASSWORD}
            answer = self.http.post("/api/session", json=login)
            if answer.status_code in AGAIN:
                raise httpx.TransportError("the portal is not ready")
            assert 201 == answer.status_code, answer.text
            self.tokens[username] = answer.json()["token"]
        return self.tokens[username]

    def send(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        """One request as somebody; what was not answered is sent again with the same idempotency key."""
        username = people.username(who)
        more.setdefault("headers", {})["Idempotency-Key"] = str(uuid.uuid4())

        def once() -> httpx.Response:
            more["headers"]["Authorization"] = f"Bearer {self.token(username)}"
            return self.http.request(method, path, **more)

        def answered() -> httpx.Response | None:
            try:
                answer = once()
                if answer.status_code == 401:  # the session ended meanwhile
                    del self.tokens[username]
                    answer = once()
            except httpx.TransportError:
                return None
            return None if answer.status_code in AGAIN else answer

        return wait_until(
            answered, seconds=PATIENCE_SECONDS, what=f"{method} {path}", every=0.3, progress=self.work_done
        )

    def ask(self, who: str, path: str, **query: Any) -> Any:
        return self._told(self.send(who, "GET", path, params=query))

    def do(self, who: str, path: str, **body: Any) -> Any:
        return self._told(self.send(who, "POST", path, json=body))

    def _told(self, answer: httpx.Response) -> Any:
        if answer.is_error:
            raise Refused(answer.json())
        return answer.json()

    def photo(self, who: str, stage: str = "DURING", kind: str = "PHOTO") -> dict[str, Any]:
        """Uploads a picture; what goes into `attachments`."""
        data = dot()
        kept = self._told(self.send(who, "POST", "/api/uploads", files={"file": ("photo.png", data, "image/png")}))
        return {"sha256": kept["sha256"], "kind": kind, "stage": stage, "taken_at": self.now().isoformat()}

    def try_to(self, act: Callable[[], Any]) -> None:
        """Does what should be refused; the refusal is kept for the next sentence."""
        self.refusal = None
        try:
            act()
        except Refused as refused:
            self.refusal = refused.problem

    def soon(self, what: str, look: Callable[[], T]) -> T:
        """What becomes true when the events have gone round."""

        def seen() -> T | None:
            try:
                return look()
            except Refused as refused:
                if refused.problem["status"] == 404:
                    return None
                raise

        return wait_until(  # type: ignore[return-value]
            seen, seconds=PATIENCE_SECONDS, what=what, every=0.1, progress=self.work_done
        )

    def work_done(self) -> object:
        """What changes while facts are on their way; nothing where the stores are out of reach."""
        with suppress(psycopg.Error):
            return sql.work_done(self.world)
        return None

    def appeal(self, who: str = "社区") -> dict[str, Any]:
        return self.ask(who, f"/api/appeals/{self.number}")

    def hazard(self) -> dict[str, Any]:
        return self.ask("李利", f"/api/hazards/{self.number}")

    def mediation(self) -> dict[str, Any]:
        self.case = self.ask("石秀英", f"/api/mediations/{self.number}")
        return self.case

    def blown(self, who: str = "社区") -> dict[str, Any]:
        return self.ask(who, f"/api/whistles/{self.whistle}")

    def events(self, who: str = "社区") -> list[str]:
        """Names of all events of the case so far, in the order of its timeline."""
        timeline = self.ask(who, f"/api/cases/{self.number}/timeline", limit=500)
        return [entry["name"] for entry in timeline["items"]]
