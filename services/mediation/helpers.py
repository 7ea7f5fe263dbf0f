"""Helpers 协助力量: units whistled up for the source of a case. They attend only with every party's consent.

Facts of dispatch come in any order, so each is first noted in `heard_task`; `settle` then makes a case's helpers
agree with the notes. A helper never steps back: INVITED → ACCEPTED → REPLACED.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked, hears
from chassis.envelope import Event
from chassis.errors import Conflict, NotFound
from chassis.identity import Principal
from chassis.store import new_id
from contracts.dispatch.objections import WhistleTaskObjectionDecided
from contracts.dispatch.tasks import WhistleTaskSigned
from contracts.dispatch.whistles import WhistleBlown
from contracts.mediation.parties import ConsentToHelper, HelperConsented, HelpersInvited
from kernel.codes import CaseKind, ObjectionDecision, SessionState, WhistleKind
from kernel.codes.base import Code
from services.mediation import access, parties, site_issues, sources, states, undertakings
from services.mediation.facts import tell
from services.mediation.tables import Case, HeardTask, Helper, HelperConsent

WHISTLED = frozenset({CaseKind.APPEAL, CaseKind.MEDIATION})
"""Sources whose whistles call helpers: the appeal of a case, or a case of mediation's own."""


class HelperState(Code):
    """Whether the unit's receiver has signed the whistle task, or another unit took its place."""

    INVITED = "INVITED", "已邀请"
    ACCEPTED = "ACCEPTED", "已接受"
    REPLACED = "REPLACED", "已改派"


