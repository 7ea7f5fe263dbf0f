"""The state tables of a whistle 哨单 and of a unit's task 哨令 (domain §3.4). "Overdue" is never a state."""

from __future__ import annotations

from chassis.states import Machine, Move
from kernel.codes import TaskState, WhistleKind, WhistleState

W, T = WhistleState, TaskState

WHISTLE: Machine[WhistleState] = Machine(
    "whistle",
    W.DRAFTED,
    {
        "submit": Move({W.DRAFTED}, W.PENDING_APPROVAL),
        "blow": Move({W.DRAFTED}, W.BLOWN),
        "approve": Move({W.PENDING_APPROVAL}, W.BLOWN),
        "return": Move({W.PENDING_APPROVAL}, W.RETURNED),
        "cancel": Move({W.PENDING_APPROVAL, W.BLOWN}, W.CANCELLED),
        "close": Move({W.BLOWN}, W.CLOSED),
    },
)

_COMMON = {
    "sign": Move({T.ASSIGNED}, T.SIGNED),
    "report_in": Move({T.SIGNED}, T.REPORTED_IN),
    "progress": Move({T.REPORTED_IN}, None),
    "finish": Move({T.REPORTED_IN}, T.FINISHED),
    "confirm": Move({T.FINISHED}, T.CONFIRMED),
    "reject": Move({T.FINISHED}, T.REPORTED_IN),
    "rate": Move({T.CONFIRMED}, T.RATED),
    "waive": Move({T.CONFIRMED}, T.WAIVED),
}

TASK: Machine[TaskState] = Machine(
    "whistle_task",
    T.ASSIGNED,
    {
        **_COMMON,
        "object": Move({T.ASSIGNED, T.SIGNED}, T.OBJECTED),
        "uphold": Move({T.OBJECTED}, T.REASSIGNED),
        "dismiss": Move({T.OBJECTED}, T.SIGNED),
        "excuse": Move({T.ASSIGNED, T.SIGNED}, T.WAIVED),
        "cancel": Move({T.ASSIGNED, T.SIGNED, T.OBJECTED, T.REPORTED_IN, T.FINISHED, T.CONFIRMED}, T.CANCELLED),
    },
)

AT_WORK = frozenset({T.ASSIGNED, T.SIGNED, T.REPORTED_IN})
"""The unit's turn: its clock of the step runs."""
_WORK_DONE = {T.FINISHED, T.CONFIRMED, T.RATED, T.WAIVED}

# Safety first (scenario A4): an objection is a paper beside the work, not a stop of it. Work that is already done when
# the objection is upheld stays with the unit that did it, to be confirmed and rated.
EMERGENCY_TASK: Machine[TaskState] = Machine(
    "whistle_task",
    T.ASSIGNED,
    {
        **_COMMON,
        "object": Move({T.ASSIGNED, T.SIGNED}, None),
        "uphold": Move(AT_WORK, T.REASSIGNED),
        "uphold_late": Move(_WORK_DONE, None),
        "dismiss": Move(AT_WORK | _WORK_DONE, None),
        "excuse": Move({T.ASSIGNED, T.SIGNED}, T.WAIVED),
        "cancel": Move(AT_WORK | {T.FINISHED, T.CONFIRMED}, T.CANCELLED),
    },
)

SETTLED = frozenset({T.RATED, T.WAIVED, T.REASSIGNED, T.CANCELLED})
"""Tasks that ask nothing more of anybody; a whistle closes when all of its tasks are here."""

WORK_BEGUN = frozenset({T.REPORTED_IN, T.FINISHED, T.CONFIRMED, T.RATED})

OPEN_WHISTLES = frozenset({W.DRAFTED, W.PENDING_APPROVAL, W.BLOWN})


def task_machine(kind: str) -> Machine[TaskState]:
    """The table a task of this kind of whistle follows."""
    return EMERGENCY_TASK if kind == WhistleKind.EMERGENCY else TASK
