"""Team actions 志愿服务活动: a team is called together, its leader says who was there and from when to when."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.notify.volunteer_teams import LEADERS, READERS
from contracts.schema import VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import case_no, staff_id
from kernel.codes.base import Code as Codes
from kernel.rights import everybody

TAG = "志愿服务活动"


class TeamActionState(Codes):
    PLANNED = "PLANNED", "已安排"
    HELD = "HELD", "已开展"
    CALLED_OFF = "CALLED_OFF", "已取消"


class TeamActionView(AggregateView):
    about = Matter("TEAM_ACTION", "志愿服务活动", TeamActionState, {"PLANNED": "记下谁来了"}, headline="{heading}")
    number: Any = case_no(label="编号")
    state = Code(TeamActionState, label="进展")
    heading = Text(60, label="活动")
    team = case_no(label="哪支队")
    what = Text(500, label="做什么")
    place_text = Text(200, label="在哪里")
    risks = Text(300, label="有什么风险、怎么防", optional=True)
    starts_at, ends_at = Moment(label="开始"), Moment(label="结束")
    leader = One(PersonRef, label="领队")
    served = Count(label="来了几人", optional=True)
    reason = Text(200, label="取消的原因", optional=True)


class TeamActionPage(Page):
    items = some(TeamActionView)


class TeamActionCommand(VersionedCommand, NotifyCommand):
    answer = TeamActionView
    by = LEADERS
    number = case_no()


class PlanTeamAction(NotifyCommand):
    """Who is called must know of the risks (志愿服务条例 art. 12)."""

    title = "安排活动"
    route = "POST /team-actions"
    by = LEADERS
    location = "/api/team-actions/{number}"
    answer = TeamActionView
    team = case_no(label="哪支队")
    heading = Text(60, label="活动")
    what = Text(500, label="做什么")
    place_text = Text(200, label="在哪里")
    risks = Text(300, label="有什么风险、怎么防", optional=True)
    starts_at, ends_at = Moment(label="开始"), Moment(label="结束")


class HoldTeamAction(TeamActionCommand):
    """Hours of each who was there are recorded, once; somebody else than they confirms them."""

    title = "记下谁来了"
    main = True
    route = "POST /team-actions/<number>/roll"
    began_at, ended_at = Moment(label="实际开始"), Moment(label="实际结束", help="不算路上的时间")
    present = Many(staff_id(), least=1, most=200, label="来了的队员", lacking="没有人来就取消活动")


class CallOffTeamAction(TeamActionCommand):
    title = "取消活动"
    route = "POST /team-actions/<number>/cancellation"
    reason = Text(200, label="原因")


class GetTeamAction(NotifyCommand):
    title = "查看志愿服务活动"
    route = "GET /team-actions/<number>"
    by = READERS
    answer = TeamActionView
    number = case_no()


class ListTeamActions(ListCommand, NotifyCommand):
    title = "志愿服务活动"
    route = "GET /team-actions"
    page = "team-actions"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = TeamActionPage
    state = Many(Code(TeamActionState), most=4, label="进展")
    team = Many(case_no(), most=50, label="哪支队")
    numbers = Many(case_no(), most=200)


class TeamActionFact(NotifyEvent):
    for_resident = None
    number = case_no()
    team = case_no()


class TeamActionPlanned(TeamActionFact):
    title = "安排活动"
    for_staff = "{starts_at}开展一次活动。"
    starts_at = Moment()


class TeamActionHeld(TeamActionFact):
    title = "已开展"
    for_staff = "来了{served}人，时长待确认。"
    served = Count(1)


class TeamActionCalledOff(TeamActionFact):
    title = "取消"
    for_staff = "活动取消。"
