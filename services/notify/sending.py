"""Delivering: claim → ask → send → settle; no row is locked while somebody else is asked.

AT_ONCE letters are under way at the same time: one who answers slowly holds up nobody else. What has left is settled in
the transaction that claims the next.

A process that dies between send and settle leaves its claims behind; after CLAIM_SECONDS another takes the messages up
and each may leave twice. So may what nobody answered to. No other way leads to sending twice, and losing it would be
worse: the second bears the id of the first, says itself that it may be one, and the row keeps that (`maybe_twice`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.errors import DeadlineExceeded, Fault, ServiceError, Unavailable
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Store, take
from contracts.notify.hand_deliveries import HandWay
from contracts.notify.messages import Failure, MessageFailed, MessageSent
from kernel.codes import Audience, MessageChannel
from services.notify import digests, hand_deliveries
from services.notify.claims import Claim, claim_some
from services.notify.gateways.base import Gateway, Never, NotNow, Unsure
from services.notify.links import Links, link_words, linkless
from services.notify.messages import PLACE, TASK_LINK, fact, unclaimed
from services.notify.rules import QuietHours
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import Message
from services.notify.ways import Full, Hand, Instead, hand_over

AT_ONCE = 64
"""Letters under way. A provider that lets 5 % hang for 5 s takes 25 of them at 100 letters a second."""

TROUBLES = 8
"""After so many in a row that may pass a run claims no more: who does not answer now is not asked fifty times."""

RUN_SECONDS = 10.0
"""After this a run claims nothing more; the next goes on. A process that is told to stop waits for the run."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
"""Waits between tries. After the last the message has FAILED: this outlasts an hour without intake or mail."""

Ask = Callable[[str], dict[str, Any]]
"""Number of a case, or person id → telephone and preferred way of its reporter, or of that person, as intake tells
them. Errors: those of chassis.errors."""

Where = Callable[[UUID], str]
"""Session id → the place mediation's session_place answers. Errors: those of chassis.errors."""


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


def nowhere(session_id: UUID) -> str:
    """Where nobody can be asked for a place, the message waits."""
    raise NotNow("no_place")


def send_due(
    store: Store,
    who: Principal,
    now: datetime,
    ask: Ask,
    gateways: Sequence[Gateway],
    where: Where = nowhere,
    links: Links = linkless,
) -> int:
    """Delivers what is due; returns how many left. Without a gateway everything stays queued.

    Ends when nothing is due, after TROUBLES in a row, or after RUN_SECONDS.
    """
    if not gateways:
        return 0
    with store.transaction() as session:
        expire(session, who, now)
        digests.gather(session, who, now)
    run = _Run(store, who, now, gateways)
    with ThreadPoolExecutor(AT_ONCE) as several:
        while run.goes_on():
            run.turn(lambda claim: several.submit(deliver, claim, ask, gateways, where, links))
    return run.sent


class _Run:
    """The letters under way, and how those before them fared."""

    def __init__(self, store: Store, who: Principal, now: datetime, gateways: Sequence[Gateway]) -> None:
        self._store, self._who, self._now, self._gateways = store, who, now, gateways
        self._ends = time.monotonic() + RUN_SECONDS
        self._under_way: dict[Future[Outcome], Claim] = {}
        self._begun, self._troubles = False, 0
        self.sent = 0

    def goes_on(self) -> bool:
        """Whether letters are under way, or may be claimed."""
        return bool(self._under_way) or not self._begun

    def turn(self, submit: Callable[[Claim], Future[Outcome]]) -> None:
        """Waits for the first that are done, settles them and claims as many others."""
        done = wait(self._under_way, return_when=FIRST_COMPLETED).done if self._under_way else set()
        with self._store.transaction() as session:
            for future in done:
                self._settled(session, self._under_way.pop(future), future.result())
            claims = self._claims(session)
        self._under_way.update({submit(claim): claim for claim in claims})

    def _settled(self, session: Session, claim: Claim, outcome: Outcome) -> None:
        self.sent += settle(session, self._who, claim, outcome, self._now)
        self._troubles = self._troubles + 1 if outcome.may_pass else 0

    def _claims(self, session: Session) -> list[Claim]:
        over = self._begun and (self._troubles >= TROUBLES or time.monotonic() > self._ends)
        self._begun = True
        return [] if over else claim_some(session, self._now, self._gateways, AT_ONCE - len(self._under_way))


def expire(session: Session, who: Principal, now: datetime) -> None:
    """Gives up reminders whose moment has passed, and messages on which every try died without settling."""
    hopeless = or_(Message.send_before <= now, Message.attempts > len(PAUSES))
    late = select(Message).where(Message.state == DeliveryState.QUEUED, hopeless, unclaimed(now))
    for row in session.scalars(late.with_for_update(skip_locked=True)):
        session.info["causationid"] = row.caused_by
        died = row.attempts > len(PAUSES)
        failure, trouble = (Failure.TECHNICAL, "tries_died") if died else (Failure.TEMPORARY, "too_late")
        _give_up(session, who, row, Outcome(trouble=trouble, failure=failure), now)


def deliver(
    claim: Claim, ask: Ask, gateways: Sequence[Gateway], where: Where = nowhere, links: Links = linkless
) -> Outcome:
    """Asks for the address where it is a resident's, for the place of a session, for a link, and hands the letter over.

    Touches no database.
    """
    body = claim.message.body
    try:
        if PLACE in body:
            body = body.replace(PLACE, where(claim.message.subject_id))
        if TASK_LINK in body:
            body = body.replace(TASK_LINK, link_words(links(claim.message.subject_id, claim.address)))
        contact = ask(claim.address) if claim.message.audience == Audience.RESIDENT else None
        sent_by, instead = hand_over(Hand(claim, body, gateways), contact)
        return Outcome(sent_by=sent_by, instead=instead)
    except Full:
        return Outcome(trouble="enough_for_today", full=True)
    except NotNow as error:
        return Outcome(trouble=str(error), failure=Failure.TEMPORARY, unsure=isinstance(error, Unsure))
    except (Unavailable, DeadlineExceeded, Fault) as error:
        return Outcome(trouble=error.code, failure=Failure.TECHNICAL)
    except ServiceError as error:
        return Outcome(trouble=error.code, failure=Failure.PERMANENT)
    except Never as error:
        return Outcome(trouble=str(error), failure=Failure.PERMANENT)


def settle(session: Session, who: Principal, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    """Records the outcome: SENT, another try later, or FAILED; True when it was sent.

    A success counts even after the claim ran out; a failure only while the claim is still this one.
    """
    row = take(session, Message, claim.message.id)
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
