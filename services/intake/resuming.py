"""Taking an appeal up again that ended without an answer to its complainant (domain §3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.intake.endings import AppealResumed, ObjectEnding
from contracts.intake.triage import AcceptAppeal, AppealAccepted, AssignAppeal
from kernel.codes import AppealState, ResumeCause
from kernel.rights import is_resident
from services.intake import facts, merging, stopped_clocks
from services.intake.machines import APPEAL
from services.intake.registering import assigned
from services.intake.tables import Appeal

INTAKE = Principal.service("intake")
"""Tells what follows by itself: who ended the survivor has no part in the other citizens' cases."""

CAUSES = {
    AppealState.WITHDRAWN: ResumeCause.WITHDRAWAL_DISPUTED,
    AppealState.DECLINED: ResumeCause.DECLINE_REVIEWED,
}


@asked(ObjectEnding)
def object_ending(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Appeal:
    """A withdrawal the complainant did not ask for, or a refusal to be reviewed (once): the appeal lives on.

    Within the limit of policy key intake.ending_objection. Errors: as `Life.begin`; Conflict after it.
    """
    appeal = APPEAL.begin(session, who, ObjectEnding, command)
    until = appeal.object_until
    if until is not None and now > until:
        raise Conflict("提出异议的期限已过，如有新情况请重新反映", object_until=until.isoformat())
    if appeal.state == AppealState.DECLINED:
        appeal.reviewed_at = now
    cause = CAUSES[AppealState(appeal.state)]
    take_up(session, who, appeal, ObjectEnding, cause, now)
    return appeal


def free_merged(session: Session, who: Principal, survivor: Appeal, now: datetime) -> Appeal:
    """The survivor ended without an answer: what was merged into it lives on by itself.

    The one that was registered first is taken up again, the others follow it. What the same person reported ends
    with that person's own withdrawal. The survivor.
    """
    merged = select(Appeal).where(Appeal.merged_into == survivor.id).order_by(Appeal.created_at, Appeal.id)
    freed = [row for row in session.scalars(merged.with_for_update()) if not _goes_with(who, row, survivor)]
    if not freed:
        return survivor
    heir, others = freed[0], freed[1:]
    take_up(session, INTAKE, heir, "survivor_ended", ResumeCause.SURVIVOR_ENDED, now, survivor)
    for other in others:
        theirs = stopped_clocks.stopped_at(session, other, other.endings[-1].at)
        merging.follow(session, INTAKE, other, heir, theirs, now)
    return survivor


def take_up(
    session: Session,
    who: Principal,
    appeal: Appeal,
    move: Any,
    cause: ResumeCause,
    now: datetime,
    survivor: Appeal | None = None,
) -> None:
    """Back to the handler it had, else to the survivor's, else to whoever accepts it; its dates are those promised."""
    last = appeal.endings[-1]
    last.resumed_at = now
    APPEAL.move(appeal, move)
    appeal.merged_into = appeal.merged_into_number = appeal.object_until = None
    _forget_result(appeal)
    due = stopped_clocks.run_again(session, appeal, last.at, now)
    if survivor is not None and appeal.handler_id is None:
        appeal.lead_unit = survivor.lead_unit
        appeal.handler_id, appeal.handler_name = survivor.handler_id, survivor.handler_name
    number = survivor and survivor.case_number
    resumed = (AppealResumed, {"cause": cause, "survivor_number": number, "due_at": due})
    facts.tell_all(session, appeal, who, now, [resumed, *_handed_back(appeal)])


def _handed_back(appeal: Appeal) -> Sequence[facts.Fact]:
    """REGISTERED → ACCEPTED → ASSIGNED, as far as it is known who leads and handles it."""
    if appeal.lead_unit is None:
        return []
    APPEAL.move(appeal, AcceptAppeal)
    accepted = (AppealAccepted, {"lead_unit": appeal.lead_unit, "accepted_by": facts.actor(INTAKE)})
    if appeal.handler_id is None:
        return [accepted]
    APPEAL.move(appeal, AssignAppeal)
    return [accepted, assigned(appeal)]


def _forget_result(appeal: Appeal) -> None:
    """A result reported before the ending no longer stands."""
    appeal.result_kind = appeal.result_text = appeal.legal_basis = appeal.result_at = None
    appeal.solved = appeal.satisfied = appeal.supervision_due = None
    appeal.evidence_count, appeal.result_attachments = 0, []


def _goes_with(who: Principal, row: Appeal, survivor: Appeal) -> bool:
    if survivor.state != AppealState.WITHDRAWN:
        return False
    same = row.reporter_id is not None and row.reporter_id == survivor.reporter_id
    return same or (is_resident(who) and row.registered_by == who.id)
