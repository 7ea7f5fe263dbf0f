"""The hand on a relay: dying between confirm and mark, holding back, saying everything twice and in reverse order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from relay.log import OutboxLog, Row
from relay.pipeline import Pipeline
from tests.chaos.control import Control
from tests.chaos.points import Points


def lay_on(control: Control, program: str) -> None:
    points = Points(control, program)
    around_marking(points)
    around_reading(control, program)


def around_marking(points: Points) -> None:
    """`sending`: in the middle of a batch; `confirmed`: the broker has it, the outbox does not know."""
    marked, sent = OutboxLog.mark_sent, Pipeline._send

    def mark_sent(self: OutboxLog, positions: list[int]) -> None:
        points.pass_by("confirmed")
        marked(self, list(dict.fromkeys(positions)))

    def send(self: Pipeline, row: Row) -> None:
        sent(self, row)
        points.pass_by("sending")

    OutboxLog.mark_sent, Pipeline._send = mark_sent, send  # type: ignore[method-assign]


def around_reading(control: Control, program: str) -> None:
    unsent = OutboxLog.unsent

    def read(self: OutboxLog, but: Collection[int] = ()) -> list[Row]:
        if control.told(f"{program}.hold"):
            return []
        rows: list[Any] = unsent(self, but)
        return [*rows[::-1], *rows[::-1]] if control.told(f"{program}.twice") else rows

    OutboxLog.unsent = read  # type: ignore[method-assign]
