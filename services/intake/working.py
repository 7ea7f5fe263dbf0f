"""Working on an appeal: reaching the citizen, records of handling, more time, the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.intake.working import (
    AppealExtended,
    AppealFirstContacted,
    AppealHandlingRecorded,
    AppealResultReported,
    AppealUrgencyRaised,
    ExtendAppeal,
    RaiseUrgency,
    RecordContact,
    RecordHandling,
    ReportResult,
)
from kernel.codes import DangerFlag, HandlingStage, ResultKind, TerminationReason, Urgency
from kernel.deadlines import Limit, Unit
from services.intake import clocks, facts, needs
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Extension, Handling

Command = dict[str, Any]

WITHOUT_CONSENT = frozenset({ResultKind.EXPLAINED, ResultKind.CANNOT, ResultKind.GUIDED})
"""Results left when a party refused mediation: nobody may call the matter solved then (domain §A1 variant a)."""


@asked(RecordContact)
def record_contact(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The citizen was reached; the first time stops the first-contact clock. Errors: as `Life.begin`."""
    appeal = APPEAL.begin(session, who, RecordContact, command)
    appeal.handlings.append(_record(who, now, how=command["how"], content=command["note"], told_citizen=True))
    in_time = clocks.contacted(session, appeal, now) if appeal.first_contacted_at is None else True
    return APPEAL.done(session, who, appeal, now, AppealFirstContacted, how=command["how"], in_time=in_time)


@asked(RecordHandling)
def record_handling(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """A record of work. Removing the danger meets an emergency's clock; telling the citizen is a contact too.

    Errors: as `Life.begin`.
    """
    appeal = APPEAL.begin(session, who, RecordHandling, command)
    in_time = clocks.is_in_time(appeal, now)
    kept = ("how", "stage", "content", "interim_measure", "told_citizen")
    files = command["attachments"]
    appeal.handlings.append(_record(who, now, attachments=files, **{name: command[name] for name in kept}))
    if command["told_citizen"] and appeal.first_contacted_at is None:
        reached = clocks.contacted(session, appeal, now)
        facts.tell(session, AppealFirstContacted, appeal, who, now, how=command["how"], in_time=reached)
    if command["stage"] == HandlingStage.DANGER_REMOVED:
        clocks.danger_removed(session, appeal, now)
    done = {"how": command["how"], "stage": command["stage"], "attachment_count": len(files)}
    return APPEAL.done(session, who, appeal, now, AppealHandlingRecorded, **done, in_time=in_time)


@asked(RaiseUrgency)
def raise_urgency(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """A danger noticed later makes the case an emergency (条例 art. 29). Clocks only become shorter, never longer.

    Errors: as `Life.begin`; Conflict for an emergency that has the flag already.
    """
    appeal = APPEAL.begin(session, who, RaiseUrgency, command)
    flag = DangerFlag(command["danger_flag"])
    if appeal.urgency == Urgency.EMERGENCY and flag in appeal.danger_flags:
        raise Conflict("此件已按这一危险列为紧急", urgency=appeal.urgency)
    appeal.danger_flags = [*appeal.danger_flags, str(flag)] if flag not in appeal.danger_flags else appeal.danger_flags
    appeal.urgency_reasons = [*appeal.urgency_reasons, f"后来发现：{flag.label}"]
    appeal.urgency = Urgency.EMERGENCY
    clocks.raised(session, appeal, now)
    raised = {name: getattr(appeal, name) for name in ("urgency", "due_at", "first_contact_due")}
    return APPEAL.done(session, who, appeal, now, AppealUrgencyRaised, danger_flag=flag, **raised)


@asked(ExtendAppeal)
def extend_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """More time, with a reason the citizen reads, before the old date (条例 art. 15).

    Errors: as `Life.begin`; Conflict when the date has passed or policy intake.extension does not allow it.
    """
    appeal = APPEAL.begin(session, who, ExtendAppeal, command)
    old, new = clocks.extend(session, appeal, _span(command), str(command["reason_code"]), now)
    code, words = str(command["reason_code"]), command["reason"]
    moved = {"old_due_at": old, "new_due_at": new, "reason_code": code}
    appeal.extensions.append(Extension(at=now, by_id=who.id, reason=words, **moved))
    return APPEAL.done(session, who, appeal, now, AppealExtended, **moved)


@asked(ReportResult)
def report_result(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """The result goes to the follow-up, which another unit makes.

    Errors: as `Life.begin`; Conflict for SOLVED without evidence, or although a party refused mediation.
    """
    appeal = APPEAL.begin(session, who, ReportResult, command)
    kind, files = ResultKind(command["result_kind"]), command["attachments"]
    evidence = len(files) + sum(len(row.attachments) for row in appeal.handlings)
    _check_result(appeal, kind, evidence)
    appeal.result_text, appeal.legal_basis = command["result_text"], command["legal_basis"]
    appeal.result_attachments = files
    return finish(session, who, appeal, ReportResult, kind, evidence, now)


def finish(
    session: Session, who: Principal, appeal: Appeal, move: Any, kind: ResultKind, evidence: int, now: datetime
) -> Appeal:
    """Brings the appeal to RESULT_REPORTED by the given move and says so."""
    appeal.result_kind, appeal.result_at, appeal.evidence_count = kind, now, evidence
    APPEAL.move(appeal, move)
    clocks.reported(session, appeal, now)
    shown = None if appeal.secret or appeal.reporter is None else appeal.reporter
    facts.tell(
        session, AppealResultReported, appeal, who, now,
        result_kind=kind, handler=facts.handler(appeal), handler_unit=appeal.lead_unit, resident=facts.masked(shown),
        contact_preference=appeal.contact_preference if shown else None, anonymous=appeal.reporter_id is None,
        evidence_count=evidence,
    )  # fmt: skip
    needs.met(session, who, appeal, now)
    return appeal


def _span(command: Command) -> Limit:
    if command.get("hours") is not None:
        return Limit(command["hours"], Unit.HOURS)
    return Limit(command["days"], Unit.DAYS)


def _check_result(appeal: Appeal, kind: ResultKind, evidence: int) -> None:
    if appeal.mediation_outcome == TerminationReason.PARTY_REFUSED and kind not in WITHOUT_CONSENT:
        allowed = sorted(str(each) for each in WITHOUT_CONSENT)
        raise Conflict("当事人已拒绝调解，只能反馈解释说明、不能解决或已引导", allowed_results=allowed)
    if kind is ResultKind.SOLVED and not evidence:
        raise Conflict("反馈“已解决”需要佐证：请上传照片或办理记录附件", evidence_count=evidence)


def _record(who: Principal, now: datetime, **fields: Any) -> Handling:
    given = {"attachments": [], "told_citizen": False, **fields}
    return Handling(at=now, by_id=who.id, by_name=who.name, **given)
