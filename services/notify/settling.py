"""How letters ended: sent, another try later, or failed; what many of them came to goes into one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capability import at_once
from chassis import outbox
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.notify.hand_deliveries import HandWay
from contracts.notify.messages import Failure, MessageFailed, MessageSent
from kernel.codes import MessageChannel
from services.notify import hand_deliveries
from services.notify.claims import Claim
from services.notify.messages import fact, may_be_gathered, unclaimed
from services.notify.rules import QuietHours
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import Message
from services.notify.ways import Instead

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
"""Waits between tries. After the last the message has FAILED: this outlasts an hour without intake or mail."""


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended. `instead`: who got the request to tell the resident in person. `full`: enough for today.
    `unsure`: it may have left.
    """

    sent_by: MessageChannel | None = None
    trouble: str | None = None
    failure: Failure | None = None
    instead: Instead | None = None
    full: bool = False
    unsure: bool = False

    @property
    def may_pass(self) -> bool:
        return self.trouble is not None and not self.full and self.failure is not Failure.PERMANENT


def expire(session: Session, who: Principal, now: datetime) -> None:
    """Gives up reminders whose moment has passed, and messages on which every try died without settling."""
    hopeless = or_(Message.send_before <= now, Message.attempts > len(PAUSES))
    late = select(Message).where(Message.state == DeliveryState.QUEUED, hopeless, unclaimed(now))
    for row in session.scalars(late.with_for_update(skip_locked=True)):
        session.info["causationid"] = row.caused_by
        died = row.attempts > len(PAUSES)
        failure, trouble = (Failure.TECHNICAL, "tries_died") if died else (Failure.TEMPORARY, "too_late")
        _give_up(session, who, row, Outcome(trouble=trouble, failure=failure), now)


_SETTLED = (
    "state", "version", "claim_id", "claimed_until", "maybe_twice", "attempts", "send_after", "trouble", "failure",
    "channel", "sent_at", "audience", "recipient_id", "recipient_name", "gathers",
)  # fmt: skip


def settle(session: Session, who: Principal, ended: Sequence[tuple[Claim, Outcome]], now: datetime) -> int:
    """Records the outcomes; how many letters have left. The rows are locked in the order of their ids."""
    ids = {claim.message.id for claim, _ in ended}
    wanted = select(Message).where(Message.id.in_(ids)).order_by(Message.id).with_for_update()
    rows = {row.id: row for row in session.scalars(wanted)}
    sent = sum(_settle(session, who, rows[claim.message.id], claim, outcome, now) for claim, outcome in ended)
    at_once.update(session, rows.values(), *_SETTLED)
    at_once.let_go(session, rows.values())
    return sent


def _settle(session: Session, who: Principal, row: Message, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    """Records the outcome: SENT, another try later, or FAILED; True when it was sent.

    A success counts even after the claim ran out; a failure only while the claim is still this one.
    """
    session.info["causationid"] = row.caused_by
    if row.state != DeliveryState.QUEUED or (outcome.sent_by is None and row.claim_id != claim.id):
        return False
    row.claim_id = row.claimed_until = None
    row.maybe_twice = row.maybe_twice or outcome.unsure
    if outcome.sent_by is not None:
        _note_sent(session, who, row, outcome, now)
    elif outcome.full:
        MESSAGE.move(row, "try_later")
        row.trouble, row.attempts, row.send_after = outcome.trouble, row.attempts - 1, QuietHours.on(now).next_end(now)
        row.gathers = may_be_gathered(row)
    elif outcome.failure is Failure.PERMANENT or row.attempts > len(PAUSES):
        _give_up(session, who, row, outcome, now)
    else:
        MESSAGE.move(row, "try_later")
        row.trouble, row.send_after = outcome.trouble, now + PAUSES[row.attempts - 1]
    return outcome.sent_by is not None


def _note_sent(session: Session, who: Principal, row: Message, outcome: Outcome, now: datetime) -> None:
    MESSAGE.move(row, "sent")
    row.channel, row.sent_at, row.trouble, row.failure = str(outcome.sent_by), now, None, None
    if outcome.instead:
        _to_be_told(session, who, row, outcome.instead, now)
    elif row.in_person:
        hand_deliveries.open_for(session, who, row, now, person_id=None, wanted=HandWay.VISIT, **row.in_person)
    outbox.record(session, MessageSent, row, who, now, **fact(row))


def _to_be_told(session: Session, who: Principal, row: Message, instead: Instead, now: datetime) -> None:
    """The request has left; somebody has to carry it out. Of a secret reporter nothing is written down."""
    if not row.secret:
        told = {"name": row.recipient_name, "title": row.title, "body": row.body}
        hand_deliveries.open_for(session, who, row, now, person_id=row.recipient_id, wanted=instead.wanted, **told)
    row.audience, row.recipient_id, row.recipient_name = instead.by.audience, instead.by.id, instead.by.name


def _give_up(session: Session, who: Principal, row: Message, outcome: Outcome, now: datetime) -> None:
    """Nobody tries again; who reads the case is told why."""
    MESSAGE.move(row, "give_up")
    row.trouble, row.failure = outcome.trouble, row.failure or outcome.failure
    row.claim_id = row.claimed_until = None
    outbox.record(session, MessageFailed, row, who, now, **fact(row), failure=row.failure)


@standing_of.register
def _stands(row: Message) -> Standing:
    tally = {"template": row.template, "channel": row.channel, "audience": row.audience}
    return Standing(kind="MESSAGE", state=row.state, parent=str(row.subject_id), tally=tally)
