"""`shaodao status` says in time that the official holidays of a year are not loaded."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ops import status

pytestmark = pytest.mark.rule("17")


@pytest.mark.parametrize(
    ("now", "told"),
    [(datetime(2026, 11, 28, tzinfo=UTC), "no notice for 2027"), (datetime(2026, 3, 1, tzinfo=UTC), None)],
    ids=["near", "far"],
)
def test_given_a_year_without_notice_when_it_begins_soon_then_status_says_so(now: datetime, told: str | None) -> None:
    world: Any = SimpleNamespace(settings={"policy_pack": "default"}, now=lambda: now)
    line = status.calendar_line(world)
    assert line is None if told is None else told in str(line)
