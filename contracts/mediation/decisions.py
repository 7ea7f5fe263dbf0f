"""Staged decisions 四议两公开、四民: strict stages with quorum, publications with objections, and the residents' word.

The stages are data: policy key decision.templates. A decision keeps the template it began with.
"""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, Text, some
from contracts.matters import Matter
from contracts.mediation.topics import INSIDERS, NEIGHBOURS
from contracts.publishing import ObjectionAnswer, ObjectionInput, ObjectionView
from contracts.schema import AnswerSchema, CommandSchema, EventSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, evidence_files
from contracts.tokens import area, case_no, category_code
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody

TAG = "议事协商"


class StageKind(Codes):
    """What a stage is; also how the decision stands while it is in one."""

    MEETING = "MEETING", "开会表决"
    PUBLICATION = "PUBLICATION", "公示"
    WORK = "WORK", "实施"
    REVIEW = "REVIEW", "居民评议"


class DecisionState(Codes):
    MEETING = "MEETING", "待会议表决"
    PUBLICATION = "PUBLICATION", "待公示"
    PUBLISHED = "PUBLISHED", "公示中"
    WORK = "WORK", "实施中"
    REVIEW = "REVIEW", "待居民评议"
    CLOSED = "CLOSED", "办结"
    WITHDRAWN = "WITHDRAWN", "已撤回"


class StageOutcome(Codes):
    PASSED = "PASSED", "通过"
    FAILED = "FAILED", "没有通过"
    SENT_BACK = "SENT_BACK", "异议有理，退回"


MANAGERS = at(Role.COMMUNITY, Role.STREET)
READERS = INSIDERS | NEIGHBOURS


class StageView(Shape):
    code = category_code()
    name = Text(60, label="步骤")
    kind = Code(StageKind, label="怎么办")


class RecordView(Shape):
    """One try of a stage; nothing is ever taken out."""

    at = Moment(label="时间")
    name = Text(60, label="步骤")
    outcome = Code(StageOutcome, label="结果")
    entitled = Count(label="应到", optional=True)
    attended = Count(label="实到", optional=True)
    yes = Count(label="赞成", optional=True)
    no = Count(label="反对", optional=True)
    abstain = Count(label="弃权", optional=True)
    until = Moment(label="公示到", optional=True)


class DecisionOnBoard(Shape):
    """What everybody may read; written without names."""

    about = Matter("DECISION", "民主决策", DecisionState, headline="{template_name}：{subject}")
    number: Any = case_no(label="编号")
    state = Code(DecisionState, label="进展")
    template_name = Text(60, label="办法")
    subject = shared_text(80, label="事项")
    stage_name = Text(60, label="现在这一步", optional=True)
    published = Text(2000, label="公示内容", optional=True)
    published_from = Moment(label="公示开始", optional=True)
    published_until = Moment(label="公示到", optional=True)
    stages = some(StageView, label="全部步骤")
    history = some(RecordView, most=500, label="经过")


class DecisionView(AggregateView, DecisionOnBoard):
    proposal = Text(2000, label="提议", seen_by=INSIDERS)
    stage = category_code(optional=True)
    due_at = Moment(label="期限", optional=True)
    objections = some(ObjectionView, label="异议", seen_by=INSIDERS)
    reason = shared_text(200, label="撤回的原因", optional=True)


class DecisionPage(Page):
    items = some(DecisionView)


class DecisionBoard(Page):
    items = some(DecisionOnBoard)


class DecisionCommand(VersionedCommand):
    service = "mediation"
    answer = DecisionView
    number = case_no()


class StageCommand(DecisionCommand):
    """`stage` is the code of the stage that is meant: none can be skipped, and none taken twice by mistake."""

    stage = category_code(label="哪一步")


class ProposeDecision(CommandSchema):
    service = "mediation"
    title = "提请民主决策"
    route = "POST /decisions"
    by = MANAGERS
    hint = "重要事务、重要项目建设、重要资金使用，按步骤一步一步来。"
    location = "/api/decisions/{number}"
    answer = DecisionView
    template = category_code(label="按哪种办法", help="选定以后步骤不变，一步一步来")
    subject = shared_text(80, label="什么事", help="公开的说法，不写姓名、门牌和电话")
    proposal = Text(2000, label="怎么办")
    area_path = area(label="哪个范围")


