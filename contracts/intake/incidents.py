"""Incidents 大面积事件 (停水、停电、积水): many reports, one task, one notice; ending it answers all of them."""

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.intake.base import COORDINATORS, AppealFact, IntakeCommand, IntakeEvent
from contracts.matters import Matter
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef, evidence_files
from contracts.tokens import area, case_no, category_code
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, inside, services

TAG = "大面积事件"


class IncidentState(Codes):
    DECLARED = "DECLARED", "处置中"
    ENDED = "ENDED", "已结束"
    WITHDRAWN = "WITHDRAWN", "已撤销"


READERS = services() | inside(Role.GRID, Role.COMMUNITY, Role.WINDOW) | COORDINATORS | at(Role.AUDITOR)


class IncidentView(AggregateView):
    """`lead_number` is the appeal that departments are called for; reports of the place and category follow it."""

    about = Matter(
        "INCIDENT", "大面积事件", IncidentState, {"DECLARED": "处置中的大面积事件"}, headline="{category}：{notice}"
    )
    state = Code(IncidentState, label="进展")
    category = category_code(label="类别")
    notice = Text(300, label="通告")
    expected_at = Moment(label="预计恢复", optional=True)
    lead_number = case_no(label="牵头的诉求")
    reports = Count(label="并入的反映")
    declared_by = One(PersonRef, label="发布人")
    result_text = Text(1000, label="处置结果", optional=True)
    reason = Text(200, label="撤销的原因", optional=True)


class IncidentPage(Page):
    items = some(IncidentView)


class IncidentCommand(VersionedCommand, IntakeCommand):
    by = COORDINATORS
    answer = IncidentView
    number = case_no()


class DeclareIncident(IntakeCommand):
    """From now on what is reported of the place and category follows `appeal_number`; a report of danger does not."""

    title = "宣布大面积事件"
    route = "POST /incidents"
    by = COORDINATORS
    location = "/api/incidents/{number}"
    answer = IncidentView
    area_path = area(label="影响的范围")
    category = category_code(label="哪一类")
    appeal_number = case_no(label="由哪件诉求牵头", help="吹哨、派单都从这一件走")
    notice = shared_text(300, label="给群众的通告", help="发生了什么、在怎么办；不写姓名、门牌和电话")
    expected_at = Moment(label="预计恢复", optional=True)


class ChangeNotice(IncidentCommand):
    """One notice for all who reported."""

    title = "更新通告"
    route = "POST /incidents/<number>/notice"
    notice = shared_text(300, label="给群众的通告", help="不写姓名、门牌和电话")
    expected_at = Moment(label="预计恢复", optional=True)


class EndIncident(IncidentCommand):
    """The result of the leading appeal, which is told to everybody who reported."""

    title = "结束，答复所有人"
    main = True
    route = "POST /incidents/<number>/end"
    by = at(Role.COMMUNITY, Role.STREET)
    result_text = shared_text(1000, label="处置结果", help="会答复每一位反映的群众")
    proof = evidence_files(label="照片或文件")


class WithdrawIncident(IncidentCommand):
    """It was none: what followed stays merged, and is taken out one by one where it is another matter."""

    title = "撤销"
    route = "POST /incidents/<number>/withdrawal"
    reason = shared_text(200, label="原因")


class GetIncident(IntakeCommand):
    title = "查看大面积事件"
    route = "GET /incidents/<number>"
    by = READERS
    answer = IncidentView
    number = case_no()


class ListIncidents(ListCommand, IntakeCommand):
    title = "大面积事件"
    route = "GET /incidents"
    page = "incidents"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = IncidentPage
    state = Many(Code(IncidentState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class IncidentFact(IntakeEvent):
    number = case_no()


class IncidentDeclared(IncidentFact):
    title = "大面积事件"
    for_staff = "{declared_by}宣布大面积事件（{category}），同类反映都并入{lead_number}[，预计{expected_at}恢复]。"
    for_resident = None
    category = category_code()
    lead_number = case_no()
    declared_by = One(PersonRef)
    expected_at = Moment(optional=True)


class IncidentNoticeChanged(IncidentFact):
    title = "更新通告"
    for_staff, for_resident = "给群众的通告已更新[，预计{expected_at}恢复]。", None
    expected_at = Moment(optional=True)


class IncidentEnded(IncidentFact):
    title = "事件结束"
    for_staff, for_resident = "处置结束，{reports}件反映一并答复。", None
    reports = Count()


class IncidentWithdrawn(IncidentFact):
    title = "撤销事件"
    for_staff, for_resident = "这次大面积事件已撤销。", None


class AppealNoticeGiven(AppealFact):
    """About the leading appeal: there is news for everybody who reported."""

    title = "统一通告"
    for_staff = "属大面积事件{incident}，已通告反映的群众[，预计{expected_at}恢复]。"
    for_resident = "这是大面积事件，正在统一处置[，预计{expected_at}恢复]。"
    incident = case_no()
    expected_at = Moment(optional=True)
