"""Patrol plans 巡查计划: where, what for, and on which days; from each day's plan comes a patrol."""

from contracts.fields import Code, Count, Day, Many, One, some
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.intake.patrols import TAG as TAG
from contracts.intake.patrols import PatrolTheme
from contracts.matters import Matter
from contracts.schema import StrictShape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody


class PatrolPlanState(Codes):
    ACTIVE = "ACTIVE", "执行中"
    ENDED = "ENDED", "已停止"


class Weekday(Codes):
    MONDAY = "MONDAY", "星期一"
    TUESDAY = "TUESDAY", "星期二"
    WEDNESDAY = "WEDNESDAY", "星期三"
    THURSDAY = "THURSDAY", "星期四"
    FRIDAY = "FRIDAY", "星期五"
    SATURDAY = "SATURDAY", "星期六"
    SUNDAY = "SUNDAY", "星期日"


PLANNERS = at(Role.COMMUNITY, Role.STREET)
READERS = at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)


class Rhythm(StrictShape):
    """On which days: exactly one of the three ways. Of irregular days nobody is told before they come."""

    weekdays = Many(Code(Weekday), most=7, label="定期：每周哪几天")
    every_days = Count(1, 90, label="定期：每隔几天", optional=True)
    times_a_month = Count(1, 20, label="不定期：每月抽几天", optional=True)


class PatrolPlanView(AggregateView, Rhythm):
    about = Matter("PATROL_PLAN", "巡查计划", PatrolPlanState, headline="{name}")
    state = Code(PatrolPlanState, label="进展")
    name = shared_text(60, label="名称")
    theme = Code(PatrolTheme, label="主题")
    from_day = Day(label="从哪天起")
    team_number = case_no(label="由哪支队伍巡逻", optional=True)
    planned_by = One(PersonRef, label="安排人")


class PatrolPlanPage(Page):
    items = some(PatrolPlanView)


class PatrolPlanCommand(VersionedCommand, IntakeCommand):
    answer = PatrolPlanView
    number = case_no()


class Planning(Rhythm):
    """What a plan is made of, wherever it is for."""

    name = shared_text(60, label="名称", help="例如：3号网格消防巡查")
    theme = Code(PatrolTheme, label="主题", help="检查表按主题来")
    from_day = Day(label="从哪天起", optional=True, help="空着就是今天")


class PlanPatrols(Planning, IntakeCommand):
    title = "安排巡查"
    route = "POST /patrol-plans"
    by = PLANNERS
    location = "/api/patrol-plans/{number}"
    answer = PatrolPlanView
    hint = "每周、每隔几天、每月抽几天，三种选一种。抽到哪天，当天才知道。"
    area_path = area(label="在哪里", help="一个网格，或者网格里的一处")
    example = {
        "name": "1号网格消防巡查", "theme": "FIRE", "from_day": "2024-07-08", "area_path": "yinchuan.xingqing.a.b.g1",
        "weekdays": ["MONDAY", "THURSDAY"], "every_days": None, "times_a_month": None,
    }  # fmt: skip


class EndPatrolPlan(PatrolPlanCommand):
    title = "停止这项巡查"
    route = "POST /patrol-plans/<number>/ending"
    by = PLANNERS


class GetPatrolPlan(IntakeCommand):
    title = "查看巡查计划"
    route = "GET /patrol-plans/<number>"
    by = READERS
    answer = PatrolPlanView
    number = case_no()


class ListPatrolPlans(ListCommand, IntakeCommand):
    title = "巡查计划"
    route = "GET /patrol-plans"
    page = "patrol-plans"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = PatrolPlanPage
    state = Many(Code(PatrolPlanState), most=20, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class PatrolPlanFact(IntakeEvent):
    number = case_no()


class PatrolsPlanned(PatrolPlanFact):
    title = "安排巡查"
    for_staff, for_resident = "安排{theme}巡查。", None
    theme = Code(PatrolTheme)


class PatrolPlanEnded(PatrolPlanFact):
    title = "停止巡查"
    for_staff, for_resident = "这项巡查停止。", None
