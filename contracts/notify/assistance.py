"""Assistance 社会救助: applied for, surveyed by two, reviewed, put on the public list, decided in writing;
and the six blocks 六大板块 in which advisers help meanwhile."""

from contracts.fields import Code, Count, Day, Flag, Many, Moment, One, Text
from contracts.notify.assistance_views import (
    OFFICES,
    READERS,
    SURVEYOR,
    TAKER,
    AssistanceKind,
    AssistanceList,
    AssistancePage,
    AssistanceState,
    AssistanceView,
)
from contracts.notify.assistance_views import TAG as TAG
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.publishing import ObjectionAnswer, ObjectionInput
from contracts.schema import VersionedCommand
from contracts.shapes import ListCommand, PersonRef
from contracts.tokens import Amount, PersonName, Phone, area, case_no
from kernel.codes import Role
from kernel.rights import anybody, at, everybody


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
