"""Site issues 现场问题 (domain §2 A12): found by a supervisor, mended, confirmed by the same supervisor."""

from typing import Any

from contracts.fields import Code, Count, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.projects import MANAGERS, SUPERVISORS
from contracts.mediation.topics import INSIDERS
from contracts.schema import AnswerSchema, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, evidence_files, files
from contracts.tokens import area, case_no, unit_code
from contracts.words import shared_text
from kernel.codes.base import Code as Codes
from kernel.rights import among, everybody, own, services, when

TAG = "百姓监督"


class SiteIssueState(Codes):
    RAISED = "RAISED", "待社区转办"
    SENT = "SENT", "待整改"
    FIXED = "FIXED", "待监督员确认"
    CONFIRMED = "CONFIRMED", "已确认"
    WITHDRAWN = "WITHDRAWN", "已撤回"


FINDER = own("supervisor_id", words="反映的监督员")
DOERS = among("doers", "整改单位")
LEFT = when("反映的监督员已退出", lambda issue: issue.supervisor_id is None)
READERS = INSIDERS | FINDER | DOERS


class SiteIssueView(AggregateView):
    about = Matter(
        "SITE_ISSUE",
        "现场问题",
        SiteIssueState,
        {"RAISED": "待转办的现场问题", "SENT": "待整改的现场问题", "FIXED": "待确认的整改"},
        headline="现场问题[ {words}]",
    )
    number: Any = case_no(label="编号")
    state = Code(SiteIssueState, label="进展")
    project_number = case_no(label="项目")
    words = Text(1000, label="什么问题")
    place_text = Text(200, label="具体位置", optional=True)
    safety = Flag(label="有安全危险")
    photos = files(label="现场照片")
    supervisor = One(PersonRef, label="谁反映的", optional=True)
    unit = unit_code(label="谁来整改", optional=True)
    fixed_how = shared_text(500, label="怎么整改的", optional=True)
    proof = files(label="整改照片")
    rejection = shared_text(500, label="哪里还不合格", optional=True)
    rejections = Count(label="退回几次")
    stop_asked_at = Moment(label="要求停工", optional=True)
    whistle_number = case_no(label="停工的哨单", optional=True)
    due_at = Moment(label="期限", optional=True)


class SiteIssuePage(Page):
    items = some(SiteIssueView)


class SiteIssueCommand(VersionedCommand, MediationCommand):
    answer = SiteIssueView
    number = case_no()


class RaiseSiteIssue(VersionedCommand, MediationCommand):
    """While the project runs, by one of its own supervisors, with a photograph."""

    title = "反映现场问题"
    main = True
    outdoors = True
    route = "POST /projects/<number>/issues"
    by = SUPERVISORS
    location = "/api/site-issues/{number}"
    answer = SiteIssueView
    number = case_no()
    words = Text(1000, label="什么问题")
    place_text = Text(200, label="具体位置", optional=True)
    photos = evidence_files(label="现场照片")
    safety = Flag(label="有安全危险", default=False)


class ForwardSiteIssue(SiteIssueCommand):
    """To the builder or the supervision firm of the project."""

    title = "转给施工、监理单位"
    main = True
    route = "POST /site-issues/<number>/forwarding"
    by = MANAGERS
    unit = unit_code(label="谁来整改")


class FixSiteIssue(SiteIssueCommand):
    title = "报整改完成"
    main = True
    route = "POST /site-issues/<number>/fix"
    by = DOERS
    fixed_how = shared_text(500, label="怎么整改的")
    proof = evidence_files(label="整改照片")


class ConfirmSiteIssue(SiteIssueCommand):
    """By who found it and nobody else, while they are a supervisor."""

    title = "确认整改"
    main = True
    route = "POST /site-issues/<number>/confirmation"
    by = FINDER | MANAGERS.given(LEFT)


class RejectSiteIssue(SiteIssueCommand):
    title = "不合格，退回"
    route = "POST /site-issues/<number>/rejection"
    by = ConfirmSiteIssue.by
    rejection = shared_text(500, label="哪里还不合格")


class AskToStop(SiteIssueCommand):
    """The community then whistles for the department of building 住建, with this number as the case."""

    title = "要求停工"
    route = "POST /site-issues/<number>/stop"
    by = FINDER | MANAGERS


class WithdrawSiteIssue(SiteIssueCommand):
    title = "撤回"
    route = "POST /site-issues/<number>/withdrawal"
    by = FINDER


class GetSiteIssue(MediationCommand):
    title = "查看现场问题"
    route = "GET /site-issues/<number>"
    by = READERS
    answer = SiteIssueView
    number = case_no()


class ListSiteIssues(ListCommand, MediationCommand):
    title = "现场问题"
    route = "GET /site-issues"
    page = "site-issues"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = SiteIssuePage
    state = Many(Code(SiteIssueState), most=10, label="进展")
    area_path = area(optional=True)
    project_number = Many(case_no(), most=10, label="项目")
    numbers = Many(case_no(), most=200)


class SitePlace(AnswerSchema):
    """Where an issue lies, and until when it runs; no words of it."""

    id = Id()
    number = case_no()
    area_path = area()
    due_at = Moment(optional=True)


class LocateSiteIssue(MediationCommand):
    """Whether a whistle may be for it: not for one that is over."""

    keeps_answer = False
    title = "核对现场问题编号"
    by = services().said("系统服务")
    answer = SitePlace
    number = case_no()


class SiteIssueFact(NumberedFact):
    project_number = case_no()


class SiteIssueRaised(SiteIssueFact):
    title = "反映问题"
    for_staff, for_resident = "监督员反映一个现场问题[，{safety}]。", None
    safety = Flag(label="有安全危险")


class SiteIssueForwarded(SiteIssueFact):
    title = "转办"
    for_staff, for_resident = "转给{unit}整改，{due_at}前完成。", None
    unit, due_at = unit_code(), Moment()


class SiteIssueFixed(SiteIssueFact):
    title = "整改"
    for_staff, for_resident = "{unit}报整改完成，待监督员确认。", None
    unit = unit_code()
    supervisor = One(PersonRef, optional=True)


class SiteIssueConfirmed(SiteIssueFact):
    title = "确认"
    for_staff, for_resident = "监督员确认整改合格。", None


class SiteIssueRejected(SiteIssueFact):
    title = "退回"
    for_staff, for_resident = "监督员看过不合格，退回{unit}重做。", None
    unit = unit_code()


class StopWorkAsked(SiteIssueFact):
    title = "要求停工"
    for_staff, for_resident = "要求停工，请社区向住建部门吹哨。", None


class StopWorkWhistled(SiteIssueFact):
    title = "已吹哨"
    for_staff, for_resident = "停工一事已吹哨（{whistle_number}）。", None
    whistle_number = case_no()


class SiteIssueHandedOver(SiteIssueFact):
    """Who found it is no supervisor any more."""

    title = "移交"
    for_staff, for_resident = "反映的监督员已退出，由社区确认。", None


class SiteIssueWithdrawn(SiteIssueFact):
    title = "撤回"
    for_staff, for_resident = "监督员撤回。", None
