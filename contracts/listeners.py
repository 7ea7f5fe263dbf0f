"""Who hears what, and who may ask whom. Bindings and permissions are made from these tables; beyond them is nothing."""

from contracts.events import dispatch, intake, mediation, notify
from contracts.rpc import intake as intake_rpc
from contracts.rpc import mediation as mediation_rpc
from contracts.rpc import portal as portal_rpc
from contracts.schema import CommandSchema, EventSchema

SERVICES = ("intake", "dispatch", "mediation", "notify", "portal")
"""Every service, the portal last; it says nothing of its own."""

HEARS_EVERYTHING = frozenset({"portal"})
"""Bound with `#`: the read model also keeps facts that were unknown when it was built."""

LISTENERS: dict[str, list[type[EventSchema]]] = {
    "intake": [
        dispatch.WhistleBlown,
        dispatch.WhistleClosed,
        dispatch.WhistleCancelled,
        mediation.MediationCaseOpened,
        mediation.MediationCaseClosed,
        mediation.MediationTerminated,
        notify.FollowUpCompleted,
        notify.FollowUpInvalid,
    ],
    "dispatch": [intake.AppealWithdrawn, intake.AppealMerged, intake.AppealResumed, intake.HazardRemoved],
    "mediation": [
        intake.DisputeIdentified,
        intake.AppealWithdrawn,
        intake.AppealMerged,
        intake.AppealResumed,
        dispatch.WhistleBlown,
        dispatch.WhistleTaskSigned,
        dispatch.WhistleTaskObjectionDecided,
    ],
    "notify": [
        intake.AppealRegistered,
        intake.AppealAssigned,
        intake.AppealResultReported,
        intake.AppealReopened,
        intake.AppealClosed,
        intake.AppealAnswered,
        intake.AppealDiverted,
        intake.AppealDeclined,
        intake.AppealMerged,
        intake.AppealJoined,
        intake.AppealWithdrawn,
        intake.AppealResumed,
        intake.AppealExtended,
        intake.AppealSupervised,
        intake.AppealOverdue,
        intake.HazardRemoved,
        dispatch.WhistleDrafted,
        dispatch.WhistleTaskAssigned,
        dispatch.WhistleTaskOverdue,
        dispatch.WhistleTaskConfirmed,
        dispatch.WhistleTaskRated,
        dispatch.WhistleTaskRatingWaived,
        dispatch.WhistleCancelled,
        dispatch.WhistleClosed,
        mediation.MediationCaseOpened,
        mediation.MediationSessionScheduled,
        mediation.MediationSessionMoved,
        mediation.MediationSessionHeld,
        mediation.AgreementDrafted,
        mediation.AgreementTookEffect,
        mediation.MediationTerminated,
    ],
    "portal": [],
}

LETTERS: dict[str, tuple[str, str]] = {"dispatch": ("department-replies", "replies")}
"""Who reads what outsiders send: service → (exchange, room); the queue is `<service>.<room>`."""

ASKS_EVERYTHING = frozenset({"portal"})
"""Hands on what people ask; each service checks the asker itself."""

ASKERS: dict[str, list[type[CommandSchema]]] = {
    "dispatch": [intake_rpc.GetAppeal, intake_rpc.GetHazard, portal_rpc.KeepFiles],
    "notify": [intake_rpc.FindAddress, intake_rpc.RevealContact, mediation_rpc.SessionPlace],
}
"""Orders a service may give to another, beside `events_since`, which all may ask of all."""
