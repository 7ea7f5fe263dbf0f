"""Leave of who answers for something: once at a time, and what waits for somebody away goes on to who is there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis.errors import Conflict, Invalid
from chassis.store import Moment, new_id


class Leave:
    """Somebody is away from `from_at` on. `until` equal to `from_at`: taken back."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(index=True)
    from_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)

    def end(self, now: datetime) -> None:
        """Back earlier, or a leave that is not taken: then it ends as it begins. Errors: Conflict when it is over."""
        if self.until <= now:
            raise Conflict("这次请假已经结束", until=self.until.isoformat())
        self.until = max(self.from_at, now)


def span(session: Session, model: Any, person_id: str, asked: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What is recorded of a leave that is asked for. Errors: Invalid for one that is over; Conflict for a second."""
    start, until = asked["from_at"] or now, asked["until"]
    Invalid.where(until=until <= max(start, now) and "结束时间应在开始时间和现在之后")
    same = select(model).where(model.person_id == person_id, model.from_at < until, model.until > start)
    known = session.scalars(same.limit(1)).first()
    if known is not None:
        raise Conflict("此人这段时间已登记请假", leave_id=str(known.id), until=known.until.isoformat())
    return {"id": new_id(), "person_id": person_id, "from_at": start, "until": until}


def away(model: Any, now: datetime) -> Select[Any]:
    """The ids of who is away."""
    return select(model.person_id).where(model.from_at <= now, model.until > now)
