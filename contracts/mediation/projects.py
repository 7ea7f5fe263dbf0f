"""Improvement projects 改造项目 (domain §2 A12): watched by citizens' supervisors from first to last."""

from typing import Any

from contracts.fields import Code, Count, Day, Id, Many, Moment, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.topics import INSIDERS, NEIGHBOURS
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import Addressee, AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, staff_id, unit_code
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, anybody, at, everybody

TAG = "百姓监督"


class ProjectState(Codes):
    RUNNING = "RUNNING", "施工中"
    ENDED = "ENDED", "已完工"


MANAGERS = at(Role.COMMUNITY, Role.STREET)
SUPERVISORS = among("supervisor_ids", "本项目的百姓监督员")
READERS = INSIDERS | SUPERVISORS | NEIGHBOURS


class WeekView(Shape):
    """What was found and mended in a week, in figures."""

    at = Moment(label="截至")
    raised = Count(label="反映")
    fixed = Count(label="整改")
    confirmed = Count(label="确认")
    open = Count(label="还没确认")


class ProjectOnBoard(Shape):
    """What everybody may read: the works, how many watch them, week by week what they found."""

    about = Matter("PROJECT", "改造项目", ProjectState, {"RUNNING": "施工中的项目"}, headline="{name}")
    number: Any = case_no(label="编号")
    state = Code(ProjectState, label="进展")
    name = Text(80, label="项目")
    builder = unit_code(label="施工单位")
    overseer = unit_code(label="监理单位", optional=True)
    starts_on = Day(label="开工")
    ends_on = Day(label="计划完工")
    supervisor_count = Count(label="百姓监督员人数")
    weeks = some(WeekView, most=500, label="每周通报")


class ProjectView(AggregateView, ProjectOnBoard):
    election_number = case_no(label="哪次竞聘")
    supervisors = some(PersonRef, label="百姓监督员", seen_by=INSIDERS | SUPERVISORS)


class ProjectPage(Page):
    items = some(ProjectView)


class ProjectBoard(Page):
    items = some(ProjectOnBoard)


class ProjectCommand(VersionedCommand, MediationCommand):
    answer = ProjectView
    number = case_no()


class OpenProject(MediationCommand):
    """The elected of an election that is concluded watch one project."""

    title = "开工登记"
    route = "POST /projects"
    by = MANAGERS
    hint = "竞聘当选的百姓监督员从登记起监督这个项目，到完工为止。"
    location = "/api/projects/{number}"
    answer = ProjectView
    name = shared_text(80, label="项目", help="例如：老旧小区改造")
    area_path = area(label="在哪里")
    election_number = case_no(label="哪次竞聘")
    builder = unit_code(label="施工单位")
    overseer = unit_code(label="监理单位", optional=True)
    starts_on = Day(label="开工")
    ends_on = Day(label="计划完工")


class ReleaseSupervisor(ProjectCommand):
    """Who cannot go on; the community confirms what they had found."""

    title = "监督员退出"
    route = "POST /projects/<number>/releases"
    by = MANAGERS | SUPERVISORS
    account = staff_id(label="谁退出")


class EndProject(ProjectCommand):
    """Every issue has been confirmed."""

    title = "完工"
    main = True
    route = "POST /projects/<number>/end"
    by = MANAGERS


class GetProject(MediationCommand):
    title = "查看改造项目"
    route = "GET /projects/<number>"
    by = READERS
    answer = ProjectView
    number = case_no()


class ListProjects(ListCommand, MediationCommand):
    title = "改造项目"
    route = "GET /projects"
    page = "projects"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = ProjectPage
    state = Many(Code(ProjectState), most=10, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListProjectBoard(ListCommand, MediationCommand):
    """Of a place: the works and the weekly digest of what supervisors found."""

    title = "改造项目公开栏"
    route = "GET /projects/board"
    page = "project-board"
    by = anybody()
    public = True
    answer = ProjectBoard
    area_path = area()


class ProjectOpened(NumberedFact):
    title = "开工"
    for_staff = for_resident = "开工，{supervisor_count}名百姓监督员监督到完工。"
    supervisor_count = Count()
    supervisors = some(Addressee, most=50)


class SupervisorReleased(NumberedFact):
    title = "监督员退出"
    for_staff, for_resident = "一名监督员退出，还有{supervisor_count}名。", None
    supervisor_count = Count()


class ProjectDigest(NumberedFact):
    """Of the days of policy key project.digest that are over, for the residents."""

    title = "每周通报"
    for_staff = for_resident = "本周监督员反映{raised}件，整改{fixed}件，确认{confirmed}件，还没确认{open}件。"
    digest_id = Id()
    raised, fixed, confirmed, open = Count(), Count(), Count(), Count()


class ProjectEnded(NumberedFact):
    title = "完工"
    for_staff = for_resident = "完工，百姓监督员的任务到此为止。"
