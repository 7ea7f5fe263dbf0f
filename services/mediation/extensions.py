"""More time 延长调解期限: by the word of every party, as often as policy key mediation.extension says (domain §4.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.mediation.extensions import (
    AgreeToExtension,
    ExtendMediation,
    ExtensionWordRecorded,
    MediationExtended,
)
from kernel.codes import ProlongWord
from services.mediation import access, clocks, parties, states
from services.mediation.facts import masked
from services.mediation.tables import Case, ExtensionWord

Command = dict[str, Any]


@asked(AgreeToExtension)
def agree(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Takes down a party's word on more time; the newest counts.

    Errors: as `Life.begin`; NotFound for a stranger; Invalid for a time still to come; Conflict when it was extended
    before or the limit has passed.
    """
    case = states.CASE.begin(session, who, AgreeToExtension, command)
    party, said_at = parties.find(case, command["party_id"]), command["said_at"] or now
    Invalid.where(said_at=said_at > now and "时间不能晚于现在")
    clocks.require_extensible(case, now)
    said = {"party_id": party.party_id, "word": command["word"], "how": command["how"]}
    case.extension_words.append(ExtensionWord(term=_term(case), said_at=said_at, **said, **access.taken_down(who, now)))
    return states.CASE.done(session, who, case, now, ExtensionWordRecorded, **said)


@asked(ExtendMediation)
def extend(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """The limit moves on, and its warnings begin anew.

    Errors: as `Life.begin`; Conflict when it was extended before, the limit has passed, or naming, masked, whose word
    is missing.
    """
    case = states.CASE.begin(session, who, ExtendMediation, command)
    clocks.require_extensible(case, now)
    _require_words(case)
    old, new = clocks.extend(session, case, str(command["reason"]), now)
    return states.CASE.done(
        session, who, case, now, MediationExtended,
        reason=command["reason"], old_due_at=old, new_due_at=new, parties=masked(case.parties),
    )  # fmt: skip


def agreed(case: Case) -> list[ExtensionWord]:
    """The newest word of each party on the term that runs now."""
    newest = {one.party_id: one for one in case.extension_words if one.term == _term(case)}
    return list(newest.values())


def _require_words(case: Case) -> None:
    willing = {one.party_id for one in agreed(case) if one.word == ProlongWord.AGREES}
    missing = [party.masked_name for party in case.parties if party.party_id not in willing]
    if missing:
        raise Conflict(f"延长期限须每一方同意，还没有{'、'.join(missing)}的同意", missing=missing)


def _term(case: Case) -> int:
    """Which term the words are about: the first, unless it was extended before."""
    return case.clock.term().extensions + 1
