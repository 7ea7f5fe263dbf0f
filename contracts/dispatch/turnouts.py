"""Volunteers who come at a whistle 志愿者报到 (S2.7): they join, sign in and out; confirmed hours are theirs."""

from contracts.dispatch.base import OFFICES, DispatchQuestion
from contracts.fields import Code, Count, Many, Moment, One, some
from contracts.matters import Matter
from contracts.schema import EventSchema, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import case_no, staff_id, unit_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import among, at, everybody, named, own, services

TAG = "志愿者报到"


class TurnoutState(Codes):
    JOINED = "JOINED", "待签到"
    PRESENT = "PRESENT", "已签到"
    LEFT = "LEFT", "待确认时长"
    CONFIRMED = "CONFIRMED", "已记时长"
    ABSENT = "ABSENT", "没有到"


SELF = own("volunteer_id", words="本人")
LEADER = named("receiver", "该队的领队", Role.RECEIVER)
READERS = services() | OFFICES | among("sides", "本人、该队的领队")


class TurnoutView(AggregateView):
    about = Matter(
        "TURNOUT", "志愿者报到", TurnoutState,
        {"JOINED": "待签到", "PRESENT": "待签退", "LEFT": "待确认志愿时长"}, headline="{volunteer}：{whistle}",
    )  # fmt: skip
    state = Code(TurnoutState, label="进展")
    volunteer = One(PersonRef, label="志愿者")
    unit = unit_code(label="志愿服务队")
    whistle = case_no(label="哨单")
    signed_in_at = Moment(label="签到", optional=True)
    signed_out_at = Moment(label="签退", optional=True)
    minutes = Count(label="志愿时长（分钟）", optional=True)
    confirmed_by = One(PersonRef, label="谁确认的", optional=True)


class TurnoutPage(Page):
    items = some(TurnoutView)


class TurnoutCommand(VersionedCommand):
    service = "dispatch"
    answer = TurnoutView
    number = case_no()


class JoinTurnout(DispatchQuestion):
    """For a volunteers' whistle that was blown at the place; once a whistle."""

    title = "报到"
    route = "POST /turnouts"
    by = at(Role.VOLUNTEER)
    location = "/api/turnouts/{number}"
    answer = TurnoutView
    whistle = case_no(label="哪张志愿者哨")


class SignIn(TurnoutCommand):
    """Nobody is in two places: who is present at another whistle signs out there first."""

    title = "签到"
    main = True
    route = "POST /turnouts/<number>/arrival"
    by = SELF | LEADER


class SignOut(TurnoutCommand):
    title = "签退"
    main = True
    route = "POST /turnouts/<number>/departure"
    by = SELF | LEADER


class MarkAbsent(TurnoutCommand):
    title = "点名没有到"
    route = "POST /turnouts/<number>/absence"
    by = LEADER.but(SELF)


class ConfirmHours(TurnoutCommand):
    """`minutes` where the time between sign-in and sign-out is not what was served; never more than it."""

    title = "确认时长"
    main = True
    route = "POST /turnouts/<number>/hours"
    by = at(Role.COMMUNITY, Role.STREET).but(SELF)
    minutes = Count(1, optional=True, label="实际服务多少分钟", help="不填就是签到到签退的时间")


class GetTurnout(DispatchQuestion):
    title = "查看志愿者报到"
    route = "GET /turnouts/<number>"
    by = READERS
    answer = TurnoutView
    number = case_no()


class ListTurnouts(ListCommand, DispatchQuestion):
    """Of one whistle: its roll."""

    title = "志愿者报到"
    route = "GET /turnouts"
    page = "turnouts"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = TurnoutPage
    state = Many(Code(TurnoutState), most=10, label="进展")
    whistle = Many(case_no(), most=50)
    volunteer_id = Many(staff_id(), most=50)
    numbers = Many(case_no(), most=200)


class TurnoutFact(EventSchema):
    source = "dispatch"
    number, whistle = case_no(), case_no()
    volunteer = One(PersonRef)


class TurnoutJoined(TurnoutFact):
    title = "志愿者报到"
    for_staff, for_resident = "{volunteer}报到，来{whistle}。", None


class VolunteerSignedIn(TurnoutFact):
    title = "签到"
    for_staff, for_resident = "{volunteer}已签到。", None


class VolunteerSignedOut(TurnoutFact):
    title = "签退"
    for_staff, for_resident = "{volunteer}已签退。", None


class VolunteerAbsent(TurnoutFact):
    title = "没有到"
    for_staff, for_resident = "点名时{volunteer}没有到。", None


class VolunteerHoursLogged(TurnoutFact):
    """Becomes a record of service (notify), from which certificates are made."""

    title = "记时长"
    for_staff, for_resident = "{volunteer}的志愿时长记{minutes}分钟。", None
    minutes = Count(1)
    began_at = Moment(optional=True)
    confirmed_by = One(PersonRef, optional=True)
