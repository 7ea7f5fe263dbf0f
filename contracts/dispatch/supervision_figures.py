"""Supervision counted by month 督办月报: by cause and by unit, answered in time or late, and brought to an end."""

from contracts.dispatch.base import DispatchQuestion
from contracts.dispatch.supervisions import TAG as TAG
from contracts.dispatch.supervisions import SupervisionCause, SupervisionState
from contracts.fields import Code, Flag, Moment, some
from contracts.figures import FigureReport
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page
from contracts.tokens import area, case_no, month, unit_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.codes.periods import PeriodKind
from kernel.rights import at

READERS = at(Role.STREET, Role.DISTRICT, Role.AUDITOR)


class SupervisionMeasure(Codes):
    IN_TIME = "IN_TIME", "按时回复率"
    ACCEPTED = "ACCEPTED", "督办办结率"


class CountedSupervision(Shape):
    """One order a figure counts: `counts` says whether it is in its numerator."""

    number = case_no(label="督办单")
    unit = unit_code(label="被督办单位")
    cause = Code(SupervisionCause, label="为什么督办")
    state = Code(SupervisionState, label="进展")
    counts = Flag(label="计入分子")
    at = Moment(label="什么时候督办的")


class CountedSupervisionPage(Page):
    items = some(CountedSupervision)


class SupervisionQuestion(DispatchQuestion):
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.CALENDAR)


class ReportSupervisions(SupervisionQuestion):
    """Of orders issued in the period, but for lifted ones: all, each cause, each unit."""

    title = "督办月报"
    route = "GET /supervision-figures/report"
    by = READERS
    answer = FigureReport


class ListCountedSupervisions(ListCommand, SupervisionQuestion):
    title = "督办月报明细"
    route = "GET /supervision-figures"
    by = READERS
    answer = CountedSupervisionPage
    measure = Code(SupervisionMeasure)
    cause = Code(SupervisionCause, optional=True)
    unit = unit_code(optional=True)
    counts = Flag(optional=True)
