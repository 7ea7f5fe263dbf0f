"""Load with known ids: a good client that asks again, with the same Idempotency-Key, until it has its answer.

Every case is known by its key before it is sent. What was told (201 and a number) must exist exactly once, and a key
never makes two cases. About each tenth case is a danger: its client whistles up the power company as well, so that
intake, dispatch, mediation, notify, the portal and a department's queue all have something to lose. Each fourth has a
reporter, who gets a receipt by mail; the mail of all would take longer than the faults.
"""

from __future__ import annotations

import http.client
import itertools
import json
import select
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ops.ports import LOOPBACK
from ops.waiting import wait_until
from tests.stories import people
from tests.stories.steps.appeals import SEWAGE

EMERGENCY_EVERY = 10
NAMED_EVERY = 4
NAMELESS: dict[str, Any] = {**SEWAGE, "reporter": None, "contact_person": None}
PATIENCE_SECONDS = 150.0
FINISH_SECONDS = 200.0
PAUSE_SECONDS = 0.2
BEYOND_PACE = 4.0
WHISTLE = {
    "kind": "EMERGENCY", "reason": "污水漫到配电箱", "asked_action": "HANDLE_ON_SITE", "asked_action_text": "断电排险",
    "asked_place_text": "5号楼2单元", "area_path": people.SEWAGE_AREA,
    "recipients": [{"unit": people.UNITS["供电公司"], "role": "LEAD"}],
}  # fmt: skip


@dataclass
class Told:
    """One case as its client knows it."""

    key: str
    number: str | None = None
    whistle: str | None = None
    gave_up: str | None = None


@dataclass
class Answers:
    """What came back, by kind, and when cases were accepted (monotonic seconds)."""

    kinds: Counter[str] = field(default_factory=Counter)
    accepted_at: list[float] = field(default_factory=list)

    def silence(self) -> float:
        """The longest time nobody was given a number."""
        return max((later - at for at, later in itertools.pairwise(sorted(self.accepted_at))), default=0.0)

    def first_after(self, moment: float) -> float | None:
        return min((at - moment for at in self.accepted_at if at >= moment), default=None)


class Load:
    """`clients` threads telling cases at `pace` a second until `finish` is called and at least `cases` are told.

    A fault that lasts longer has fewer a second (`later`) from then on, but is never without.
    """

    def __init__(
        self, port: int, token: str, cases: int, clients: int = 8, pace: float = 30.0, later: float = BEYOND_PACE
    ) -> None:
        self.cases, self.answers = cases, Answers()
        self.told: list[Told] = []
        self._port, self._token, self._pace, self._later = port, token, pace, later
        self._over, self._lock = threading.Event(), threading.Lock()
        self._open, self._telling = threading.Event(), 0
        self._open.set()
        self._threads = [threading.Thread(target=self._client, daemon=True) for _ in range(clients)]

    def start(self) -> None:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()

    def accepted(self) -> int:
        return len(self.answers.accepted_at)

    def go_on(self, seconds: float) -> None:
        """Lets the load go on for a while: how long a fault lasts."""
        self._over.wait(seconds)

    def until(self, more: int, seconds: float = 60.0) -> None:
        """Until so many more cases were accepted."""
        wanted = self.accepted() + more
        what = f"{more} more cases accepted"
        wait_until(lambda: self.accepted() >= wanted, seconds=seconds, what=what, progress=self.accepted)

    def finish(self) -> None:
        """Tells what is missing to the number of cases, then lets the clients go. Errors: TimeoutError."""
        patience = {"seconds": FINISH_SECONDS, "progress": lambda: sum(self.answers.kinds.values())}
        wait_until(lambda: len(self.told) >= self.cases, what=f"{self.cases} cases told", **patience)
        self._over.set()
        for thread in self._threads:
            wait_until(lambda: not thread.is_alive(), what="the clients gone", **patience)  # noqa: B023

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody tells anything meanwhile. Errors: TimeoutError where a client still waits for its answer."""
        self._open.clear()
        try:
            wait_until(lambda: not self._telling, seconds=FINISH_SECONDS, what="the clients silent")
            yield
        finally:
            self._open.set()

    def _client(self) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=30)
        while (told := self._next()) is not None:
            with self._turn():
                self._tell(connection, told)
        connection.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._open.wait()
        with self._lock:
            self._telling += 1
        try:
            yield
        finally:
            with self._lock:
                self._telling -= 1

    def _next(self) -> Told | None:
        """The next case when its time has come; None when the load is over."""
        with self._lock:
            number = len(self.told)
            if self._over.is_set() and number >= self.cases:
                return None
            told = Told(str(uuid.uuid4()))
            self.told.append(told)
        beyond = max(0, number - self.cases)
        due = self._began + (number - beyond) / self._pace + beyond / self._later
        self._over.wait(max(0.0, due - time.monotonic()))
        return told

    def _tell(self, connection: http.client.HTTPConnection, told: Told) -> None:
        lot = int(told.key[-4:], 16)
        danger = lot % EMERGENCY_EVERY == 0
        body = SEWAGE if danger or lot % NAMED_EVERY == 0 else NAMELESS
        made = self._until_made(connection, "/api/appeals", body, told.key, told)
        if made is None:
            return
        told.number = made["number"]
        self.answers.accepted_at.append(time.monotonic())
        if danger:
            source = {"source": {"kind": "APPEAL", "number": made["number"], "id": made["id"]}}
            blown = self._until_made(connection, "/api/whistles", {**WHISTLE, **source}, f"w-{told.key}", told)
            told.whistle = blown["number"] if blown else None

    def _until_made(
        self, connection: http.client.HTTPConnection, path: str, body: dict[str, Any], key: str, told: Told
    ) -> Any:
        """The answer 201 brought; None where the client had to give up, which is then a finding."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for kind, answer, pause in self._tries(connection, path, body, key):
            self.answers.kinds[kind] += 1
            if kind == "201":
                return answer
            if kind.startswith("4") or time.monotonic() > deadline:
                told.gave_up = f"{kind} {path} {json.dumps(answer, ensure_ascii=False)[:300]}"
                return None
            threading.Event().wait(pause)
        return None

    def _tries(
        self, connection: http.client.HTTPConnection, path: str, body: dict[str, Any], key: str
    ) -> Iterator[tuple[str, Any, float]]:
        """Try after try: its kind, what was answered, and how long to wait before the next."""
        text = json.dumps(body)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        while True:
            try:
                if hung_up(connection):
                    connection.close()
                if connection.sock is None:
                    connection.connect()
            except OSError:
                connection.close()
                yield "refused", None, PAUSE_SECONDS
                continue
            try:
                connection.request("POST", path, text, headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                yield "cut", None, PAUSE_SECONDS
                continue
            yield sorted_out(answer, content)


def hung_up(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has closed a kept connection since the last answer: then a request on it would be in vain."""
    return connection.sock is not None and bool(select.select([connection.sock], [], [], 0)[0])


def sorted_out(answer: http.client.HTTPResponse, content: bytes) -> tuple[str, Any, float]:
    """A kind for every answer; a 503 is a clear one only when it says when to come again."""
    told = json.loads(content) if content[:1] == b"{" else content.decode(errors="replace")[:200]
    again = answer.headers.get("Retry-After")
    if answer.status == http.client.SERVICE_UNAVAILABLE:
        return ("503" if again else "503 without Retry-After"), told, float(again or PAUSE_SECONDS)
    return str(answer.status), told, PAUSE_SECONDS
