"""Walk-in register 来访登记: who comes on an open day and what becomes of it, counted by year and organisation."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.mediation.open_days import RECEIVERS
from contracts.mediation.opening import OpponentInput
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import Amount, PersonName, Phone, area, case_no
from kernel import codes
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, own

TAG = "开放日"


class VisitState(Codes):
    RECEIVED = "RECEIVED", "正在办"
    DONE = "DONE", "已办好"
    IN_MEDIATION = "IN_MEDIATION", "已转调解"
    GUIDED = "GUIDED", "已引导"


class VisitWay(Codes):
    """What was done for a visitor: the station's three ways, and what the studio counts besides."""

    REPAIR = "REPAIR", "小修小补"
    COMPANY = "COMPANY", "陪伴聊天"
    COMPLAINT = "COMPLAINT", "解决投诉"
    WISH = "WISH", "实现心愿"


class OrgKind(Codes):
    PEOPLES_MEDIATION_COMMITTEE = "PEOPLES_MEDIATION_COMMITTEE", "人民调解委员会"
    STUDIO = "STUDIO", "工作室"
    SELF_GOVERNANCE_STATION = "SELF_GOVERNANCE_STATION", "居民自治接待站"
    DIALECT_ROOM = "DIALECT_ROOM", "乡音调解室"
    LEGAL_STUDIO = "LEGAL_STUDIO", "法律服务工作室"


RECEIVER = own("receiver_id", words="接待人")
WORKERS = RECEIVER | at(Role.MEDIATOR, Role.COMMUNITY)
READERS = at(Role.MEDIATOR, Role.COMMUNITY, Role.STREET) | RECEIVER


class VisitView(AggregateView):
    """What people came with is for those who work on it."""

    about = Matter("VISIT", "来访", VisitState, {"RECEIVED": "办来访的事"}, headline="{org_name}[ {masked_name}]")
    number: Any = case_no(label="编号")
    state = Code(VisitState, label="进展")
    day_number = case_no(label="开放日")
    org_name = Text(60, label="在哪里接待")
    masked_name = Text(40, label="来访人", optional=True)
    matter = Text(1000, label="来说什么", optional=True, seen_by=WORKERS)
    receiver = One(PersonRef, label="接待人")
    way = Code(VisitWay, label="怎么办的", optional=True)
    result = Text(500, label="结果", optional=True, seen_by=WORKERS)
    mediation_number = case_no(label="调解", optional=True)
    due_at = Moment(label="期限", optional=True)


class VisitPage(Page):
    items = some(VisitView)


class RegisterVisit(VersionedCommand, MediationCommand):
    """While the open day lasts. Whoever wants to may stay unnamed."""

    title = "登记来访"
    main = True
    route = "POST /open-days/<number>/visits"
    by = RECEIVERS
    location = "/api/visits/{number}"
    answer = VisitView
    number = case_no()
    name = PersonName(label="来访人", optional=True, help="可以不留名；要调解的请填")
    phone = Phone(label="电话", optional=True)
    matter = Text(1000, label="来说什么")


class VisitCommand(VersionedCommand, MediationCommand):
    answer = VisitView
    by = WORKERS
    number = case_no()


class FinishVisit(VisitCommand):
    title = "办好了"
    main = True
    route = "POST /visits/<number>/result"
    way = Code(VisitWay, label="怎么办的")
    result = Text(500, label="结果")


class MediateVisit(VisitCommand):
    """Opens a case: whoever came is its first party and has asked for mediation."""

    title = "转调解"
    route = "POST /visits/<number>/mediation"
    dispute_type = Code(codes.DisputeType, label="什么纠纷")
    respondent = One(OpponentInput)
    area_path = area(label="在哪里", optional=True)
    claimed_amount = Amount(optional=True, label="损失大约多少（元）")
    risk_level = Code(codes.RiskLevel, label="激化风险")


class GuideVisit(VisitCommand):
    title = "引导到别处"
    route = "POST /visits/<number>/guidance"
    result = Text(500, label="告诉了去哪里、找谁")


class GetVisit(MediationCommand):
    title = "查看来访"
    route = "GET /visits/<number>"
    by = READERS
    answer = VisitView
    number = case_no()


class ListVisits(ListCommand, MediationCommand):
    title = "来访登记"
    route = "GET /visits"
    page = "walk-ins"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = VisitPage
    state = Many(Code(VisitState), most=10, label="进展")
    numbers = Many(case_no(), most=200)
    day_number = Many(case_no(), most=10, label="开放日")


class StudioYear(Shape):
    """The four counters of an organisation in a year; without year those of all its years."""

    about = Matter("STUDIO_YEAR", "四项统计", OrgKind, headline="{org_name}[ {year}年]")
    state = Code(OrgKind, label="哪一类")
    org_name = Text(60, label="谁")
    year = Count(2000, 2200, optional=True, label="年份")
    disputes = Count(label="化解纠纷")
    complaints = Count(label="解决投诉")
    services = Count(label="提供服务")
    wishes = Count(label="实现心愿")


class StudioYears(Page):
    items = some(StudioYear, most=1000)


class ListStudioYears(MediationCommand):
    """The organisations of a place: all their years first, then each, the newest first."""

    title = "工作室四项统计"
    route = "GET /studios/years"
    page = "studios"
    by = anybody()
    public = True
    answer = StudioYears
    area_path = area()


class VisitFact(NumberedFact):
    day_number = case_no()


class VisitReceived(VisitFact):
    title = "来访"
    for_staff, for_resident = "{receiver}接待一位来访群众。", None
    receiver = One(PersonRef)


class VisitFinished(VisitFact):
    title = "办好"
    for_staff, for_resident = "{way}，办好了。", None
    way = Code(VisitWay)


class VisitMediated(VisitFact):
    title = "转调解"
    for_staff, for_resident = "转为调解{mediation_number}。", None
    mediation_number = case_no()


class VisitGuided(VisitFact):
    title = "引导"
    for_staff, for_resident = "已告诉去哪里办。", None