@hears(WhistleBlown)
def whistle_blown(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Every recipient of a whistle for a case or its appeal becomes a helper who awaits consent.

    Whoever comes to a danger is asked for no consent, and the parties hear nothing of it.
    """
    if event.data["source"]["kind"] == CaseKind.SITE_ISSUE:
        site_issues.whistled(session, who, event, now)
    if event.data["source"]["kind"] == CaseKind.COUNCIL:
        undertakings.whistled(session, who, event, now)
    if event.data["source"]["kind"] not in WHISTLED or event.data["kind"] == WhistleKind.EMERGENCY:
        return
    source_id = sources.lock(session, event.data["source"]["id"])
    for recipient in event.data["recipients"]:
        note = _noted(session, event, recipient["unit"])
        note.unit_name, note.task_id, note.asked_at = recipient["unit_name"], recipient["task_id"], event.time
    _settle_source(session, who, source_id, now)


@hears(WhistleTaskSigned)
def task_signed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The unit's receiver has signed: the helper is accepted."""
    if event.data["source"]["kind"] not in WHISTLED:
        return
    source_id = sources.lock(session, event.data["source"]["id"])
    note = _noted(session, event, event.data["unit"]["code"])
    note.unit_name, note.task_id = event.data["unit"]["name"], event.data["task_id"]
    receiver = event.data["receiver"]
    note.receiver = {"id": str(receiver["id"]), "name": receiver["name"]}
    _settle_source(session, who, source_id, now)


@hears(WhistleTaskObjectionDecided)
def objection_decided(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Where the objection stood, the other unit takes the place; the parties' consent is asked anew."""
    upheld = event.data["decision"] == ObjectionDecision.UPHELD and event.data["new_unit"]
    if event.data["source"]["kind"] not in WHISTLED or not upheld:
        return
    source_id = sources.lock(session, event.data["source"]["id"])
    _noted(session, event, event.data["unit"]["code"]).replaced_by = event.data["new_unit"]
    fresh = _noted(session, event, event.data["new_unit"])
    fresh.task_id, fresh.asked_at = event.data["new_task_id"], event.time
    _settle_source(session, who, source_id, now)


def _noted(session: Session, event: Event, unit: str) -> HeardTask:
    key = (event.data["whistle_id"], unit)
    note = session.get(HeardTask, key)
    if note is None:
        note = HeardTask(whistle_id=key[0], unit=unit, source_id=event.data["source"]["id"])
        session.add(note)
    return note


def _settle_source(session: Session, who: Principal, source_id: UUID, now: datetime) -> None:
    session.flush()
    case = sources.unfinished(session, source_id)
    if case is not None:
        settle(session, who, case, now)


def settle(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """Makes the case's helpers what the notes say. Whistles blown before the dispute was one are not for it."""
    if case.state not in states.BEFORE_EFFECT:
        return
    session.flush()
    fresh = [helper for note in _notes(session, case) if (helper := _brought_up(case, note, now))]
    session.flush()
    for whistle_id in dict.fromkeys(helper.whistle_id for helper in fresh):
        invited = [helper for helper in fresh if helper.whistle_id == whistle_id]
        told = [{"helper_id": one.id, "unit": one.unit, "unit_name": one.unit_name} for one in invited]
        tell(session, HelpersInvited, case, who, now, whistle_id=whistle_id, helpers=told)


def _notes(session: Session, case: Case) -> list[HeardTask]:
    query = select(HeardTask).where(
        HeardTask.source_id.in_(sources.with_merged(session, case.source_id)),
        HeardTask.asked_at >= case.identified_at,
    )
    return list(session.scalars(query.order_by(HeardTask.asked_at, HeardTask.unit)))


def _brought_up(case: Case, note: HeardTask, now: datetime) -> Helper | None:
    """Brings one helper up to its note; answers it when it is new."""
    key = (note.whistle_id, note.unit)
    present = next((helper for helper in case.helpers if (helper.whistle_id, helper.unit) == key), None)
    if present is None and note.replaced_by:
        return None
    helper = present or _new(case, note, now)
    helper.unit_name, helper.task_id = note.unit_name or helper.unit_name, note.task_id or helper.task_id
    if note.replaced_by:
        _replace(case, helper)
    elif note.receiver:
        helper.state, helper.receiver = HelperState.ACCEPTED, note.receiver
    return helper if present is None else None


def _new(case: Case, note: HeardTask, now: datetime) -> Helper:
    helper = Helper(
        id=new_id(), whistle_id=note.whistle_id, unit=note.unit, unit_name=note.unit_name or note.unit,
        state=HelperState.INVITED, invited_at=now,
    )  # fmt: skip
    case.helpers.append(helper)
    return helper


def _replace(case: Case, helper: Helper) -> None:
    """It comes no more, so it also leaves the sessions still to be held."""
    helper.state = HelperState.REPLACED
    for planned in case.sessions:
        if planned.state == SessionState.SCHEDULED:
            planned.helper_ids = [one for one in planned.helper_ids if one != str(helper.id)]


@asked(ConsentToHelper)
def consent(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Takes down one party's consent to one helper; saying so twice changes nothing.

    Errors: NotFound for a party or helper of another case; Conflict when the unit was replaced.
    """
    case = states.CASE.begin(session, who, ConsentToHelper, command)
    party, helper = parties.find(case, command["party_id"]), find(case, command["helper_id"])
    if helper.state == HelperState.REPLACED:
        raise Conflict("该单位已改派，不再参与", helper_id=str(helper.id), state=helper.state)
    if party.party_id not in {given.party_id for given in helper.consents}:
        helper.consents.append(HelperConsent(party_id=party.party_id, **access.taken_down(who, now)))
        about = {"party_id": party.party_id, "helper_id": helper.id}
        tell(session, HelperConsented, case, who, now, **about)
    return case


def find(case: Case, helper_id: UUID) -> Helper:
    """Errors: NotFound."""
    for helper in case.helpers:
        if helper.id == helper_id:
            return helper
    raise NotFound("没有找到对应的协助人员", helper_id=str(helper_id))


def lacking(case: Case, helper: Helper) -> list[str]:
    """Masked names of the parties whose consent is still missing."""
    given = {consent.party_id for consent in helper.consents}
    return [party.masked_name for party in case.parties if party.party_id not in given]


def may_attend(case: Case, helper: Helper) -> bool:
    """With the consent of every party, and not replaced (人民调解法 art. 20)."""
    return helper.state != HelperState.REPLACED and not lacking(case, helper)


def require_consent(case: Case, helper_ids: list[UUID]) -> list[Helper]:
    """The helpers named. Errors: NotFound; Conflict naming the unit and whose consent is missing."""
    named = [find(case, helper_id) for helper_id in dict.fromkeys(helper_ids)]
    for helper in named:
        if not may_attend(case, helper):
            missing = lacking(case, helper)
            raise Conflict(
                f"{helper.unit_name}须经各方当事人同意才能到场", unit=helper.unit, state=helper.state, missing=missing
            )
    return named
