"""Consents taken back 撤回同意: what rested on them ends here at once (个人信息保护法 art. 15)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.intake.persons import ConsentTo, ConsentWithdrawn, IdentifyWithdrawn
from contracts.notify.wishes import WishWithdrawn
from services.notify import care_endings, saying, wishes
from services.notify.care_profiles import CareProfile, person_key
from services.notify.wishes import Wish

SECONDS = 3.0
"""How long intake may take to say who it is; then the event comes again."""
WHY = "本人撤回同意"


@hears(ConsentWithdrawn)
def end_what_rested_on_it(session: Session, who: Principal, event: Event, now: datetime, ask: Ask) -> None:
    """Errors: those of intake, which is asked who it is; then the event comes again."""
    act = {ConsentTo.CARE_CALLS: _end_care, ConsentTo.WISH: _end_wishes}.get(event.data["to"])
    if act is None:
        return
    people = ask(IdentifyWithdrawn, {"consent_id": str(event.data["consent_id"])}, deadline=SECONDS)["people"]
    act(session, who, [person_key(one["name"], one["phone"]) for one in people if one["phone"]], now)


def _end_care(session: Session, who: Principal, keys: list[str], now: datetime) -> None:
    """No round phones them any more; the community hears that visits are what is left."""
    mine = select(CareProfile).where(CareProfile.person_key.in_(keys)).with_for_update()
    for row in session.scalars(mine).all():
        care_endings.end(session, who, row, now, WHY)


def _end_wishes(session: Session, who: Principal, keys: list[str], now: datetime) -> None:
    """Wishes that nobody has fulfilled yet come off the wall."""
    mine = select(Wish).where(Wish.person_key.in_(keys)).with_for_update()
    for row in session.scalars(mine).all():
        if "withdraw_wish" in wishes.LIFE.commands_from(row.state):
            wishes.LIFE.move(row, "withdraw_wish")
            row.until(None, now)
            saying.say(session, WishWithdrawn, row, who, now)
