"""How a month of a report is counted."""

from kernel.codes.base import Code


class PeriodKind(Code):
    """A calendar month, or the month of assessment (policy key dispatch.appraisal)."""

    CALENDAR = "CALENDAR", "自然月"
    ASSESSMENT = "ASSESSMENT", "考核月"
