"""Hand deliveries 当面送达: opened where a message goes to whoever tells the resident; closed by who met the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.notify import hand_deliveries as say
from contracts.notify.hand_deliveries import HandDeliveryState as S
from contracts.notify.hand_deliveries import HandWay
from contracts.notify.messages import Failure, MessageDelivered, MessageFailed
from kernel.attachments import Attachments, Files
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.messages import fact as told
from services.notify.rules import due, policy
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import AppealFile, Base, Message, NumberCounter

Command = dict[str, Any]
KEY = "message.in_person"
WAITS = ("role:COMMUNITY", "role:GRID")


class HandDelivery(Clocked, Root, Base):
    """One message for one person. The name is intake's, asked for when a letter is printed."""

    __tablename__ = "hand_delivery"
    state: Mapped[str]
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), unique=True)
    about_number: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[str | None]
    masked_name: Mapped[str]
    wanted: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    against: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    tries: Mapped[int] = mapped_column(default=0)
    why: Mapped[str | None] = mapped_column(Sealed)
    way: Mapped[str | None]
    proof: Mapped[Attachments] = mapped_column(Files, default=list)
    done_by_id: Mapped[str | None]
    done_by_name: Mapped[str | None]
    done_by = person_ref("done_by")
    message: Mapped[Message] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        Index("ix_hand_delivery_area", "area_path", postgresql_using="gist"),
        Index("ix_hand_delivery_due", "state", "due_at"),
        Index("ix_hand_delivery_person", "person_id"),
    )


def _say(session: Session, fact: Any, row: HandDelivery, who: Principal, now: datetime, **data: Any) -> None:
    saying.say(session, fact, row, who, now, message_id=row.message_id, about_number=row.about_number, **data)


LIFE: Life[HandDelivery, S] = Life(
    HandDelivery,
    S.OPEN,
    {
        say.RecordHandDelivery: Move({S.OPEN}, S.DELIVERED),
        say.RecordNotMet: Move({S.OPEN}, S.OPEN),
        "lost": Move({S.OPEN}, S.UNDELIVERED),
        "late": Move({S.OPEN}, S.OPEN, say.HandDeliveryOverdue, when_due=True),
    },
    Rules(by_number(HandDelivery), say.READERS, unknown_number, _say, due=due, approaching=NotifyDeadlineApproaching),
    clocks={S.OPEN: KEY},
    answers=(say.GetHandDelivery, say.ListHandDeliveries),
)


def open_for(
    session: Session,
    who: Principal,
    message: Message,
    now: datetime,
    *,
    person_id: str | None,
    wanted: HandWay,
    name: str,
    title: str,
    body: str,
) -> HandDelivery | None:
    """Once a message; the words are those the person should hear. None where that message has its delivery."""
    if session.scalar(select(HandDelivery.id).where(HandDelivery.message_id == message.id)):
        return None
    against = session.scalar(select(AppealFile.against).where(AppealFile.number == message.case_number))
    row = HandDelivery(
        message=message, message_id=message.id, about_number=message.case_number, area_path=message.area_path,
        person_id=person_id, masked_name=name, wanted=str(wanted), title=title, body=body, against=against or [],
        tries=0, proof=[],
    )  # fmt: skip
    row.case_number = next_number(session, NumberCounter, "DO", area4(session, row.area_path), now)
    return LIFE.started(session, who, row, now, say.HandDeliveryOpened, wanted=wanted)


def waits(session: Session, message: Message) -> bool:
    """Whether somebody still has to tell the person."""
    mine = select(HandDelivery.id).where(HandDelivery.message_id == message.id, HandDelivery.state == S.OPEN)
    return session.scalar(mine) is not None


@asked(say.RecordHandDelivery)
def deliver(session: Session, who: Principal, command: Command, now: datetime) -> HandDelivery:
    """Now the message is delivered, by the way it went. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.RecordHandDelivery, command)
    row.way, row.proof = str(command["way"]), command["proof"]
    row.done_by_id, row.done_by_name = who.id, who.name
    row.until(None, now)
    LIFE.done(session, who, row, now, say.HandDelivered)
    _settle(session, who, row, now, "delivered", MessageDelivered)
    return row


@asked(say.RecordNotMet)
def not_met(session: Session, who: Principal, command: Command, now: datetime) -> HandDelivery:
    """After the tries of policy key message.in_person nobody goes again. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.RecordNotMet, command)
    row.tries, row.why = row.tries + 1, command["why"]
    if row.tries < policy(now).value(KEY)["tries"]:
        return LIFE.done(session, who, row, now, say.HandNotMet)
    LIFE.move(row, "lost")
    row.until(None, now)
    LIFE.done(session, who, row, now, say.HandUndelivered)
    _settle(session, who, row, now, "lost", MessageFailed, failure=Failure.PERMANENT)
    return row


def _settle(
    session: Session, who: Principal, row: HandDelivery, now: datetime, move: str, fact: Any, **more: Any
) -> None:
    """The message ends as the delivery did, unless it has come back since and goes another way."""
    message = row.message
    if message.state != DeliveryState.SENT:
        return
    MESSAGE.move(message, move)
    message.channel, message.failure = row.way or row.wanted, more.get("failure")
    outbox.record(session, fact, message, who, now, **told(message), **more)


@standing_of.register
def _stands(row: HandDelivery) -> Standing:
    open_ = row.state == S.OPEN
    return Standing(
        kind=say.HandDeliveryView.about.kind, state=row.state, number=row.number, due=row.due_at if open_ else None,
        waits=WAITS if open_ else (), tally={"wanted": row.wanted, "way": row.way or ""},
    )  # fmt: skip
