"""Follow-ups 回访: opened by a reported result, made by somebody who has no part in the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import new_id
from contracts.notify import follow_ups as say
from kernel.codes import AppealStage, CaseKind, FollowUpMethod, FollowUpOccasion, InvalidReason, Role, Satisfied, Solved
from kernel.numbering import next_number
from services.notify.areas import area4, group
from services.notify.files import Heard
from services.notify.messages import News, queue, withdraw
from services.notify.rules import AttemptRules, due, policy
from services.notify.states import FOLLOW_UP, OPEN_FOLLOW_UPS
from services.notify.tables import Attempt, FollowUp, NumberCounter, SafePerson

START = "follow_up.start"
A_MOMENT = timedelta(minutes=1)
CALLS = {
    FollowUpOccasion.RESULT: "follow_up_due", FollowUpOccasion.DEADLINE: "follow_up_deadline",
    FollowUpOccasion.SAMPLE: "follow_up_sample",
}  # fmt: skip
"""What clerks are sent when one opens."""
LATE = "follow_up_late"


def follow_up_result(heard: Heard) -> None:
    """One follow-up for each reported result, to be begun within the limit of policy key follow_up.start.

    A newer result takes the place of an older one whose follow-up is still open; an older one heard late opens nothing.
    """
    _open(heard, FollowUpOccasion.RESULT)


def follow_up_deadline(heard: Heard) -> None:
    """The feedback date passed and there is no result: the resident is asked all the same (条例 art. 23).

    The answer closes nothing. A result reported later has a follow-up of its own, which takes the place of this one.
    """
    data = heard.data
    if data["stage"] == AppealStage.FEEDBACK and data["level"] == 1 and data["handler_unit"]:
        _open(heard, FollowUpOccasion.DEADLINE)


def _open(heard: Heard, occasion: FollowUpOccasion) -> None:
    session, event, appeal_id = heard.session, heard.event, heard.data["appeal_id"]
    newest = session.scalar(select(func.max(FollowUp.cycle)).where(FollowUp.subject_id == appeal_id))
    if newest is not None and newest >= event.aggregate_version:
        return
    supersede(session, heard.who, event, heard.now)
    row = _opened(session, event, occasion)
    session.add(row)
    told = {name: getattr(row, name) for name in ("start_by", "handler", "handler_unit", "occasion")}
    FOLLOW_UP.done(session, heard.who, row, heard.now, say.FollowUpOpened, **told)
    clerks, news = group(session, Role.FOLLOWUP, row.area_path), News.of(event, row.id, "1")
    words = {"number": row.subject_number, "start_by": row.start_by}
    queue(session, CALLS[occasion], clerks, news, words, heard.now)
    queue(session, LATE, clerks, replace(news, send_after=row.start_by + A_MOMENT), words, heard.now)


def _opened(session: Session, event: Event, occasion: FollowUpOccasion) -> FollowUp:
    data, resident = event.data, event.data["resident"] or {}
    return FollowUp(
        **{name: data[name] for name in ("handler_unit", "contact_preference", "anonymous")},
        id=new_id(),
        state=FOLLOW_UP.initial,
        number=next_number(session, NumberCounter, "F", area4(session, event.area_path), event.time),
        area_path=event.area_path,
        case_number=event.case_number,
        subject_kind=CaseKind.APPEAL,
        subject_id=data["appeal_id"],
        subject_number=data["number"],
        cycle=event.aggregate_version,
        occasion=occasion,
        handler_id=data["handler"]["id"],
        handler_name=data["handler"]["name"],
        resident_id=str(resident["person_id"]) if resident else None,
        resident_name=resident.get("masked_name"),
        counted_from=event.time,
        start_by=due(START, event.time, event.time),
        policy_version=policy(event.time).stamp(START),
    )


def supersede(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The appeal has moved on: open follow-ups of results before that version are nobody's work any more."""
    older = (FollowUp.subject_id == event.data["appeal_id"], FollowUp.cycle < event.aggregate_version)
    left = select(FollowUp).where(*older, FollowUp.state.in_(OPEN_FOLLOW_UPS)).order_by(FollowUp.id)
    for row in session.scalars(left.with_for_update()):
        FOLLOW_UP.move(row, "supersede")
        FOLLOW_UP.done(session, who, row, now, say.FollowUpSuperseded)
        withdraw(session, now, [row.id], *CALLS.values(), LATE)


