"""Who must not be texted, written to or called 人身安全保护: every message for them goes to who knows a safe way.

It is changed where it would leave (`claims`), so that whatever was queued before, by whomever, goes that way too.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.notify.hand_deliveries import HandDeliveryState, HandUndelivered
from kernel.codes import Audience
from services.notify import areas, hand_deliveries
from services.notify.files import Heard
from services.notify.hand_deliveries import HandDelivery
from services.notify.tables import Message, SafePerson
from services.notify.templates import FORMS

SAFELY = "tell_safely"


def keep_safe(heard: Heard) -> None:
    """Facts come in any order: an older one changes nothing. Nobody goes to their door any more either."""
    keeper, version = heard.data["keeper"] or {}, heard.event.aggregate_version
    for key in filter(None, (heard.data["party_id"], heard.data["person_id"])):
        row = heard.session.get(SafePerson, str(key), with_for_update=True)
        if row is None or row.version < version:
            row = row or SafePerson(id=str(key), area_path=heard.event.area_path)
            row.keeper_id, row.keeper_name = keeper.get("id") and str(keeper["id"]), keeper.get("name")
            row.version = version
            heard.session.add(row)
            _call_back(heard, str(key))


def _call_back(heard: Heard, person_id: str) -> None:
    waiting = select(HandDelivery).where(HandDelivery.person_id == person_id)
    for row in heard.session.scalars(waiting.where(HandDelivery.state == HandDeliveryState.OPEN).with_for_update()):
        hand_deliveries.LIFE.move(row, "lost")
        row.until(None, heard.now)
        hand_deliveries.LIFE.done(heard.session, heard.who, row, heard.now, HandUndelivered)


def divert(session: Session, rows: Sequence[Message]) -> list[Message]:
    """The rows that may leave as they are; one for a protected person becomes a request to who may call them."""
    whom = {row.recipient_id for row in rows if row.audience == Audience.RESIDENT}
    safe = {one.id: one for one in session.scalars(select(SafePerson).where(SafePerson.id.in_(whom)))} if whom else {}
    theirs = [row for row in rows if row.audience == Audience.RESIDENT and row.recipient_id in safe]
    for row in theirs:
        _redirect(session, row, safe[str(row.recipient_id)])
    return [row for row in rows if row not in theirs]


def _redirect(session: Session, row: Message, safe: SafePerson) -> None:
    form, to = FORMS[SAFELY], areas.keeper(session, safe)
    row.title, row.body = form.filled({"name": row.recipient_name, "title": row.title, "body": row.body})
    row.audience, row.recipient_id, row.recipient_name = to.audience, to.id, to.name
    row.channel, row.in_person, row.secret = form.channels_for(to.audience)[0], None, False
    row.reporter_of = None
