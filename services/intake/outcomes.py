"""What other services' facts mean for an appeal. Facts may come twice, late or out of order: state never steps back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.dispatch.whistles import WhistleBlown, WhistleCancelled, WhistleClosed
from contracts.intake.endings import AppealClosed, AppealSupervised
from contracts.intake.triage import AppealReopened, AssignAppeal
from contracts.intake.working import AppealAwaitsDepartments, AppealTakenUpAgain
from contracts.mediation.cases import MediationCaseClosed, MediationCaseOpened, MediationTerminated
from contracts.notify.follow_ups import FollowUpCompleted, FollowUpInvalid
from kernel.codes import (
    AppealState,
    FollowUpMethod,
    FollowUpOccasion,
    HandlingHow,
    MediationResult,
    ReopenReason,
    ResultKind,
    Satisfied,
    Solved,
)
from services.intake import appeals, clocks, facts, suggestions, working
from services.intake.machines import APPEAL
from services.intake.policy import rules
from services.intake.registering import assigned
from services.intake.tables import Appeal, AppealWhistle, Handling

_HOW = {
    FollowUpMethod.CALL: HandlingHow.PHONE,
    FollowUpMethod.SMS: HandlingHow.PHONE,
    FollowUpMethod.VISIT: HandlingHow.ON_SITE,
    FollowUpMethod.LETTER: HandlingHow.LETTER,
    FollowUpMethod.WEB: HandlingHow.ONLINE,
}
CONTENT = frozenset({Satisfied.SATISFIED, Satisfied.BASICALLY})


@hears(FollowUpCompleted)
def follow_up_completed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Solved and satisfied closes; else the case is taken up again by itself, at most as often as policy key
    intake.reopen_auto_max says, and then goes to the level above.

    Asked at a deadline without a result (条例 art. 23) the answer is kept among the records and closes nothing.
    """
    if event.data.get("occasion") == FollowUpOccasion.SAMPLE:
        return  # what another was told is compared, and decides nothing
    if event.data.get("occasion") == FollowUpOccasion.DEADLINE:
        _asked_at_deadline(session, event)
        return
    appeal = _awaiting(session, event)
    if appeal is None:
        return
    if event.data["valid"]:
        appeal.solved, appeal.satisfied = str(event.data["solved"]), str(event.data["satisfied"])
    if not event.data["valid"] or (appeal.solved == Solved.YES and appeal.satisfied in CONTENT):
        close(session, who, appeal, now)
        return
    reason = reason_of(appeal)
    if appeal.reopen_count < rules(now).value("intake.reopen_auto_max"):
        reopen(session, who, appeal, reason, now)
    else:
        supervise(session, who, appeal, reason, now)


def reason_of(appeal: Appeal) -> ReopenReason:
    """Why it is taken up again, by the citizen's last answers."""
    return ReopenReason.DISSATISFIED if appeal.solved == Solved.YES else ReopenReason.UNSOLVED


