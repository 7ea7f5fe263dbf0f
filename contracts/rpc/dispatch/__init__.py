"""What dispatch 吹哨报到 can be asked."""

from contracts.rpc.dispatch.catalogue import GetTask, GetWhistle, ListDutyItems, ListTasks, ListUnits, ListWhistles
from contracts.rpc.dispatch.leaves import EndReceiverLeave, ListReceiverLeaves, RecordReceiverLeave
from contracts.rpc.dispatch.ratings import ConfirmTask, RateTask, RejectTask, WaiveRating
from contracts.rpc.dispatch.tasks import (
    DecideObjection,
    FinishTask,
    ObjectTask,
    ProgressTask,
    ReportIn,
    SignTask,
    TaskCommand,
)
from contracts.rpc.dispatch.updates import ListDepartmentUpdates
from contracts.rpc.dispatch.whistles import (
    ApproveWhistle,
    CancelWhistle,
    DraftWhistle,
    ReturnWhistle,
    WhistleCommand,
)

__all__ = [
    "ApproveWhistle",
    "CancelWhistle",
    "ConfirmTask",
    "DecideObjection",
    "DraftWhistle",
    "EndReceiverLeave",
    "FinishTask",
    "GetTask",
    "GetWhistle",
    "ListDepartmentUpdates",
    "ListDutyItems",
    "ListReceiverLeaves",
    "ListTasks",
    "ListUnits",
    "ListWhistles",
    "ObjectTask",
    "ProgressTask",
    "RateTask",
    "RecordReceiverLeave",
    "RejectTask",
    "ReportIn",
    "ReturnWhistle",
    "SignTask",
    "TaskCommand",
    "WaiveRating",
    "WhistleCommand",
]
