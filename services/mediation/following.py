"""What becomes of a case when its appeal is withdrawn or merged; also when that is heard before the dispute."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.intake.endings import AppealMerged, AppealResumed, AppealWithdrawn
from kernel.codes import TerminationReason
from services.mediation import cases, helpers, sources, states
from services.mediation.tables import Case


@hears(AppealWithdrawn)
def source_withdrawn(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The appeal was withdrawn: its case ends, unless an agreement already binds the parties (art. 31)."""
    source_id = sources.lock(session, event.data["appeal_id"])
    end_row = sources.end_of(session, event.data["appeal_id"], now)
    if end_row.turn > event.aggregate_version:
        return
    end_row.withdrawn, end_row.turn = True, event.aggregate_version
    case = sources.unfinished(session, source_id) if source_id == event.data["appeal_id"] else None
    if case is not None and case.state in states.BEFORE_EFFECT:
        cases.end(session, who, case, now, "source_withdrawn", TerminationReason.WITHDRAWN)


@hears(AppealMerged)
def source_merged(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The appeal was merged: its case follows the surviving one, or ends where that has a case of its own."""
    merged_id, number = event.data["appeal_id"], event.data["into_number"]
    sources.lock(session, merged_id)
    into_id = sources.lock(session, event.data["into_id"])
    end_row = sources.end_of(session, merged_id, now)
    if end_row.turn > event.aggregate_version or end_row.into_id == event.data["into_id"] or into_id == merged_id:
        return
    end_row.into_id, end_row.into_number, end_row.turn = event.data["into_id"], number, event.aggregate_version
    session.flush()
    case, number = sources.unfinished(session, merged_id), sources.number_of(session, into_id, number)
    _follow(session, who, case, into_id, number, now)


@hears(AppealResumed)
def source_resumed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The appeal goes on by itself: a dispute found in it is its own again. A case that followed or ended stays so."""
    end_row = sources.end_of(session, event.data["appeal_id"], now)
    if end_row.turn <= event.aggregate_version:
        end_row.withdrawn, end_row.into_id, end_row.into_number = False, None, None
        end_row.turn = event.aggregate_version


def _follow(session: Session, who: Principal, case: Case | None, into_id: UUID, number: str, now: datetime) -> None:
    if case is None:
        surviving = sources.unfinished(session, into_id)
        if surviving is not None:
            helpers.settle(session, who, surviving, now)
    elif sources.unfinished(session, into_id) is None:
        case.source_id, case.source_number, case.case_number = into_id, number, number
        session.flush()
        helpers.settle(session, who, case, now)
    elif case.state in states.BEFORE_EFFECT:
        cases.end(session, who, case, now, "source_withdrawn", TerminationReason.WITHDRAWN)
