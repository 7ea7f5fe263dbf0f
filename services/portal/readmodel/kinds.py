"""What a matter is called and what is to be done, as its view says (`about`). One nobody knows here works too."""

from __future__ import annotations

from collections.abc import Sequence

from contracts import registry
from contracts.matters import Matter
from kernel import codes, numbers

RESTING = codes.AppealState.RESULT_REPORTED.value
"""Nobody is awaited, and yet it is not over: its follow-up is what waits."""

WHISTLE, TASK, MEDIATION, FOLLOW_UP = "WHISTLE", "TASK", "MEDIATION", "FOLLOW_UP"
CALLED = (TASK, WHISTLE)
"""What calls units."""
OBJECTION, DECIDES = "待裁定异议", "role:DISTRICT"
"""Of a task only an objection waits for the district."""


class NoState(codes.Code):
    """Of a kind that is newer than this program no state is known."""


UNKNOWN = Matter("", "事项", NoState)
OF_LETTER = {
    letter: kind
    for letter, name in numbers.KINDS.items()
    for kind, about in registry.MATTERS.items()
    if about.name == name
}
WALKED = frozenset(
    shown.kind
    for command in registry.COMMANDS.values()
    if command.outdoors and (shown := command.answer.about) and "number" in command().fields
    and codes.Role.STEWARD in command.by.roles
)  # fmt: skip
"""Kinds of which a steward records something at her stairwell, though they are of a larger place."""


def about(kind: str) -> Matter:
    return registry.MATTERS.get(kind, UNKNOWN)


def of_number(number: str) -> str:
    """The kind of what has this number, by its letter; empty for one nobody knows here."""
    return OF_LETTER.get(numbers.kind_of(number), "")


def todo(kind: str, state: str, waits: Sequence[str], units: Sequence[str]) -> str:
    """What is to be done, as one of `units` or in a role."""
    if kind == TASK and DECIDES in waits and not {f"unit:{code}" for code in units} & set(waits):
        return OBJECTION
    return about(kind).todo.get(state, about(kind).name)
