"""The back-stop under hearing: whatever a peer published long ago and never arrived is asked for and handled.

The bus loses nothing by design; this mends what no design foresees (a queue deleted by hand, a broker restored from a
backup). Only events older than all retries together are looked at, so a message in its retries is left alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import eventlet
from eventlet.event import Event as Answer
from nameko.extensions import DependencyProvider
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import envelope
from chassis.bus.hearing import EVERYTHING, Hears, Inbox
from chassis.bus.peers import Peer, Replies
from chassis.envelope import CONTENT_TYPE, Event
from chassis.errors import Reject, ServiceError
from chassis.process import CONFIG_KEY, Process
from chassis.tables import INBOX, PARKED, PEER_CURSOR
from chassis.telemetry.logs import log

AGE_SECONDS = 3600
EVERY_SECONDS = 60
PAGE = 500
LOOKS = 4
"""How often an event that fails is tried, a minute apart, before a person has to look at it."""


class CatchingUp(DependencyProvider):
    """Reads the log of every peer the service hears, page by page, from where it stopped last time."""

    inbox = Inbox()
    replies = Replies()

    def start(self) -> None:
        self._process: Process = self.container.config[CONFIG_KEY]
        self._looks: Counter[str] = Counter()
        if self.sources():
            self.container.spawn_managed_thread(self._run, identifier="catching_up")

    def get_dependency(self, worker_ctx: Any) -> None:
        return None

    def sources(self) -> list[str]:
        """The peers whose facts this service hears; one that hears everything names them itself."""
        named = {handler.contract.source for handler in self.inbox.handlers.values() if handler.contract}
        return sorted(named | set(self.container.service_cls.hears_from))

    def _run(self) -> None:
        while True:
            eventlet.sleep(EVERY_SECONDS)
            for source in self.sources():
                try:
                    while self.page(source, AGE_SECONDS) == PAGE:
                        pass
                except (ServiceError, Reject) as error:
                    log.warning("catching_up_later", source=source, error=f"{type(error).__name__}: {error}")

    def page(self, source: str, age: float) -> int:
        """Handles what is missing of one page; the number of events read."""
        peer = Peer(source, self.replies, self._process)
        with self._process.store.transaction() as session:
            position = self._position(session, source)
        question = {"position": position, "limit": PAGE, "older_than_seconds": age}
        events = peer.ask("events_since", question, deadline=20.0)["events"]
        if events:
            self._handle_missing([each["envelope"] for each in events])
            self._advance(source, events[-1]["position"])
        return len(events)

    def _position(self, session: Session, source: str) -> int:
        found = session.execute(select(PEER_CURSOR.c.position).where(PEER_CURSOR.c.source == source)).scalar()
        return int(found or 0)

    def _advance(self, source: str, position: int) -> None:
        row = insert(PEER_CURSOR).values(source=source, position=position)
        with self._process.store.transaction() as session:
            session.execute(row.on_conflict_do_update(index_elements=["source"], set_={"position": position}))

    def _handle_missing(self, envelopes: list[str]) -> None:
        told = [(envelope.parse(text), text) for text in envelopes]
        known = self._known([event.id for event, _ in told])
        for event, text in told:
            handler = self.inbox.handlers.get(event.type) or self.inbox.handlers.get(EVERYTHING)
            if handler and event.id not in known:
                log.warning("event_was_missing", event_id=event.id, handler=handler.handler_name)
                self._handle(event, handler, text)

    def _known(self, ids: list[str]) -> set[str]:
        """Events that had their effect, or wait for a person's decision."""
        with self._process.store.transaction() as session:
            heard = session.execute(select(INBOX.c.event_id).where(INBOX.c.event_id.in_(ids))).scalars()
            waiting = session.execute(select(PARKED.c.event_id).where(PARKED.c.event_id.in_(ids))).scalars()
            return {*heard, *(each for each in waiting if each)}

    def _handle(self, event: Event, handler: Hears, text: str) -> None:
        """Runs the handler as a delivery would. One that fails is left for the next looks, then parked: a person
        decides, and what comes after it is read on. Errors: ServiceError while looks are left."""
        error = self._try(event)
        if error is None:
            return
        self._looks[event.id] += 1
        if not isinstance(error, Reject) and self._looks[event.id] < LOOKS:
            raise ServiceError(f"a missing event failed again: {error}")
        told = {"headers": {}, "content_type": CONTENT_TYPE, "attempts": self._looks.pop(event.id)}
        self.inbox.keep(handler.handler_name, event.id, text.encode(), error, **told)

    def _try(self, event: Event) -> BaseException | None:
        """What went wrong, if anything."""
        try:
            event, handler = self.inbox.understand(event)
        except Reject as error:
            return error
        done = Answer()
        finished = lambda worker, result, exc_info: (done.send(exc_info), (result, exc_info))[1]  # noqa: E731
        self.container.spawn_worker(handler, (event,), {}, context_data={}, handle_result=finished)
        failure = done.wait()
        return failure[1] if failure else None
