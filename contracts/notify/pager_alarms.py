"""Pager alarms 呼叫: rung at the centre, answered, classified, sent to the nearest station on duty, never left open."""

from typing import Any

from contracts.fields import Code, Count, Flag, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import case_no, unit_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody, in_states, of_unit

TAG = "呼叫中心"


class PagerAlarmState(Codes):
    RAISED = "RAISED", "正在响"
    ANSWERED = "ANSWERED", "已接听"
    CLASSIFIED = "CLASSIFIED", "已分清"
    ASSIGNED = "ASSIGNED", "待站点接单"
    ACCEPTED = "ACCEPTED", "正在赶去"
    ARRIVED = "ARRIVED", "已到场"
    RESOLVED = "RESOLVED", "有结果"


class PagerAlarmKind(Codes):
    EMERGENCY = "EMERGENCY", "紧急"
    HELP = "HELP", "求助"
    CHAT = "CHAT", "陪伴聊天"
    FALSE = "FALSE", "误按"
    TEST = "TEST", "测试"


class RescueLine(Codes):
    AMBULANCE = "AMBULANCE", "120"
    FIRE = "FIRE", "119"
    POLICE = "POLICE", "110"


class WhoCame(Codes):
    STATION = "STATION", "站点人员"
    AMBULANCE = "AMBULANCE", "120"
    FIRE = "FIRE", "119"
    POLICE = "POLICE", "110"
    FAMILY = "FAMILY", "家人"
    COMMUNITY = "COMMUNITY", "社区或邻居"


class PagerAlarmOutcome(Codes):
    HELPED = "HELPED", "已帮到"
    TAKEN_TO_HOSPITAL = "TAKEN_TO_HOSPITAL", "已送医"
    TALKED = "TALKED", "聊过了"
    NO_NEED = "NO_NEED", "没有需要"
    DIED = "DIED", "已去世"


OPEN = frozenset(PagerAlarmState) - {PagerAlarmState.RESOLVED}
SEATS = at(Role.CARE)
"""Whoever sits at the centre or at a station: they answer for each other (相互响应)."""
READERS = SEATS | at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)
AT_WORK = (SEATS | at(Role.COMMUNITY)).given(in_states("还没有结果", *sorted(OPEN)))
"""Who may read where somebody lives and what ails her: those who help, while there is something to do (domain §4.8)."""
STATION = SEATS.given(of_unit("station_code", "派到的站点")).said("派到的站点的人员")


class Station(Shape):
    """A day-care centre from which people go."""

    code = unit_code()
    name = Text(60)


