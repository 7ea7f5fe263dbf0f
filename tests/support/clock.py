"""A clock for tests."""

from __future__ import annotations

from datetime import datetime, timedelta


class FixedClock:
    """A clock that stands until moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **step: float) -> datetime:
        self.at += timedelta(**step)
        return self.at
