"""Who hears what, and who may ask whom. Bindings and permissions are made from these tables; beyond them is nothing."""

from contracts.deadlines import DispatchDeadlineApproaching, IntakeDeadlineApproaching, MediationDeadlineApproaching
from contracts.dispatch.objections import WhistleTaskObjectionDecided
from contracts.dispatch.ratings import WhistleTaskConfirmed, WhistleTaskRated, WhistleTaskRatingWaived
from contracts.dispatch.tasks import WhistleTaskAssigned, WhistleTaskOverdue, WhistleTaskSigned
from contracts.dispatch.whistles import WhistleBlown, WhistleCancelled, WhistleClosed, WhistleDrafted, WhistleReturned
from contracts.intake.appeals import AppealRegistered, GetAppeal
from contracts.intake.bookings import BookingAttended, BookingCancelled, BookingMade, BookingMissed
from contracts.intake.campaigns import CampaignOpened, DataChangeProposed
from contracts.intake.diaries import DiaryChangeAccepted, DiaryChangeProposed, DiaryChangeRejected
from contracts.intake.disputes import DisputeIdentified
from contracts.intake.endings import (
    AppealClosed,
    AppealJoined,
    AppealMerged,
    AppealResumed,
    AppealSupervised,
    AppealWithdrawn,
)
from contracts.intake.errands import (
    ErrandAccepted,
    ErrandClosed,
    ErrandDeliveryArranged,
    ErrandFailed,
    ErrandOverdue,
    ErrandRequested,
    ErrandSupplementAsked,
)
from contracts.intake.handovers import HandoverAccepted, HandoverDeclined, HandoverOffered, PostLeftEmpty
from contracts.intake.hazards import GetHazard, HazardRemoved, HazardReported, HazardSecured
from contracts.intake.needs import NeedDecided, NeedListed
from contracts.intake.repeats import ErrandEscalated, HallBooked, RepeatFailureDetected
from contracts.intake.residents import FindAddress, RevealContact
from contracts.intake.shops import ShopClosed, ShopFaulted, ShopPassed
from contracts.intake.surveys import AppealSurveyAnswered
from contracts.intake.triage import AppealAnswered, AppealAssigned, AppealDeclined, AppealDiverted, AppealReopened
from contracts.intake.working import AppealExtended, AppealOverdue, AppealResultReported, AppealUrgencyRaised
from contracts.mediation.agreements import AgreementDrafted, AgreementTookEffect
from contracts.mediation.cases import LocateCase, MediationCaseClosed, MediationCaseOpened, MediationTerminated
from contracts.mediation.ledger import DisputeRepeated, DisputeSettled, OwnerAssigned
from contracts.mediation.legal import (
    LegalAnswerExpired,
    LegalQuestionAnswered,
    LegalQuestionAsked,
    LegalQuestionOverdue,
    LegalQuestionPassedOn,
)
from contracts.mediation.open_days import OpenDayCalledOff, OpenDayHostChanged, OpenDayMoved, OpenDayOpened
from contracts.mediation.sessions import (
    MediationSessionHeld,
    MediationSessionMoved,
    MediationSessionScheduled,
    SessionPlace,
)
from contracts.mediation.sweeps import AnalysisDrawn
from contracts.notify.care_rounds import CareNeedFound
from contracts.notify.follow_ups import FollowUpCompleted, FollowUpInvalid
from contracts.notify.wishes import WishConfirmed
from contracts.portal.files import KeepFiles
from contracts.schema import CommandSchema, EventSchema

SERVICES = ("intake", "dispatch", "mediation", "notify", "portal")
"""Every service, the portal last; it says nothing of its own."""

HEARS_EVERYTHING = frozenset({"portal"})
"""Bound with `#`: the read model also keeps facts that were unknown when it was built."""

LISTENERS: dict[str, list[type[EventSchema]]] = {
    "intake": [
        WhistleBlown,
        WhistleClosed,
        WhistleCancelled,
        MediationCaseOpened,
        MediationCaseClosed,
        MediationTerminated,
        FollowUpCompleted,
        FollowUpInvalid,
        CareNeedFound,
    ],
    "dispatch": [AppealWithdrawn, AppealMerged, AppealResumed, HazardRemoved],
    "mediation": [
        DisputeIdentified,
        AppealWithdrawn,
        AppealMerged,
        AppealResumed,
        WhistleBlown,
        WhistleTaskSigned,
        WhistleTaskObjectionDecided,
        WishConfirmed,
    ],
    "notify": [
        AppealRegistered,
        AppealAssigned,
        AppealResultReported,
        AppealReopened,
        AppealClosed,
        AppealAnswered,
        AppealDiverted,
        AppealDeclined,
        AppealMerged,
        AppealJoined,
        AppealUrgencyRaised,
        AppealWithdrawn,
        AppealResumed,
        AppealExtended,
        AppealSupervised,
        AppealOverdue,
        HandoverOffered,
        HandoverAccepted,
        HandoverDeclined,
        PostLeftEmpty,
        HazardReported,
        HazardSecured,
        HazardRemoved,
        ShopFaulted,
        ShopPassed,
        ShopClosed,
        CampaignOpened,
        DataChangeProposed,
        AppealSurveyAnswered,
        NeedListed,
        NeedDecided,
        DiaryChangeProposed,
        DiaryChangeAccepted,
        DiaryChangeRejected,
        ErrandRequested,
        ErrandAccepted,
        ErrandSupplementAsked,
        ErrandDeliveryArranged,
        ErrandClosed,
        ErrandFailed,
        ErrandOverdue,
        RepeatFailureDetected,
        HallBooked,
        ErrandEscalated,
        BookingMade,
        BookingCancelled,
        BookingAttended,
        BookingMissed,
        WhistleDrafted,
        WhistleBlown,
        WhistleReturned,
        WhistleTaskAssigned,
        WhistleTaskOverdue,
        WhistleTaskConfirmed,
        WhistleTaskRated,
        WhistleTaskRatingWaived,
        WhistleCancelled,
        WhistleClosed,
        MediationCaseOpened,
        MediationSessionScheduled,
        MediationSessionMoved,
        MediationSessionHeld,
        OpenDayOpened,
        OpenDayMoved,
        OpenDayHostChanged,
        OpenDayCalledOff,
        DisputeRepeated,
        OwnerAssigned,
        DisputeSettled,
        AnalysisDrawn,
        LegalQuestionAsked,
        LegalQuestionPassedOn,
        LegalQuestionOverdue,
        LegalQuestionAnswered,
        LegalAnswerExpired,
        AgreementDrafted,
        AgreementTookEffect,
        MediationTerminated,
        IntakeDeadlineApproaching,
        DispatchDeadlineApproaching,
        MediationDeadlineApproaching,
    ],
    "portal": [],
}

LETTERS: dict[str, tuple[str, str]] = {"dispatch": ("department-replies", "replies")}
"""Who reads what outsiders send: service → (exchange, room); the queue is `<service>.<room>`."""

ASKS_EVERYTHING = frozenset({"portal"})
"""Hands on what people ask; each service checks the asker itself."""

ASKERS: dict[str, list[type[CommandSchema]]] = {
    "dispatch": [GetAppeal, GetHazard, KeepFiles, LocateCase],
    "notify": [FindAddress, RevealContact, SessionPlace],
}
"""Orders a service may give to another, beside `events_since`, which all may ask of all."""
