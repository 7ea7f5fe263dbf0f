"""Points in dispute 争议焦点: cause and price apart, each with both positions and its finding (domain §A3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.issues import IssueRecorded, IssueSettled, RecordIssue, SettleIssue
from services.mediation import access, states
from services.mediation.tables import Case, Issue


@asked(RecordIssue)
def record(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Takes both positions down, in place of earlier ones; a finding on those falls. Errors: as `Life.begin`."""
    case = states.CASE.begin(session, who, RecordIssue, command)
    issue = _of(case, command["kind"])
    if issue is None:
        issue = Issue(kind=command["kind"])
        case.issues.append(issue)
    issue.claimant_says, issue.respondent_says = command["claimant_says"], command["respondent_says"]
    issue.finding = issue.settled_at = None
    issue.recorded_by, issue.at = access.staff(who), now
    return states.CASE.done(session, who, case, now, IssueRecorded, kind=issue.kind)


@asked(SettleIssue)
def settle(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Errors: as `Life.begin`; Conflict where nobody's position was taken down."""
    case = states.CASE.begin(session, who, SettleIssue, command)
    issue = _of(case, command["kind"])
    if issue is None:
        raise Conflict("这一点还没有记下双方的说法", state=case.state)
    issue.finding, issue.settled_at = command["finding"], now
    return states.CASE.done(session, who, case, now, IssueSettled, kind=issue.kind)


def _of(case: Case, kind: str) -> Issue | None:
    return next((one for one in case.issues if one.kind == kind), None)
