"""What mediation 调解 can be asked."""

from contracts.rpc.mediation.agreements import (
    AgreementCommand,
    AgreementDocument,
    DraftAgreement,
    RecordPerformance,
    SealAgreement,
    SignAgreement,
)
from contracts.rpc.mediation.cases import (
    AssignMediator,
    CaseCommand,
    ConsentToHelper,
    GetCase,
    NameParty,
    RecordWillingness,
    TerminateCase,
)
from contracts.rpc.mediation.sessions import MoveSession, RecordSession, ScheduleSession, SessionPlace

__all__ = [
    "AgreementCommand",
    "AgreementDocument",
    "AssignMediator",
    "CaseCommand",
    "ConsentToHelper",
    "DraftAgreement",
    "GetCase",
    "MoveSession",
    "NameParty",
    "RecordPerformance",
    "RecordSession",
    "RecordWillingness",
    "ScheduleSession",
    "SealAgreement",
    "SessionPlace",
    "SignAgreement",
    "TerminateCase",
]
