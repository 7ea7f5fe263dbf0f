"""A report of what is an incident already follows its leading appeal from the moment it is registered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.naming import told_name
from chassis.identity import Principal
from contracts.intake.endings import MergeAppeal
from contracts.intake.incidents import IncidentState
from kernel.areas import is_within
from services.intake import merging
from services.intake.conditions import NON_TERMINAL
from services.intake.machines import APPEAL
from services.intake.remembered import Remembered
from services.intake.tables import Appeal, Deadline, Ending, Incident


def join(session: Session, who: Principal, appeal: Appeal, clocks: Sequence[Deadline], now: datetime) -> list[Ending]:
    """The row that says it was merged, to be inserted with the appeal; none where it goes its own way.

    What tells of danger, was asked to be kept secret or complains of staff is never swallowed. An incident is known to
    every process after `Remembered.SECONDS`.
    """
    incident = None if appeal.danger_flags or appeal.secret or appeal.against else _of(session, appeal)
    lead = session.get(Appeal, incident.lead_id, with_for_update=True) if incident else None
    if lead is None or lead.state not in NON_TERMINAL or lead.result_at is not None:
        return []
    APPEAL.move(appeal, MergeAppeal)
    merging.follow(session, who, appeal, lead, clocks, now)
    for row in clocks:
        row.cancelled_at, row.wake_at = now, None
    by = {"by_id": who.id, "by_name": told_name(who)}
    return [Ending(appeal_id=appeal.id, at=now, kind=str(appeal.state), evidence=[], **by)]


def _of(session: Session, appeal: Appeal) -> Incident | None:
    """The open incident of its category at its place or above, as it stands now."""
    for key, area, category in _open.get(session, ""):
        if category == appeal.category and is_within(appeal.area_path, area):
            found = session.get(Incident, key)
            if found is not None and found.state == IncidentState.DECLARED:
                return found
    return None


def _load(session: Session, _: str) -> list[tuple[object, str, str]]:
    query = select(Incident.id, Incident.area_path, Incident.category)
    rows = session.execute(query.where(Incident.state == IncidentState.DECLARED.value))
    return [(row.id, row.area_path, row.category) for row in rows]


_open = Remembered(_load)
forget = _open.forget
