"""Challenge of a mediator 申请回避: everything but talking waits until the head of the organisation has decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.mediation.challenges import ChallengeMediator, ChallengeRuled, MediatorChallenged, RuleOnChallenge
from kernel.codes import Ruling
from services.mediation import access, parties, states
from services.mediation.facts import in_charge, open_challenge
from services.mediation.tables import Case, Challenge

Command = dict[str, Any]


@asked(ChallengeMediator)
def challenge(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Errors: as `Life.begin`, also where nobody mediates yet or a challenge is open; NotFound for a stranger."""
    case = states.CASE.begin(session, who, ChallengeMediator, command)
    party, mediator = parties.find(case, command["party_id"]), in_charge(case)
    assert mediator is not None
    said = {"party_id": party.party_id, "ground": command["ground"]}
    one = Challenge(**said, words=command["words"], raised_at=now, recorded_by=access.staff(who))
    one.mediator_id, one.mediator_name = mediator.mediator_id, mediator.name
    case.challenges.append(one)
    return states.CASE.done(session, who, case, now, MediatorChallenged, **said, mediator=one.mediator)


@asked(RuleOnChallenge)
def rule(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Upheld, the mediator is out of charge at once. Errors: as `Life.begin`, also without a challenge; Invalid."""
    case = states.CASE.begin(session, who, RuleOnChallenge, command)
    one, mediator = open_challenge(case), in_charge(case)
    assert one is not None
    assert mediator is not None
    Invalid.where(ruling=command["ruling"] == Ruling.MOOT and "请决定成立或不成立")
    one.ruling, one.reason = command["ruling"], command["reason"]
    one.ruled_by, one.ruled_at = access.staff(who), now
    if one.ruling == Ruling.UPHELD:
        mediator.ended_at = now
    return states.CASE.done(session, who, case, now, ChallengeRuled, mediator=one.mediator, ruling=one.ruling)


def fall(case: Case, now: datetime) -> None:
    """Another mediator takes over before it was decided: nothing is left to decide."""
    one = open_challenge(case)
    if one is not None:
        one.ruling, one.ruled_at = Ruling.MOOT, now
