"""Delivering: claim → ask → send → settle; no row is locked while somebody else is asked.

A letter is settled in the transaction that claims the next one: before anything else is sent it is known as sent.

A process that dies between send and settle leaves its claim behind; after CLAIM_SECONDS another takes the message up
and it may leave twice, with the same Message-ID. That is the only way to send twice, and losing it would be worse.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
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
from chassis.store import Store, new_id, take
from contracts.notify.messages import MessageFailed, MessageSent
from kernel import telephone
from kernel.codes import Audience, ContactPreference, MessageChannel, Role
from services.notify import areas
from services.notify.gateways import Gateway, Letter, Never, NotNow, choose
from services.notify.messages import IN_PERSON, PLACE, shown_recipient, unclaimed
from services.notify.rules import QuietHours
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import AppealFile, Message
from services.notify.templates import FORMS

CLAIM_SECONDS = 120
"""Longer than the slowest delivery: 3 s for the address, 10 s for each of a few steps of SMTP."""

RUN_SECONDS = 10.0
"""After this a run claims nothing more; the next goes on. A process that is told to stop waits for the run."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
"""Waits between tries. After the last the message has FAILED: this outlasts an hour without intake or mail."""

NO_TEXTS = frozenset({ContactPreference.VISIT, ContactPreference.LETTER})

Ask = Callable[[str], dict[str, Any]]
"""Number of a case, or person id → telephone and preferred way of its reporter, or of that person, as intake tells
them. Errors: those of chassis.errors."""

Where = Callable[[UUID], str]
"""Session id → the place mediation's session_place answers. Errors: those of chassis.errors."""


@dataclass(frozen=True)
class Claim:
    """A message somebody has promised to deliver before the claim runs out, as it was when claimed."""

    id: UUID
    message: Message
    address: str
    stand_in: areas.Recipient | None = None


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended. `instead` is who got the request to tell the resident in person."""

    sent_by: MessageChannel | None = None
    trouble: str | None = None
    hopeless: bool = False
    instead: areas.Recipient | None = None


def nowhere(session_id: UUID) -> str:
    """Where nobody can be asked for a place, the message waits."""
    raise NotNow("no_place")


def send_due(
    store: Store, who: Principal, now: datetime, ask: Ask, gateways: Sequence[Gateway], where: Where = nowhere
) -> int:
    """Delivers what is due, one after the other; returns how many left. Without a gateway everything stays queued.

    Ends at the first trouble that may pass: who does not answer now is not asked fifty times.
    """
    if not gateways:
        return 0
    with store.transaction() as session:
        expire(session, who, now)
        claim = claim_next(session, now, gateways)
    sent, ends = 0, time.monotonic() + RUN_SECONDS
    while claim is not None:
        outcome = deliver(claim, ask, gateways, where)
        last = bool(outcome.trouble and not outcome.hopeless) or time.monotonic() > ends
        with store.transaction() as session:
            sent += settle(session, who, claim, outcome, now)
            claim = None if last else claim_next(session, now, gateways)
    return sent


def claim_next(session: Session, now: datetime, gateways: Sequence[Gateway]) -> Claim | None:
    """The most urgent due message some gateway can carry, claimed."""
    reach = [audience for audience in Audience if any(gateway.channel_for(audience) for gateway in gateways)]
    due = (
        select(Message)
        .where(Message.state == DeliveryState.QUEUED, Message.recipient_id.is_not(None), Message.send_after <= now)
        .where(unclaimed(now), Message.audience.in_(reach))
        .order_by(Message.breaks_quiet.desc(), Message.send_after, Message.id)
    )
    if QuietHours.on(now).cover(now):
        due = due.where(Message.breaks_quiet)
    row = session.scalars(due.limit(1).with_for_update(skip_locked=True)).first()
    return None if row is None else _claimed(session, row, now)


def _claimed(session: Session, row: Message, now: datetime) -> Claim:
    """A case's reporter is asked for by the case, which alone knows who a secret one is and how to reach either."""
    row.claim_id = claim_id = new_id()
    row.claimed_until, row.attempts = now + timedelta(seconds=CLAIM_SECONDS), row.attempts + 1
    file = session.get(AppealFile, row.reporter_of) if row.reporter_of else None
    stand_in = _stand_in(session, row, file) if row.audience == Audience.RESIDENT else None
    session.flush()
    session.expunge(row)
    return Claim(claim_id, row, file.number if file else str(row.recipient_id), stand_in)


def _stand_in(session: Session, row: Message, file: AppealFile | None) -> areas.Recipient | None:
    """Who tells a resident in person: the community; of a secret reporter the first responder, who knows anyway."""
    if not row.secret:
        return areas.group(session, Role.COMMUNITY, row.area_path)
    return areas.person(**file.first_responder) if file and file.first_responder else None


