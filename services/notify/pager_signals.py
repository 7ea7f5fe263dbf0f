"""What devices say, by HTTP with their token or by MQTT with their login: one operation for both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import NotFound
from chassis.identity import Principal
from chassis.telemetry.logs import log
from contracts.notify.pagers import PagerSignal, Signal, SignalPager
from letters.letter import Letter, receives
from services.notify import pager_alarms, pagers
from services.notify.pagers import Pager

Command = dict[str, Any]
TOPIC = "pager."
"""What stands before the number in the routing key: the broker lets no other login write it (contracts.grants)."""


@asked(SignalPager)
def signal(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound for an unknown or retired device and for a wrong token alike."""
    row = pagers.seen(session, command["number"], now, command["token"])
    if row is None:
        raise NotFound("没有这个呼叫器，或者口令不对", number=command["number"])
    return {"alarm_number": hear(session, row, command["signal"], now)}


@receives("signals", hopeless=lambda letter: False)
def signal_came(session: Session, who: Principal, letter: Letter, now: datetime) -> str:
    """By MQTT. A message of a known device that cannot be read rings: better once too often."""
    row = pagers.seen(session, letter.key.removeprefix(TOPIC), now)
    if row is None:
        log.warning("pager_unknown", key=letter.key[:40])
        return "REFUSED"
    try:
        said = Signal().load(letter.content or {})["signal"]
    except ValidationError:
        said = PagerSignal.PRESS
        log.warning("pager_unreadable", pager=row.number)
    hear(session, row, said, now)
    return str(said)


def hear(session: Session, row: Pager, said: PagerSignal, now: datetime) -> str | None:
    """The device lives; a press rings. The number of its alarm; the row is locked, so two presses make one."""
    who = Principal(f"pager:{row.number}", "呼叫器", kind="service")
    pagers.heard_again(session, who, row, now)
    return pager_alarms.ring(session, who, row, now).number if said == PagerSignal.PRESS else None
