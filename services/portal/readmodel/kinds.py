"""Kinds of matters in Chinese, with their states and what is to be done in them. One nobody named here works too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kernel import codes

RESTING = codes.AppealState.RESULT_REPORTED.value
"""Nobody is awaited, and yet it is not over: its follow-up is what waits."""


@dataclass(frozen=True)
class Kind:
    """`todo` says, by state, what whoever is awaited has to do, where that is more than the state's own word."""

    name: str
    states: Mapping[str, str]
    todo: Mapping[str, str] = field(default_factory=dict)


def _of(states: type[codes.Code]) -> dict[str, str]:
    return {state.value: state.label for state in states}


WHISTLE, TASK, MEDIATION, FOLLOW_UP = "WHISTLE", "TASK", "MEDIATION", "FOLLOW_UP"
STEPS = {
    "ASSIGNED": "待签收",
    "SIGNED": "待报到",
    "REPORTED_IN": "待办结",
    "FINISHED": "待核实",
    "CONFIRMED": "待赋分",
}
KINDS: Mapping[str, Kind] = {
    "APPEAL": Kind("诉求", _of(codes.AppealState)),
    "HAZARD": Kind("隐患", _of(codes.HazardState)),
    WHISTLE: Kind("哨单", _of(codes.WhistleState), {"PENDING_APPROVAL": "待批准吹哨"}),
    TASK: Kind("哨令", _of(codes.TaskState), STEPS),
    MEDIATION: Kind("调解", _of(codes.MediationState)),
    FOLLOW_UP: Kind("回访", _of(codes.FollowUpState), {"DUE": "待回访", "TRYING": "待回访"}),
    "MESSAGE": Kind("消息", _of(codes.MessageState)),
    "NOTICE": Kind("公示", {"VISIBLE": "公示中"}),
}
UNKNOWN = Kind("事项", {})
OBJECTION, DECIDES = "待裁定异议", "role:DISTRICT"
"""Of a task only an objection waits for the district."""


def named(kind: str) -> str:
    return KINDS.get(kind, UNKNOWN).name


def state_label(kind: str, state: str) -> str:
    """The state in Chinese; a code nobody knows here is shown as it came."""
    return KINDS.get(kind, UNKNOWN).states.get(state, state)


def todo(kind: str, state: str, waits: Sequence[str], units: Sequence[str]) -> str:
    """What is to be done, as one of `units` or in a role."""
    if kind == TASK and DECIDES in waits and not {f"unit:{code}" for code in units} & set(waits):
        return OBJECTION
    known = KINDS.get(kind, UNKNOWN)
    return known.todo.get(state, known.name)
