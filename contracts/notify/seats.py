"""Seats 楼门岗位: which stairwell has its steward, and how long it had none."""

from typing import Any

from contracts.fields import Code, Many, Moment, Text, some
from contracts.matters import Matter
from contracts.notify.base import NotifyCommand
from contracts.notify.stewards import TAG as TAG
from contracts.notify.stewards import StewardFact
from contracts.shapes import AggregateView, ListCommand, Page
from contracts.tokens import area, case_no
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.rights import at, everybody

SEAT_READERS = at(Role.GRID, Role.STEWARD, Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)


class SeatState(Codes):
    VACANT = "VACANT", "空缺"
    FILLED = "FILLED", "有人"


class SeatView(AggregateView):
    """The post of one stairwell: filled, or vacant and to be filled again."""

    about = Matter("SEAT", "楼门岗位", SeatState, {"VACANT": "补选楼门管家"}, headline="{place}")
    number: Any = case_no(label="编号")
    state = Code(SeatState, label="进展")
    place = Text(60, label="哪个楼门")
    steward_number = case_no(label="管家", optional=True)
    due_at = Moment(label="补选期限", optional=True)


class SeatPage(Page):
    items = some(SeatView)


class GetSeat(NotifyCommand):
    title = "查看楼门岗位"
    route = "GET /stewards/seats/<number>"
    by = SEAT_READERS
    answer = SeatView
    number = case_no()


class ListSeats(ListCommand, NotifyCommand):
    """Which stairwells have a steward, and which wait for one."""

    title = "楼门岗位"
    route = "GET /stewards/seats"
    page = "seats"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = SeatPage
    state = Many(Code(SeatState), most=20, label="进展")
    area_path = area(optional=True, label="哪里")
    numbers = Many(case_no(), most=200)


class SeatVacant(StewardFact):
    title = "岗位空缺"
    for_staff, for_resident = "楼门没有管家，待补选。", "楼门正在补选管家。"


class SeatFilled(StewardFact):
    title = "岗位有人"
    for_staff, for_resident = "楼门有了管家。", "楼门有了管家。"
    steward_number = case_no()


class SeatLongVacant(StewardFact):
    title = "久未补选"
    for_staff, for_resident = "楼门管家到期没有补选。", None
