"""Double appraisal 双考核: how departments come when they are called, and how well they are called (§4.4)."""

from contracts.dispatch.base import DispatchQuestion
from contracts.fields import Code, Flag, Moment, One, Text, some
from contracts.figures import FigureReport
from contracts.schema import Shape
from contracts.shapes import ListCommand, Page, PersonRef
from contracts.tokens import area, case_no, month, unit_code
from kernel.codes import Role
from kernel.codes.base import Code as Codes
from kernel.codes.periods import PeriodKind
from kernel.rights import at

TAG = "考核"
READERS = at(Role.STREET, Role.DISTRICT, Role.AUDITOR)


class Measure(Codes):
    """What is counted; of whistlers the last one, of units the others."""

    SIGN = "SIGN", "按时签收率"
    REPORT = "REPORT", "按时报到率"
    FINISH = "FINISH", "按时办结率"
    ACCEPTED = "ACCEPTED", "一次核实通过率"
    SCORE = "SCORE", "赋分得分率"
    NEEDLESS = "NEEDLESS", "不必要吹哨率"


class AppraisedView(Shape):
    """One row a figure counts: `counts` says whether it is in its numerator."""

    number = case_no(label="哨单")
    unit = unit_code(label="单位", optional=True)
    whistler = One(PersonRef, label="吹哨人")
    counts = Flag(label="计入分子")
    at = Moment(label="什么时候")


class AppraisedPage(Page):
    items = some(AppraisedView)


class AppraisalQuestion(DispatchQuestion):
    area_path = area()
    month = month()
    period = Code(PeriodKind, default=PeriodKind.CALENDAR)


class ReportAppraisal(AppraisalQuestion):
    """Of all units and each, of all whistlers and each: shares of summed counts, by tasks assigned and whistles decided
    in the period."""

    title = "双考核月报"
    route = "GET /appraisals/report"
    by = READERS
    answer = FigureReport


class ListAppraised(ListCommand, AppraisalQuestion):
    title = "双考核明细"
    route = "GET /appraisals"
    by = READERS
    answer = AppraisedPage
    measure = Code(Measure)
    of = Text(64, optional=True)
    counts = Flag(optional=True)
