"""Care coverage 关怀覆盖: who on the Friday lists of a month was reached, needed something, was not reached."""

from contracts.fields import Code, Count, Day, Flag, some
from contracts.figures import FigureReport
from contracts.notify.base import NotifyCommand
from contracts.notify.care_rounds import CareCallState
from contracts.notify.rates import READERS
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page
from contracts.tokens import area, case_no, month
from kernel.codes.periods import PeriodKind

TAG = "关怀覆盖"


class CoveredView(Shape):
    """One old person in one week, as a figure counts them; `reached`: talked, seen, accounted for or helped."""

    number = case_no(label="关怀电话")
    area_path = area()
    week = Day(label="哪一周（星期五）")
    state = Code(CareCallState, label="进展")
    reached = Flag(label="落实了")
    needing = Flag(label="有困难")
    tries = Count(label="没接几次")


class CoveredPage(Page):
    items = some(CoveredView)


class ReportCareCoverage(NotifyCommand):
    """Of the place in all, then of each place directly below it, then of each week; whose care was called off before
    anybody called is not on the list. A week belongs to the month of its Friday."""

    title = "关怀覆盖月报"
    route = "GET /care-coverage/report"
    by = READERS
    answer = FigureReport
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.CALENDAR)


class ListCareCovered(ListCommand, NotifyCommand):
    title = "关怀覆盖明细"
    route = "GET /care-coverage"
    by = READERS
    answer = CoveredPage
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.CALENDAR)
    week = Day(optional=True)
    reached = Flag(optional=True)
    needing = Flag(optional=True)
