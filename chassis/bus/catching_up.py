"""The back-stop under hearing: whatever a peer published long ago and never arrived is asked for and handled.

The bus loses nothing by design; this mends what no design foresees (a queue deleted by hand, a broker restored from a
backup). Only events older than all retries together are looked at, so a message in its retries is left alone. What a
peer had published before this service first looked at its log is history: nobody missed it. (Its queue was bound before
the service ever ran, so what came in between lies there.) `chassis.cursors.start_over` asks for the history as well.
"""

from __future__ import annotations

from typing import Any

import eventlet
from eventlet.event import Event as Answer
from nameko.extensions import DependencyProvider
from sqlalchemy import select

from chassis import cursors, envelope
from chassis.bus import naming
from chassis.bus.hearing import EVERYTHING, Hears, Inbox
from chassis.bus.peers import Peer, Replies
from chassis.envelope import CONTENT_TYPE
from chassis.errors import Reject, ServiceError
from chassis.process import CONFIG_KEY, Process
from chassis.tables import INBOX, PARKED
from chassis.telemetry.logs import log

AGE_SECONDS = 3600
EVERY_SECONDS = 60
TICK_SECONDS = 0.2
PAGE = 500
ASKED_SECONDS = 20.0
LOOKS = 4
"""How often an event that fails is tried, a minute apart, before a person has to look at it."""
DIED = Reject(f"tried {LOOKS} times, and each time the process ended")


class CatchingUp(DependencyProvider):
    """Reads the log of every peer the service hears, page by page, from where it stopped last time."""

    inbox = Inbox()
    replies = Replies()

    def start(self) -> None:
        self._process: Process = self.container.config[CONFIG_KEY]
        if self.sources():
            self.container.spawn_managed_thread(self._run, identifier="catching_up")

    def get_dependency(self, worker_ctx: Any) -> None:
        return None

    def sources(self) -> list[str]:
        """The peers whose facts this service hears; one that hears everything names them itself."""
        named = {handler.contract.source for handler in self.inbox.handlers.values() if handler.contract}
        return sorted(named | set(self.container.service_cls.hears_from))

    def _run(self) -> None:
        while not self.replies.consumer.consuming:
            eventlet.sleep(TICK_SECONDS)
        self._each(self.position)  # a log that is new to this service is read from now on, not from a minute later
        while True:
            eventlet.sleep(EVERY_SECONDS)
            self._each(self._catch_up)

    def _each(self, act: Any) -> None:
        for source in self.sources():
            try:
                act(source)
            except (ServiceError, Reject) as error:
                log.warning("catching_up_later", source=source, error=f"{type(error).__name__}: {error}")

    def _catch_up(self, source: str) -> None:
        while self.page(source, AGE_SECONDS) == PAGE:
            pass

    def position(self, source: str) -> int:
        """Where the reading of a peer's log goes on; at its present end where it has not begun."""
        with self._process.store.transaction() as session:
            found = cursors.position(session, source)
        if found is not None:
            return found
        end = self._ask(source, position=cursors.BEGINNING, limit=1)["end"]
        with self._process.store.transaction() as session:
            cursors.begin(session, source, end)
            return cursors.position(session, source) or cursors.BEGINNING

    def page(self, source: str, age: float) -> int:
        """Handles what is missing of one page; the number of events read."""
        position = self.position(source)
        events = self._ask(source, position=position, limit=PAGE, older_than_seconds=age)["events"]
        if events:
            self._handle_missing(source, events)
            with self._process.store.transaction() as session:
                cursors.advance(session, source, events[-1]["position"])
        return len(events)

    def _ask(self, source: str, **question: Any) -> Any:
        return Peer(source, self.replies, self._process).ask("events_since", question, deadline=ASKED_SECONDS)

    def _handle_missing(self, source: str, events: list[dict[str, Any]]) -> None:
        told = [(naming.read(each["envelope"], f"{source}/{each['position']}"), each["envelope"]) for each in events]
        known = self._known([event_id for (_, event_id), _ in told if event_id])
        for (kind, event_id), text in told:
            handler = self.inbox.handlers.get(kind or "") or self.inbox.handlers.get(EVERYTHING)
            if handler and event_id and event_id not in known:
                log.warning("event_was_missing", event_id=event_id, handler=handler.handler_name)
                self._handle(source, event_id, handler, text)

    def _known(self, ids: list[str]) -> set[str]:
        """Events that had their effect, wait for a person's decision, or were given up."""
        with self._process.store.transaction() as session:
            heard = session.execute(select(INBOX.c.event_id).where(INBOX.c.event_id.in_(ids))).scalars()
            with_people = session.execute(select(PARKED.c.event_id).where(PARKED.c.event_id.in_(ids))).scalars()
            return {*heard, *(each for each in with_people if each)}

    def _handle(self, source: str, event_id: str, handler: Hears, text: str) -> None:
        """Runs the handler as a delivery would. One that fails, or ends the process, is left for the next looks, then
        parked: a person decides, and what comes after it is read on. Errors: ServiceError while looks are left."""
        with self._process.store.transaction() as session:
            tries = cursors.tried(session, source, event_id)
        error = DIED if tries > LOOKS else self._try(text)
        if error is None:
            return
        if not isinstance(error, Reject) and tries < LOOKS:
            raise ServiceError(f"a missing event failed again: {type(error).__name__}", event_id=event_id)
        told = {"headers": {}, "content_type": CONTENT_TYPE, "attempts": min(tries, LOOKS)}
        self.inbox.keep(handler.handler_name, event_id, text.encode(), error, **told)

    def _try(self, text: str) -> BaseException | None:
        """What went wrong, if anything."""
        try:
            event, handler = self.inbox.understand(envelope.parse(text))
        except Reject as error:
            return error
        done = Answer()
        finished = lambda worker, result, exc_info: (done.send(exc_info), (result, exc_info))[1]  # noqa: E731
        self.container.spawn_worker(handler, (event,), {}, context_data={}, handle_result=finished)
        failure = done.wait()
        return failure[1] if failure else None
