"""How a resolution is carried out 落实: step after step, accepted, judged by the residents 评, looked at again."""

from contracts.fields import Code, Count, Flag, Id, Moment, Text
from contracts.mediation.council_views import DOERS, AboutWork, CouncilCommand, LookBackResult
from contracts.mediation.councils import CouncilFact
from contracts.mediation.topics import HOSTS
from contracts.schema import AnswerSchema, CommandSchema
from contracts.shapes import evidence_files
from contracts.tokens import area, case_no, unit_code
from contracts.words import shared_text
from kernel.codes import Role
from kernel.rights import at, services

TAG = "议事协商"


class FinishWork(AboutWork):
    title = "报完工"
    main = True
    route = "POST /councils/<number>/works/finish"
    by = DOERS | HOSTS
    proof = evidence_files(label="照片")
    note = shared_text(500, label="说明", optional=True)


class AcceptWork(AboutWork):
    """The next step begins."""

    title = "验收"
    route = "POST /councils/<number>/works/acceptance"
    by = HOSTS.but(DOERS)


class ReturnWork(AboutWork):
    title = "验收不合格"
    route = "POST /councils/<number>/works/return"
    by = HOSTS.but(DOERS)
    note = shared_text(500, label="哪里不合格")


class ReviewCouncil(CouncilCommand):
    """评: without it nothing is closed. Below policy key council.review_share the last step is done again."""

    title = "记居民评议"
    main = True
    route = "POST /councils/<number>/review"
    by = at(Role.COMMUNITY, Role.STREET)
    reviewers = Count(1, 99999, label="多少居民参加评议")
    satisfied = Count(0, 99999, label="其中满意")
    review = Text(2000, label="居民怎么说", optional=True)


class CloseCouncil(CouncilCommand):
    """It is looked at again after policy key council.look_back."""

    title = "办结"
    main = True
    route = "POST /councils/<number>/closing"
    by = HOSTS


class LookBackAtCouncil(CouncilCommand):
    title = "记回头看"
    main = True
    route = "POST /councils/<number>/look-back"
    by = HOSTS
    result = Code(LookBackResult, label="看到什么")
    proof = evidence_files(label="照片")


class CouncilPlace(AnswerSchema):
    """Where a council is held, and until when it runs; no words of it."""

    id = Id()
    number = case_no()
    area_path = area()
    due_at = Moment(optional=True)


class LocateCouncil(CommandSchema):
    """Whether a whistle may be for it: not for one that has not met, was called off, or is over."""

    keeps_answer = False
    service = "mediation"
    title = "核对议事会编号"
    by = services().said("系统服务")
    answer = CouncilPlace
    number = case_no()


class CouncilWhistled(CouncilFact):
    title = "吹哨"
    for_staff, for_resident = "就议事会上的事吹哨（{whistle_number}）。", "已请有关单位来办。"
    whistle_number = case_no()


class CouncilTaskAssigned(CouncilFact):
    title = "开始一步"
    for_staff, for_resident = "第{work_no}步由{owner}办理，{due_at}前完成。", "开始第{work_no}步。"
    work_no = Count(1)
    owner = unit_code()
    due_at = Moment()


class CouncilTaskFinished(CouncilFact):
    title = "报完工"
    for_staff = for_resident = "第{work_no}步完工，待验收。"
    work_no = Count(1)


class CouncilTaskAccepted(CouncilFact):
    title = "验收合格"
    for_staff = for_resident = "第{work_no}步验收合格。"
    work_no = Count(1)


class CouncilTaskReturned(CouncilFact):
    title = "验收不合格"
    for_staff = for_resident = "第{work_no}步验收不合格，要重做。"
    work_no = Count(1)


class CouncilDone(CouncilFact):
    title = "全部完成"
    for_staff = for_resident = "全部完成，请居民评议。"


class CouncilResultReviewed(CouncilFact):
    title = "居民评议"
    for_staff = for_resident = "{reviewers}位居民评议，{satisfied}位满意[，{passed}]。"
    reviewers, satisfied = Count(), Count()
    passed = Flag(label="通过")


class CouncilClosed(CouncilFact):
    title = "办结"
    for_staff, for_resident = "办结[，{look_back_at}回头看]。", "已经办结。"
    look_back_at = Moment(optional=True)


class CouncilLookedBack(CouncilFact):
    title = "回头看"
    for_staff = for_resident = "回头看：{result}。"
    result = Code(LookBackResult)
