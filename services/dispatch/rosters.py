"""Who of a unit takes a whistle now (岗位AB制): posted hours and leave count, nobody absent is named (domain A18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from capability.leaves import Leave
from kernel.calendar import OFF_HOURS, is_open, load_calendar
from kernel.codes import WhistleKind
from services.dispatch import clocks
from services.dispatch.tables import Base, Person, Receiver

A, B = "A", "B"


class ReceiverLeave(Leave, Base):
    """A receiver is away: whistles go to whoever of the unit is there."""

    __tablename__ = "receiver_leave"
    recorded_by: Mapped[dict[str, str]]


@dataclass(frozen=True)
class Turn:
    """The receivers of one unit who are not away, A before B, and which of them are at work by their hours."""

    present: tuple[Receiver, ...]
    at_work: tuple[Receiver, ...]


def receiver_for(session: Session, unit_code: str, kind: str, now: datetime) -> Person | None:
    """A at work; else B at work; else who of the unit has the duty roster (OFF_HOURS).

    With nobody at work, an EMERGENCY goes to the unit as a whole (None: its head and its desk are told, and the street
    is alarmed); anything else waits for A, or for B while A is on leave.
    """
    turn = _turn(session, unit_code, now)
    if turn.at_work:
        return person(turn.at_work[0])
    if kind == WhistleKind.EMERGENCY or not turn.present:
        return None
    return person(turn.present[0])


def deputy_for(session: Session, unit_code: str, now: datetime) -> Person | None:
    """Whom the first step of the ladder tells: B, else A, of those who are not on leave."""
    present = _turn(session, unit_code, now).present
    return next((person(one) for post in (B, A) for one in present if one.post == post), None)


def is_away(session: Session, person_id: str, now: datetime) -> bool:
    """Whether the receiver is on leave now."""
    return person_id in away(session, [person_id], now)


def away(session: Session, people: Iterable[str], now: datetime) -> frozenset[str]:
    """Those of `people` who are on leave now."""
    gone = select(ReceiverLeave.person_id).where(
        ReceiverLeave.person_id.in_(list(people)), ReceiverLeave.from_at <= now, ReceiverLeave.until > now
    )
    return frozenset(session.scalars(gone))


def person(receiver: Receiver) -> Person:
    return {"id": receiver.person_id, "name": receiver.name}


def _turn(session: Session, unit_code: str, now: datetime) -> Turn:
    listed = select(Receiver).where(Receiver.unit_code == unit_code, Receiver.active.is_(True))
    roster = session.scalars(listed.order_by(Receiver.post, Receiver.person_id)).all()
    gone = away(session, [one.person_id for one in roster], now)
    present = tuple(one for one in roster if one.person_id not in gone)
    calendar = load_calendar(clocks.policy(now).region)
    manned = tuple(one for one in present if is_open(one.hours, now, calendar))
    return Turn(present, manned or tuple(one for one in present if one.hours == OFF_HOURS))
