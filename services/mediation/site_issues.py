"""Site issues 现场问题 (domain §2 A12): from the supervisor over the builder back to the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import site_issues as say
from contracts.mediation.site_issues import SiteIssueState as S
from services.mediation import projects
from services.mediation.numbering import root_number
from services.mediation.rules import due
from services.mediation.tables import Project, SiteIssue

Command = dict[str, Any]

LIFE: Life[SiteIssue, S] = Life(
    SiteIssue,
    S.RAISED,
    {
        say.ForwardSiteIssue: Move({S.RAISED, S.SENT}, S.SENT),
        say.FixSiteIssue: Move({S.SENT}, S.FIXED),
        say.ConfirmSiteIssue: Move({S.FIXED}, S.CONFIRMED, say.SiteIssueConfirmed, at="confirmed_at"),
        say.RejectSiteIssue: Move({S.FIXED}, S.SENT),
        say.AskToStop: Move({S.RAISED, S.SENT, S.FIXED}, None),
        say.WithdrawSiteIssue: Move({S.RAISED, S.SENT}, S.WITHDRAWN, say.SiteIssueWithdrawn),
    },
    Rules(
        by_number(SiteIssue), say.READERS, unknown_number, outbox.record, due=due,
        approaching=MediationDeadlineApproaching,
    ),
    clocks={S.RAISED: "site_issue.forward", S.SENT: "site_issue.fix", S.FIXED: "site_issue.confirm"},
    answers=(say.GetSiteIssue, say.ListSiteIssues),
)  # fmt: skip


@asked(say.RaiseSiteIssue)
def raise_issue(session: Session, who: Principal, command: Command, now: datetime) -> SiteIssue:
    """Errors: as `Life.begin` of the project."""
    project = projects.LIFE.begin(session, who, say.RaiseSiteIssue, command)
    given = {name: command[name] for name in ("words", "place_text", "photos", "safety")}
    issue = SiteIssue(
        **given, project_id=project.id, project_number=project.number, area_path=project.area_path,
        supervisor_id=who.id, supervisor_name=who.name, doers=[], rejections=0, proof=[], created_at=now,
    )  # fmt: skip
    issue.case_number = root_number(session, "AO", project.area_path, now)
    projects.LIFE.done(session, who, project, now)
    return LIFE.started(session, who, issue, now, say.SiteIssueRaised)


@asked(say.ForwardSiteIssue)
def forward(session: Session, who: Principal, command: Command, now: datetime) -> SiteIssue:
    """Errors: as `Life.begin`; Invalid for a unit that does not work on the project."""
    issue, unit = LIFE.begin(session, who, say.ForwardSiteIssue, command), command["unit"]
    project = session.get_one(Project, issue.project_id)
    Invalid.where(unit=unit not in (project.builder, project.overseer) and "应为本项目的施工单位或监理单位")
    issue.doers = [unit]
    LIFE.advance(issue)
    LIFE.wind(issue, now)
    return LIFE.done(session, who, issue, now, say.SiteIssueForwarded)


@asked(say.FixSiteIssue)
def fix(session: Session, who: Principal, command: Command, now: datetime) -> SiteIssue:
    """Errors: as `Life.begin`."""
    issue = LIFE.begin(session, who, say.FixSiteIssue, command)
    issue.fixed_how, issue.proof, issue.fixed_at = command["fixed_how"], [*issue.proof, *command["proof"]], now
    return LIFE.done(session, who, issue, now, say.SiteIssueFixed)


@asked(say.RejectSiteIssue)
def reject(session: Session, who: Principal, command: Command, now: datetime) -> SiteIssue:
    """Errors: as `Life.begin`."""
    issue = LIFE.begin(session, who, say.RejectSiteIssue, command)
    issue.rejection, issue.rejections = command["rejection"], issue.rejections + 1
    return LIFE.done(session, who, issue, now, say.SiteIssueRejected)


@asked(say.AskToStop)
def ask_to_stop(session: Session, who: Principal, command: Command, now: datetime) -> SiteIssue:
    """Errors: as `Life.begin`; Conflict where no danger was reported, or it was asked for already."""
    issue = LIFE.begin(session, who, say.AskToStop, command)
    if not issue.safety:
        raise Conflict("没有安全危险的问题不能要求停工")
    if issue.stop_asked_at:
        raise Conflict("已经要求过停工", stop_asked_at=issue.stop_asked_at)
    issue.stop_asked_at = now
    return LIFE.done(session, who, issue, now, say.StopWorkAsked)


@asked(say.LocateSiteIssue)
def locate(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for people; NotFound for one that is over."""
    permit(who, say.LocateSiteIssue, command)
    of_it = select(SiteIssue).where(SiteIssue.case_number == command["number"], SiteIssue.state.in_(projects.OPEN))
    issue = session.scalars(of_it).one_or_none()
    if issue is None:
        raise NotFound("没有找到这个现场问题，或已经办完", number=command["number"])
    return {"id": issue.id, "number": issue.number, "area_path": issue.area_path, "due_at": issue.due_at}


def whistled(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The first whistle for an issue is noted with it."""
    issue = session.get(SiteIssue, UUID(str(event.data["source"]["id"])), with_for_update=True)
    if issue is None or issue.whistle_number:
        return
    issue.whistle_number = event.data["whistle_number"]
    outbox.record(session, say.StopWorkWhistled, issue, who, now)


@standing_of.register
def _stands(issue: SiteIssue) -> Standing:
    waits: dict[str, tuple[str, ...]] = {
        S.RAISED: ("role:COMMUNITY",),
        S.SENT: tuple(f"unit:{unit}" for unit in issue.doers or ()),
        S.FIXED: (f"person:{issue.supervisor_id}",) if issue.supervisor_id else ("role:COMMUNITY",),
    }
    return Standing(
        kind=say.SiteIssueView.about.kind, state=issue.state, number=issue.number, parent=str(issue.project_id),
        due=issue.due_at, waits=waits.get(issue.state, ()), tally={"safety": str(issue.safety).lower()},
    )  # fmt: skip
