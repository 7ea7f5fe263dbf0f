"""Monthly analysis 民情分析会 (domain S1 no. 23): figures, conclusions of people, minutes for everybody."""

from typing import Any

from contracts.fields import Code, Count, Many, One, Text, some
from contracts.intake.base import COORDINATORS, IntakeCommand, IntakeEvent
from contracts.matters import Matter
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, inside, services

TAG = "民情分析"


class AnalysisState(Codes):
    OPEN = "OPEN", "待召开"
    HELD = "HELD", "待公开"
    PUBLISHED = "PUBLISHED", "已公开"


INSIDERS = services() | inside(Role.GRID, Role.COMMUNITY, Role.WINDOW) | COORDINATORS | at(Role.AUDITOR)
ON_BOARD = in_states("已公开的", AnalysisState.PUBLISHED)


class FigureView(Shape):
    """How many of one kind in the month, and in the month before."""

    name = Text(60, label="名称")
    count = Count(label="本月")
    before = Count(label="上月")
    change = Text(20, label="变化")


class AnalysisOnBoard(Shape):
    """The minutes as everybody may read them: no figure that is so small that it tells of somebody."""

    about = Matter(
        "ANALYSIS", "民情分析", AnalysisState, {"OPEN": "待召开民情分析会", "HELD": "待公开会议纪要"},
        headline="{month}民情分析",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(AnalysisState, label="进展")
    month = Text(10, label="月份")
    conclusions = Text(2000, label="会议结论", optional=True)
    shown = some(FigureView, label="反映较多的事")


class AnalysisView(AggregateView, AnalysisOnBoard):
    categories = some(FigureView, label="按类别", seen_by=INSIDERS)
    grids = some(FigureView, label="按网格", seen_by=INSIDERS)
    attended = Count(label="到会人数", optional=True)
    held_by = One(PersonRef, label="主持人", optional=True)


class AnalysisPage(Page):
    items = some(AnalysisView)


class AnalysisBoard(Page):
    items = some(AnalysisOnBoard)


class AnalysisCommand(VersionedCommand, IntakeCommand):
    answer = AnalysisView
    number = case_no()


class RecordAnalysis(AnalysisCommand):
    """The figures are counted; what they mean is said by people."""

    title = "记会议结论"
    main = True
    route = "POST /analyses/<number>/conclusions"
    by = at(Role.COMMUNITY)
    conclusions = shared_text(2000, label="会议结论", help="会公开；不写姓名、门牌和电话")
    attended = Count(1, 999, label="到会人数")


class PublishAnalysis(AnalysisCommand):
    title = "公开会议纪要"
    main = True
    route = "POST /analyses/<number>/publication"
    by = at(Role.COMMUNITY, Role.STREET)


class GetAnalysis(IntakeCommand):
    title = "查看民情分析"
    route = "GET /analyses/<number>"
    by = INSIDERS
    answer = AnalysisView
    number = case_no()


class ListAnalyses(ListCommand, IntakeCommand):
    title = "民情分析"
    route = "GET /analyses"
    page = "analyses"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = AnalysisPage
    state = Many(Code(AnalysisState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class ListMinutes(ListCommand, IntakeCommand):
    """Published minutes of a place, the newest first."""

    title = "民情分析纪要"
    route = "GET /analyses/board"
    page = "minutes"
    by = anybody()
    public = True
    answer = AnalysisBoard
    area_path = area()


class AnalysisFact(IntakeEvent):
    number = case_no()


class AnalysisOpened(AnalysisFact):
    title = "民情分析"
    for_staff, for_resident = "上个月的数据已汇总（{total}件，再上月{total_before}件），待召开民情分析会。", None
    total, total_before = Count(), Count()


class AnalysisHeld(AnalysisFact):
    title = "开会"
    for_staff, for_resident = "{held_by}主持，{attended}人到会，结论已记。", None
    attended = Count()
    held_by = One(PersonRef)


class AnalysisPublished(AnalysisFact):
    title = "公开"
    for_staff = for_resident = "会议纪要已公开。"
