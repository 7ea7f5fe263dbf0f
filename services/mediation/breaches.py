"""An agreement that is not kept 未履行: taken down with evidence, urged 催告, taken to court (art. 31–33)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.mediation.breaches import (
    AgreementBreached,
    AgreementTakenToCourt,
    PerformanceUrged,
    RecordBreach,
    TakeToCourt,
    UrgePerformance,
)
from contracts.mediation.cases import MediationCaseClosed
from kernel.calendar import due_words, end_of, local_day
from kernel.codes import AgreementForm, CourtWay, JudicialState, MediationResult
from services.mediation import access, parties, performance, performance_checks, reminders, states
from services.mediation.facts import masked, tell
from services.mediation.tables import Agreement, Breach, Term

Command = dict[str, Any]


@asked(RecordBreach)
def record(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Takes down that a term was not kept, with evidence; what the other side may do now is told.

    Errors: as `states.begin`; NotFound; Conflict when it is done, its day has not passed, or it waits to be urged.
    """
    agreement = states.begin(session, who, RecordBreach, command)
    term = performance.find(agreement, command["term_no"])
    _refuse_breach(agreement, term, now)
    given = {name: command[name] for name in ("words", "attachments")}
    agreement.breaches.append(Breach(term_no=term.no, **given, **access.taken_down(who, now)))
    states.AGREEMENT.move(agreement, RecordBreach)
    told = {"obligor": _party(agreement, term.obligor_party_id), "obligee": _party(agreement, term.obligee_party_id)}
    return _done(session, who, agreement, now, AgreementBreached, term_no=term.no, **told, ways=ways(agreement))


def _refuse_breach(agreement: Agreement, term: Term, now: datetime) -> None:
    performance.require_undone(term)
    if now <= term.due:
        said = f"该项义务{due_words(term.due)}才到期，还不能记未履行"
        raise Conflict(said, term_no=term.no, due_at=term.due.isoformat())
    if any(one.term_no == term.no for one in agreement.open_breaches):
        raise Conflict("该项义务已记未履行，请先催告", term_no=term.no)


@asked(UrgePerformance)
def urge(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """Takes down that the party was urged; its new day runs, with reminders of its own.

    Errors: as `states.begin`; NotFound; Conflict where no breach of the term waits; Invalid for a day that is over.
    """
    agreement = states.begin(session, who, UrgePerformance, command)
    term = performance.find(agreement, command["term_no"])
    breach = next((one for one in agreement.open_breaches if one.term_no == term.no), None)
    if breach is None:
        raise Conflict("该项义务没有待催告的未履行记录", term_no=term.no)
    Invalid.where(until=command["until"] < local_day(now) and "不能早于今天")
    until = end_of(command["until"])
    breach.urged_at, breach.urged_how, breach.urged_until = now, command["how"], until
    breach.urged_by = access.staff(who)
    term.urged_until = until
    reminders.wind(term, now)
    said = {"term_no": term.no, "how": breach.urged_how, "until": until}
    _go_on(agreement)
    return _done(
        session, who, agreement, now, PerformanceUrged, **said, obligor=_party(agreement, term.obligor_party_id)
    )


def _go_on(agreement: Agreement) -> None:
    """Nothing waits to be urged any more."""
    if not agreement.open_breaches:
        states.AGREEMENT.move(agreement, "urged")
        states.CASE.move(agreement.case, "urged")


@asked(TakeToCourt)
def take_to_court(session: Session, who: Principal, command: Command, now: datetime) -> Agreement:
    """A party enforces or sues; the mediation is closed with that, and nobody looks after it any more.

    Errors: as `states.begin`; Conflict for a way that is not open; Invalid for a day before effect or to come.
    """
    agreement = states.begin(session, who, TakeToCourt, command)
    _require_way(agreement, command["way"])
    agreement.court_way, agreement.sued_at = command["way"], command["court"]
    agreement.filed_on = _day(agreement, command["filed_on"], now)
    states.AGREEMENT.move(agreement, TakeToCourt)
    reminders.stop(agreement)
    case = agreement.case
    case.result, case.closed_at = MediationResult.TO_COURT, now
    said = {"way": agreement.court_way, "court": agreement.sued_at, "filed_on": agreement.filed_on}
    _done(session, who, agreement, now, AgreementTakenToCourt, **said)
    tell(session, MediationCaseClosed, case, who, now, result=MediationResult.TO_COURT)
    performance_checks.call_off(session, who, agreement, now)
    return agreement


def _day(agreement: Agreement, told: date | None, now: datetime) -> date:
    day, today = told or local_day(now), local_day(now)
    effective = local_day(agreement.effective_at) if agreement.effective_at else day
    Invalid.where(filed_on=not effective <= day <= today and "应在协议生效之后、今天之前（含）")
    return day


def _require_way(agreement: Agreement, way: str) -> None:
    """Errors: Conflict, saying which ways are open."""
    if agreement.judicial == JudicialState.APPLIED:
        raise Conflict("法院正在审查司法确认申请，请等裁定", judicial=agreement.judicial)
    able = [one for one in ways(agreement) if one != CourtWay.CONFIRMATION]
    if way not in able:
        words = "、".join(one.label for one in able)
        said = "协议没有经过司法确认，不能申请强制执行" if way == CourtWay.ENFORCEMENT else "这条路走不通"
        raise Conflict(f"{said}；可以{words}", ways=[one.value for one in able])


def ways(agreement: Agreement) -> list[CourtWay]:
    """What is open to the other side (art. 32, 33): a ruling is enforced; else one sues, or both still ask for one."""
    if agreement.judicial == JudicialState.CONFIRMED:
        return [CourtWay.ENFORCEMENT]
    unused = agreement.judicial == JudicialState.NONE and agreement.form == AgreementForm.WRITTEN
    return [CourtWay.CONFIRMATION, CourtWay.SUIT] if agreement.statutory and unused else [CourtWay.SUIT]


def _party(agreement: Agreement, party_id: Any) -> dict[str, Any]:
    return masked([parties.find(agreement.case, party_id)])[0]


def _done(session: Session, who: Principal, agreement: Agreement, now: datetime, event: Any, **said: Any) -> Agreement:
    states.CASE.done(session, who, agreement.case, now, event, agreement_id=agreement.id, **said)
    return agreement
