"""Talks with one side alone 单方沟通: mediation up and down the stairs (人民调解法 art. 21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.mediation.talks import RecordTalk, TalkRecorded
from services.mediation import access, parties, states
from services.mediation.tables import Case, Talk


@asked(RecordTalk)
def record(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Takes a talk down. Errors: as `Life.begin`; NotFound for a stranger; Invalid for a time still to come."""
    case = states.CASE.begin(session, who, RecordTalk, command)
    party, talked_at = parties.find(case, command["party_id"]), command.get("talked_at") or now
    Invalid.where(talked_at=talked_at > now and "沟通时间不能晚于现在")
    said = {"party_id": party.party_id, "how": command["how"]}
    talk = Talk(no=len(case.talks) + 1, **said, words=command["words"], talked_at=talked_at)
    talk.recorded_by, talk.at = access.staff(who), now
    case.talks.append(talk)
    return states.CASE.done(session, who, case, now, TalkRecorded, talk_no=talk.no, **said)
