"""When a deadline is spoken of: warnings before it ends, and whom to tell the longer it is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from kernel.codes import EscalationLevel

WARNING_PERCENTS = (50, 80)
"""Shares of the time at which `deadline_approaching` is told (domain §3.5)."""


@dataclass(frozen=True)
class EscalationStep:
    """Tell `level` once `after_percent` of the limit's length has passed beyond the due instant."""

    level: EscalationLevel
    after_percent: int

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """From one item of policy key dispatch.escalation. Raises ValueError for an unknown level."""
        return cls(EscalationLevel(raw["level"]), int(raw["after_percent"]))


def ladder(raw: Iterable[Mapping[str, Any]]) -> tuple[EscalationStep, ...]:
    """The steps of policy key dispatch.escalation, soonest first."""
    return tuple(sorted((EscalationStep.parse(item) for item in raw), key=lambda step: step.after_percent))


def moment_at(start: datetime, due: datetime, percent: int) -> datetime:
    """The instant at which `percent` (100 and more too) of the time from `start` to `due` has passed, by wall clock."""
    return (start + (due - start) * percent / 100).astimezone(UTC)


def warnings_due(
    start: datetime, due: datetime, now: datetime, percents: Iterable[int] = WARNING_PERCENTS
) -> tuple[int, ...]:
    """The warning percentages reached by `now`; none once the deadline has passed, for then it is overdue."""
    if now > due:
        return ()
    return tuple(percent for percent in sorted(percents) if moment_at(start, due, percent) <= now)


def levels_due(
    start: datetime, due: datetime, now: datetime, steps: Iterable[EscalationStep]
) -> tuple[EscalationLevel, ...]:
    """The levels to be told by `now`, soonest first; none until the due instant has passed."""
    return tuple(step.level for step in steps if now > due and moment_at(start, due, 100 + step.after_percent) <= now)


def next_raise(
    start: datetime, due: datetime, raised: Sequence[str], steps: Iterable[EscalationStep]
) -> datetime | None:
    """The instant the first step not yet raised falls due, or None when all were."""
    left = [step for step in steps if step.level not in raised]
    return min((moment_at(start, due, 100 + step.after_percent) for step in left), default=None)
