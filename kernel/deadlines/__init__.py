"""Deadlines: limits, counting, pausing, extending, recomputing, warnings and escalation (domain §4.7).

The table of a service's deadlines is `kernel.deadlines.table`, imported by itself because it needs SQLAlchemy.
"""

from kernel.calendar import last_day
from kernel.deadlines.count import add_business_time, business_time_between, due_at, extended, resumed
from kernel.deadlines.limits import STANDARD_HOURS, BusinessHours, InvalidHours, InvalidLimit, Limit, Unit
from kernel.deadlines.raising import (
    WARNINGS,
    EarlyWarning,
    EscalationStep,
    Step,
    is_reached,
    ladder,
    moment_at,
    next_raise,
)
from kernel.deadlines.terms import (
    DeadlineClosed,
    ExtensionRefused,
    Line,
    Term,
    check_extension,
    extend,
    pause,
    recompute,
    resume,
    started,
)

__all__ = [
    "STANDARD_HOURS",
    "WARNINGS",
    "BusinessHours",
    "DeadlineClosed",
    "EarlyWarning",
    "EscalationStep",
    "ExtensionRefused",
    "InvalidHours",
    "InvalidLimit",
    "Limit",
    "Line",
    "Step",
    "Term",
    "Unit",
    "add_business_time",
    "business_time_between",
    "check_extension",
    "due_at",
    "extend",
    "extended",
    "is_reached",
    "ladder",
    "last_day",
    "moment_at",
    "next_raise",
    "pause",
    "recompute",
    "resume",
    "resumed",
    "started",
]
