"""Messages wait in a table until somebody delivers them (sending.py). The same news queued twice is one message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.envelope import Event
from chassis.identity import Principal
from chassis.store import new_id
from contracts.notify.base import MESSAGE_READERS
from contracts.notify.messages import ListMessages, MessageView
from kernel.codes import MessageState
from kernel.rights import at
from services.notify.areas import Recipient
from services.notify.rules import QuietHours, digest_after
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import AppealFile, Message
from services.notify.templates import FORMS, Template

PLAIN = [name for name in MessageView().fields if hasattr(Message, name)]
OF_PLACE = at(*MESSAGE_READERS.roles)
PLACE = "〔地点〕"
"""Stands in a message for the place of its session until it leaves: a place may be a home, and is not kept here."""
TASK_LINK = "〔办理链接〕"
"""Stands where a letter holds a signed link of its recipient: whoever reads this table may not act in their name."""

IN_PERSON = "tell_in_person"
DIGEST = "daily_digest"
"""What puts the news of a day together for one person (digests.py)."""
HIDDEN = "保密"
HIDDEN_ID = "secret"

_MESSAGES: Any = Message.__table__
_QUEUE = insert(_MESSAGES).on_conflict_do_nothing(index_elements=["dedupe_key"])


@dataclass(frozen=True)
class News:
    """What a message is about and which event caused it. `cycle` tells one occasion of the same news from the next.

    It may leave not before `send_after`, never from `send_before` on, and in quiet hours only where it `breaks_quiet`.
    """

    subject_id: UUID
    case_number: str
    area_path: str
    caused_by: str
    cycle: str
    breaks_quiet: bool = False
    send_after: datetime | None = None
    send_before: datetime | None = None

    @classmethod
    def of(cls, event: Event, subject_id: UUID, cycle: object = None, **when: Any) -> News:
        occasion = str(event.aggregate_version if cycle is None else cycle)
        return cls(subject_id, event.case_number, event.area_path, event.id, occasion, **when)

    def to(self, one: Recipient) -> News:
        """As it stands in a reporter's own case, whichever case leads."""
        return replace(self, case_number=one.number or self.case_number, area_path=one.place or self.area_path)


def queue(session: Session, key: str, to: Recipient, news: News, words: dict[str, Any], now: datetime) -> None:
    """Puts one message in the queue, unless the same news already went to the same recipient.

    It stands in the case of who reads it: what is told of a leading case to the reporter of one that was merged into it
    is a message of the merged one. Of a person whom no message reaches, the request to tell them goes to who does.
    """
    form, news = FORMS[key], news.to(to)
    told = None
    if to.told_by is not None:
        title, body = form.filled(words)
        words = told = {"name": to.name, "title": title, "body": body}
        news = replace(news, cycle=f"{key}-{to.id}-{news.cycle}")
        form, to = FORMS[IN_PERSON], to.told_by
    session.execute(_QUEUE, {**_row(form, to, news, words, now), "in_person": told})


def _row(form: Template, to: Recipient, news: News, words: dict[str, Any], now: datetime) -> dict[str, Any]:
    title, body = form.filled(words)
    about = ("area_path", "case_number", "subject_id", "caused_by", "breaks_quiet", "send_before")
    digest = _digest(form, to, news, body, now)
    return {
        **{name: getattr(news, name) for name in about},
        **{name: getattr(to, name) for name in ("audience", "reporter_of", "secret")},
        **{"id": new_id(), "version": 0, "attempts": 0, "state": MESSAGE.initial, "gathers": bool(digest)},
        "send_after": digest or news.send_after or now,
        **{"recipient_id": to.id, "recipient_name": to.name, "title": title, "body": body},
        **{"template": form.key, "wording": form.version, "channel": form.channels_for(to.audience)[0]},
        "dedupe_key": key_of(form.key, to, news),
    }


def key_of(key: str, to: Recipient, news: News) -> str:
    """What tells a message from all others: the same twice is one."""
    return f"{key}:{news.subject_id}:{to.key}:{news.cycle}"


def _digest(form: Template, to: Recipient, news: News, body: str, now: datetime) -> datetime | None:
    """When the digest leaves that takes it. What has a moment, a link or a secret of its own is in none."""
    alone = news.breaks_quiet or news.send_after or news.send_before or to.secret or PLACE in body or TASK_LINK in body
    return None if alone else digest_after(form.key, now)


