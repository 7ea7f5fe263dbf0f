"""Assistance 社会救助: applied for, surveyed by two, reviewed, put on the public list, decided in writing;
and the six blocks 六大板块 in which advisers help meanwhile."""

from typing import Any

from contracts.fields import Code, Count, Day, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.publishing import ObjectionAnswer, ObjectionInput, ObjectionView
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import Amount, PersonName, Phone, area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, own

TAG = "社会救助"


class AssistanceState(Codes):
    APPLIED = "APPLIED", "待入户调查"
    COUNTERSIGNING = "COUNTERSIGNING", "待另一位调查人签字"
    SURVEYED = "SURVEYED", "待审核"
    REVIEWED = "REVIEWED", "待公示"
    PUBLICISED = "PUBLICISED", "公示中"
    DECIDING = "DECIDING", "待决定"
    APPROVED = "APPROVED", "已批准"
    REFUSED = "REFUSED", "不予批准"
    GRANTED = "GRANTED", "已发放"
    REVIEW_DUE = "REVIEW_DUE", "待复核"
    CLOSED = "CLOSED", "已结案"
    WITHDRAWN = "WITHDRAWN", "已撤回"


S = AssistanceState


class AssistanceKind(Codes):
    LOW_INCOME = "LOW_INCOME", "城市低保"
    TEMPORARY = "TEMPORARY", "临时救助"
    ILLNESS = "ILLNESS", "大病救助"
    RENT = "RENT", "廉租房补贴"


class AssistBlock(Codes):
    POLICY = "POLICY", "政策引导"
    ERRANDS = "ERRANDS", "代收代办"
    PAIRING = "PAIRING", "结对关爱"
    RESOURCES = "RESOURCES", "资源链接"
    COUNSELLING = "COUNSELLING", "心理疏导"
    INCLUSION = "INCLUSION", "社会融入"


class AssistBlockState(Codes):
    OPEN = "OPEN", "进行中"
    CLOSED = "CLOSED", "已结束"


OPEN = frozenset(AssistanceState) - {S.CLOSED, S.WITHDRAWN}
OFFICES = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT)
SURVEYOR, TAKER = own("surveyor_id", words="调查人"), own("taker_id", words="受理人")
AT_WORK = OFFICES | SURVEYOR | own("countersigner_id", words="另一位调查人") | TAKER
"""Who may read the circumstances: 社会救助暂行办法 art. 61 keeps them secret but for the lawful publication."""
ON_LIST = in_states("公示中的", S.PUBLICISED)
READERS = AT_WORK | at(Role.GRID, Role.WINDOW, Role.AUDITOR) | at(Role.RESIDENT, Role.STEWARD).given(ON_LIST)


