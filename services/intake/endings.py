"""Ending an appeal from outside its own work: merged into another, or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.intake.endings import AppealWithdrawn, MergeAppeal, WithdrawAppeal
from kernel.attachments import Attachments
from kernel.codes import AttachmentKind
from services.intake import access, appeals, clocks, merging, resuming
from services.intake.conditions import NON_TERMINAL
from services.intake.machines import APPEAL
from services.intake.tables import Appeal

Command = dict[str, Any]

PROOFS = frozenset({AttachmentKind.AUDIO, AttachmentKind.DOCUMENT})
"""The complainant's recorded voice, or the signed sheet (domain §3.4): a picture shows nobody's will."""


@asked(MergeAppeal)
def merge_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """A repeated call follows the surviving case, which keeps its first responder; urgency and dates: `merging`.

    Errors: as `Life.begin`; Conflict when the other case has ended or is this one; NotFound unless `who` reads it.
    """
    appeal, survivor = _both(session, who, command)
    if survivor.id == appeal.id:
        raise Invalid.because({"into_number": ["不能并入自己"]})
    if survivor.state not in NON_TERMINAL:
        raise Conflict("要并入的工单已经结束", state=survivor.state, number=survivor.case_number)
    access.require_same_secrecy(appeal, survivor)
    _follow(session, appeal, survivor)
    theirs = list(clocks.running(session, appeal))
    appeals.end(session, who, appeal, now)
    merging.follow(session, who, appeal, survivor, theirs, now)
    return appeal


@asked(WithdrawAppeal)
def withdraw_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Appeal:
    """By the complainant; or for the complainant by other hands than the handler's, with the recorded voice or the
    signed sheet. Then the complainant may object for as long as policy key intake.ending_objection says.

    What was merged into it lives on (`resuming`); a hazard found with it stays a hazard.
    Errors: as `Life.begin`; Invalid without that evidence.
    """
    appeal = APPEAL.begin(session, who, WithdrawAppeal, command)
    evidence, own = command["evidence"], access.is_complainant(who, appeal)
    if not own:
        _require_proof(evidence)
    appeals.end(session, who, appeal, now, words=command["reason"], evidence=evidence)
    appeal.object_until = until = None if own else clocks.objection_until(now)
    APPEAL.done(session, who, appeal, now, AppealWithdrawn, by_complainant=own, object_until=until)
    return resuming.free_merged(session, who, appeal, now)


def _require_proof(evidence: Attachments) -> None:
    if not any(file["kind"] in PROOFS for file in evidence):
        raise Invalid.because({"evidence": ["代为撤回需要本人录音或签字文件，照片不能作为依据"]})


def _both(session: Session, who: Principal, command: Command) -> tuple[Appeal, Appeal]:
    """Both cases, locked in the order of their numbers so that two merges never wait for each other."""
    numbers = sorted({command["number"], command["into_number"]})
    locked = {number: APPEAL.hold(session, {"number": number, "expected_version": None}) for number in numbers}
    appeal, into = APPEAL.begin(session, who, MergeAppeal, command), command["into_number"]
    return appeal, access.require_reader(who, locked[into], into)


def _follow(session: Session, appeal: Appeal, survivor: Appeal) -> None:
    """What was merged into this one before follows on."""
    earlier = select(Appeal).where(Appeal.merged_into == appeal.id).with_for_update()
    for row in session.scalars(earlier):
        row.merged_into, row.merged_into_number = survivor.id, survivor.case_number
