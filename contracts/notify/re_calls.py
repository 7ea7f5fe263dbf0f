"""Sampled re-calls 抽查复访: of what was recorded as solved a part is asked again, by somebody else (domain §6, 23)."""

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
READERS = at(Role.STREET, Role.DISTRICT, Role.AUDITOR)


class ReCallView(Shape):
    """One sample that reached its person. `agrees`: the person says now what was recorded at first."""

    number = case_no(label="抽查复访")
    area_path = area()
    agrees = Flag(label="与原回访一致")
    solved = Code(codes.Solved, label="解决了吗")
    satisfied = Code(codes.Satisfied, label="满意吗")
    completed_at = Moment(label="什么时候")


class ReCallPage(Page):
    items = some(ReCallView)


class ReportReCalls(NotifyCommand):
    """How many agree, of those that reached their person: in all, then by place directly below."""

    title = "抽查复访月报"
    route = "GET /re-calls/report"
    by = READERS
    answer = FigureReport
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.ASSESSMENT)


class ListReCalls(ListCommand, NotifyCommand):
    title = "抽查复访明细"
    route = "GET /re-calls"
    by = READERS
    answer = ReCallPage
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.ASSESSMENT)
