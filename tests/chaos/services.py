"""The hand on a service: named points around the commit and the ack, a witness of effects, a deadly event.

before_commit   the work and its outbox rows are written, the transaction is still open
after_commit    the work is kept; the message is not acked, the caller not answered
after_ack       the broker has the ack of an event or the answer to a call
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import wraps
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from chassis import outbox, service
from chassis.bus.draining import DrainingConsumer
from chassis.entrypoints import Entrypoint
from tests.chaos.control import Control
from tests.chaos.points import Points

WORKS = "chaos_works"
WITNESS = text("insert into chaos_effect (handler, event_id) values (:handler, :event_id)")


def lay_on(control: Control, program: str) -> None:
    points = Points(control, program)
    around_commits(points)
    around_acks(points, control, program)
    around_handlers(control, program)


def around_commits(points: Points) -> None:
    """Only transactions that handle an event or record one count; timers that look for nothing do not."""
    put = outbox.enqueue

    def enqueue(session: Session, *message: Any) -> None:
        session.info[WORKS] = True
        put(session, *message)

    def before(session: Session) -> None:
        if session.info.get(WORKS):
            points.pass_by("before_commit")

    def after(session: Session) -> None:
        if session.info.pop(WORKS, False):
            points.pass_by("after_commit")

    outbox.enqueue = enqueue
    event.listen(Session, "before_commit", before)  # after the last statement was written
    event.listen(Session, "after_commit", after)


def around_acks(points: Points, control: Control, program: str) -> None:
    acked, taken = DrainingConsumer.ack_message, DrainingConsumer._taken

    def ack_message(self: DrainingConsumer, message: Any) -> None:
        acked(self, message)
        if message.headers["_taken"][0].endswith((".inbox", program)):  # its inbox and its calls, not its replies
            points.pass_by("after_ack")

    def note_again(self: DrainingConsumer, provider: Any, message: Any) -> None:
        if message.delivery_info.get("redelivered"):
            control.note(f"{program}.seen", provider.queue.name)
        taken(self, provider, message)

    DrainingConsumer.ack_message, DrainingConsumer._taken = ack_message, note_again  # type: ignore[method-assign]


def around_handlers(control: Control, program: str) -> None:
    """Every committed run of a handler leaves a row of its own, and the event that is deadly kills its process."""

    def watched(hear: Any) -> Any:
        def hear_them(self: Any, entry: Entrypoint, *heard: Any) -> Any:
            if control.told(f"{program}.deadly") in [each.id for each in heard]:
                os._exit(9)
            return hear(self, replace(entry, operation=witnessed(self.name, entry, control)), *heard)

        return hear_them

    service.hear_once, service.hear_all = watched(service.hear_once), watched(service.hear_all)


def witnessed(service: str, entry: Entrypoint, control: Control) -> Any:
    @wraps(entry.operation)
    def seen(session: Session, who: Any, heard: Any, now: Any, **more: Any) -> None:
        session.info[WORKS] = True
        entry.operation(session, who, heard, now, **more)
        if control.told("witness"):
            session.execute(WITNESS, {"handler": f"{service}.{entry.name}", "event_id": heard.id})

    return seen
