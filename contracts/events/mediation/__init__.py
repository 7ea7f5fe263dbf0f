"""Facts of mediation 调解."""

from contracts.events.mediation.agreements import (
    AgreementDrafted,
    AgreementPerformed,
    AgreementSigned,
    AgreementTookEffect,
    JudicialConfirmationWindowOpened,
)
from contracts.events.mediation.cases import (
    HelperConsented,
    HelpersInvited,
    MediationCaseClosed,
    MediationCaseOpened,
    MediationTerminated,
    MediatorAssigned,
    MediatorReplaced,
    PartyRefused,
    PartyWillingnessRecorded,
)
from contracts.events.mediation.sessions import MediationSessionHeld, MediationSessionMoved, MediationSessionScheduled

__all__ = [
    "AgreementDrafted",
    "AgreementPerformed",
    "AgreementSigned",
    "AgreementTookEffect",
    "HelperConsented",
    "HelpersInvited",
    "JudicialConfirmationWindowOpened",
    "MediationCaseClosed",
    "MediationCaseOpened",
    "MediationSessionHeld",
    "MediationSessionMoved",
    "MediationSessionScheduled",
    "MediationTerminated",
    "MediatorAssigned",
    "MediatorReplaced",
    "PartyRefused",
    "PartyWillingnessRecorded",
]