def may_be_gathered(row: Message) -> bool:
    """Whether what one day allows no more of may be put together with others the next day (`digests.py`)."""
    alone = row.breaks_quiet or row.send_before or row.secret or row.in_person or row.template == DIGEST
    return not alone and PLACE not in row.body and TASK_LINK not in row.body


def withdraw(session: Session, now: datetime, subject_ids: Iterable[UUID], *templates: str) -> None:
    """Takes back what waits and is no longer true. What is being sent at this moment cannot be taken back."""
    waiting = (
        select(Message.id)
        .where(Message.subject_id.in_(list(subject_ids)), Message.template.in_(templates))
        .where(Message.state == DeliveryState.QUEUED, unclaimed(now))
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(Message).where(Message.id.in_(session.scalars(waiting).all())))


def unclaimed(now: datetime) -> ColumnElement[bool]:
    """Nobody is delivering it: no claim, or one that ran out."""
    return or_(Message.claimed_until.is_(None), Message.claimed_until <= now)


def address_waiting(session: Session, file: AppealFile) -> None:
    """The reporter is known now: messages that waited for it get their address, or go where nobody can be told."""
    waiting = select(Message).where(Message.reporter_of == file.id, Message.recipient_id.is_(None)).with_for_update()
    for row in session.scalars(waiting):
        if not file.has_reporter or (file.reporter_id and _told_already(session, row, file.reporter_id)):
            session.delete(row)
        else:
            row.recipient_id, row.recipient_name = file.reporter_id or HIDDEN_ID, file.reporter_name or HIDDEN
            row.secret = file.secret


def _told_already(session: Session, row: Message, person_id: str) -> bool:
    """Whether the same news goes to this person as the reporter of another appeal."""
    same = (Message.caused_by == row.caused_by, Message.template == row.template, Message.recipient_id == person_id)
    return session.scalars(select(Message.id).where(*same).limit(1)).first() is not None


def shown_recipient(row: Message) -> dict[str, str]:
    """The recipient as staff and events may see it: a secret reporter leaves no trace (信访工作条例 art. 30)."""
    if row.secret:
        return {"id": HIDDEN_ID, "name": HIDDEN}
    return {"id": row.recipient_id or HIDDEN_ID, "name": row.recipient_name}


def fact(row: Message) -> dict[str, Any]:
    """What every fact about a message tells."""
    told = {"message_id": row.id, "template": row.template, "channel": row.channel, "audience": row.audience}
    return {**told, "recipient": shown_recipient(row)}


@asked(ListMessages)
def list_of_case(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Messages of a case, oldest first, and those it led to in the cases that follow it: none where `who` is no staff
    of the place, or is complained of.

    Errors: Forbidden for who has no reading role anywhere.
    """
    permit(who, ListMessages, None)
    number = command["case_number"]
    files = session.execute(select(AppealFile.id, AppealFile.against).where(AppealFile.number == number)).all()
    if any(who.is_among(file.against) for file in files):
        return {"items": [], "next_cursor": None}
    of_it = or_(Message.case_number == number, Message.subject_id.in_([file.id for file in files]))
    query = select(Message).where(of_it, OF_PLACE.where(Message, who), Message.template != DIGEST)
    rows = session.scalars(query.order_by(Message.created_at, Message.id).limit(1000)).all()
    return {"items": _shown(session, rows, now), "next_cursor": None}


def _shown(session: Session, rows: Sequence[Message], now: datetime) -> list[dict[str, Any]]:
    """What went into a digest shows how that fared; the digest, with words of other cases, stands in no case's list."""
    gathered = select(Message).where(Message.id.in_({row.gathered_into for row in rows if row.gathered_into}))
    into = {one.id: one for one in session.scalars(gathered)}
    fared = ("state", "channel", "send_after", "sent_at", "attempts", "failure")
    whole = [(view(row, now), row.gathered_into and into.get(row.gathered_into)) for row in rows]
    return [{**one, **{name: view(by, now)[name] for name in fared}} if by else one for one, by in whole]


def view(row: Message, now: datetime) -> dict[str, Any]:
    """A message as staff see it. A message that waits for the end of the quiet hours shows as HELD."""
    quiet = QuietHours.on(now)
    waiting = row.state == DeliveryState.QUEUED and not row.breaks_quiet
    after = quiet.end_after(max(row.send_after, now)) if waiting else row.send_after
    held = waiting and quiet.cover(now) and row.send_after <= now
    state = MessageState.HELD if held else MessageState(row.state)
    shown = {"state": state, "recipient": shown_recipient(row), "send_after": after}
    return {**{name: getattr(row, name) for name in PLAIN}, **shown}
