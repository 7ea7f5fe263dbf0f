"""What dispatch 吹哨报到 can be asked."""

from contracts.rpc.dispatch.catalogue import GetTask, GetWhistle, ListDutyItems, ListTasks, ListUnits, ListWhistles
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
    "FinishTask",
    "GetTask",
    "GetWhistle",
    "ListDepartmentUpdates",
    "ListDutyItems",
    "ListTasks",
    "ListUnits",
    "ListWhistles",
    "ObjectTask",
    "ProgressTask",
    "RateTask",
    "RejectTask",
    "ReportIn",
    "ReturnWhistle",
    "SignTask",
    "TaskCommand",
    "WaiveRating",
    "WhistleCommand",
]
