"""Claims: which messages are delivered next, and what whoever delivers them must know. No row is locked meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache, partial
from uuid import UUID

from sqlalchemy import Select, String, case, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from capability import at_once
from chassis.store import new_id
from kernel.calendar import at, local_day
from kernel.codes import Audience, Role
from services.notify import areas, safe_calls
from services.notify.gateways.base import Gateway
from services.notify.hand_deliveries import HandDelivery
from services.notify.messages import HIDDEN_ID, unclaimed
from services.notify.rules import QuietHours, policy
from services.notify.states import DeliveryState
from services.notify.tables import AppealFile, Message

CLAIM_SECONDS = 120
"""Longer than the slowest delivery: 3 s for the address, 10 s for each of a few steps of SMTP."""


PERSON = case((Message.recipient_id == HIDDEN_ID, cast(Message.reporter_of, String)), else_=Message.recipient_id)
"""Of secret reporters, who share one name here, each case has its own."""


@dataclass
class Today:
    """What one day's letters leave to residents: the channels each has had enough of, and who has had enough at all."""

    full: dict[str, frozenset[str]] = field(default_factory=dict)
    enough: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Claim:
    """A message somebody has promised to deliver before the claim runs out, as it was when claimed.

    `full`: channels by which this person has had enough for today; `enough`: by any, and the letter can wait.
    """

    id: UUID
    message: Message
    address: str
    stand_in: areas.Recipient | None = None
    full: frozenset[str] = field(default_factory=frozenset)
    enough: bool = False


def claim_some(session: Session, now: datetime, gateways: Sequence[Gateway], most: int) -> list[Claim]:
    """The most urgent due messages some gateway can carry, claimed; of a resident one at a time, so in their order."""
    due = session.scalars(_due(now, gateways).limit(most).with_for_update(skip_locked=True)).all()
    rows = safe_calls.divert(session, due)
    seen, first = set[str | None](), []
    for row in rows:
        if row.audience != Audience.RESIDENT or row.recipient_id not in seen:
            first.append(row)
        seen.add(row.recipient_id)
    return _claimed(session, _undisturbed(session, first, now), now)


def _undisturbed(session: Session, rows: Sequence[Message], now: datetime) -> list[Message]:
    """Without those to residents whom another process claims a letter for in this very moment: it would not be counted
    towards what a day allows."""
    wanted = sorted({str(row.recipient_id) for row in rows if row.audience == Audience.RESIDENT})
    if not wanted:
        return list(rows)
    person = func.unnest(cast(wanted, ARRAY(String))).column_valued("person")
    key = func.hashtextextended(func.concat("letters to ", person), 0)
    mine = set(session.scalars(select(person).where(func.pg_try_advisory_xact_lock(key))))
    mine -= set(session.scalars(_under_way(now).where(Message.recipient_id.in_(mine))))
    return [row for row in rows if row.audience != Audience.RESIDENT or row.recipient_id in mine]


def _under_way(now: datetime) -> Select[str | None]:
    """Residents for whom a letter is being delivered."""
    return select(Message.recipient_id).where(Message.claimed_until > now, Message.audience == Audience.RESIDENT)


def _due(now: datetime, gateways: Sequence[Gateway]) -> Select[Message]:
    reach = frozenset[Audience]().union(*(gateway.audiences for gateway in gateways))
    due = (
        select(Message)
        .where(Message.state == DeliveryState.QUEUED, Message.recipient_id.is_not(None), Message.send_after <= now)
        .where(unclaimed(now), ~Message.gathers, Message.audience.in_(reach))
        .where(Message.recipient_id.not_in(_under_way(now)))
        .order_by(Message.breaks_quiet.desc(), Message.send_after, Message.id)
    )
    return due.where(Message.breaks_quiet) if QuietHours.on(now).cover(now) else due


