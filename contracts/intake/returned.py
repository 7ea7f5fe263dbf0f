"""Solved but back 办结又回来: appeals told to be solved whose person had to come again with the same kind of matter.

A high share beside a high rate of solution tells that what was called solved was not (domain §6, 23).
"""

from contracts.fields import Code, Moment, some
from contracts.figures import FigureReport
from contracts.intake.base import IntakeCommand
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page
from contracts.tokens import area, case_no, category_code, month, unit_code
from kernel.codes import Role
from kernel.codes.periods import PeriodKind
from kernel.rights import at

TAG = "三率"
READERS = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)


class ReturnedView(Shape):
    """`number` was closed as solved; with `back` its person came again, the first time."""

    number = case_no(label="办结的")
    category = category_code(label="类别")
    lead_unit = unit_code(label="承办单位", optional=True)
    closed_at = Moment(label="办结时间")
    back = case_no(label="又来反映的")
    back_at = Moment(label="什么时候")


class ReturnedPage(Page):
    items = some(ReturnedView)


class ReportReturned(IntakeCommand):
    """Of the place in all, then of each place directly below it. Appeals without a reporter on record are left out:
    nobody could say that it is the same person."""

    title = "办结又回来月报"
    route = "GET /returned/report"
    by = READERS
    answer = FigureReport
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.ASSESSMENT)


class ListReturned(ListCommand, IntakeCommand):
    """What a figure of the report counts as come back, the last that was closed first."""

    title = "办结又回来明细"
    route = "GET /returned"
    by = READERS
    answer = ReturnedPage
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.ASSESSMENT)
