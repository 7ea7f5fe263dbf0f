"""A service window, and bookings there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chassis.identity import Principal
from services.intake.posts import WINDOW
from services.intake.tables import Post
from tests.unit.intake.erranding import do
from tests.unit.intake.world import COMMUNITY, NOW, WANG

TEN = datetime(2024, 7, 8, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Yinchuan."""


def window_at(session: Any, hours: str = "WORKDAYS 08:30-18:00") -> None:
    """A service window of the community, open on working days."""
    session.add(Post(area_path=COMMUNITY, duty=WINDOW, name="社区窗口", unit="yinhong", hours=hours))


def book(store: Any, who: Principal = WANG, tail: int = 1, at: datetime = TEN, now: Any = NOW, **more: Any) -> Any:
    applicant = {"name": "李建国", "phone": f"1390000{tail:04d}"}
    asked = {"area_path": COMMUNITY, "starts_at": at.isoformat(), "matter": "SOCIAL_CARD", "applicant": applicant}
    return do(store, "make_booking", who, now, **{**asked, **more})
