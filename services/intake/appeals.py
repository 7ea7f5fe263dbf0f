"""Finding appeals, and ending one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.naming import told_name
from chassis.identity import Principal
from services.intake import clocks
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Ending


def by_number(session: Session, number: str) -> Appeal | None:
    """The appeal as it stands, for reading."""
    return session.scalars(select(Appeal).where(Appeal.case_number == number)).one_or_none()


def heard_of(session: Session, event_subject: Any) -> Appeal | None:
    """The appeal a fact of a peer is about, locked; None where the case is not an appeal, or not ours."""
    if event_subject["kind"] != "APPEAL":
        return None
    return session.get(Appeal, event_subject["id"], with_for_update=True)


def end(session: Session, who: Principal, appeal: Appeal, now: datetime, **kept: Any) -> None:
    """The command that began brings the appeal to a final state; keeps why, and stops its clocks."""
    APPEAL.advance(appeal)
    who_ended = {"by_id": who.id, "by_name": told_name(who)}
    appeal.endings.append(Ending(at=now, kind=str(appeal.state), **who_ended, **{"evidence": [], **kept}))
    clocks.stop(session, appeal, now)