class AssistanceOnList(Shape):
    """What everybody may read for the days of publication: no number of a house, no illness, no amount."""

    about = Matter(
        "ASSISTANCE",
        "社会救助",
        AssistanceState,
        {"APPLIED": "入户调查", "COUNTERSIGNING": "核对调查并签字", "SURVEYED": "审核", "REVIEWED": "张榜公示",
         "DECIDING": "作出决定", "APPROVED": "发放", "REVIEW_DUE": "复核"},
        headline="{masked_name} {kind}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(AssistanceState, label="进展")
    masked_name = Text(40, label="申请人")
    kind = Code(AssistanceKind, label="申请")
    community = Text(60, label="社区")
    published_until = Moment(label="公示到", optional=True)


class ActionView(Shape):
    """What was done in a block."""

    at = Moment(label="时间")
    by = Text(40, label="谁")
    words = Text(1000, label="做了什么")


class BlockView(Shape):
    """One block, opened and closed by itself."""

    block = Code(AssistBlock, label="板块")
    state = Code(AssistBlockState, label="进展")
    owner = Text(40, label="负责人")
    plan = Text(1000, label="计划")
    actions = Many(One(ActionView), most=200)
    done = Count(label="做了几次")
    note = Text(1000, label="结束说明", optional=True)


class AssistanceView(AggregateView, AssistanceOnList):
    """The whole case; circumstances, amounts and blocks only for those who answer for it."""

    name = PersonName(label="姓名", optional=True, seen_by=AT_WORK)
    place_text = Text(200, label="住处", optional=True, seen_by=AT_WORK)
    circumstances = Text(2000, label="情况", optional=True, seen_by=AT_WORK)
    taker = One(PersonRef, label="受理人", optional=True)
    visited_on = Day(label="入户日期", optional=True)
    members = Count(label="家庭人口", optional=True, seen_by=AT_WORK)
    income = Amount(label="月收入", optional=True, seen_by=AT_WORK)
    found = Text(2000, label="调查情况", optional=True, seen_by=AT_WORK)
    surveyor = One(PersonRef, label="调查人", optional=True)
    countersigner = One(PersonRef, label="另一位调查人", optional=True)
    opinion = Text(1000, label="审核意见", optional=True, seen_by=AT_WORK)
    fit = Flag(label="审核符合条件", optional=True, seen_by=AT_WORK)
    objections = some(ObjectionView, label="异议", seen_by=OFFICES)
    decision = Text(2000, label="决定书", optional=True, seen_by=AT_WORK)
    amount = Amount(label="每月或一次金额", optional=True, seen_by=AT_WORK)
    granted_on = Day(label="发放日期", optional=True, seen_by=AT_WORK)
    review_on = Day(label="复核日期", optional=True, seen_by=AT_WORK)
    blocks = some(BlockView, label="六大板块", seen_by=AT_WORK)
    closing = Text(1000, label="结案说明", optional=True, seen_by=AT_WORK)
    due_at = Moment(label="期限", optional=True)


class AssistancePage(Page):
    items = some(AssistanceView)


class AssistanceList(Page):
    items = some(AssistanceOnList)


class AssistanceCommand(VersionedCommand, NotifyCommand):
    answer = AssistanceView
    number = case_no()


class ApplyForAssistance(NotifyCommand):
    """Statutory duty (社会救助暂行办法): no consent is asked, but the applicant is told what happens with the data."""

    title = "受理救助申请"
    route = "POST /assistance"
    by = at(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET)
    location = "/api/assistance/{number}"
    answer = AssistanceView
    kind = Code(AssistanceKind, label="申请什么")
    name = PersonName(label="姓名", help="榜上只写王*祥这样的称呼")
    phone = Phone(label="电话")
    area_path = area(label="在哪里")
    place_text = Text(200, label="住处")
    circumstances = Text(2000, label="情况", help="收入、疾病、住房，本人怎么说")
    informed = Flag(label="已告知：要入户调查，结果要张榜公示")


class RecordHomeSurvey(AssistanceCommand):
    """Two go there; who was there with you signs it (countersigns)."""

    title = "记入户调查"
    main = True
    route = "POST /assistance/<number>/survey"
    by = at(Role.GRID, Role.COMMUNITY)
    visited_on = Day(label="入户日期")
    members = Count(1, 30, label="家庭人口")
    income = Amount(label="月收入")
    found = Text(2000, label="调查情况")


class CountersignHomeSurvey(AssistanceCommand):
    title = "同去调查，签字"
    main = True
    route = "POST /assistance/<number>/countersignature"
    by = at(Role.GRID, Role.COMMUNITY).but(SURVEYOR)


class ReviewAssistance(AssistanceCommand):
    title = "审核"
    main = True
    route = "POST /assistance/<number>/review"
    by = at(Role.STREET).but(SURVEYOR)
    fit = Flag(label="符合条件")
    opinion = Text(1000, label="审核意见")


class PublishAssistance(AssistanceCommand):
    title = "张榜公示"
    main = True
    route = "POST /assistance/<number>/publication"
    by = at(Role.STREET, Role.COMMUNITY)
    hint = "榜上只有称呼、申请什么和社区，没有住处、电话和病情。"


class ObjectToAssistance(ObjectionInput, AssistanceCommand):
    """Who objects stays unknown to others. Staff write down what somebody says at the window or on the telephone."""

    title = "提异议"
    route = "POST /assistance/<number>/objections"
    by = at(Role.RESIDENT, Role.STEWARD, Role.GRID, Role.WINDOW) | OFFICES


class AnswerAssistanceObjection(ObjectionAnswer, AssistanceCommand):
    title = "答复异议"
    route = "POST /assistance/<number>/objections/answers"
    by = at(Role.STREET, Role.DISTRICT)


class ApproveAssistance(AssistanceCommand):
    title = "批准"
    main = True
    route = "POST /assistance/<number>/approval"
    by = at(Role.DISTRICT)
    amount = Amount(label="每月或一次金额")
    decision = Text(2000, label="决定书", help="依据、金额、从哪一月起、复核时间")


class RefuseAssistance(AssistanceCommand):
    title = "不予批准"
    route = "POST /assistance/<number>/refusal"
    by = at(Role.DISTRICT)
    decision = Text(2000, label="决定书", help="理由，以及不服可以怎么办：六十日内申请行政复议，六个月内起诉")


class GrantAssistance(AssistanceCommand):
    title = "已发放"
    main = True
    route = "POST /assistance/<number>/grant"
    by = at(Role.STREET, Role.DISTRICT)
    granted_on = Day(label="发放日期")
    review_on = Day(label="复核日期")


class ContinueAssistance(AssistanceCommand):
    title = "复核，继续"
    main = True
    route = "POST /assistance/<number>/continuation"
    by = at(Role.STREET, Role.DISTRICT)
    found = Text(2000, label="复核情况")
    review_on = Day(label="下次复核日期")


class CloseAssistance(AssistanceCommand):
    title = "结案"
    route = "POST /assistance/<number>/closing"
    by = OFFICES
    hint = "打开的板块都要先结束，各写结束说明。"
    closing = Text(1000, label="结案说明")


class WithdrawAssistance(AssistanceCommand):
    title = "申请人撤回"
    route = "POST /assistance/<number>/withdrawal"
    by = OFFICES | TAKER


class OpenAssistBlock(AssistanceCommand):
    title = "打开一个板块"
    route = "POST /assistance/<number>/blocks"
    by = AT_WORK
    block = Code(AssistBlock, label="板块")
    plan = Text(1000, label="计划")


class RecordAssistAction(AssistanceCommand):
    title = "记做了什么"
    route = "POST /assistance/<number>/blocks/actions"
    by = AT_WORK
    block = Code(AssistBlock, label="板块")
    words = Text(1000, label="做了什么")


class CloseAssistBlock(AssistanceCommand):
    title = "结束一个板块"
    route = "POST /assistance/<number>/blocks/closing"
    by = AT_WORK
    block = Code(AssistBlock, label="板块")
    note = Text(1000, label="结束说明")


class GetAssistance(NotifyCommand):
    title = "查看救助"
    route = "GET /assistance/<number>"
    by = READERS
    answer = AssistanceView
    number = case_no()


class ListAssistance(ListCommand, NotifyCommand):
    title = "社会救助"
    route = "GET /assistance"
    page = "assistance"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = AssistancePage
    state = Many(Code(AssistanceState), most=20, label="进展")
    numbers = Many(case_no(), most=200)


class ListPublishedAssistance(ListCommand, NotifyCommand):
    """What is on the public list of a community; of a place inside it, the whole community's."""

    title = "救助公示"
    route = "GET /assistance/published"
    page = "assistance-list"
    by = anybody()
    public = True
    answer = AssistanceList
    area_path = area()


class AssistanceFact(NotifyEvent):
    number = case_no()


class AssistanceApplied(AssistanceFact):
    title = "申请救助"
    for_staff, for_resident = "{taker}受理了一件{kind}申请。", "救助申请已经受理，会有两位工作人员入户调查。"
    kind, taker = Code(AssistanceKind), One(PersonRef)


class HomeSurveyed(AssistanceFact):
    title = "入户调查"
    for_staff, for_resident = "{surveyor}入户调查，待另一位调查人签字。", None
    surveyor = One(PersonRef)


class HomeSurveyCountersigned(AssistanceFact):
    title = "调查签字"
    for_staff, for_resident = "{countersigner}签字，两人调查完成。", "入户调查完成，街道正在审核。"
    countersigner = One(PersonRef)


class AssistanceReviewed(AssistanceFact):
    title = "审核"
    for_staff, for_resident = "街道已审核。", "街道已经审核。"


class AssistancePublicised(AssistanceFact):
    title = "张榜公示"
    for_staff = for_resident = "张榜公示，到{published_until}为止。"
    published_until = Moment()


class AssistanceObjected(AssistanceFact):
    title = "有异议"
    for_staff, for_resident = "公示有异议，{answer_due}前答复。", None
    answer_due = Moment()


class AssistanceObjectionAnswered(AssistanceFact):
    title = "答复异议"
    for_staff, for_resident = "异议已答复。", None
    upheld = Flag()


class AssistanceSentBack(AssistanceFact):
    title = "重新调查"
    for_staff, for_resident = "异议有理，重新入户调查。", "有新的情况要核实，会再入户调查一次。"


class AssistancePublicationEnded(AssistanceFact):
    title = "公示期满"
    for_staff = for_resident = "公示期满，等决定。"


class AssistanceApproved(AssistanceFact):
    title = "批准"
    for_staff = for_resident = "已批准，决定书已经写好。"


class AssistanceRefused(AssistanceFact):
    title = "不予批准"
    for_staff, for_resident = "不予批准。", "没有批准；决定书写明了理由和可以怎么办。"


class AssistanceGranted(AssistanceFact):
    title = "发放"
    for_staff = for_resident = "已发放，{review_on}复核。"
    review_on = Day()


class AssistanceReviewDue(AssistanceFact):
    title = "该复核了"
    for_staff, for_resident = "到了复核的日子。", None


class AssistanceContinued(AssistanceFact):
    title = "继续"
    for_staff = for_resident = "复核过了，继续；下次复核{review_on}。"
    review_on = Day()


class AssistanceClosed(AssistanceFact):
    title = "结案"
    for_staff = for_resident = "已结案。"


class AssistanceWithdrawn(AssistanceFact):
    title = "撤回"
    for_staff = for_resident = "申请已撤回。"


class AssistBlockFact(AssistanceFact):
    block = Code(AssistBlock)


class AssistBlockOpened(AssistBlockFact):
    title = "打开板块"
    for_staff, for_resident = "打开“{block}”。", None


class AssistActionRecorded(AssistBlockFact):
    title = "做了一次"
    for_staff, for_resident = "“{block}”做了一次。", None


class AssistBlockClosed(AssistBlockFact):
    title = "结束板块"
    for_staff, for_resident = "“{block}”结束。", None
