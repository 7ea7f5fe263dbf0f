"""Leave of those who hold posts: recorded, listed, ended; cases not yet signed go on to who stands in (岗位AB制)."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import leaves
from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked, every
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.store import take
from contracts.intake.leaves import EndPostLeave, ListPostLeaves, RecordPostLeave
from kernel.codes import AppealState
from services.intake import facts, posts
from services.intake.registering import assigned
from services.intake.tables import Appeal, Post, PostHolder, PostLeave

Command = dict[str, Any]
View = dict[str, Any]
BATCH = 100
"""Most cases handed over in one transaction."""


@asked(RecordPostLeave)
def record(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Away from `from_at` to `until`: what comes in meanwhile goes to the deputy, what is not signed too. Audited.

    Errors: Invalid (holds no post at the place, times); Forbidden for others than the person and the community, street
    or district at the place; Conflict (already away then).
    """
    place, person_id = command["area_path"], command["person_id"]
    name = _holder(session, who, place, person_id)
    row = PostLeave(**leaves.span(session, PostLeave, person_id, command, now), recorded_by=who.id)
    session.add(row)
    _changed(session, who, now, "post_leave_recorded", place, row)
    hand_over(session, who, now)
    return _view(row, name)


@asked(EndPostLeave)
def end(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Back earlier, or a leave that is not taken. Errors: NotFound, Invalid, Forbidden, Conflict when it is over."""
    row = take(session, PostLeave, command["leave_id"])
    name = _holder(session, who, command["area_path"], row.person_id)
    row.end(now)
    _changed(session, who, now, "post_leave_ended", command["area_path"], row)
    return _view(row, name)


@asked(ListPostLeaves)
def listing(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Leaves, not yet over, of those who hold a post at the place or below. Errors: Forbidden for residents, others."""
    permit(who, ListPostLeaves, SimpleNamespace(**command))
    held = select(PostHolder.person_id, PostHolder.person_name).join(Post, Post.id == PostHolder.post_id)
    rows = session.execute(held.where(Post.area_path.within(command["area_path"])))
    names = {row.person_id: row.person_name for row in rows}
    query = select(PostLeave).where(PostLeave.person_id.in_(names), PostLeave.until > now)
    found = session.scalars(query.order_by(PostLeave.from_at, PostLeave.id))
    return {"items": [_view(row, names[row.person_id]) for row in found], "next_cursor": None}


@every(seconds=30)
def hand_over(session: Session, who: Principal, now: datetime) -> int:
    """Cases assigned and not signed, whose handler is away, go to who stands in; up to a batch. How many.

    The clock runs on. Where nobody stands in, the case stays, and the ladder of the clock goes on.
    """
    waiting = (
        select(Appeal)
        .where(Appeal.state == AppealState.ASSIGNED, Appeal.handler_id.in_(leaves.away(PostLeave, now)))
        .order_by(Appeal.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return sum(_passed_on(session, who, appeal, now) for appeal in session.scalars(waiting).all())


def _passed_on(session: Session, who: Principal, appeal: Appeal, now: datetime) -> bool:
    deputy = posts.deputy_of(session, str(appeal.handler_id), appeal.lead_unit or "", now)
    if deputy is None:
        return False
    appeal.handler_id, appeal.handler_name = deputy.person_id, deputy.name
    facts.tell_all(session, appeal, who, now, [assigned(appeal)])
    return True


def _holder(session: Session, who: Principal, place: str, person_id: str) -> str:
    """The name of who holds a post at the place, as A or B."""
    permit(who, RecordPostLeave, SimpleNamespace(area_path=place, person_id=person_id))
    held = select(PostHolder.person_name).join(Post, Post.id == PostHolder.post_id)
    name = session.scalar(held.where(PostHolder.person_id == person_id, Post.area_path == place).limit(1))
    if name is None:
        raise Invalid.because({"person_id": ["此人在该处没有岗位"]})
    return name


def _changed(session: Session, who: Principal, now: datetime, act: str, place: str, row: PostLeave) -> None:
    session.flush()
    posts.forget()
    span = {"person": row.person_id, "from_at": row.from_at.isoformat(), "until": row.until.isoformat()}
    audit.note(session, who, now, act, f"place:{place}", "岗位请假", **span)


def _view(row: PostLeave, name: str) -> View:
    person = facts.person(row.person_id, name)
    return {"id": row.id, "person": person, "from_at": row.from_at, "until": row.until}
