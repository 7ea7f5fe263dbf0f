"""Where care by telephone ends 停止电话关怀, the call of this week that reached nobody yet is called off with it.

From the visit on the ladder goes on: whoever did not answer is looked for until found (domain §3.6 inv. 17).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.notify.care_profiles import CareProfileEnded, StopCare
from contracts.notify.care_rounds import CareCallCalledOff
from services.notify import saying
from services.notify.care_profiles import LIFE, CareProfile
from services.notify.care_rounds import CALL, CareCall

CALLED_OFF = "called_off"


@asked(StopCare)
def stop(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> CareProfile:
    """Errors: as `Life.begin`."""
    profile = LIFE.begin(session, who, StopCare, command)
    profile.ended_reason = command["ended_reason"]
    _call_off(session, who, profile, now)
    return LIFE.done(session, who, profile, now, CareProfileEnded)


def end(session: Session, who: Principal, profile: CareProfile, now: datetime, why: str | None = None) -> None:
    """The same on the person's own word, once. With `why` it is the consent that was taken back."""
    if StopCare.method not in LIFE.commands_from(profile.state):
        return
    LIFE.move(profile, StopCare.method)
    profile.ended_reason = why or profile.ended_reason
    _call_off(session, who, profile, now)
    saying.say(session, CareProfileEnded, profile, who, now, withdrawn=why is not None)


def _call_off(session: Session, who: Principal, profile: CareProfile, now: datetime) -> None:
    mine, waits = CareCall.profile_id == profile.id, CareCall.state.in_(CALL.moves[CALLED_OFF].sources)
    calls = select(CareCall).where(mine, waits).order_by(CareCall.id).with_for_update(of=CareCall)
    for call in session.scalars(calls).all():
        CALL.move(call, CALLED_OFF)
        call.until(None, now)
        saying.say(session, CareCallCalledOff, call, who, now)
