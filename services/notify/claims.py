"""Claims: which messages are delivered next, and what whoever delivers them must know. No row is locked meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache, partial
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from capability import at_once
from chassis.store import new_id
from kernel.calendar import at, local_day
from kernel.codes import Audience, Role
from services.notify import areas, safe_calls
from services.notify.gateways.base import Gateway
from services.notify.messages import unclaimed
from services.notify.rules import QuietHours, policy
from services.notify.states import DeliveryState
from services.notify.tables import AppealFile, Message

CLAIM_SECONDS = 120
"""Longer than the slowest delivery: 3 s for the address, 10 s for each of a few steps of SMTP."""


Full = Mapping[str | None, frozenset[str]]
"""By resident the channels by which one day allows no more."""


@dataclass(frozen=True)
class Claim:
    """A message somebody has promised to deliver before the claim runs out, as it was when claimed.

    `full`: channels by which this person has had enough for today.
    """

    id: UUID
    message: Message
    address: str
    stand_in: areas.Recipient | None = None
    full: frozenset[str] = field(default_factory=frozenset)


def claim_some(session: Session, now: datetime, gateways: Sequence[Gateway], most: int) -> list[Claim]:
    """The most urgent due messages some gateway can carry, claimed; of a resident one at a time, so in their order."""
    due = session.scalars(_due(now, gateways).limit(most).with_for_update(skip_locked=True)).all()
    rows = safe_calls.divert(session, due)
    seen, first = set[str | None](), []
    for row in rows:
        if row.audience != Audience.RESIDENT or row.recipient_id not in seen:
            first.append(row)
        seen.add(row.recipient_id)
    return _claimed(session, first, now)


def _due(now: datetime, gateways: Sequence[Gateway]) -> Select[Message]:
    reach = frozenset[Audience]().union(*(gateway.audiences for gateway in gateways))
    under_way = select(Message.recipient_id).where(Message.claimed_until > now, Message.audience == Audience.RESIDENT)
    due = (
        select(Message)
        .where(Message.state == DeliveryState.QUEUED, Message.recipient_id.is_not(None), Message.send_after <= now)
        .where(unclaimed(now), ~Message.gathers, Message.audience.in_(reach), Message.recipient_id.not_in(under_way))
        .order_by(Message.breaks_quiet.desc(), Message.send_after, Message.id)
    )
    return due.where(Message.breaks_quiet) if QuietHours.on(now).cover(now) else due


def _full(session: Session, now: datetime, rows: Iterable[Message]) -> Full:
    """By resident the channels whose daily limit (policy key message.per_day) is reached; none for what is urgent."""
    whom = [row.recipient_id for row in rows if row.audience == Audience.RESIDENT and not row.breaks_quiet]
    if not whom:
        return {}
    limits, found = policy(now).value("message.per_day"), dict[str | None, frozenset[str]]()
    sent = (
        select(Message.recipient_id, Message.channel, func.count())
        .where(Message.recipient_id.in_(whom), Message.sent_at >= at(local_day(now), time.min))
        .group_by(Message.recipient_id, Message.channel)
    )
    for person, channel, count in session.execute(sent):
        if count >= limits.get(channel, count + 1):
            found[person] = found.get(person, frozenset()) | {channel}
    return found


_CLAIMED = ("claim_id", "claimed_until", "attempts", "maybe_twice")


def _claimed(session: Session, rows: Sequence[Message], now: datetime) -> list[Claim]:
    """A case's reporter is asked for by the case, which alone knows who a secret one is and how to reach either."""
    full, files = _full(session, now, rows), _files(session, rows)
    community = cache(partial(areas.group, session, Role.COMMUNITY))
    claims = [_claim(row, now, full, files.get(row.reporter_of), community) for row in rows]
    at_once.update(session, rows, *_CLAIMED)
    for row in rows:
        session.expunge(row)
    return claims


def _files(session: Session, rows: Iterable[Message]) -> Mapping[UUID | None, AppealFile]:
    ids = {row.reporter_of for row in rows if row.reporter_of}
    return {one.id: one for one in session.scalars(select(AppealFile).where(AppealFile.id.in_(ids)))} if ids else {}


def _claim(
    row: Message, now: datetime, full: Full, file: AppealFile | None, community: Callable[[str], areas.Recipient]
) -> Claim:
    row.claim_id = claim_id = new_id()
    row.maybe_twice = row.maybe_twice or row.claimed_until is not None  # a claim nobody settled
    row.claimed_until, row.attempts = now + timedelta(seconds=CLAIM_SECONDS), row.attempts + 1
    stand_in = _stand_in(row, file, community) if row.audience == Audience.RESIDENT else None
    address = file.number if file else str(row.recipient_id)
    return Claim(claim_id, row, address, stand_in, full.get(row.recipient_id, frozenset()))


def _stand_in(
    row: Message, file: AppealFile | None, community: Callable[[str], areas.Recipient]
) -> areas.Recipient | None:
    """Who tells a resident in person: the community; of a secret reporter the first responder, who knows anyway."""
    if not row.secret:
        return community(row.area_path)
    return areas.person(**file.first_responder) if file and file.first_responder else None
