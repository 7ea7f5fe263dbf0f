"""`python -m bench.letters`: letters through a provider that fails, hangs and says 200 with an error inside.

BENCH_RATE letters a second (100) for BENCH_SECONDS (30), to a thousand people, by the delivery's own loop, in a real
store. Of a hundred posts 20 are refused, 5 hang, 5 answer 200 with an error. Pauses between tries count seconds, not
minutes. Shown: letters settled a second beside those through a provider without a fault; then what the provider knows
against what the store says.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
from rich.console import Console
from sqlalchemy import func, select

from bench.report import Line, report
from chassis.clock import system_clock
from chassis.identity import Principal
from chassis.store import Store
from kernel.codes import Audience, MessageChannel
from services.notify import messages, sending, settling
from services.notify.areas import Recipient
from services.notify.gateways.relayed import Relayed
from services.notify.states import DeliveryState
from services.notify.tables import Base, Message
from tests.support.postgres import TestServer

RATE = int(os.environ.get("BENCH_RATE", "100"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
PEOPLE, ROUNDS, CALM = 1_000, 3, 2_000
REFUSED, HANGS, LIES = 20, 5, 5
HANG_SECONDS = 30.0
WHO = Principal.service("notify")
CONTACT = {"phone": "13900000001", "contact_preference": "CALL"}
PATIENCE_SECONDS = 300.0


def provide(pipe: Connection) -> None:
    """The provider's process: says its port; on `faults` it turns bad; on `end` tells what it took, by letter."""
    bad, taken, unanswered = threading.Event(), Counter[str](), Counter[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"]
            luck = random.randrange(100) if bad.is_set() else 100
            if luck < REFUSED:
                return self._say(503, {"code": 7})
            if luck < REFUSED + LIES:
                return self._say(200, {"code": 9})
            if luck < REFUSED + LIES + HANGS:
                unanswered[letter] += 1
                return time.sleep(HANG_SECONDS)
            taken[letter] += 1
            return self._say(200, {"code": 0})

        def _say(self, status: int, content: dict[str, int]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128  # of five that wait the sixth is dropped, and its caller asks again a second later

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(server.server_port)
    while pipe.recv() == "faults":
        bad.set()
    pipe.send((dict(taken), dict(unanswered)))


class Post:
    """A store of letters and the way out of it."""

    def __init__(self, store: Store, port: int) -> None:
        self.store = store
        self.way = Relayed(MessageChannel.SMS, frozenset({Audience.RESIDENT}), f"http://127.0.0.1:{port}/", "secret")

    def queue(self, count: int) -> None:
        now = system_clock()
        with self.store.transaction() as session:
            for _ in range(count):
                person = Recipient(Audience.RESIDENT, f"p-{random.randrange(PEOPLE)}", "陈*")
                news = messages.News(uuid4(), "S202407060104000018", "a.b.c.d", "bench", "1", breaks_quiet=True)
                words = {"number": "S202407060104000018", "place": "银虹社区", "title": "停水", "body": "明天停水。"}
                messages.queue(session, "tell_in_person", person, news, {**words, "name": "陈*"}, now)

    def send(self) -> int:
        return sending.send_due(self.store, WHO, system_clock(), lambda _: CONTACT, [self.way])

    def states(self) -> dict[str, str]:
        with self.store.transaction() as session:
            return {str(id): state for id, state in session.execute(select(Message.id, Message.state))}

    def settled(self) -> int:
        with self.store.transaction() as session:
            settled = select(func.count()).select_from(Message).where(Message.state != DeliveryState.QUEUED)
            return session.scalar(settled) or 0

    def calm(self) -> float:
        """Letters a second through a provider without a fault."""
        self.queue(CALM)
        began, sent = time.perf_counter(), 0
        while sent < CALM:
            sent += self.send()
        return CALM / (time.perf_counter() - began)

    def storm(self) -> float:
        """Letters settled a second while RATE arrive; goes on until none waits."""
        before, began, rate = self.settled(), time.perf_counter(), 0.0
        feeder = threading.Thread(target=self._feed)
        feeder.start()
        while (settled := self.settled() - before) < RATE * SECONDS:
            if not feeder.is_alive() and not rate:
                rate = settled / (time.perf_counter() - began)
            if self.send() == 0:
                time.sleep(0.05)
            if time.perf_counter() - began > SECONDS + PATIENCE_SECONDS:
                raise TimeoutError(f"{RATE * SECONDS - settled} letters never settled")
        return rate or settled / (time.perf_counter() - began)

    def _feed(self) -> None:
        began = time.perf_counter()
        for second in range(SECONDS):
            time.sleep(max(0.0, began + second - time.perf_counter()))
            self.queue(RATE)


def judge(states: dict[str, str], taken: dict[str, int], unanswered: dict[str, int]) -> str:
    """What both sides say, and where they differ."""
    sent = {id for id, state in states.items() if state == DeliveryState.SENT}
    lost, lied = len(set(taken) - sent), len(sent - set(taken))
    again = {id for id, times in taken.items() if times + unanswered.get(id, 0) > 1}
    unmarked = len([id for id, times in taken.items() if times > 1])
    return (
        f"{len(states)} letters: {Counter(states.values())}; said SENT and never taken: {lied}; taken and not said "
        f"SENT: {lost}; taken twice: {unmarked}; sent again after a silence, under the same id: {len(again)}"
    )


def run(post: Post, pipe: Connection) -> None:
    process = psutil.Process()
    calm = [post.calm() for _ in range(ROUNDS)]
    settling.PAUSES = tuple(timedelta(seconds=pause) for pause in (1, 2, 4, 8, 16))
    pipe.send("faults")
    before = process.memory_info().rss
    storm, after = post.storm(), process.memory_info().rss
    pipe.send("end")
    Console(width=160).print(judge(post.states(), *pipe.recv()))
    Console().print(f"memory {before / 2**20:.0f} MB before, {after / 2**20:.0f} MB after")
    name = f"letters settled while {RATE}/s arrive for {SECONDS} s and 30 % fail"
    report("letters", [Line(name, [storm] * ROUNDS, calm, "/s", None, "a provider without a fault")])


def main() -> None:
    os.environ.setdefault("HASH_KEY", "key of a bench")
    ours, theirs = multiprocessing.Pipe()
    provider = multiprocessing.get_context("spawn").Process(target=provide, args=(theirs,), daemon=True)
    provider.start()
    postgres = TestServer(Path(tempfile.mkdtemp(prefix="shaodao-bench-")))
    try:
        run(Post(Store(postgres.database(Base.metadata)), ours.recv()), ours)
    finally:
        postgres.stop()
        provider.terminate()


if __name__ == "__main__":
    main()
