"""The hand on a service: named points around the commit and the ack, a witness of effects, a deadly event.

before_commit   the work and its outbox rows are written, the transaction is still open
after_commit    the work is kept; the message is not acked, the caller not answered
after_ack       the broker has the ack of an event or the answer to a call
"""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from bus import service
from bus.draining import DrainingConsumer
from chassis import outbox
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
    act = service.take_effect

    def take_effect(self: Any, session: Session, entry: Any, item: Any, now: Any) -> None:
        session.info[WORKS] = True
        if control.told(f"{program}.deadly") == item.id:
            os._exit(9)
        act(self, session, entry, item, now)
        if control.told("witness"):
            session.execute(WITNESS, {"handler": item.handler, "event_id": item.id})

    service.take_effect = take_effect