@hears(FollowUpInvalid)
def follow_up_invalid(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Nobody could be asked: the case is archived without an answer, so it counts in no rate as solved.

    At a deadline without a result nothing ends: the work goes on.
    """
    if event.data.get("occasion") == FollowUpOccasion.SAMPLE:
        return  # what another was told is compared, and decides nothing
    if event.data.get("occasion") == FollowUpOccasion.DEADLINE:
        return
    appeal = _awaiting(session, event)
    if appeal is not None:
        close(session, who, appeal, now)


@hears(MediationCaseOpened)
def mediation_case_opened(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The case keeps waiting in IN_MEDIATION; it now knows for which mediation."""
    appeal = appeals.heard_of(session, event.data["source"])
    if appeal is not None and appeal.mediation_case_id is None:
        appeal.mediation_case_id = event.data["case_id"]


@hears(MediationCaseClosed)
def mediation_case_closed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A performed agreement is the result, and its case the evidence; what goes to court comes back to the handler."""
    appeal = _in_mediation(session, event, str(event.data["result"]))
    if appeal is None:
        return
    if event.data["result"] != MediationResult.SUCCESS:
        _take_up_again(session, who, appeal, "mediation_ended", now)
        return
    number = event.data["mediation_number"]
    appeal.result_text = f"调解成功，协议已履行（调解案件 {number}）"
    evidence = 1 + sum(len(row.attachments) for row in appeal.handlings)
    working.finish(session, who, appeal, "mediation_succeeded", ResultKind.SOLVED, evidence, now)


@hears(MediationTerminated)
def mediation_terminated(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Back to the handler, who explains; a refusal of mediation rules out calling it solved (`working`)."""
    appeal = _in_mediation(session, event, str(event.data["reason"]))
    if appeal is not None:
        _take_up_again(session, who, appeal, "mediation_ended", now)


@hears(WhistleBlown)
def whistle_blown(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Departments were called: the case waits for them, unless it is in mediation, where the whistle only counts."""
    appeal = appeals.heard_of(session, event.data["source"])
    if appeal is None:
        return
    row = {"whistle_id": event.data["whistle_id"], "appeal_id": appeal.id, "over": False}
    fresh = insert(AppealWhistle).values(**row).on_conflict_do_nothing(index_elements=["whistle_id"])
    counted = session.execute(fresh.returning(AppealWhistle.whistle_id)).first()
    appeal.whistled = True
    if counted and appeal.state == AppealState.IN_PROGRESS:
        APPEAL.move(appeal, WhistleBlown)
        facts.tell(session, AppealAwaitsDepartments, appeal, who, now)


@hears(WhistleClosed, WhistleCancelled)
def whistle_over(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Closed or cancelled. With the last one the case comes back to its handler."""
    appeal = appeals.heard_of(session, event.data["source"])
    if appeal is None:
        return
    row = {"whistle_id": event.data["whistle_id"], "appeal_id": appeal.id, "over": True}
    over = insert(AppealWhistle).values(**row)
    session.execute(over.on_conflict_do_update(index_elements=["whistle_id"], set_={"over": True}))
    if appeal.state == AppealState.WHISTLED and not _open_whistles(session, appeal):
        _take_up_again(session, who, appeal, "whistles_over", now)


def _take_up_again(session: Session, who: Principal, appeal: Appeal, move: str, now: datetime) -> None:
    APPEAL.move(appeal, move)
    facts.tell(session, AppealTakenUpAgain, appeal, who, now, handler=facts.handler(appeal))


def close(session: Session, who: Principal, appeal: Appeal, now: datetime) -> None:
    """办结归档. Never by a timer, and never as solved without the citizen's word."""
    APPEAL.move(appeal, "followed_up")
    appeal.closed_at = now
    clocks.stop(session, appeal, now)
    suggestions.keep(session, appeal)
    answers = {"satisfied": appeal.satisfied, "solved": appeal.solved}
    first = facts.first_responder(appeal)
    facts.tell(session, AppealClosed, appeal, who, now, **answers, first_responder=first)


def reopen(session: Session, who: Principal, appeal: Appeal, reason: ReopenReason, now: datetime) -> None:
    """重办: back to the same handler with a fresh feedback clock; the first result no longer stands."""
    APPEAL.move(appeal, "reopened")
    appeal.reopen_count += 1
    appeal.result_kind = appeal.result_text = appeal.legal_basis = appeal.result_at = None
    appeal.solved = appeal.satisfied = None
    appeal.evidence_count, appeal.result_attachments = 0, []
    due = clocks.restart_feedback(session, appeal, now)
    again = {"reopen_count": appeal.reopen_count, "reason_code": reason, "due_at": due}
    APPEAL.move(appeal, AssignAppeal)
    reopened = (AppealReopened, {**again, "lead_unit": appeal.lead_unit})
    facts.tell_all(session, appeal, who, now, [reopened, assigned(appeal)])


def supervise(session: Session, who: Principal, appeal: Appeal, reason: ReopenReason, now: datetime) -> None:
    """The result stays reported; the level of policy key intake.supervision has it on its desk until its date."""
    appeal.supervision_needed_at = now
    appeal.supervision_level = rules(now).value("intake.supervision")["level"]
    due = clocks.supervise(session, appeal, now)
    told = {"reason_code": reason, "reopen_count": appeal.reopen_count, "level": appeal.supervision_level}
    facts.tell(session, AppealSupervised, appeal, who, now, **told, due_at=due, lead_unit=appeal.lead_unit)


def _asked_at_deadline(session: Session, event: Event) -> None:
    """A line among the records, once an event; also where the case has moved on meanwhile."""
    appeal = appeals.heard_of(session, event.data["subject"])
    if appeal is None or any(str(row.id) == event.id for row in appeal.handlings):
        return
    solved, satisfied = Solved(event.data["solved"]).label, Satisfied(event.data["satisfied"]).label
    said = f"办理期限已过、尚无结果时的回访：群众答“{solved}、{satisfied}”。此件继续办理，不因回访办结。"
    line = {"id": UUID(event.id), "at": event.time, "by_id": event.actor, "by_name": "回访员"}
    appeal.handlings.append(Handling(**line, how=_HOW[event.data["method"]], content=said, told_citizen=False))


def _awaiting(session: Session, event: Event) -> Appeal | None:
    """The appeal a follow-up is about, if it still waits for one; an answer to an earlier result comes too late."""
    appeal = appeals.heard_of(session, event.data["subject"])
    if appeal is None or appeal.state != AppealState.RESULT_REPORTED or appeal.supervision_due is not None:
        return None
    late = appeal.result_at is not None and event.time < appeal.result_at
    return None if late else appeal


def _in_mediation(session: Session, event: Event, outcome: str) -> Appeal | None:
    """The appeal that waits for this mediation; the outcome is kept even where the case has gone on meanwhile."""
    appeal = appeals.heard_of(session, event.data["source"])
    if appeal is None or appeal.mediation_case_id not in (None, event.data["case_id"]):
        return None
    appeal.mediation_case_id, appeal.mediation_outcome = event.data["case_id"], outcome
    return appeal if appeal.state == AppealState.IN_MEDIATION else None


def _open_whistles(session: Session, appeal: Appeal) -> int:
    still = (AppealWhistle.appeal_id == appeal.id, AppealWhistle.over.is_(False))
    return session.scalar(select(func.count()).select_from(AppealWhistle).where(*still)) or 0
