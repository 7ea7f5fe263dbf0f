"""Crossing the boundary 越界派单: what no list holds was asked of a community; the street decided (A16)."""

from contracts.dispatch.base import DispatchQuestion
from contracts.dispatch.catalogue import TAG as TAG
from contracts.fields import Code, Flag, Moment, One, Text, some
from contracts.figures import FigureReport
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, month, unit_code
from kernel.codes import Role
from kernel.codes.periods import PeriodKind
from kernel.rights import at

READERS = at(Role.STREET, Role.DISTRICT, Role.AUDITOR)


class CrossingView(Shape):
    """One decision. `number` is the whistle's or the request's."""

    number = case_no(label="编号")
    asker = Text(60, label="谁派的")
    community = unit_code(label="派给哪个社区")
    what = Text(1000, label="什么事")
    let_through = Flag(label="街道同意")
    decided_by = One(PersonRef, label="谁定的")
    at = Moment(label="什么时候定的")
    area_path = area()


class CrossingPage(Page):
    items = some(CrossingView)


class ListCrossings(ListCommand, DispatchQuestion):
    """What a figure of the monthly report counts."""

    title = "越界派单明细"
    route = "GET /duty-crossings"
    by = READERS
    answer = CrossingPage
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.CALENDAR)
    asker = Text(60, optional=True)
    let_through = Flag(optional=True)


class ReportCrossings(DispatchQuestion):
    """By who asked, and in all: how many were decided, and the share the street let through."""

    title = "越界派单月报"
    route = "GET /duty-crossings/report"
    by = READERS
    answer = FigureReport
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.CALENDAR)