def expire(session: Session, who: Principal, now: datetime) -> None:
    """Gives up reminders whose moment has passed, and messages on which every try died without settling."""
    hopeless = or_(Message.send_before <= now, Message.attempts > len(PAUSES))
    late = select(Message).where(Message.state == DeliveryState.QUEUED, hopeless, unclaimed(now))
    for row in session.scalars(late.with_for_update(skip_locked=True)):
        session.info["causationid"] = row.caused_by
        _give_up(session, who, row, "tries_died" if row.attempts > len(PAUSES) else "too_late", now)


def deliver(claim: Claim, ask: Ask, gateways: Sequence[Gateway], where: Where = nowhere) -> Outcome:
    """Asks for the address where it is a resident's, and for the place of a session, and hands the letter over.

    Touches no database.
    """
    body = claim.message.body
    try:
        if PLACE in body:
            body = body.replace(PLACE, where(claim.message.subject_id))
        return _handed_over(claim, body, ask, gateways)
    except (Unavailable, DeadlineExceeded, Fault, NotNow) as error:
        return Outcome(trouble=_word(error))
    except (ServiceError, Never) as error:
        return Outcome(trouble=_word(error), hopeless=True)


def _handed_over(claim: Claim, body: str, ask: Ask, gateways: Sequence[Gateway]) -> Outcome:
    row, address, title, instead = claim.message, claim.address, claim.message.title, None
    audience, wanted = Audience(row.audience), FORMS[row.template].channels_for(row.audience)
    if audience is Audience.RESIDENT:
        contact = ask(address)
        mobile, way = _ways(contact)
        if claim.stand_in and way:
            instead, audience, address = claim.stand_in, claim.stand_in.audience, str(claim.stand_in.id)
            title, body = FORMS[way].filled({"name": row.recipient_name, "title": title, "body": body})
            wanted = FORMS[way].channels_for(audience)
        elif mobile is None:
            raise Never("no_mobile" if contact.get("phone") else "no_address")
        else:
            address = mobile
    offer = choose(gateways, audience, wanted)
    if offer is None:
        raise NotNow("no_gateway")
    gateway, channel = offer
    gateway.send(Letter(str(row.id), audience, address, title, body))
    return Outcome(sent_by=channel, instead=instead)


def _ways(contact: dict[str, Any]) -> tuple[str | None, str | None]:
    """The number an SMS can reach, and the template by which a stand-in tells them where that is not the way.

    In person who asks for that; a landline, a 400 number or one abroad is called.
    """
    phone = contact.get("phone")
    mobile = phone if phone and telephone.parse(phone).takes_sms else None
    if contact.get("contact_preference") in NO_TEXTS:
        return mobile, IN_PERSON
    return mobile, "tell_by_call" if phone and mobile is None else None


def settle(session: Session, who: Principal, claim: Claim, outcome: Outcome, now: datetime) -> bool:
    """Records the outcome: SENT, another try later, or FAILED; True when it was sent.

    A success counts even after the claim ran out; a failure only while the claim is still this one.
    """
    row = take(session, Message, claim.message.id)
    session.info["causationid"] = row.caused_by
    if row.state != DeliveryState.QUEUED or (outcome.sent_by is None and row.claim_id != claim.id):
        return False
    row.claim_id = row.claimed_until = None
    if outcome.sent_by is not None:
        _note_sent(session, who, row, outcome, now)
    elif outcome.hopeless or row.attempts > len(PAUSES):
        _give_up(session, who, row, outcome.trouble, now)
    else:
        MESSAGE.move(row, "try_later")
        row.trouble, row.send_after = outcome.trouble, now + PAUSES[row.attempts - 1]
    return outcome.sent_by is not None


def _note_sent(session: Session, who: Principal, row: Message, outcome: Outcome, now: datetime) -> None:
    MESSAGE.move(row, "sent")
    row.channel, row.sent_at, row.trouble = str(outcome.sent_by), now, None
    if to := outcome.instead:
        row.audience, row.recipient_id, row.recipient_name = to.audience, to.id, to.name
    outbox.record(session, MessageSent, row, who, now, **_fact(row))


def _give_up(session: Session, who: Principal, row: Message, trouble: str | None, now: datetime) -> None:
    MESSAGE.move(row, "give_up")
    row.trouble, row.claim_id, row.claimed_until = trouble, None, None
    outbox.record(session, MessageFailed, row, who, now, **_fact(row))


def _fact(row: Message) -> dict[str, Any]:
    told = {"message_id": row.id, "template": row.template, "channel": row.channel, "audience": row.audience}
    return {**told, "recipient": shown_recipient(row)}


def _word(error: Exception) -> str:
    """The kind of trouble, never words that could hold an address."""
    return error.code if isinstance(error, ServiceError) else str(error)


@standing_of.register
def _stands(row: Message) -> Standing:
    tally = {"template": row.template, "channel": row.channel, "audience": row.audience}
    return Standing(kind="MESSAGE", state=row.state, parent=str(row.subject_id), tally=tally)
