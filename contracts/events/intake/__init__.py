"""Facts of intake 诉求受理."""

from contracts.events.intake.appeals import (
    AppealAccepted,
    AppealAssigned,
    AppealExtended,
    AppealFirstContacted,
    AppealHandlingRecorded,
    AppealOverdue,
    AppealRegistered,
    AppealReopened,
    AppealResultReported,
    AppealSigned,
    AppealUrgencyRaised,
    DisputeIdentified,
)
from contracts.events.intake.endings import (
    AppealAnswered,
    AppealClosed,
    AppealDeclined,
    AppealDiverted,
    AppealMerged,
    AppealWithdrawn,
)
from contracts.events.intake.hazards import HazardRemoved, HazardReported, HazardSecured

__all__ = [
    "AppealAccepted",
    "AppealAnswered",
    "AppealAssigned",
    "AppealClosed",
    "AppealDeclined",
    "AppealDiverted",
    "AppealExtended",
    "AppealFirstContacted",
    "AppealHandlingRecorded",
    "AppealMerged",
    "AppealOverdue",
    "AppealRegistered",
    "AppealReopened",
    "AppealResultReported",
    "AppealSigned",
    "AppealUrgencyRaised",
    "AppealWithdrawn",
    "DisputeIdentified",
    "HazardRemoved",
    "HazardReported",
    "HazardSecured",
]