class PagerAlarmView(AggregateView):
    """One call for help, from the press to its outcome."""

    about = Matter(
        "PAGER_ALARM",
        "呼叫",
        PagerAlarmState,
        {"RAISED": "马上接听", "ANSWERED": "分清是什么事", "CLASSIFIED": "办到有结果", "ASSIGNED": "接单",
         "ACCEPTED": "赶到现场", "ARRIVED": "记结果"},
        headline="{masked_name}",
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(PagerAlarmState, label="进展")
    masked_name = Text(40, label="称呼")
    place_text = Text(200, label="住处", optional=True, seen_by=AT_WORK)
    advice = Text(500, label="来人要知道的", optional=True, seen_by=AT_WORK)
    pager_number = case_no(label="呼叫器")
    raised_at = Moment(label="什么时候按的")
    presses = Count(label="按了几次")
    kind = Code(PagerAlarmKind, label="什么事", optional=True)
    called = Many(Code(RescueLine), label="已打", most=3)
    family_told = Flag(label="已告诉家人", optional=True)
    station = One(Station, label="站点", optional=True)
    answerer = One(PersonRef, label="接听人", optional=True)
    accepter = One(PersonRef, label="赶去的人", optional=True)
    who_came = Code(WhoCame, label="谁先到", optional=True)
    arrived_at = Moment(label="到场时间", optional=True)
    outcome = Code(PagerAlarmOutcome, label="结果", optional=True)
    told = Text(1000, label="情况", optional=True, seen_by=AT_WORK | at(Role.CARE))
    due_at = Moment(label="期限", optional=True)


class PagerAlarmPage(Page):
    items = some(PagerAlarmView)


class PagerAlarmCommand(VersionedCommand, NotifyCommand):
    answer = PagerAlarmView
    by = SEATS
    number = case_no()


class AnswerPagerAlarm(PagerAlarmCommand):
    title = "接听"
    main = True
    route = "POST /pagers/alarms/<number>/answer"


class ClassifyPagerAlarm(PagerAlarmCommand):
    """An emergency or a call for help goes to the nearest station on duty; what was taken for one may turn out none."""

    title = "分清是什么事"
    main = True
    route = "POST /pagers/alarms/<number>/kind"
    kind = Code(PagerAlarmKind, label="什么事")
    called = Many(Code(RescueLine), label="已打", most=3, help="紧急的先打 120 或 119，再填")
    family_told = Flag(label="已告诉家人", default=False)


class AcceptPagerAlarm(PagerAlarmCommand):
    title = "接单，马上去"
    main = True
    route = "POST /pagers/alarms/<number>/acceptance"
    by = STATION


class RecordPagerArrival(PagerAlarmCommand):
    """Whoever is with her first counts: an ambulance or a relative may be there before the station."""

    title = "有人到场"
    main = True
    route = "POST /pagers/alarms/<number>/arrival"
    who_came = Code(WhoCame, label="谁先到")


class ResolvePagerAlarm(PagerAlarmCommand):
    title = "记结果"
    main = True
    route = "POST /pagers/alarms/<number>/outcome"
    outcome = Code(PagerAlarmOutcome, label="结果")
    told = Text(1000, label="情况")
    hint = "紧急和求助要有人到场才有结果。"


class GetPagerAlarm(NotifyCommand):
    title = "查看呼叫"
    route = "GET /pagers/alarms/<number>"
    by = READERS
    answer = PagerAlarmView
    number = case_no()


class ListPagerAlarms(ListCommand, NotifyCommand):
    """The seat's screen: what rings is said, shown and heard within a second; without scripts it renews itself."""

    title = "呼叫"
    route = "GET /pagers/alarms"
    page = "pager-alarms"
    renews_after = 5
    rings = PagerAlarmState.RAISED
    by = everybody("登录的人，所列限本人可以查看的")
    answer = PagerAlarmPage
    state = Many(Code(PagerAlarmState), most=8, label="进展")
    numbers = Many(case_no(), most=200)


class PagerAlarmFact(NotifyEvent):
    number = case_no()


class PagerAlarmRaised(PagerAlarmFact):
    title = "呼叫"
    for_staff, for_resident = "呼叫器响了。", None
    pager_number = case_no()


class PagerPressedAgain(PagerAlarmFact):
    title = "又按了"
    for_staff, for_resident = "第{presses}次按下，算同一次呼叫。", None
    presses = Count()


class PagerAlarmAnswered(PagerAlarmFact):
    title = "接听"
    for_staff, for_resident = "{answerer}接听。", None
    answerer = One(PersonRef)


class PagerAlarmClassified(PagerAlarmFact):
    title = "分清"
    for_staff, for_resident = "是{kind}。", None
    kind = Code(PagerAlarmKind)


class PagerAlarmAssigned(PagerAlarmFact):
    title = "派站点"
    for_staff, for_resident = "派{station_name}，{due_at}前接单。", None
    station_code, station_name = unit_code(), Text(60)
    due_at = Moment()


class PagerAlarmAccepted(PagerAlarmFact):
    title = "接单"
    for_staff, for_resident = "{accepter}接单，正在赶去。", None
    accepter = One(PersonRef)


class PagerAlarmArrived(PagerAlarmFact):
    title = "到场"
    for_staff, for_resident = "{who_came}到场。", None
    who_came = Code(WhoCame)
    arrived_at = Moment()


class PagerAlarmResolved(PagerAlarmFact):
    title = "有结果"
    for_staff, for_resident = "{outcome}。", None
    outcome = Code(PagerAlarmOutcome)


class PagerAlarmOverdue(PagerAlarmFact):
    """Its state has lasted longer than it may; `level` says how often that was told already."""

    title = "超时"
    for_staff, for_resident = "第{level}次超时，还没有结果。", None
    level = Count(1, 10_000)
