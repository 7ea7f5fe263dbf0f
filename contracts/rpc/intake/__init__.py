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
    DecideSupervision,
    DeclineAppeal,
    DivertAppeal,
    ExtendAppeal,
    MergeAppeal,
    ObjectEnding,
    ReportResult,
    WithdrawAppeal,
)
from contracts.rpc.intake.handling import IdentifyDispute, RaiseUrgency, RecordContact, RecordHandling
from contracts.rpc.intake.hazards import GetHazard, ListHazards, ReportHazard, SecureHazard, VerifyHazard
from contracts.rpc.intake.places import (
    CheckResident,
    EndPostLeave,
    FindAddress,
    ListAreas,
    ListCategories,
    ListPostLeaves,
    RecordPostLeave,
    ResolvePost,
    RevealContact,
)

__all__ = [
    "AcceptAppeal",
    "AnswerAppeal",
    "AppealCommand",
    "AssignAppeal",
    "CheckResident",
    "DecideSupervision",
    "DeclineAppeal",
    "DivertAppeal",
    "EndPostLeave",
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
    "ListPostLeaves",
    "MergeAppeal",
    "ObjectEnding",
    "RaiseUrgency",
    "RecordContact",
    "RecordHandling",
    "RecordPostLeave",
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