def _today(session: Session, now: datetime, rows: Iterable[Message]) -> Today:
    """Counted of residents (policy keys message.per_day by channel, message.per_person over all); none for what is
    urgent, which counts towards neither limit of all. Letters to staff are their work and are not limited."""
    whom = {row.recipient_id for row in rows if row.audience == Audience.RESIDENT and not row.breaks_quiet}
    found, ordinary = Today(), Counter[str]()
    if not whom:
        return found
    limits, most = policy(now).value("message.per_day"), policy(now).value("message.per_person")
    counts = PERSON, Message.channel, func.count(), func.count().filter(~Message.breaks_quiet)
    sent = select(*counts).where(Message.recipient_id.in_(whom), Message.sent_at >= at(local_day(now), time.min))
    for person, channel, count, waited in session.execute(sent.group_by(PERSON, Message.channel)):
        ordinary[person] += waited
        if count >= limits.get(channel, count + 1):
            found.full[person] = found.full.get(person, frozenset()) | {channel}
    ordinary.update(_told_in_person(session, now, whom))
    found.enough = {person for person, count in ordinary.items() if count >= most}
    return found


def _told_in_person(session: Session, now: datetime, whom: Collection[str | None]) -> dict[str, int]:
    """What somebody was asked today to tell them: those letters bear the name of who was asked."""
    theirs = HandDelivery.person_id.in_(whom), Message.sent_at >= at(local_day(now), time.min), ~Message.breaks_quiet
    told = select(HandDelivery.person_id, func.count()).join(Message, Message.id == HandDelivery.message_id)
    return dict(session.execute(told.where(*theirs).group_by(HandDelivery.person_id)).all())  # type: ignore[arg-type]


def _can_wait(row: Message, now: datetime) -> bool:
    """Until tomorrow: it is not urgent, and is still true then."""
    return not row.breaks_quiet and (row.send_before is None or row.send_before > QuietHours.on(now).next_end(now))


_CLAIMED = ("claim_id", "claimed_until", "attempts", "maybe_twice")


def _claimed(session: Session, rows: Sequence[Message], now: datetime) -> list[Claim]:
    """A case's reporter is asked for by the case, which alone knows who a secret one is and how to reach either."""
    today, files = _today(session, now, rows), _files(session, rows)
    community = cache(partial(areas.group, session, Role.COMMUNITY))
    claims = [_claim(row, now, today, files.get(row.reporter_of), community) for row in rows]
    at_once.update(session, rows, *_CLAIMED)
    for row in rows:
        session.expunge(row)
    return claims


def _files(session: Session, rows: Iterable[Message]) -> Mapping[UUID | None, AppealFile]:
    ids = {row.reporter_of for row in rows if row.reporter_of}
    return {one.id: one for one in session.scalars(select(AppealFile).where(AppealFile.id.in_(ids)))} if ids else {}


def _claim(
    row: Message, now: datetime, today: Today, file: AppealFile | None, community: Callable[[str], areas.Recipient]
) -> Claim:
    row.claim_id = claim_id = new_id()
    row.maybe_twice = row.maybe_twice or row.claimed_until is not None  # a claim nobody settled
    row.claimed_until, row.attempts = now + timedelta(seconds=CLAIM_SECONDS), row.attempts + 1
    stand_in = _stand_in(row, file, community) if row.audience == Audience.RESIDENT else None
    address = file.number if file else str(row.recipient_id)
    person = str(row.reporter_of if row.recipient_id == HIDDEN_ID else row.recipient_id)
    enough = row.audience == Audience.RESIDENT and person in today.enough and _can_wait(row, now)
    return Claim(claim_id, row, address, stand_in, today.full.get(person, frozenset()), enough)


def _stand_in(
    row: Message, file: AppealFile | None, community: Callable[[str], areas.Recipient]
) -> areas.Recipient | None:
    """Who tells a resident in person: the community; of a secret reporter the first responder, who knows anyway."""
    if not row.secret:
        return community(row.area_path)
    return areas.person(**file.first_responder) if file and file.first_responder else None
