"""What intake 诉求受理 can be asked."""

from contracts.rpc.intake.appeals import (
    AcceptAppeal,
    AssignAppeal,
    GetAppeal,
    ListAppeals,
    RegisterAppeal,
    SignAppeal,
)
from contracts.rpc.intake.base import AppealCommand, HazardCommand
from contracts.rpc.intake.endings import (
    AnswerAppeal,
    DeclineAppeal,
    DivertAppeal,
    ExtendAppeal,
    MergeAppeal,
    ReportResult,
    WithdrawAppeal,
)
from contracts.rpc.intake.handling import IdentifyDispute, RecordContact, RecordHandling
from contracts.rpc.intake.hazards import GetHazard, ListHazards, ReportHazard, SecureHazard, VerifyHazard
from contracts.rpc.intake.places import (
    CheckResident,
    FindAddress,
    ListAreas,
    ListCategories,
    ResolvePost,
    RevealContact,
)

__all__ = [
    "AcceptAppeal",
    "AnswerAppeal",
    "AppealCommand",
    "AssignAppeal",
    "CheckResident",
    "DeclineAppeal",
    "DivertAppeal",
    "ExtendAppeal",
    "FindAddress",
    "GetAppeal",
    "GetHazard",
    "HazardCommand",
    "IdentifyDispute",
    "ListAppeals",
    "ListAreas",
    "ListCategories",
    "ListHazards",
    "MergeAppeal",
    "RecordContact",
    "RecordHandling",
    "RegisterAppeal",
    "ReportHazard",
    "ReportResult",
    "ResolvePost",
    "RevealContact",
    "SecureHazard",
    "SignAppeal",
    "VerifyHazard",
    "WithdrawAppeal",
]