class HoldStage(StageCommand):
    """Quorum and majority are the template's. What fails goes back, and how it went stays on record."""

    title = "记会议表决"
    main = True
    route = "POST /decisions/<number>/meetings"
    by = MANAGERS
    entitled = Count(1, 99999, label="应到多少人")
    attended = Count(0, 99999, label="实到多少人")
    yes = Count(0, 99999, label="赞成")
    no = Count(0, 99999, label="反对", default=0)
    abstain = Count(0, 99999, label="弃权", default=0)
    minutes = evidence_files(label="会议记录、签到表照片")


class PublishStage(StageCommand):
    title = "公示"
    main = True
    route = "POST /decisions/<number>/publications"
    by = MANAGERS
    published = shared_text(2000, label="公示内容", help="不写姓名、门牌和电话")


class ObjectToDecision(ObjectionInput, DecisionCommand):
    title = "提异议"
    route = "POST /decisions/<number>/objections"
    by = NEIGHBOURS | MANAGERS


class AnswerDecisionObjection(ObjectionAnswer, DecisionCommand):
    title = "答复异议"
    route = "POST /decisions/<number>/objections/answers"
    by = MANAGERS


class ReportDecisionWork(StageCommand):
    title = "报实施完成"
    main = True
    route = "POST /decisions/<number>/work"
    by = MANAGERS
    proof = evidence_files(label="照片、材料")


class ReviewDecision(StageCommand):
    """评: the residents judge; nothing is closed without it where the template has it."""

    title = "记居民评议"
    main = True
    route = "POST /decisions/<number>/review"
    by = MANAGERS
    reviewers = Count(1, 99999, label="多少居民参加评议")
    satisfied = Count(0, 99999, label="其中满意")


class WithdrawDecision(DecisionCommand):
    title = "撤回"
    route = "POST /decisions/<number>/withdrawal"
    by = MANAGERS
    reason = shared_text(200, label="原因")


class GetDecision(CommandSchema):
    service = "mediation"
    title = "查看民主决策"
    route = "GET /decisions/<number>"
    by = READERS
    answer = DecisionView
    number = case_no()


class ListDecisions(ListCommand):
    service = "mediation"
    title = "民主决策"
    route = "GET /decisions"
    page = "decisions"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = DecisionPage
    state = Many(Code(DecisionState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListDecisionBoard(ListCommand):
    """Of a place: what is decided, stage after stage, and how each went."""

    service = "mediation"
    title = "民主决策公开栏"
    route = "GET /decisions/board"
    page = "decision-board"
    by = anybody()
    public = True
    answer = DecisionBoard
    area_path = area()


class TemplateView(Shape):
    code = category_code()
    title = Text(60, label="办法")
    stages = some(StageView, label="全部步骤")


class TemplatePage(AnswerSchema):
    items = some(TemplateView)


class ListDecisionTemplates(CommandSchema):
    """The ways of deciding that are in force here, as the policy lists them."""

    service = "mediation"
    title = "民主决策的办法"
    route = "GET /decisions/templates"
    by = anybody()
    public = True
    answer = TemplatePage


class DecisionFact(EventSchema):
    source = "mediation"
    number = case_no()


class DecisionProposed(DecisionFact):
    title = "提请决策"
    for_staff = for_resident = "提请民主决策（{template_name}）。"
    template_name = Text(60)


class StageFact(DecisionFact):
    stage = category_code()
    stage_name = Text(60)


class DecisionStagePassed(StageFact):
    title = "通过一步"
    for_staff = for_resident = "“{stage_name}”通过[，下一步：{next_name}]。"
    next_name = Text(60, optional=True)


class DecisionStageFailed(StageFact):
    title = "没有通过"
    for_staff = for_resident = "“{stage_name}”没有通过，回到“{back_name}”。"
    back_name = Text(60)


class DecisionPublished(StageFact):
    title = "公示"
    for_staff = for_resident = "“{stage_name}”，公示到{published_until}，可以提异议。"
    published_until = Moment()


class DecisionObjected(DecisionFact):
    title = "提出异议"
    for_staff, for_resident = "有人提出异议，{answer_due}前答复。", None
    answer_due = Moment()


class DecisionObjectionAnswered(DecisionFact):
    title = "答复异议"
    for_staff, for_resident = "异议已答复。", None


class DecisionClosed(DecisionFact):
    title = "办结"
    for_staff = for_resident = "全部步骤走完，办结。"


class DecisionWithdrawn(DecisionFact):
    title = "撤回"
    for_staff = for_resident = "撤回。"
