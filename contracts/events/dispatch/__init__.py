"""Facts of dispatch 吹哨报到."""

from contracts.events.dispatch.outcomes import (
    WhistleTaskCompleted,
    WhistleTaskConfirmed,
    WhistleTaskOverdue,
    WhistleTaskRated,
    WhistleTaskRatingWaived,
    WhistleTaskRejected,
)
from contracts.events.dispatch.tasks import (
    WhistleTaskAssigned,
    WhistleTaskObjected,
    WhistleTaskObjectionDecided,
    WhistleTaskProgressed,
    WhistleTaskReportedIn,
    WhistleTaskSigned,
)
from contracts.events.dispatch.whistles import (
    WhistleBlown,
    WhistleCancelled,
    WhistleClosed,
    WhistleDrafted,
    WhistleReturned,
)

__all__ = [
    "WhistleBlown",
    "WhistleCancelled",
    "WhistleClosed",
    "WhistleDrafted",
    "WhistleReturned",
    "WhistleTaskAssigned",
    "WhistleTaskCompleted",
    "WhistleTaskConfirmed",
    "WhistleTaskObjected",
    "WhistleTaskObjectionDecided",
    "WhistleTaskOverdue",
    "WhistleTaskProgressed",
    "WhistleTaskRated",
    "WhistleTaskRatingWaived",
    "WhistleTaskRejected",
    "WhistleTaskReportedIn",
    "WhistleTaskSigned",
]
