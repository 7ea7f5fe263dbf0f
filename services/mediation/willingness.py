"""Willingness 调解意愿: mediation is voluntary, and one clear NO ends it (人民调解法 art. 3, 17, 23).

Refusing to pay is not refusing to mediate: that is the outcome NO_AGREEMENT of a session. A refusal ends the case for
good. When the party comes round, intake identifies the dispute again and a new case opens, in which every party,
this one too, must say YES before anything can be scheduled.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.mediation.parties import PartyRefused, PartyWillingnessRecorded, RecordWillingness
from kernel.codes import MediationState, TerminationReason, Willing
from services.mediation import access, cases, parties, states
from services.mediation.facts import in_charge, tell
from services.mediation.tables import Case, Party, Willingness


@asked(RecordWillingness)
def record(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Takes down a party's word. All YES opens the case; a NO terminates it, with the remedies told.

    Errors: NotFound; Invalid for a word that is neither; Conflict after the end.
    """
    case = states.CASE.begin(session, who, RecordWillingness, command)
    party, willing = parties.find(case, command["party_id"]), Willing(command["willing"])
    if willing == Willing.UNKNOWN:
        raise Invalid.because({"willing": ["请记录当事人的明确表示：同意或拒绝"]})
    word = take_down(session, who, case, party, willing, command["how"], now)
    if case.state == MediationState.ACCEPTED and all_willing(case):
        _open(case, now)
    states.CASE.done(session, who, case, now, PartyWillingnessRecorded, **word)
    if willing == Willing.NO:
        tell(session, PartyRefused, case, who, now, party_id=party.party_id)
        cases.end(session, who, case, now, "refused", TerminationReason.PARTY_REFUSED)
    return case


def take_down(
    session: Session, who: Principal, case: Case, party: Party, willing: Willing, how: str, now: datetime
) -> dict[str, Any]:
    """A party's word is kept; what its event tells."""
    word = {"party_id": party.party_id, "willing": willing, "how": how}
    session.add(Willingness(case_id=case.id, **word, **access.taken_down(who, now)))
    party.willing, party.willing_how, party.willing_at = willing, how, now
    return word


def _open(case: Case, now: datetime) -> None:
    """Whoever has been on duty since it was registered mediates from now on."""
    states.CASE.move(case, "all_willing")
    case.opened_at = now
    if in_charge(case):
        states.CASE.move(case, "appointed")


def all_willing(case: Case) -> bool:
    return all(party.willing == Willing.YES for party in case.parties)


def require_all_willing(case: Case) -> None:
    """Errors: Conflict. The states already see to it; invariant 8 of domain §3.6 is worth two locks."""
    if not all_willing(case):
        unwilling = [party.masked_name for party in case.parties if party.willing != Willing.YES]
        raise Conflict("尚有当事人未同意调解，不能约定调解会", missing=unwilling)
