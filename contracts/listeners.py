"""Who hears what, and who may ask whom. Bindings and permissions are made from these tables; beyond them is nothing."""

from contracts.deadlines import (
    DispatchDeadlineApproaching,
    IntakeDeadlineApproaching,
    MediationDeadlineApproaching,
)
from contracts.dispatch.conferences import ConferenceCalled, ConferenceItemDecided, ConferenceItemListed
from contracts.dispatch.holdings import CopyFromDispatch, DispatchErased
from contracts.dispatch.objections import WhistleTaskObjectionDecided
from contracts.dispatch.ratings import WhistleTaskConfirmed, WhistleTaskRated, WhistleTaskRatingWaived
from contracts.dispatch.rectifications import (
    LookBackDue,
    LookBackRelapsed,
    RectificationOrdered,
    RectificationOverdue,
    RectificationProofSubmitted,
    RectificationRevoked,
    RectificationUnheeded,
    RectificationVerified,
)
from contracts.dispatch.tasks import WhistleTaskAssigned, WhistleTaskOverdue, WhistleTaskSigned
from contracts.dispatch.whistles import WhistleBlown, WhistleCancelled, WhistleClosed, WhistleDrafted, WhistleReturned
from contracts.intake.analyses import AnalysisHeld, AnalysisOpened
from contracts.intake.appeals import AppealRegistered, GetAppeal, ListAppeals
from contracts.intake.bookings import BookingAttended, BookingCancelled, BookingMade, BookingMissed
from contracts.intake.campaigns import CampaignOpened, DataChangeProposed, GetCampaign
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
from contracts.intake.erasures import ErasureOrdered, IdentifyErased
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
from contracts.intake.hazards import GetHazard, HazardRemoved, HazardReported, HazardSecured, ListHazards
from contracts.intake.hotspots import SweepProposed
from contracts.intake.incidents import AppealNoticeGiven
from contracts.intake.likeness import AppealParted
from contracts.intake.needs import NeedDecided, NeedListed, NeedMet, NeedOnAgenda
from contracts.intake.on_account import AppealPutOnAccount, AppealTakenOffAccount, OnAccountAsked, OnAccountRefused
from contracts.intake.patrols import PatrolCalledOff, PatrolDone, PatrolFindingsRose, PatrolMissed, PatrolOpened
from contracts.intake.repeats import ErrandEscalated, HallBooked, RepeatFailureDetected
from contracts.intake.residents import FindAddress, RevealContact
from contracts.intake.shops import GetShopRecord, ShopClosed, ShopFaulted, ShopPassed
from contracts.intake.surveys import AppealSurveyAnswered
from contracts.intake.triage import AppealAnswered, AppealAssigned, AppealDeclined, AppealDiverted, AppealReopened
from contracts.intake.working import AppealExtended, AppealOverdue, AppealResultReported, AppealUrgencyRaised
from contracts.mediation.agreements import AgreementDrafted, AgreementTookEffect
from contracts.mediation.cases import LocateCase, MediationCaseClosed, MediationCaseOpened, MediationTerminated
from contracts.mediation.councils import CouncilItemEnded, CouncilOverdue
from contracts.mediation.covenants import CovenantAdopted, CovenantFiled
from contracts.mediation.decisions import DecisionObjected, DecisionStageFailed
from contracts.mediation.elections import ElectionConcluded, ElectionObjected
from contracts.mediation.holdings import CopyFromMediation, MediationErased
from contracts.mediation.ledger import DisputeRepeated, DisputeSettled, OwnerAssigned
from contracts.mediation.legal import (
    LegalAnswerExpired,
    LegalQuestionAnswered,
    LegalQuestionAsked,
    LegalQuestionOverdue,
    LegalQuestionPassedOn,
)
from contracts.mediation.open_days import OpenDayCalledOff, OpenDayHostChanged, OpenDayMoved, OpenDayOpened
from contracts.mediation.projects import ProjectDigest, ProjectOpened
from contracts.mediation.resolutions import CouncilObjected, CouncilObjectionAnswered, ResolutionDrafted
from contracts.mediation.sessions import (
    MediationSessionHeld,
    MediationSessionMoved,
    MediationSessionScheduled,
    SessionPlace,
)
from contracts.mediation.site_issues import (
    LocateSiteIssue,
    SiteIssueConfirmed,
    SiteIssueFixed,
    SiteIssueForwarded,
    SiteIssueHandedOver,
    SiteIssueRaised,
    SiteIssueRejected,
    SiteIssueWithdrawn,
    StopWorkAsked,
)
from contracts.mediation.sweeps import AnalysisDrawn
from contracts.mediation.topics import CouncilTopicSet, TopicDropped, TopicOpened, TopicProposed
from contracts.mediation.undertakings import (
    CouncilDone,
    CouncilResultReviewed,
    CouncilTaskAccepted,
    CouncilTaskAssigned,
    CouncilTaskFinished,
    CouncilTaskReturned,
)
from contracts.notify.care_rounds import CareAdviceGiven, CareNeedFound
from contracts.notify.follow_ups import FollowUpCompleted, FollowUpInvalid
from contracts.notify.holdings import CopyFromNotify, NotifyErased
from contracts.notify.wishes import WishConfirmed
from contracts.portal.files import KeepFiles
from contracts.portal.holdings import CopyFromPortal
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
        DispatchErased,
        MediationErased,
        NotifyErased,
        ConferenceItemListed,
        ConferenceItemDecided,
    ],
    "dispatch": [
        AppealWithdrawn,
        AppealMerged,
        AppealResumed,
        HazardRemoved,
        ErasureOrdered,
        NeedListed,
        NeedDecided,
    ],
    "mediation": [
        DisputeIdentified,
        AppealWithdrawn,
        AppealMerged,
        AppealResumed,
        WhistleBlown,
        WhistleTaskSigned,
        WhistleTaskObjectionDecided,
        CareAdviceGiven,
        ErasureOrdered,
        WishConfirmed,
    ],
    "notify": [
        ErasureOrdered,
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
        AppealParted,
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
        AgreementDrafted,
        AgreementTookEffect,
        MediationTerminated,
        TopicProposed,
        TopicOpened,
        CouncilTopicSet,
        TopicDropped,
        ResolutionDrafted,
        CouncilObjected,
        CouncilObjectionAnswered,
        CouncilTaskAssigned,
        CouncilTaskFinished,
        CouncilTaskAccepted,
        CouncilTaskReturned,
        CouncilDone,
        CouncilResultReviewed,
        CouncilItemEnded,
        CouncilOverdue,
        DecisionObjected,
        DecisionStageFailed,
        ElectionObjected,
        ElectionConcluded,
        ProjectOpened,
        ProjectDigest,
        SiteIssueRaised,
        SiteIssueForwarded,
        SiteIssueFixed,
        SiteIssueConfirmed,
        SiteIssueRejected,
        SiteIssueHandedOver,
        StopWorkAsked,
        SiteIssueWithdrawn,
        CovenantAdopted,
        CovenantFiled,
        IntakeDeadlineApproaching,
        DispatchDeadlineApproaching,
        MediationDeadlineApproaching,
        RectificationOrdered,
        RectificationProofSubmitted,
        RectificationOverdue,
        RectificationUnheeded,
        RectificationVerified,
        RectificationRevoked,
        LookBackDue,
        LookBackRelapsed,
        PatrolOpened,
        PatrolDone,
        PatrolMissed,
        PatrolCalledOff,
        PatrolFindingsRose,
        OpenDayOpened,
        OpenDayMoved,
        OpenDayHostChanged,
        OpenDayCalledOff,
        NeedOnAgenda,
        NeedMet,
        ConferenceCalled,
        SweepProposed,
        AppealNoticeGiven,
        OnAccountAsked,
        AppealPutOnAccount,
        OnAccountRefused,
        AppealTakenOffAccount,
        AnalysisOpened,
        AnalysisHeld,
        DisputeRepeated,
        OwnerAssigned,
        DisputeSettled,
        AnalysisDrawn,
        LegalQuestionAsked,
        LegalQuestionPassedOn,
        LegalQuestionOverdue,
        LegalQuestionAnswered,
        LegalAnswerExpired,
    ],
    "portal": [],
}

LETTERS: dict[str, tuple[str, str]] = {
    "dispatch": ("department-replies", "replies"),
    "notify": ("pagers", "signals"),
}
"""Who reads what outsiders send: service → (exchange, room); the queue is `<service>.<room>`."""

ASKS_EVERYTHING = frozenset({"portal"})
"""Hands on what people ask; each service checks the asker itself."""

ASKERS: dict[str, list[type[CommandSchema]]] = {
    "intake": [
        CopyFromDispatch,
        CopyFromMediation,
        CopyFromNotify,
        CopyFromPortal,
    ],
    "dispatch": [
        GetAppeal,
        GetHazard,
        KeepFiles,
        GetCampaign,
        GetShopRecord,
        LocateCase,
        LocateSiteIssue,
    ],
    "mediation": [
        ListAppeals,
        ListHazards,
        IdentifyErased,
    ],
    "notify": [
        FindAddress,
        RevealContact,
        SessionPlace,
        IdentifyErased,
    ],
}
"""Orders a service may give to another, beside `events_since`, which all may ask of all."""
