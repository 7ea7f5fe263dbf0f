"""Digests 汇总: news that may wait (policy key message.digest) reaches a person once a day, as one message.

Until then each waits in the queue and may be taken back. Whoever has but one gets that one as it is. What was gathered
shows how the digest it went into fared. What was more than a day allows one person (policy key message.per_person) is
put together in the same way as the next day begins, so that it cannot pile up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.identity import Principal
from contracts.notify.messages import MessageGathered
from kernel.codes import Audience
from services.notify.areas import Recipient
from services.notify.messages import DIGEST, News, fact, key_of, queue
from services.notify.states import MESSAGE, DeliveryState
from services.notify.tables import Message

PERSONS, MOST = 100, 20
"""People a run serves; messages a digest holds: who has more that day gets a second one."""


def gather(session: Session, who: Principal, now: datetime) -> None:
    """Puts together what is due, a person at a time. One process gathers, else two might each take half of a day."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(DIGEST)))):
        return
    due = (Message.state == DeliveryState.QUEUED, Message.gathers, Message.send_after <= now)
    whom = tuple_(Message.audience, Message.recipient_id)
    people = select(Message.audience, Message.recipient_id).where(*due, Message.recipient_id.is_not(None))
    first = session.execute(people.distinct().order_by(Message.recipient_id).limit(PERSONS)).all()
    rows = select(Message).where(*due, whom.in_([tuple(one) for one in first])).with_for_update()
    order = (Message.audience, Message.recipient_id, Message.created_at, Message.id)
    for _, each in groupby(session.scalars(rows.order_by(*order)), lambda row: (row.audience, row.recipient_id)):
        _of_person(session, who, list(each), now)


def _of_person(session: Session, who: Principal, rows: Sequence[Message], now: datetime) -> None:
    """What has since become a secret reporter's goes alone: nothing may tie one case of theirs to another."""
    open_ones = [row for row in rows if not row.secret]
    packs = [open_ones[start : start + MOST] for start in range(0, len(open_ones), MOST)]
    for row in rows:
        row.gathers = False
    for pack in packs:
        if len(pack) > 1:
            _put_together(session, who, pack, now)


def _put_together(session: Session, who: Principal, rows: Sequence[Message], now: datetime) -> None:
    into = _digest(session, rows, now)
    for row in rows:
        session.info["causationid"] = row.caused_by
        MESSAGE.move(row, "gathered")
        row.gathered_into = into
        outbox.record(session, MessageGathered, row, who, now, **fact(row))


def _digest(session: Session, rows: Sequence[Message], now: datetime) -> UUID:
    """Under the case of the newest; nobody reads it in the list of a case (`messages.list_of_case`)."""
    last = rows[-1]
    to = Recipient(Audience(last.audience), last.recipient_id, last.recipient_name, reporter_of=last.reporter_of)
    news = News(last.subject_id, last.case_number, last.area_path, last.caused_by, str(last.id))
    items = "\n".join(f"{no}. {row.title}：{row.body}" for no, row in enumerate(rows, 1))
    queue(session, DIGEST, to, news, {"count": len(rows), "items": items}, now)
    return session.scalars(select(Message.id).where(Message.dedupe_key == key_of(DIGEST, to, news))).one()
