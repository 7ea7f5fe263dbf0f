"""The back-stop under hearing: whatever a peer published long ago and never arrived is asked for and delivered.

The bus loses nothing by design; this mends what no design foresees (a queue deleted by hand, a broker restored from a
backup). Only events older than all retries together are looked at, so a message in its retries is left alone. What a
peer had published before this service first looked at its log is history: nobody missed it. (Its queue was bound before
the service ever ran, so what came in between lies there.) `start_over` asks for the history as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bus.delivery import Delivery, Item
from bus.failing import RETRIES
from bus.hearing import Inbox
from bus.peers import Peer, Replies
from chassis import envelope
from chassis.errors import ServiceError
from chassis.process import CONFIG_KEY, Process
from chassis.tables import INBOX, PARKED, PEER_CURSOR
from chassis.telemetry.logs import log
from failover.broker import LOST

AGE_SECONDS = 3600
EVERY_SECONDS = 60
TICK_SECONDS = 0.2
PAGE = 200
ASKED_SECONDS = 20.0
BEGINNING = 0


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
            except (ServiceError, *LOST) as error:
                log.warning("catching_up_later", source=source, error=f"{type(error).__name__}: {error}")

    def _catch_up(self, source: str) -> None:
        while self.page(source, AGE_SECONDS) == PAGE:
            pass

    def position(self, source: str) -> int:
        """Where the reading of a peer's log goes on; at its present end where it has not begun."""
        with self._process.store.transaction() as session:
            found = position_in(session, source)
        if found is not None:
            return found
        end = self._ask(source, position=BEGINNING, limit=1)["end"]
        with self._process.store.transaction() as session:
            begin(session, source, end)
            return position_in(session, source) or BEGINNING

    def page(self, source: str, age: float) -> int:
        """Sends what is missing of one page to the service's own inbox; the number of messages read."""
        position = self.position(source)
        batches = self._ask(source, position=position, limit=PAGE, older_than_seconds=age)["events"]
        if batches:
            self._send_missing(batches)
            with self._process.store.transaction() as session:
                advance(session, source, batches[-1]["position"])
        return len(batches)

    def _ask(self, source: str, **question: Any) -> Any:
        return Peer(source, self.replies, self._process).ask("events_since", question, deadline=ASKED_SECONDS)

    def _send_missing(self, batches: list[dict[str, Any]]) -> None:
        """What is missing of each goes together. Retries, parking and dead letters are the inbox's.

        Errors: the broker's; what was sent already is heard once all the same.
        """
        heard = [self._heard(each["envelopes"]) for each in batches]
        known = self._known([item.id for items in heard for item in items if item.id])
        for items in heard:
            if missing := [item for item in items if item.id and item.id not in known]:
                log.warning("events_were_missing", event_ids=[item.id for item in missing])
                body = b"[%s]" % b",".join(item.body for item in missing)
                self.inbox.failures.send(body, missing[0].id or "", RETRIES[0], {}, envelope.BATCH)

    def _heard(self, envelopes: str) -> list[Item]:
        """What of a batch this service handles, whether it can be read or not."""
        delivery = Delivery(None)
        for told in envelope.split(envelopes.encode())[0]:
            self.inbox.sort(delivery, told, None, {})
        return [*delivery.items, *(item for item, _ in delivery.failures)]

    def _known(self, ids: list[str]) -> set[str]:
        """Events that had their effect, wait for a person's decision, or were given up."""
        with self._process.store.transaction() as session:
            heard = session.execute(select(INBOX.c.event_id).where(INBOX.c.event_id.in_(ids))).scalars()
            with_people = session.execute(select(PARKED.c.event_id).where(PARKED.c.event_id.in_(ids))).scalars()
            return {*heard, *(each for each in with_people if each)}


def position_in(session: Session, source: str) -> int | None:
    """What was read last of this peer's log; None before the first reading."""
    found: int | None = session.execute(select(PEER_CURSOR.c.position).where(PEER_CURSOR.c.source == source)).scalar()
    return found


def begin(session: Session, source: str, end: int) -> None:
    """The first reading goes on from `end`; nothing changes where another process has begun."""
    session.execute(insert(PEER_CURSOR).values(source=source, position=end).on_conflict_do_nothing())


def advance(session: Session, source: str, read: int) -> None:
    """Everything up to `read` was heard, or waits in the inbox."""
    session.execute(PEER_CURSOR.update().where(PEER_CURSOR.c.source == source).values(position=read))


def start_over(session: Session, sources: Iterable[str]) -> None:
    """These logs are read again from their beginning: for whoever has forgotten what was heard, or hears it late."""
    fresh = insert(PEER_CURSOR).values([{"source": source, "position": BEGINNING} for source in sources])
    session.execute(fresh.on_conflict_do_update(index_elements=["source"], set_={"position": BEGINNING}))
