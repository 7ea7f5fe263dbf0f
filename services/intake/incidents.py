"""Incidents 大面积事件 (domain §6 no. 33): one task, one notice, and one answer for everybody who reports the same.

The leading appeal is an appeal like others: whistles are blown for it, its result is followed up. Reports follow it as
merged ones do (`joining`), and a wrong one is taken out again (`likeness.unmerge`).
"""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.intake import incidents as say
from contracts.intake.incidents import IncidentState as S
from kernel.areas import is_within
from kernel.codes import ResultKind
from kernel.numbering import next_number
from services.intake import areas, categories, facts, policy, working
from services.intake.conditions import NON_TERMINAL
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Incident, NumberCounter

Command = dict[str, Any]
LIFE: Life[Incident, S] = Life(
    Incident,
    S.DECLARED,
    {
        say.ChangeNotice: Move({S.DECLARED}, None),
        say.EndIncident: Move({S.DECLARED}, S.ENDED),
        say.WithdrawIncident: Move({S.DECLARED}, S.WITHDRAWN, say.IncidentWithdrawn),
    },
    Rules(by_number(Incident), say.READERS, unknown_number, facts.tell, due=policy.due),
    answers=(say.GetIncident, say.ListIncidents),
)


@asked(say.DeclareIncident)
def declare(session: Session, who: Principal, command: Command, now: datetime) -> Incident:
    """Errors: Forbidden; Invalid for an unknown place, category or appeal, or one elsewhere; Conflict, naming the
    incident that is declared there already."""
    permit(who, say.DeclareIncident, SimpleNamespace(**command))
    place, _ = areas.find(session, command["area_path"], now), categories.find(session, command["category"])
    lead = _lead(session, who, command)
    _refuse_second(session, command)
    given = {name: command[name] for name in ("area_path", "category", "notice", "expected_at")}
    incident = Incident(**given, lead_id=lead.id, lead_number=lead.case_number, created_at=now)
    incident.declared_by_id, incident.declared_by_name = who.id, who.name
    incident.case_number = next_number(session, NumberCounter, "N", place.area4, now)
    LIFE.start(session, who, say.DeclareIncident, incident, now, say.IncidentDeclared)
    _tell_all(session, who, incident, lead, now)
    return incident


@asked(say.ChangeNotice)
def change_notice(session: Session, who: Principal, command: Command, now: datetime) -> Incident:
    """Errors: as `Life.begin`."""
    incident = LIFE.begin(session, who, say.ChangeNotice, command)
    incident.notice, incident.expected_at = command["notice"], command["expected_at"]
    LIFE.done(session, who, incident, now, say.IncidentNoticeChanged)
    _tell_all(session, who, incident, session.get_one(Appeal, incident.lead_id, with_for_update=True), now)
    return incident


@asked(say.EndIncident)
def end(session: Session, who: Principal, command: Command, now: datetime) -> Incident:
    """Errors: as `Life.begin`, `report_result` of the leading appeal."""
    incident = LIFE.begin(session, who, say.EndIncident, command)
    result = {"result_kind": ResultKind.SOLVED, "result_text": command["result_text"], "legal_basis": None}
    asked_of_lead = {"number": incident.lead_number, "expected_version": None, "attachments": command["proof"]}
    working.report_result(session, who, {**result, **asked_of_lead}, now)
    incident.result_text = command["result_text"]
    return LIFE.done(session, who, incident, now, say.IncidentEnded, reports=reports(session, incident))


def reports(session: Session, incident: Incident) -> int:
    """How many follow it now."""
    return session.scalar(select(func.count()).where(Appeal.merged_into == incident.lead_id)) or 0


def notice_for(session: Session, appeal: Appeal) -> str | None:
    """What is told to whoever reported it, while the incident goes on."""
    open_now = (Incident.lead_id == appeal.id, Incident.state == S.DECLARED.value)
    return session.scalar(select(Incident.notice).where(*open_now).limit(1))


def answer_for(session: Session, appeal: Appeal) -> str | None:
    """What everybody who reported it was answered, once the incident is over."""
    ended = (Incident.lead_id == appeal.id, Incident.state == S.ENDED.value)
    return session.scalar(select(Incident.result_text).where(*ended).order_by(Incident.updated_at.desc()).limit(1))


def _lead(session: Session, who: Principal, command: Command) -> Appeal:
    lead = APPEAL.rules.hold(session, {"number": command["appeal_number"], "expected_version": None})
    if lead is None or not APPEAL.sees(who, lead):
        raise Invalid.because({"appeal_number": ["没有找到这个编号"]})
    Invalid.where(
        appeal_number=(lead.state not in NON_TERMINAL and "这件诉求已经结束，不能牵头")
        or ((lead.secret or bool(lead.against)) and "要求保密或投诉工作人员的诉求，不能牵头")
        or (not is_within(lead.area_path, command["area_path"]) and "这件诉求不在影响的范围内"),
    )
    return lead  # type: ignore[no-any-return]


def _refuse_second(session: Session, command: Command) -> None:
    """One after the other, so that of two at once the second one meets the first. Errors: Conflict."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"incident {command['category']}"))))
    area, same = command["area_path"], Incident.category == command["category"]
    there = or_(Incident.area_path.within(area), Incident.area_path.op("@>", is_comparison=True)(area))
    query = select(Incident.case_number).where(same, there, Incident.state == S.DECLARED.value).limit(1)
    if known := session.scalar(query):
        raise Conflict(f"这里已经宣布过，编号{known}", number=known)


def _tell_all(session: Session, who: Principal, incident: Incident, lead: Appeal, now: datetime) -> None:
    told = {"incident": incident.case_number, "expected_at": incident.expected_at}
    facts.tell(session, say.AppealNoticeGiven, lead, who, now, **told)


@standing_of.register
def _stands(incident: Incident) -> Standing:
    return Standing(
        kind=say.IncidentView.about.kind, state=incident.state, number=incident.number, due=incident.expected_at,
        waits=("role:COMMUNITY", "role:STREET") if incident.state == S.DECLARED else (),
        tally={"category": incident.category, "first": incident.declared_by_id},
    )  # fmt: skip
