"""The appeals that mediation cases come from: found by source, followed through merges, one fact at a time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from kernel.codes import MediationState
from services.mediation import states
from services.mediation.tables import Case, SourceEnd


def lock(session: Session, source_id: UUID) -> UUID:
    """Lets facts about one source take turns; answers the source it was merged into, locked too, or itself.

    Without it a whistle and the dispute it serves, heard at the same time, would each miss the other.
    """
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": str(source_id)})
    end = session.get(SourceEnd, source_id)
    if end is None or end.into_id is None or end.into_id == source_id:
        return source_id
    return lock(session, end.into_id)


def end_of(session: Session, source_id: UUID, now: datetime) -> SourceEnd:
    """The row that keeps what became of a source."""
    end = session.get(SourceEnd, source_id)
    if end is None:
        end = SourceEnd(source_id=source_id, withdrawn=False, turn=0, at=now)
        session.add(end)
    return end


def withdrawn(session: Session, source_id: UUID) -> bool:
    end = session.get(SourceEnd, source_id)
    return end is not None and end.withdrawn


def number_of(session: Session, source_id: UUID, number: str) -> str:
    """The number of the source at the end of a chain of merges; `number` where nothing was merged into it."""
    merged = session.scalars(select(SourceEnd).where(SourceEnd.into_id == source_id).limit(1)).first()
    return number if merged is None or merged.into_number is None else merged.into_number


def unfinished(session: Session, source_id: UUID) -> Case | None:
    """The one case of a source that still goes on, locked."""
    query = select(Case).where(Case.source_id == source_id, Case.state.in_(_codes(states.UNFINISHED)))
    return session.scalars(query.with_for_update()).one_or_none()


def latest(session: Session, source_id: UUID) -> Case | None:
    """The newest case of a source, finished or not."""
    query = select(Case).where(Case.source_id == source_id).order_by(Case.identified_at.desc()).limit(1)
    return session.scalars(query).first()


def with_merged(session: Session, source_id: UUID) -> list[UUID]:
    """The source and all that were merged into it, directly or through another."""
    known, fresh = [source_id], [source_id]
    while fresh:
        found = session.scalars(select(SourceEnd.source_id).where(SourceEnd.into_id.in_(fresh)))
        fresh = [one for one in found if one not in known]
        known += fresh
    return known


def _codes(wanted: set[MediationState]) -> list[str]:
    return sorted(state.value for state in wanted)
