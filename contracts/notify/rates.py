"""Three rates 三率: response, solution and satisfaction, from valid follow-ups (domain §4.3)."""

from contracts.fields import Code, Flag, Moment, some
from contracts.figures import FigureReport
from contracts.notify.base import NotifyCommand
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page
from contracts.tokens import area, case_no, month
from kernel import codes
from kernel.codes import Role
from kernel.codes.periods import PeriodKind
from kernel.rights import at

TAG = "三率"
READERS = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT, Role.AUDITOR)


class RatedView(Shape):
    """One follow-up a figure counts; `valid` is not so where nobody could be asked."""

    number = case_no(label="回访")
    area_path = area()
    valid = Flag(label="有效")
    occasion = Code(codes.FollowUpOccasion, label="为什么回访")
    solved = Code(codes.Solved, optional=True, label="解决了吗")
    satisfied = Code(codes.Satisfied, optional=True, label="满意吗")
    completed_at = Moment(label="什么时候")


class RatedPage(Page):
    items = some(RatedView)


class ReportRates(NotifyCommand):
    """Of the place in all, then of each place directly below it: a region's rate is of summed counts.

    Partly solved counts as not solved. The share of valid follow-ups stands beside: a low one makes a rate worthless.
    """

    title = "三率月报"
    route = "GET /rates/report"
    by = READERS
    answer = FigureReport
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.ASSESSMENT)


class ListRated(ListCommand, NotifyCommand):
    title = "三率明细"
    route = "GET /rates"
    by = READERS
    answer = RatedPage
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.ASSESSMENT)
    valid = Flag(optional=True)
    occasion = Code(codes.FollowUpOccasion, optional=True)
    solved = Code(codes.Solved, optional=True)
    satisfied = Code(codes.Satisfied, optional=True)
