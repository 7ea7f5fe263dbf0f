"""Safe courtyards 平安小院 (domain §1.2): the team of neighbours that keeps watch over a courtyard, and its rota."""

from contracts.fields import Code, Many, One, some
from contracts.intake.base import IntakeCommand, IntakeEvent
from contracts.intake.patrol_plans import Planning, Weekday
from contracts.intake.patrols import PatrolTheme
from contracts.matters import Matter
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, staff_id
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody, inside

TAG = "平安小院"


class CourtyardState(Codes):
    ACTIVE = "ACTIVE", "守护中"
    DISBANDED = "DISBANDED", "已解散"


class Duty(Codes):
    LEADER = "LEADER", "队长"
    PATROL = "PATROL", "巡逻员"
    PERSUADER = "PERSUADER", "劝导员"
    INFORMANT = "INFORMANT", "信息员"


MEMBERS = among("member_ids", "本队队员")
OFFICES = at(Role.GRID, Role.COMMUNITY, Role.STREET)
NEIGHBOURS = inside(Role.VOLUNTEER, Role.STEWARD)
READERS = OFFICES | at(Role.DISTRICT, Role.AUDITOR) | NEIGHBOURS | MEMBERS


class MemberView(Shape):
    person = One(PersonRef, label="队员")
    duty = Code(Duty, label="分工")
    weekdays = Many(Code(Weekday), most=7, label="哪几天巡逻")


class CourtyardView(AggregateView):
    about = Matter("COURTYARD", "平安小院", CourtyardState, headline="{name}")
    state = Code(CourtyardState, label="进展")
    name = shared_text(60, label="小院")
    members = some(MemberView, most=100, label="队伍")


class CourtyardPage(Page):
    items = some(CourtyardView)


class CourtyardCommand(VersionedCommand, IntakeCommand):
    answer = CourtyardView
    number = case_no()


class FoundCourtyard(IntakeCommand):
    title = "建平安小院"
    route = "POST /courtyards"
    by = at(Role.GRID, Role.COMMUNITY)
    location = "/api/courtyards/{number}"
    answer = CourtyardView
    name = shared_text(60, label="小院", help="例如：解放小区3号院")
    area_path = area(label="在哪里", help="一个网格，或者网格里的一处")


class JoinCourtyard(CourtyardCommand):
    title = "加入队伍"
    main = True
    route = "POST /courtyards/<number>/members"
    by = NEIGHBOURS.but(MEMBERS)
    weekdays = Many(Code(Weekday), most=7, label="哪几天能巡逻")


class LeaveCourtyard(CourtyardCommand):
    title = "退出队伍"
    route = "POST /courtyards/<number>/leaving"
    by = MEMBERS


class ArrangeMember(CourtyardCommand):
    title = "排班和分工"
    route = "POST /courtyards/<number>/rota"
    by = OFFICES
    member_id = staff_id(label="哪位队员")
    duty = Code(Duty, label="分工")
    weekdays = Many(Code(Weekday), most=7, label="哪几天巡逻")


class PlanRounds(Planning, CourtyardCommand):
    """Rounds are patrols, carried out by who stands in the rota of the day."""

    title = "安排巡逻"
    route = "POST /courtyards/<number>/rounds"
    by = at(Role.COMMUNITY, Role.GRID)
    example = {
        "number": "L202407080101000013", "name": "3号院夜间巡逻", "theme": "SECURITY", "from_day": None,
        "weekdays": ["FRIDAY"], "every_days": None, "times_a_month": None, "expected_version": None,
    }  # fmt: skip


class DisbandCourtyard(CourtyardCommand):
    title = "解散队伍"
    route = "POST /courtyards/<number>/disbanding"
    by = at(Role.COMMUNITY)
    reason = shared_text(200, label="原因")


class GetCourtyard(IntakeCommand):
    title = "查看平安小院"
    route = "GET /courtyards/<number>"
    by = READERS
    answer = CourtyardView
    number = case_no()


class ListCourtyards(ListCommand, IntakeCommand):
    title = "平安小院"
    route = "GET /courtyards"
    page = "courtyards"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CourtyardPage
    state = Many(Code(CourtyardState), most=5, label="进展")
    area_path = area(optional=True)
    numbers = Many(case_no(), most=200)


class CourtyardFact(IntakeEvent):
    number = case_no()


class CourtyardFounded(CourtyardFact):
    title = "建院"
    for_staff, for_resident = "平安小院建成。", None


class CourtyardJoined(CourtyardFact):
    title = "入队"
    for_staff, for_resident = "{member}加入队伍。", None
    member = One(PersonRef)


class CourtyardLeft(CourtyardFact):
    title = "退队"
    for_staff, for_resident = "{member}退出队伍。", None
    member = One(PersonRef)


class MemberArranged(CourtyardFact):
    title = "排班"
    for_staff, for_resident = "{member}任{duty}。", None
    member, duty = One(PersonRef), Code(Duty)


class RoundsPlanned(CourtyardFact):
    title = "安排巡逻"
    for_staff, for_resident = "安排{theme}巡逻，计划编号{plan}。", None
    theme, plan = Code(PatrolTheme), case_no()


class CourtyardDisbanded(CourtyardFact):
    title = "解散"
    for_staff, for_resident = "队伍解散。", None
