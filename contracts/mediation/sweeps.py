"""Two sweeps and one analysis 两排查一分析: periodic and focused sweeps, and a month beside the last."""

from typing import Any

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, inside

TAG = "矛盾纠纷清单"


class SweepKind(Codes):
    """The texts name two sweeps without saying which: an assumption."""

    PERIODIC = "PERIODIC", "定期排查"
    FOCUSED = "FOCUSED", "重点排查"


class SweepState(Codes):
    RUNNING = "RUNNING", "排查中"
    FINISHED = "FINISHED", "已完成"


class AnalysisState(Codes):
    DRAFT = "DRAFT", "待研判"
    CONCLUDED = "CONCLUDED", "已研判"


READERS = at(Role.MEDIATOR, Role.COMMUNITY, Role.GRID, Role.STREET, Role.DISTRICT, Role.AUDITOR)
SWEEPERS = READERS | inside(Role.GRID, Role.COMMUNITY, Role.MEDIATOR)
"""Who finds disputes for a sweep: those of the grids and communities within its place as well."""


class SweepView(AggregateView):
    about = Matter("SWEEP", "排查", SweepState, {"RUNNING": "排查纠纷"}, headline="{kind}：{scope}")
    number: Any = case_no(label="编号")
    state = Code(SweepState, label="进展")
    kind = Code(SweepKind, label="哪一种")
    scope = Text(200, label="查什么")
    found = Count(label="查出几件")
    conclusion = Text(1000, label="结果", optional=True)
    due_at = Moment(label="期限", optional=True)


class SweepPage(Page):
    items = some(SweepView)


class OpenSweep(MediationCommand):
    """The periodic one of a month opens by itself as well."""

    title = "发起排查"
    route = "POST /sweeps"
    by = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT)
    location = "/api/sweeps/{number}"
    answer = SweepView
    kind = Code(SweepKind, label="哪一种")
    area_path = area(label="在哪里")
    scope = shared_text(200, label="查什么", help="如：租住户、装修期、上访户")


class FinishSweep(VersionedCommand, MediationCommand):
    title = "完成排查"
    main = True
    route = "POST /sweeps/<number>/result"
    by = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT)
    answer = SweepView
    number = case_no()
    conclusion = shared_text(1000, label="结果", help="没有查出也要写明")


class GetSweep(MediationCommand):
    title = "查看排查"
    route = "GET /sweeps/<number>"
    by = SWEEPERS
    answer = SweepView
    number = case_no()


class ListSweeps(ListCommand, MediationCommand):
    title = "矛盾纠纷排查"
    route = "GET /sweeps"
    page = "sweeps"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = SweepPage
    state = Many(Code(SweepState), most=10, label="进展")
    numbers = Many(case_no(), most=200)


class TrendRow(Shape):
    """A kind of dispute or a grid, beside the month before."""

    what = Text(80, label="类型或网格")
    before = Count(label="上月")
    now = Count(label="本月")
    change = Text(20, label="变化")


class DisputeAnalysisView(AggregateView):
    """What entered the ledger in a month."""

    about = Matter("DISPUTE_ANALYSIS", "纠纷分析", AnalysisState, {"DRAFT": "研判上月纠纷"}, headline="{month}")
    number: Any = case_no(label="编号")
    state = Code(AnalysisState, label="进展")
    month = Day(label="哪个月")
    entered = Count(label="列入")
    struck_off = Count(label="销号")
    trends = some(TrendRow, label="趋势")
    conclusion = Text(1000, label="研判意见", optional=True)
    concluded_by = One(PersonRef, label="研判人", optional=True)
    due_at = Moment(label="期限", optional=True)


class DisputeAnalysisPage(Page):
    items = some(DisputeAnalysisView)


class ConcludeAnalysis(VersionedCommand, MediationCommand):
    title = "写研判意见"
    main = True
    route = "POST /dispute-analyses/<number>/conclusion"
    by = at(Role.COMMUNITY, Role.STREET)
    answer = DisputeAnalysisView
    number = case_no()
    conclusion = shared_text(1000, label="研判意见", help="哪类、哪里在增多，准备怎么办")


class GetDisputeAnalysis(MediationCommand):
    title = "查看纠纷分析"
    route = "GET /dispute-analyses/<number>"
    by = READERS
    answer = DisputeAnalysisView
    number = case_no()


class ListDisputeAnalyses(ListCommand, MediationCommand):
    title = "纠纷分析"
    route = "GET /dispute-analyses"
    page = "dispute-analyses"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = DisputeAnalysisPage
    state = Many(Code(AnalysisState), most=10, label="进展")
    numbers = Many(case_no(), most=200)


class SweepOpened(NumberedFact):
    title = "发起排查"
    for_staff, for_resident = "{kind}开始，{due_at}前完成。", None
    kind = Code(SweepKind)
    due_at = Moment()


class SweepFinished(NumberedFact):
    title = "完成排查"
    for_staff, for_resident = "{kind}完成，查出{found}件。", None
    kind = Code(SweepKind)
    found = Count()


class AnalysisDrawn(NumberedFact):
    title = "汇总"
    for_staff, for_resident = "{month}列入{entered}件，待研判。", None
    month = Day()
    entered = Count()


class DisputeTrendPublished(NumberedFact):
    title = "研判"
    for_staff, for_resident = "研判意见已写明。", None
    month = Day()
