"""Open days 开放日: an organisation receives whoever comes, opened by the clock, with the host of the rota."""

from typing import Any

from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MediationCommand, NumberedFact
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, staff_id
from contracts.words import shared_text
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, in_states, own

TAG = "开放日"


class OpenDayState(Codes):
    PLANNED = "PLANNED", "未开始"
    OPEN = "OPEN", "正在接待"
    ENDED = "ENDED", "已结束"
    CALLED_OFF = "CALLED_OFF", "停办"


class DayOffRule(Codes):
    """What becomes of an open day that falls on a day off."""

    NEXT_WORKING_DAY = "NEXT_WORKING_DAY", "顺延到下一个工作日"
    PREVIOUS_WORKING_DAY = "PREVIOUS_WORKING_DAY", "提前到上一个工作日"
    HELD = "HELD", "照常"
    CALLED_OFF = "CALLED_OFF", "停办一次"


HOST = own("host_id", words="当日主持")
OFFICE = at(Role.COMMUNITY)
READERS = at(Role.MEDIATOR, Role.COMMUNITY, Role.GRID, Role.STREET, Role.DISTRICT) | HOST
RECEIVERS = at(Role.MEDIATOR, Role.COMMUNITY) | HOST
"""May take down who came: the host, and whoever sits beside."""
ON_BOARD = in_states("还会举行的", OpenDayState.PLANNED, OpenDayState.OPEN)


class OpenDayOnBoard(Shape):
    """What everybody may read: when, where, who."""

    about = Matter(
        "OPEN_DAY", "开放日", OpenDayState, {"OPEN": "接待来访"}, headline="{day} {org_name}：{occasion}"
    )  # fmt: skip
    number: Any = case_no(label="编号")
    state = Code(OpenDayState, label="进展")
    org_name = Text(60, label="谁办")
    occasion = Text(60, label="名称")
    day = Day(label="哪一天")
    opens_at = Moment(label="开始")
    closes_at = Moment(label="结束")
    place = Text(80, label="地点")
    host_name = Text(40, label="主持", optional=True)
    note = Text(100, label="说明", optional=True)


class OpenDayView(AggregateView, OpenDayOnBoard):
    """`told_day` is the day by the recurrence; `day` the one it is held on."""

    told_day = Day(label="原定")
    host = One(PersonRef, label="主持", optional=True)
    received = Count(label="来访")


class OpenDayPage(Page):
    items = some(OpenDayView)


class OpenDayBoard(Page):
    items = some(OpenDayOnBoard)


class OpenDayCommand(VersionedCommand, MediationCommand):
    answer = OpenDayView
    number = case_no()


class MoveOpenDay(OpenDayCommand):
    """Its hours stay."""

    title = "改期"
    route = "POST /open-days/<number>/day"
    by = OFFICE
    day = Day(label="改到哪一天")
    note = shared_text(100, label="原因", help="公示给群众看")


class ChangeHost(OpenDayCommand):
    """Among the members of the organisation."""

    title = "换主持"
    route = "POST /open-days/<number>/host"
    by = OFFICE | HOST
    host_id = staff_id(label="由谁主持")


class CallOffOpenDay(OpenDayCommand):
    title = "停办这一次"
    route = "POST /open-days/<number>/cancellation"
    by = OFFICE
    note = shared_text(100, label="原因", help="公示给群众看")


class GetOpenDay(MediationCommand):
    title = "查看开放日"
    route = "GET /open-days/<number>"
    by = READERS
    answer = OpenDayView
    number = case_no()


class ListOpenDays(ListCommand, MediationCommand):
    title = "开放日"
    route = "GET /open-days"
    page = "open-days"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = OpenDayPage
    state = Many(Code(OpenDayState), most=10, label="进展")
    numbers = Many(case_no(), most=200)


class ListOpenDayBoard(ListCommand, MediationCommand):
    """Of the organisations in a place and of those it lies in, the soonest first."""

    title = "开放日公示"
    route = "GET /open-days/board"
    page = "opening"
    by = anybody()
    public = True
    answer = OpenDayBoard
    area_path = area()


class OpenDayFact(NumberedFact):
    org_name = Text(60)
    occasion = Text(60)


class OpenDayPlanned(OpenDayFact):
    title = "排定"
    for_staff, for_resident = "{org_name}“{occasion}”定于{opens_at}[，{host}主持]。", None
    opens_at = Moment()
    host = One(PersonRef, optional=True)


class OpenDayOpened(OpenDayFact):
    title = "开始接待"
    for_staff, for_resident = "“{occasion}”开始接待[，{host}主持]。", None
    host = One(PersonRef, optional=True)
    closes_at = Moment()


class OpenDayMoved(OpenDayFact):
    title = "改期"
    for_staff, for_resident = "“{occasion}”改到{opens_at}。", None
    opens_at = Moment()
    host = One(PersonRef, optional=True)


class OpenDayHostChanged(OpenDayFact):
    title = "换主持"
    for_staff, for_resident = "“{occasion}”由{host}主持。", None
    opens_at = Moment()
    host = One(PersonRef)


class OpenDayCalledOff(OpenDayFact):
    title = "停办"
    for_staff, for_resident = "“{occasion}”停办一次。", None
    opens_at = Moment()
    host = One(PersonRef, optional=True)


class OpenDayEnded(OpenDayFact):
    title = "结束接待"
    for_staff, for_resident = "“{occasion}”结束，接待{received}人。", None
    received = Count()
