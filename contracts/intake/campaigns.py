"""Campaigns of visits 走访: door knocking 敲门行动, and the sweep 摸排 that one request may start (domain §2 A6)."""

from contracts.fields import Code, Count, Id, Many, Moment, One, Text, some
from contracts.intake.base import COORDINATORS, IntakeCommand, IntakeEvent
from contracts.intake.campaign_views import (
    OPENER,
    READERS,
    VISITORS,
    CampaignPage,
    CampaignState,
    CampaignView,
    Decision,
    Need,
    Purpose,
    VisitResult,
)
from contracts.intake.raising import CameOf, FoundAppeal, FoundHazard
from contracts.schema import VersionedCommand
from contracts.shapes import ListCommand, PersonRef
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Hat, Role
from kernel.rights import at, everybody, inside

TAG = "走访"
WORKERS = inside(Role.GRID, Role.COMMUNITY)


class CampaignCommand(VersionedCommand, IntakeCommand):
    answer = CampaignView
    number = case_no()


class OpenCampaign(IntakeCommand):
    """The units below the place, from the area tree of today; each is for whoever holds the post nearest to it.

    `appeal_number`: one request, and everybody is asked.
    """

    title = "发起走访"
    route = "POST /campaigns"
    by = COORDINATORS
    location = "/api/campaigns/{number}"
    answer = CampaignView
    area_path = area(label="在哪里", help="范围内的每个单元都要走到")
    purpose = Code(Purpose, label="目的")
    topic = shared_text(80, label="事由", help="不写姓名、门牌和电话")
    question = shared_text(200, label="要问的事", optional=True, help="摸排必填，例如：单元门口要不要装扶手")
    appeal_number = case_no(label="由哪件诉求发起", optional=True, help="没有就空着")


class RecordVisit(CampaignCommand):
    """Units found alike may be told at once. One with nobody home, or another day agreed, is open still."""

    title = "记走访"
    main = True
    route = "POST /campaigns/<number>/visits"
    outdoors = True
    by = VISITORS
    unit_paths = Many(area(), least=1, most=200, label="走访了哪些单元", lacking="请选走访了哪个单元")
    result = Code(VisitResult, label="结果")
    need = Code(Need, label="需要吗", optional=True, help="摸排入户后必填")
    how_many = Count(1, 9999, label="多少户需要", optional=True)
    note = Text(1000, label="走访记录", optional=True)
    change = Text(500, label="资料有什么变化", optional=True, help="社区核定后才改")


class FromVisit(CampaignCommand):
    """What a visit has found becomes a case of its own, at the unit; the visit keeps its number."""

    by = WORKERS
    unit_path = area(label="哪个单元")


class RaiseAppeal(FoundAppeal, FromVisit):
    title = "转为诉求"
    route = "POST /campaigns/<number>/appeals"
    outdoors = True
    hint = "矛盾纠纷、困难救助也从这里转，选相应的类别。"


class RaiseHazard(FoundHazard, FromVisit):
    title = "转为隐患"
    by = VISITORS
    route = "POST /campaigns/<number>/hazards"
    outdoors = True


class DecideChange(CampaignCommand):
    """No record changes by itself: a person decides."""

    title = "核定资料变化"
    route = "POST /campaigns/<number>/changes"
    by = at(Role.COMMUNITY, Role.STREET)
    change_id = Id(label="哪一条变化")
    decision = Code(Decision, label="核定")
    why = Text(200, label="说明", optional=True)


class ConcludeCampaign(CampaignCommand):
    """While units are open, with the reason."""

    title = "结束走访"
    route = "POST /campaigns/<number>/conclusion"
    by = OPENER | COORDINATORS
    reason = shared_text(500, label="没走完的原因", optional=True, help="都走到了就空着")


class WithdrawCampaign(CampaignCommand):
    title = "撤回走访"
    route = "POST /campaigns/<number>/withdrawal"
    by = OPENER | COORDINATORS
    reason = shared_text(500, label="原因")


class GetCampaign(IntakeCommand):
    title = "查看走访"
    route = "GET /campaigns/<number>"
    by = READERS
    answer = CampaignView
    number = case_no()


class ListCampaigns(ListCommand, IntakeCommand):
    title = "走访"
    hat = Hat.COLLECTOR
    route = "GET /campaigns"
    page = "campaigns"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CampaignPage
    state = Many(Code(CampaignState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class CampaignFact(IntakeEvent):
    number = case_no()


class Counted(CampaignFact):
    units, visited, needing, proactive = Count(), Count(), Count(), Count()


class CampaignOpened(CampaignFact):
    title = "发起走访"
    for_staff, for_resident = "{opened_by}发起{purpose}，共{units}个单元，{due_at}前走完。", None
    purpose = Code(Purpose)
    units = Count()
    due_at = Moment()
    opened_by = One(PersonRef)
    visitors = some(PersonRef, most=1000)


class VisitRecorded(Counted):
    title = "走访"
    for_staff = "走访{places}个单元：{result}[，{need}]。进度{settled}/{units}。"
    for_resident = None
    places = Count()
    result = Code(VisitResult)
    need = Code(Need, optional=True)
    settled = Count()


class DataChangeProposed(CampaignFact):
    title = "资料有变化"
    for_staff, for_resident = "走访发现资料有变化，待社区核定。", None
    change_id = Id()


class DataChangeDecided(CampaignFact):
    title = "核定资料变化"
    for_staff, for_resident = "社区核定资料变化：{decision}。", None
    change_id = Id()
    decision = Code(Decision)


class VisitLedTo(CampaignFact):
    title = "走访发现"
    for_staff, for_resident = "走访发现{kind}，编号{raised}。", None
    kind = Code(CameOf)
    raised = case_no()


class CampaignConcluded(Counted):
    title = "结束走访"
    for_staff = (
        "走访结束：{units}个单元，入户{visited}个[，没有走到{unreached}个]"
        "[，{needing}个需要][，其中{proactive}个记为未诉先办]。"
    )
    for_resident = None
    appeals = Count()
    unreached = Count()


class CampaignWithdrawn(CampaignFact):
    title = "撤回走访"
    for_staff, for_resident = "走访撤回。", None
