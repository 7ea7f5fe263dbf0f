"""Finding appeals, and what commands on one have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.identity import Principal
from chassis.store import expect
from kernel.attachments import Attachments
from services.intake import access, conditions, facts
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Ending


def by_number(session: Session, number: str) -> Appeal | None:
    """The appeal as it stands, for reading."""
    return session.scalars(select(Appeal).where(Appeal.case_number == number)).one_or_none()


def take(session: Session, number: str) -> Appeal:
    """The appeal, locked until commit. Errors: NotFound, with a hint where the number was misread."""
    row = session.scalars(select(Appeal).where(Appeal.case_number == number).with_for_update()).one_or_none()
    if row is None:
        raise access.unknown(number)
    return row


def begin(session: Session, who: Principal, name: str, command: Mapping[str, Any]) -> Appeal:
    """The appeal a command is about: locked, `who` allowed, the state fit.

    Errors: NotFound, also where `who` may not see it; Forbidden, VersionMismatch, Conflict naming the states that
    would do or what rules it out.
    """
    appeal = take(session, command["number"])
    access.require(who, name, appeal)
    expect(appeal, command.get("expected_version"))
    APPEAL.check(appeal, name)
    conditions.check(appeal, name)
    return appeal


def heard_of(session: Session, event_subject: Any) -> Appeal | None:
    """The appeal a fact of a peer is about, locked; None where the case is not an appeal, or not ours."""
    if event_subject["kind"] != "APPEAL":
        return None
    return session.get(Appeal, event_subject["id"], with_for_update=True)


def end(
    session: Session,
    appeal: Appeal,
    who: Principal,
    now: datetime,
    *,
    reason_code: str | None = None,
    where_to_go: str | None = None,
    words: str | None = None,
    evidence: Attachments | None = None,
) -> None:
    """Keeps why the appeal came to its present, final state."""
    ending = Ending(
        at=now,
        by_id=who.id,
        by_name=facts.doer(who),
        kind=str(appeal.state),
        reason_code=reason_code and str(reason_code),
        where_to_go=where_to_go and str(where_to_go),
        words=words,
        evidence=evidence or [],
    )
    appeal.endings.append(ending)
