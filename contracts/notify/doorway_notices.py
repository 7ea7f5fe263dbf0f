"""Notices at the doorway 楼门告示: what a steward tells the neighbours, for a while; the community may take it down."""

from typing import Any

from contracts.fields import Code, Count, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand, NotifyEvent
from contracts.schema import Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, PersonRef
from contracts.tokens import area, case_no
from contracts.words import shared_text
from kernel.codes import Hat, Role
from kernel.codes.base import Code as Codes
from kernel.rights import anybody, at, everybody, own

TAG = "楼门管家"
LONGEST_DAYS = 30


class DoorwayNoticeState(Codes):
    POSTED = "POSTED", "张贴中"
    TAKEN_DOWN = "TAKEN_DOWN", "已撤下"
    OVER = "OVER", "已到期"


AUTHOR = own("author_id", words="张贴人")
OFFICES = at(Role.COMMUNITY, Role.STREET)
READERS = AUTHOR | OFFICES | at(Role.GRID, Role.DISTRICT, Role.AUDITOR)


class DoorwayNoticeOnBoard(Shape):
    about = Matter("DOORWAY_NOTICE", "楼门告示", DoorwayNoticeState, headline="{place}：{heading}")
    number: Any = case_no(label="编号")
    place = Text(60, label="哪里")
    heading = Text(60, label="标题")
    words = Text(1000, label="内容")
    visible_to = Moment(label="张贴到")


class DoorwayNoticeView(AggregateView, DoorwayNoticeOnBoard):
    state = Code(DoorwayNoticeState, label="进展")
    author = One(PersonRef, label="张贴人")
    reason = Text(200, label="撤下的原因", optional=True)


class DoorwayNoticePage(Page):
    items = some(DoorwayNoticeView)


class DoorwayNoticeBoard(Page):
    items = some(DoorwayNoticeOnBoard)


class PostDoorwayNotice(NotifyCommand):
    """Seen by everybody at once: no names, telephones or identity numbers."""

    title = "张贴楼门告示"
    hat = Hat.PUBLICIST
    route = "POST /doorway-notices"
    by = at(Role.STEWARD, Role.GRID, Role.COMMUNITY)
    location = "/api/doorway-notices/{number}"
    answer = DoorwayNoticeView
    area_path = area(label="贴在哪里")
    heading = shared_text(60, label="标题")
    words = shared_text(1000, label="内容", help="人人可见，不写姓名、电话、证件号码")
    days = Count(1, LONGEST_DAYS, label="贴几天")


class TakeDownDoorwayNotice(VersionedCommand, NotifyCommand):
    title = "撤下"
    route = "POST /doorway-notices/<number>/removal"
    by = AUTHOR | OFFICES
    answer = DoorwayNoticeView
    number = case_no()
    reason = Text(200, label="原因", help="张贴人看得到")


class GetDoorwayNotice(NotifyCommand):
    title = "查看楼门告示"
    route = "GET /doorway-notices/<number>"
    by = READERS
    answer = DoorwayNoticeView
    number = case_no()


class ListDoorwayNotices(ListCommand, NotifyCommand):
    title = "楼门告示"
    route = "GET /doorway-notices"
    page = "doorway-notices"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = DoorwayNoticePage
    state = Many(Code(DoorwayNoticeState), most=10, label="进展")
    area_path = area(optional=True, label="哪里")
    numbers = Many(case_no(), most=200)


class ListPosted(ListCommand, NotifyCommand):
    """What hangs at a door: its own notices and those of the places it lies in, newest first."""

    title = "楼门告示栏"
    route = "GET /doorway-notices/board"
    page = "doorway-board"
    by = anybody()
    public = True
    answer = DoorwayNoticeBoard
    area_path = area()


class DoorwayNoticeFact(NotifyEvent):
    for_resident = None
    number = case_no()


class DoorwayNoticePosted(DoorwayNoticeFact):
    title = "张贴"
    for_staff = "{author}在楼门张贴告示，到{visible_to}为止。"
    author = One(PersonRef)
    visible_to = Moment()


class DoorwayNoticeTakenDown(DoorwayNoticeFact):
    title = "撤下"
    for_staff = "告示已撤下。"
    author = One(PersonRef)


class DoorwayNoticeOver(DoorwayNoticeFact):
    title = "到期"
    for_staff = "告示已到期。"
