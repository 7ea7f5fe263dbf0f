"""Sessions 调解会: scheduled with notice and only among the willing, then recorded with what came of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.store import new_id
from contracts.mediation.sessions import (
    MediationSessionHeld,
    MediationSessionMoved,
    MediationSessionScheduled,
    MoveSession,
    RecordSession,
    ScheduleSession,
    SessionPlace,
)
from kernel.calendar import local_day, moment_words
from kernel.codes import SessionOutcome, SessionState
from services.mediation import helpers, protection, representatives, rights_notices, states, willingness
from services.mediation.rules import NOTICE, rules
from services.mediation.tables import Case, CaseSession, Helper

Command = dict[str, Any]

ACCORD = {SessionOutcome.AGREED, SessionOutcome.PARTIAL}


@asked(ScheduleSession)
def schedule(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Fixes a session. Errors: Invalid for too short a notice; Conflict for a party unwilling or a consent missing."""
    case = states.CASE.begin(session, who, ScheduleSession, command)
    willingness.require_all_willing(case)
    protection.require_apart(case, command["kind"])
    invited = helpers.require_consent(case, command["helper_ids"])
    _require_notice(case, command, now)
    row = _planned(case, command, invited)
    return states.CASE.done(
        session, who, case, now, MediationSessionScheduled,
        session_id=row.id, session_no=row.no, kind=row.kind, starts_at=row.starts_at,
        helper_units=[helper.unit for helper in invited], notice_waived=row.notice_waived,
    )  # fmt: skip


@asked(MoveSession)
def move(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Another time or place for a session not yet recorded, with the usual notice or waived anew.

    Errors: NotFound; Conflict when it was recorded or nothing would change; Invalid for too short a notice.
    """
    case = states.CASE.begin(session, who, MoveSession, command)
    row = _find(case, command)
    states.SESSION.check(row, MoveSession)
    if (row.starts_at, row.place_text) == (command["starts_at"], command["place_text"]):
        raise Conflict("时间和地点都没有变", starts_at=row.starts_at.isoformat())
    _require_notice(case, command, now)
    was, row.starts_at = row.starts_at, command["starts_at"]
    row.place_text, row.notice_waived = command["place_text"], command["notice_waived"]
    return states.CASE.done(
        session, who, case, now, MediationSessionMoved,
        session_id=row.id, session_no=row.no, kind=row.kind, was_starts_at=was, starts_at=row.starts_at,
        helper_units=[one.unit for one in case.helpers if str(one.id) in row.helper_ids],
        notice_waived=row.notice_waived,
    )  # fmt: skip


@asked(SessionPlace)
def place(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Where a session is held, for a message about it; of a sealed case nobody is told. Errors: Forbidden; NotFound."""
    permit(who, SessionPlace, command)
    row = session.get(CaseSession, command["session_id"])
    if row is None:
        raise NotFound("没有找到对应的调解会", session_id=str(command["session_id"]))
    sealed = session.get_one(Case, row.case_id).sealed
    return {"session_id": row.id, "place_text": protection.WITHHELD if sealed else row.place_text}


def _planned(case: Case, command: Command, invited: list[Helper]) -> CaseSession:
    row = CaseSession(
        id=new_id(),
        no=len(case.sessions) + 1,
        state=states.SESSION.initial,
        kind=command["kind"],
        starts_at=command["starts_at"],
        place_text=command["place_text"],
        helper_ids=[str(helper.id) for helper in invited],
        notice_waived=command["notice_waived"],
        present=[],
    )
    case.sessions.append(row)
    return row


def _require_notice(case: Case, command: Command, now: datetime) -> None:
    """Policy key mediation.session_notice: 24 hours, unless the parties waive it, then at once or just begun."""
    ruling = rules(now)
    waived = command["notice_waived"]
    earliest = case.opened_at or case.accepted_at if waived else ruling.until(NOTICE, now)
    if command["starts_at"] < earliest:
        notice = ruling.pack.limit(NOTICE).label
        said = "开始时间不能早于立案时间" if waived else f"应至少提前{notice}通知，当事人同意的除外"
        raise Invalid.because({"starts_at": [said]})


@asked(RecordSession)
def record(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Takes down what came of a session. Refusing to pay is NO_AGREEMENT and leaves the case open.

    Errors: NotFound; Conflict before it has begun, when recorded twice, or for a helper without consent; Invalid.
    """
    case = states.CASE.begin(session, who, RecordSession, command)
    row = _find(case, command)
    states.SESSION.check(row, RecordSession)
    _require_reason(command)
    _require_begun(row, command, now)
    row.present = _present(case, row, command)
    if command["outcome"] != SessionOutcome.ABANDONED:
        rights_notices.require(case)
    if command["outcome"] in ACCORD:
        representatives.require_authority(case, row.present, local_day(row.starts_at))
    row.outcome, row.reason_code = command["outcome"], command.get("reason_code")
    row.record_text, row.held_at = command["record_text"], now
    states.SESSION.move(row, RecordSession)
    return states.CASE.done(
        session, who, case, now, MediationSessionHeld,
        session_id=row.id, session_no=row.no, outcome=row.outcome, reason_code=row.reason_code,
    )  # fmt: skip


def call_off(case: Case) -> None:
    """What was still planned falls away: the case has come to terms, or has ended."""
    for row in case.sessions:
        if row.state == SessionState.SCHEDULED:
            states.SESSION.move(row, "case_ended")


def accord(case: Case) -> CaseSession:
    """The session in which the parties came to terms. Errors: Conflict where there was none."""
    for row in reversed(case.sessions):
        if row.outcome in ACCORD:
            return row
    raise Conflict("还没有达成一致的调解会记录，不能起草协议", state=case.state, allowed_outcomes=sorted(ACCORD))


def _find(case: Case, command: Command) -> CaseSession:
    for row in case.sessions:
        if row.id == command["session_id"]:
            return row
    raise NotFound("没有找到对应的调解会", session_id=str(command["session_id"]))


def _require_reason(command: Command) -> None:
    if command["outcome"] != SessionOutcome.AGREED and command.get("reason_code") is None:
        raise Invalid.because({"reason_code": ["未全部达成一致的，请选择原因"]})


def _require_begun(row: CaseSession, command: Command, now: datetime) -> None:
    if now < row.starts_at and command["outcome"] != SessionOutcome.ABANDONED:
        said = f"调解会定于{moment_words(row.starts_at)}，尚未开始，不能记录结果"
        raise Conflict(said, starts_at=row.starts_at.isoformat())


def _present(case: Case, row: CaseSession, command: Command) -> list[str]:
    """Parties, who speaks for them, and helpers invited to this session; a helper needs every party's consent."""
    speakers = {str(one.id) for party in case.parties for one in party.representatives}
    allowed = {str(party.party_id) for party in case.parties} | speakers | set(row.helper_ids)
    present = [str(one) for one in dict.fromkeys(command["present"])]
    strangers = [one for one in present if one not in allowed]
    if strangers:
        raise Conflict("到场人员须为当事人、其代理人，或经各方同意并已通知的协助人员", present=strangers)
    return present
