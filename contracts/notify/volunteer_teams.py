"""Volunteer teams 志愿服务队: founded in a community, joined by volunteers, led by one of them, called together."""

from typing import Any

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, staff_id
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody, own

TAG = "志愿服务队"


class TeamState(Codes):
    ACTIVE = "ACTIVE", "在开展活动"
    DISSOLVED = "DISSOLVED", "已解散"


class Membership(Codes):
    ASKED = "ASKED", "待同意"
    MEMBER = "MEMBER", "队员"
    LEFT = "LEFT", "已离队"


LEADER, MEMBERS = own("leader_id", words="队长"), among("sides", "队员")
OFFICES = at(Role.COMMUNITY, Role.STREET)
LEADERS = LEADER | at(Role.COMMUNITY)
INSIDERS = OFFICES | LEADER | MEMBERS | at(Role.AUDITOR)
"""Who is in it is told to nobody else without their consent (志愿服务条例 art. 20)."""
READERS = INSIDERS | at(Role.VOLUNTEER, Role.GRID, Role.STEWARD, Role.DISTRICT)


class TeamMemberView(Shape):
    person = One(PersonRef, label="姓名")
    membership = Code(Membership, label="是不是队员")
    since = Day(label="从哪天起")


class VolunteerTeamView(AggregateView):
    about = Matter("VOLUNTEER_TEAM", "志愿服务队", TeamState, headline="{name}")
    number: Any = case_no(label="编号")
    state = Code(TeamState, label="进展")
    name = Text(60, label="队名")
    purpose = Text(300, label="做什么")
    leader = One(PersonRef, label="队长")
    members = some(TeamMemberView, label="队员", seen_by=INSIDERS)
    next_what = Text(60, label="下次活动", optional=True)
    next_at = Moment(label="什么时候", optional=True)
    next_place = Text(200, label="在哪里集合", optional=True, seen_by=INSIDERS)
    next_risks = Text(300, label="有什么风险、怎么防", optional=True)


class VolunteerTeamPage(Page):
    items = some(VolunteerTeamView)


class TeamCommand(VersionedCommand, NotifyCommand):
    answer = VolunteerTeamView
    number = case_no()


class FoundTeam(NotifyCommand):
    """A team inside a community works with the consent of its residents' committee (志愿服务条例 art. 42)."""

    title = "成立志愿服务队"
    route = "POST /volunteer-teams"
    by = at(Role.COMMUNITY)
    location = "/api/volunteer-teams/{number}"
    answer = VolunteerTeamView
    area_path = area(label="在哪里")
    name = Text(60, label="队名")
    purpose = Text(300, label="做什么")
    leader = One(PersonRef, label="队长")


class JoinTeam(TeamCommand):
    title = "申请入队"
    main = True
    route = "POST /volunteer-teams/<number>/members"
    by = at(Role.VOLUNTEER)


class AdmitMember(TeamCommand):
    title = "同意入队"
    route = "POST /volunteer-teams/<number>/admission"
    by = LEADERS
    member_id = staff_id(label="谁")


class LeaveTeam(TeamCommand):
    """Of their own will at any time; the leader hands the team over first."""

    title = "离队"
    route = "POST /volunteer-teams/<number>/departure"
    by = MEMBERS.but(LEADER)


class DismissMember(TeamCommand):
    title = "请出队"
    route = "POST /volunteer-teams/<number>/dismissal"
    by = LEADERS
    member_id = staff_id(label="谁")


class HandTeamOver(TeamCommand):
    title = "换队长"
    route = "POST /volunteer-teams/<number>/leader"
    by = LEADERS
    member_id = staff_id(label="由哪位队员接任")


class CallTeamTogether(TeamCommand):
    """Every member hears of it. Who is called must know of the risks (志愿服务条例 art. 12)."""

    title = "召集活动"
    main = True
    route = "POST /volunteer-teams/<number>/calls"
    by = LEADERS
    next_what = Text(60, label="做什么")
    next_at = Moment(label="什么时候")
    next_place = Text(200, label="在哪里集合", help="队员都看得到，不写住户的姓名、门牌")
    next_risks = Text(300, label="有什么风险、怎么防", optional=True)


class RecordTeamAction(TeamCommand):
    """Hours of each who was there are recorded, once; somebody else than they confirms them."""

    title = "记下谁来了"
    route = "POST /volunteer-teams/<number>/actions"
    by = LEADERS
    what = Text(60, label="做了什么")
    began_at, ended_at = Moment(label="实际开始"), Moment(label="实际结束", help="不算路上的时间")
    member_ids = Many(staff_id(), least=1, most=200, label="来了的队员", lacking="至少一人")


class DissolveTeam(TeamCommand):
    title = "解散"
    route = "POST /volunteer-teams/<number>/dissolution"
    by = at(Role.COMMUNITY)


class GetVolunteerTeam(NotifyCommand):
    title = "查看志愿服务队"
    route = "GET /volunteer-teams/<number>"
    by = READERS
    answer = VolunteerTeamView
    number = case_no()


class ListVolunteerTeams(ListCommand, NotifyCommand):
    title = "志愿服务队"
    route = "GET /volunteer-teams"
    page = "volunteer-teams"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = VolunteerTeamPage
    state = Many(Code(TeamState), most=4, label="进展")
    numbers = Many(case_no(), most=200)


class TeamFact(NotifyEvent):
    for_resident = None
    number = case_no()
    leader = One(PersonRef)


class TeamMemberFact(TeamFact):
    member = One(PersonRef)


class TeamFounded(TeamFact):
    title = "成立"
    for_staff = "成立志愿服务队，队长{leader}。"


class TeamJoinAsked(TeamMemberFact):
    title = "申请入队"
    for_staff = "{member}申请入队。"


class TeamMemberAdmitted(TeamMemberFact):
    title = "入队"
    for_staff = "{member}入队。"


class TeamMemberLeft(TeamMemberFact):
    title = "离队"
    for_staff = "{member}离队。"


class TeamHandedOver(TeamFact):
    title = "换队长"
    for_staff = "改由{leader}任队长。"


class TeamCalledTogether(TeamFact):
    title = "召集活动"
    for_staff = "{next_at}有活动。"
    next_at = Moment()


class TeamActionHeld(TeamFact):
    title = "开展活动"
    for_staff = "开展一次活动，来了{served}人，时长待确认。"
    served = Count(1)


class TeamDissolved(TeamFact):
    title = "解散"
    for_staff = "志愿服务队解散。"
