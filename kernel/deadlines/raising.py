"""When a deadline is spoken of: warnings before it ends, and whom to tell the longer it is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from kernel.codes import EscalationLevel


@dataclass(frozen=True)
class EarlyWarning:
    """Tell whoever is at work once `percent` of the time has passed; not once it is over, for then it is overdue."""

    percent: int

    @property
    def mark(self) -> str:
        return f"{self.percent}%"


@dataclass(frozen=True)
class EscalationStep:
    """Tell `level` once `after_percent` of the limit's length has passed beyond the due instant."""

    level: EscalationLevel
    after_percent: int

    @property
    def mark(self) -> str:
        return self.level.value

    @property
    def percent(self) -> int:
        return 100 + self.after_percent

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """From one item of policy key dispatch.escalation. Raises ValueError for an unknown level."""
        return cls(EscalationLevel(raw["level"]), int(raw["after_percent"]))


Step = EarlyWarning | EscalationStep
WARNINGS = (EarlyWarning(50), EarlyWarning(80))
"""Told while there is still time (domain §3.5)."""


def ladder(raw: Iterable[Mapping[str, Any]]) -> tuple[EscalationStep, ...]:
    """The steps of policy key dispatch.escalation, soonest first."""
    return tuple(sorted((EscalationStep.parse(item) for item in raw), key=lambda step: step.after_percent))


def moment_at(start: datetime, due: datetime, percent: int) -> datetime:
    """The instant at which `percent` (100 and more too) of the time from `start` to `due` has passed, by wall clock."""
    return (start + (due - start) * percent / 100).astimezone(UTC)


def is_reached(start: datetime, due: datetime, now: datetime, step: Step) -> bool:
    """Whether the step's share of the time has passed by `now`; of an escalation only after the due instant."""
    return moment_at(start, due, step.percent) <= now and (now > due or isinstance(step, EarlyWarning))


def next_raise(start: datetime, due: datetime, raised: Sequence[str], steps: Iterable[Step]) -> datetime | None:
    """The instant the first step not yet raised falls due, or None when all were."""
    return min((moment_at(start, due, step.percent) for step in steps if step.mark not in raised), default=None)
