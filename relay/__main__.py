"""`python -m relay SERVICE`: publishes what the service recorded, and nothing else publishes its events.

A plain process without green threads: every socket has a time limit and a watchdog ends a process that stands still.
One relay a service is at work (an advisory lock); more may stand by. Order is kept an aggregate, because rows go out in
the order they were recorded and a batch is settled before the next is read; only a row the broker did not take is
overtaken by others.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType
from wsgiref.simple_server import WSGIRequestHandler, make_server

from amqp.exceptions import AccessRefused, AMQPError
from kombu.exceptions import OperationalError
from psycopg import Error as DatabaseError

from chassis.pages import application
from chassis.settings import read
from chassis.telemetry.logs import configure, log
from failover.broker import brokers
from relay import metrics
from relay.log import BATCH, OutboxLog
from relay.pipeline import Pipeline

IDLE_SECONDS = 1.0
AGAIN_SECONDS = 1.0
# a row nobody is bound for, or that the broker refused, is tried again after this
REFUSED_SECONDS = 30.0
WATCHDOG_SECONDS = 60.0
# from one batch to the next: the first word goes at once, what is said meanwhile goes together
BREATH_SECONDS = 0.025


class Pulse:
    """The time of the loop's last turn."""

    def __init__(self) -> None:
        self._beat = time.monotonic()
        self.ready = False

    def beat(self) -> None:
        self._beat = time.monotonic()

    def age(self) -> float:
        return time.monotonic() - self._beat


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Health checks are not news."""


def serve(pulse: Pulse, host: str, port: int) -> None:
    """Answers in a thread of its own."""
    server = make_server(host, port, application(lambda: {"connected": pulse.ready}), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()


class Relay:
    """The loop: read a batch, publish it in a pipeline, mark what was confirmed, wait for more."""

    def __init__(self, database_url: str, amqp_uri: str) -> None:
        self._database_url, self._amqp_uri = database_url, amqp_uri
        self._stopping = threading.Event()
        self._refused: dict[int, float] = {}
        self.pulse = Pulse()

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Returns when told to stop. Errors: AccessRefused when no node lets it in at first; later losses are waited
        out."""
        strangers = len(brokers(self._amqp_uri).uris)  # a node that came back empty knows no login
        while not self._stopping.is_set():
            try:
                self._work()
            except AccessRefused:
                if strangers == 1:
                    raise
                strangers -= 1 if strangers else 0
                self._wait_out("broker refuses")
            except (AMQPError, OperationalError, DatabaseError, OSError) as error:
                strangers = 0
                self._wait_out(f"{type(error).__name__}: {error}")

    def _wait_out(self, error: str) -> None:
        self.pulse.ready = False
        log.warning("relay_interrupted", error=error)
        self.pulse.beat()
        self._stopping.wait(AGAIN_SECONDS)

    def _work(self) -> None:
        with OutboxLog(self._database_url) as outbox, Pipeline(self._amqp_uri, self._goes_on) as pipeline:
            while not self._stopping.is_set():
                self.pulse.beat()
                pipeline.keep_alive()
                if not outbox.mine():
                    self.pulse.ready = True
                    self._stopping.wait(IDLE_SECONDS)
                    continue
                self.pulse.ready = True
                sent = self._batch(outbox, pipeline)
                if sent == 0:
                    outbox.wait(IDLE_SECONDS)
                elif sent < BATCH:
                    self._stopping.wait(BREATH_SECONDS)

    def _goes_on(self) -> bool:
        """Asked while the broker lets it wait: the watchdog sees that this is no standstill."""
        self.pulse.beat()
        return not self._stopping.is_set()

    def _batch(self, outbox: OutboxLog, pipeline: Pipeline) -> int:
        """Publishes once; how many rows the broker took. What it did not take goes again later and holds up nobody."""
        now = time.monotonic()
        self._refused = {position: at for position, at in self._refused.items() if at > now - REFUSED_SECONDS}
        rows = outbox.unsent(but=self._refused)
        metrics.unsent.set(len(rows) + len(self._refused))
        if not rows:
            return 0
        confirmed = pipeline.publish(rows)
        outbox.mark_sent(confirmed)
        metrics.sent.inc(len(confirmed))
        self._refused |= dict.fromkeys({row.position for row in rows}.difference(confirmed), now)
        # a queue that is choosing its leader takes them in a moment
        self._refused |= dict.fromkeys(pipeline.not_taken, now - REFUSED_SECONDS + AGAIN_SECONDS)
        return len(confirmed)


def watch(pulse: Pulse) -> None:
    """Ends the process when the loop has stood still too long: a fresh one beats a frozen one."""
    while True:
        time.sleep(1)
        if pulse.age() > WATCHDOG_SECONDS:
            log.critical("relay_stands_still", seconds=pulse.age())
            os._exit(70)


def main(service: str) -> int:
    configure(f"{service}-relay", os.environ.get("LOG_LEVEL", "INFO"))
    relay = Relay(read("DATABASE_URL"), read("RELAY_AMQP_URI"))
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, relay.stop)
    threading.Thread(target=watch, args=(relay.pulse,), daemon=True).start()
    serve(relay.pulse, read("ADMIN_HOST", "127.0.0.1"), int(read("RELAY_ADMIN_PORT", "0")))
    try:
        relay.run()
    except AccessRefused as error:
        log.critical("broker_refused", error=str(error))
        return 1
    log.info("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
