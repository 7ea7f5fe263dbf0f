"""Improvement projects 改造项目 (domain §2 A12): opened with the elected as supervisors, told of every week, ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import new_id
from contracts.mediation import projects as say
from contracts.mediation.election_views import READERS, ElectionState
from contracts.mediation.projects import ProjectState as S
from contracts.mediation.site_issues import RaiseSiteIssue, SiteIssueHandedOver, SiteIssueState
from kernel.masking import mask_name
from kernel.rights import everybody
from services.mediation import elections
from services.mediation.numbering import root_number
from services.mediation.rules import due
from services.mediation.tables import Election, Project, SiteIssue

Command = dict[str, Any]
DIGEST = "project.digest"
AT_ONCE = 100
OPEN = (SiteIssueState.RAISED, SiteIssueState.SENT, SiteIssueState.FIXED)

LIFE: Life[Project, S] = Life(
    Project,
    S.RUNNING,
    {
        say.ReleaseSupervisor: Move({S.RUNNING}, None),
        say.EndProject: Move({S.RUNNING}, S.ENDED),
        RaiseSiteIssue: Move({S.RUNNING}, None),
    },
    Rules(by_number(Project), say.READERS, unknown_number, outbox.record),
    answers=(say.GetProject, say.ListProjects),
)


@asked(say.OpenProject)
def open_project(session: Session, who: Principal, command: Command, now: datetime) -> Project:
    """Errors: Forbidden; Invalid for an election that brought nobody forth here, or days the wrong way round; Conflict
    for one whose elected watch another project.
    """
    number = command["election_number"]
    of_it = select(Election).where(Election.case_number == number, READERS.where(Election, who))
    election = session.scalars(of_it.with_for_update()).one_or_none()
    bound = elections.accounts(election) if election and election.state == ElectionState.CONCLUDED else []
    Invalid.where(
        election_number=not bound and "没有这次竞聘，或者还没有人当选",
        ends_on=command["ends_on"] < command["starts_on"] and "不能早于开工",
    )
    if session.scalars(select(Project.id).where(Project.election_number == number)).first():
        raise Conflict("这次竞聘当选的人已经在监督别的项目", election=number)
    ids = [each["id"] for each in bound]
    project = Project(**command, bound=bound, supervisor_ids=ids, digests=[], told_at=now)
    project.case_number = root_number(session, "PO", project.area_path, now)
    project.digest_at = due(DIGEST, now, now)
    watching = [{**each, "name": mask_name(each["name"])} for each in bound]
    return LIFE.start(session, who, say.OpenProject, project, now, say.ProjectOpened, supervisors=watching)


@asked(say.ReleaseSupervisor)
def release(session: Session, who: Principal, command: Command, now: datetime) -> Project:
    """What they found and nobody has confirmed, the community confirms. Errors: as `Life.begin`; Invalid for who is no
    supervisor here; Forbidden for a supervisor who releases another.
    """
    project, leaving = LIFE.begin(session, who, say.ReleaseSupervisor, command), command["account"]
    Invalid.where(
        account=(leaving not in project.supervisor_ids and "不是本项目的监督员")
        or (leaving != who.id and not say.MANAGERS.allows(who, project) and "只能本人退出")
    )
    project.supervisor_ids = [each for each in project.supervisor_ids if each != leaving]
    of_them = select(SiteIssue).where(
        SiteIssue.project_id == project.id, SiteIssue.supervisor_id == leaving, SiteIssue.state.in_(OPEN)
    )
    for issue in session.scalars(of_them.order_by(SiteIssue.id).with_for_update()):
        issue.supervisor_id = issue.supervisor_name = None
        outbox.record(session, SiteIssueHandedOver, issue, who, now)
    return LIFE.done(session, who, project, now, say.SupervisorReleased)


@asked(say.EndProject)
def end(session: Session, who: Principal, command: Command, now: datetime) -> Project:
    """The last digest is told. Errors: as `Life.begin`; Conflict while an issue is open."""
    project = LIFE.begin(session, who, say.EndProject, command)
    of_it = select(SiteIssue.case_number).where(SiteIssue.project_id == project.id, SiteIssue.state.in_(OPEN))
    if left := session.scalars(of_it.order_by(SiteIssue.id).limit(20)).all():
        raise Conflict(f"还有{len(left)}个现场问题没有确认", issues=list(left))
    LIFE.advance(project)
    tell_week(session, who, project, now)
    project.digest_at, project.supervisor_ids = None, []
    return LIFE.done(session, who, project, now, say.ProjectEnded)


@every(seconds=15)
def tell_weeks(session: Session, who: Principal, now: datetime) -> None:
    """The digest of every project whose week is over; others come with the next tick."""
    over = select(Project).where(Project.digest_at <= now).order_by(Project.digest_at).limit(AT_ONCE)
    for project in session.scalars(over.with_for_update(skip_locked=True)):
        tell_week(session, who, project, now)
        project.digest_at = due(DIGEST, now, now)


def tell_week(session: Session, who: Principal, project: Project, now: datetime) -> None:
    """Figures alone, since the last digest."""
    since, issue = project.told_at, SiteIssue
    counted = {
        "raised": issue.created_at > since, "fixed": issue.fixed_at > since,
        "confirmed": issue.confirmed_at > since, "open": issue.state.in_(OPEN),
    }  # fmt: skip
    figures = (func.count().filter(condition).label(name) for name, condition in counted.items())
    row = session.execute(select(*figures).where(issue.project_id == project.id)).one()._asdict()
    project.digests = [*project.digests, {"at": now.astimezone(UTC).isoformat(), **row}]
    project.told_at = now
    outbox.record(session, say.ProjectDigest, project, who, now, digest_id=new_id(), **row)


@asked(say.ListProjectBoard)
def list_board(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, everybody())


@standing_of.register
def _stands(project: Project) -> Standing:
    return Standing(
        kind=say.ProjectView.about.kind, state=project.state, number=project.number,
        tally={"builder": project.builder},
    )  # fmt: skip
