"""A report of what is an incident already follows its leading appeal from the moment it is registered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from capability.naming import told_name
from chassis.identity import Principal
from contracts.intake.endings import MergeAppeal
from kernel.areas import is_within
from services.intake import merging
from services.intake.conditions import NON_TERMINAL
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Deadline, Ending, Incident


class Declared(NamedTuple):
    """Where an incident is declared, of what, and which appeal leads."""

    area: str
    category: str
    lead_id: UUID


_DECLARED = select(Incident.area_path, Incident.category, Incident.lead_id).where(text("state = 'DECLARED'"))
"""The state as a literal: the index of open incidents (`uq_incident_open`) answers, however many have ended."""


def declared(session: Session, appeals: Sequence[Appeal]) -> list[Declared]:
    """What is declared now, asked of the store each time: the first report after an incident was declared follows it.

    Nothing where none of the appeals may follow.
    """
    if not any(_may_follow(appeal) for appeal in appeals):
        return []
    return [Declared(*row) for row in session.connection().execute(_DECLARED)]


def join(
    session: Session,
    who: Principal,
    appeal: Appeal,
    clocks: Sequence[Deadline],
    known: Sequence[Declared],
    now: datetime,
) -> list[Ending]:
    """The row that says it was merged, to be inserted with the appeal; none where it goes its own way."""
    key = _lead_of(appeal, known)
    lead = session.get(Appeal, key, with_for_update=True) if key else None
    if lead is None or lead.state not in NON_TERMINAL or lead.result_at is not None:
        return []
    APPEAL.move(appeal, MergeAppeal)
    merging.follow(session, who, appeal, lead, clocks, now)
    for row in clocks:
        row.cancelled_at, row.wake_at = now, None
    by = {"by_id": who.id, "by_name": told_name(who)}
    return [Ending(appeal_id=appeal.id, at=now, kind=str(appeal.state), evidence=[], **by)]


def _may_follow(appeal: Appeal) -> bool:
    """What tells of danger, was asked to be kept secret or complains of staff is never swallowed."""
    return not (appeal.danger_flags or appeal.secret or appeal.against)


def _lead_of(appeal: Appeal, known: Sequence[Declared]) -> UUID | None:
    """The leading appeal of the incident of its category at its place or above."""
    if not _may_follow(appeal):
        return None
    here = (one for one in known if one.category == appeal.category and is_within(appeal.area_path, one.area))
    return next((one.lead_id for one in here), None)