@asked(say.AttemptFollowUp)
def attempt(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """Notes one try. Errors: as `Life.begin`; Conflict for a protected person, whom nobody calls (safe_calls.py)."""
    row = FOLLOW_UP.begin(session, who, say.AttemptFollowUp, command)
    if _is_protected(session, row):
        raise Conflict("本人受人身安全保护，不要回访；请按“本人要求不回访”结束", follow_up=row.number)
    no, method = len(row.attempts) + 1, FollowUpMethod(command["method"])
    told = {"no": no, "method": method, "reached": command["reached"]}
    row.attempts.append(Attempt(**told, at=now, by_id=who.id, by_name=who.name, note=command.get("note")))
    withdraw(session, now, [row.id], *CALLS.values(), LATE)
    return FOLLOW_UP.done(session, who, row, now, say.FollowUpAttempted, **told)


@asked(say.CompleteFollowUp)
def complete(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """Notes the resident's own answers. Errors: as `Life.begin`; Conflict also while nobody has been reached."""
    row = FOLLOW_UP.begin(session, who, say.CompleteFollowUp, command)
    solved, satisfied = Solved(command["solved"]), Satisfied(command["satisfied"])
    row.solved, row.satisfied, row.comment = solved, satisfied, command.get("comment")
    row.method = row.reached[-1].method
    row.lot = randbelow(100)
    row.completed_by_id, row.completed_by_name, row.completed_at = who.id, who.name, now
    answers = {"solved": solved, "satisfied": satisfied}
    how = {"contacted": True, "valid": True, "method": row.method, "occasion": row.occasion}
    FOLLOW_UP.done(session, who, row, now, say.FollowUpCompleted, **answers, **how)
    if row.sample_of:
        return _compare(session, who, row, now)
    if solved is Solved.NO or satisfied is Satisfied.UNSATISFIED:
        FOLLOW_UP.done(session, who, row, now, say.DissatisfactionRecorded, **answers)
    return row


def _compare(session: Session, who: Principal, row: FollowUp, now: datetime) -> FollowUp:
    """Whether the person says the same as the first time. What does not agree is told; it reopens nothing by itself."""
    first = session.get_one(FollowUp, row.sample_of)
    told = row.solved == first.solved, row.satisfied == Satisfied.UNSATISFIED
    row.agrees = told == (True, first.satisfied == Satisfied.UNSATISFIED)
    if not row.agrees:
        answers = {"solved": row.solved, "satisfied": row.satisfied, "was_solved": first.solved}
        FOLLOW_UP.done(session, who, row, now, say.FollowUpContradicted, **answers, was_satisfied=first.satisfied)
    return row


@asked(say.CloseFollowUpInvalid)
def close_invalid(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """Gives up without a valid answer. Errors: as `Life.begin`; Invalid when the tries do not bear it out."""
    row = FOLLOW_UP.begin(session, who, say.CloseFollowUpInvalid, command)
    reason = InvalidReason(command["reason_code"])
    excused = reason is InvalidReason.ASKED_NOT_TO and _is_protected(session, row)
    if not excused and (missing := _missing(row, reason, now)):
        raise Invalid.because({"reason_code": [missing]})
    row.reason_code = reason
    row.completed_by_id, row.completed_by_name, row.completed_at = who.id, who.name, now
    told = {"reason_code": reason, "attempts": len(row.attempts), "occasion": row.occasion}
    withdraw(session, now, [row.id], *CALLS.values(), LATE)
    return FOLLOW_UP.done(session, who, row, now, say.FollowUpInvalid, **told)


def _is_protected(session: Session, row: FollowUp) -> bool:
    return row.resident_id is not None and session.get(SafePerson, row.resident_id) is not None


def _missing(row: FollowUp, reason: InvalidReason, now: datetime) -> str | None:
    """What the record lacks to bear out the reason; None when it does."""
    missed = [one.at for one in row.attempts if not one.reached]
    rules = AttemptRules.on(now)
    hours = f"{rules.opens:%H:%M}至{rules.closes:%H:%M}"
    said = f"至少要有{rules.times}次未接通，且分在{rules.half_days}个不同的半天（{hours}）"
    lacks = {
        InvalidReason.NO_ANSWER: None if rules.satisfied_by(missed) else said,
        InvalidReason.EMPTY_NUMBER: None if missed else "要先有一次未接通的回访记录",
        InvalidReason.REFUSED: None if row.reached else "要先有一次接通的回访记录",
        InvalidReason.ASKED_NOT_TO: None if row.reached else "要先有一次接通的回访记录",
        InvalidReason.ANONYMOUS: None if row.anonymous else "这不是匿名诉求",
    }
    return lacks[reason]


@standing_of.register
def _stands(row: FollowUp) -> Standing:
    wanted = row.state in OPEN_FOLLOW_UPS
    told = {"unit": row.handler_unit, "handler": row.handler_id, "occasion": row.occasion}
    return Standing(
        kind="FOLLOW_UP",
        state=row.state,
        number=row.number,
        parent=str(row.subject_id),
        due=row.start_by if wanted else None,
        waits=("role:FOLLOWUP",) if wanted else (),
        tally={**told, "solved": row.solved or "", "satisfied": row.satisfied or ""},
    )
