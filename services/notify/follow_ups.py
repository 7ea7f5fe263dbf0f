"""Follow-ups 回访: opened by a reported result, made by somebody who has no part in the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.entrypoints import asked
from chassis.envelope import Event
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import expect, take
from contracts.notify import follow_ups as say
from kernel.calendar import local_day
from kernel.codes import AppealStage, CaseKind, FollowUpMethod, FollowUpOccasion, InvalidReason, Role, Satisfied, Solved
from kernel.numbers import case_number
from services.notify.areas import area4, group
from services.notify.files import Heard
from services.notify.messages import FOLLOW_UP_READERS, News, queue, withdraw
from services.notify.rules import AttemptRules, due, policy
from services.notify.states import FOLLOW_UP, OPEN_FOLLOW_UPS
from services.notify.tables import AppealFile, Attempt, FollowUp, Series

START = "follow_up.start"
A_MOMENT = timedelta(minutes=1)
CALLS = {FollowUpOccasion.RESULT: "follow_up_due", FollowUpOccasion.DEADLINE: "follow_up_deadline"}
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
    supersede(session, appeal_id, event.aggregate_version, heard.now)
    row = _opened(session, event, occasion)
    session.add(row)
    session.flush()
    told = {name: getattr(row, name) for name in ("start_by", "handler", "handler_unit", "occasion")}
    outbox.record(session, say.FollowUpOpened, row, heard.who, heard.now, **_about(row), **told)
    clerks, news = group(session, Role.FOLLOWUP, row.area_path), News.of(event, row.id, "1")
    words = {"number": row.subject_number, "start_by": row.start_by}
    queue(session, CALLS[occasion], clerks, news, words, heard.now)
    queue(session, LATE, clerks, replace(news, send_after=row.start_by + A_MOMENT), words, heard.now)


def _opened(session: Session, event: Event, occasion: FollowUpOccasion) -> FollowUp:
    data, resident = event.data, event.data["resident"] or {}
    return FollowUp(
        **{name: data[name] for name in ("handler_unit", "contact_preference", "anonymous")},
        state=FOLLOW_UP.initial,
        number=_number(session, event),
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


def _number(session: Session, event: Event) -> str:
    """The next human number of the day and area."""
    day, area = local_day(event.time), area4(session, event.area_path)
    first = insert(Series).values(day=day.isoformat(), area4=area, last=1)
    following = first.on_conflict_do_update(index_elements=["day", "area4"], set_={"last": Series.last + 1})
    return case_number("F", day, area, session.execute(following.returning(Series.last)).scalar_one())


def supersede(session: Session, appeal_id: UUID, version: int, now: datetime) -> None:
    """The appeal has moved on: open follow-ups of results before that version are nobody's work any more."""
    left = (
        update(FollowUp)
        .where(FollowUp.subject_id == appeal_id, FollowUp.cycle < version)
        .where(FollowUp.state.in_(OPEN_FOLLOW_UPS), FollowUp.superseded_at.is_(None))
        .values(superseded_at=now)
        .returning(FollowUp.id)
    )
    withdraw(session, now, session.scalars(left).all(), *CALLS.values(), LATE)


@asked(say.AttemptFollowUp)
def attempt(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """Notes one try. Errors: Forbidden for who may not follow up, Conflict when done or superseded."""
    row = _taken(session, who, command, "attempt_follow_up")
    no, method = len(row.attempts) + 1, FollowUpMethod(command["method"])
    told = {"no": no, "method": method, "reached": command["reached"]}
    row.attempts.append(Attempt(**told, at=now, by_id=who.id, by_name=who.name, note=command.get("note")))
    withdraw(session, now, [row.id], *CALLS.values(), LATE)
    outbox.record(session, say.FollowUpAttempted, row, who, now, **_about(row), **told)
    return row


@asked(say.CompleteFollowUp)
def complete(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """Notes the resident's own answers. Errors: Forbidden; Conflict, also while nobody has been reached."""
    row = _taken(session, who, command, "complete_follow_up")
    reached = [one for one in row.attempts if one.reached]
    if not reached:
        raise Conflict("还没有联系上群众，不能完成回访", attempts=len(row.attempts), reached=0)
    solved, satisfied = Solved(command["solved"]), Satisfied(command["satisfied"])
    row.method, row.solved, row.satisfied, row.comment = reached[-1].method, solved, satisfied, command.get("comment")
    row.completed_by_id, row.completed_by_name, row.completed_at = who.id, who.name, now
    answers = {"solved": solved, "satisfied": satisfied}
    how = {"contacted": True, "valid": True, "method": row.method, "occasion": row.occasion}
    outbox.record(session, say.FollowUpCompleted, row, who, now, **_about(row), **answers, **how)
    if solved is Solved.NO or satisfied is Satisfied.UNSATISFIED:
        outbox.record(session, say.DissatisfactionRecorded, row, who, now, **_about(row), **answers)
    return row


@asked(say.CloseFollowUpInvalid)
def close_invalid(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> FollowUp:
    """Gives up without a valid answer. Errors: Forbidden; Conflict; Invalid when the tries do not bear it out."""
    row, reason = _taken(session, who, command, "close_follow_up_invalid"), InvalidReason(command["reason_code"])
    missing = _missing(row, reason, now)
    if missing:
        raise Invalid.because({"reason_code": [missing]})
    row.reason_code = reason
    row.completed_by_id, row.completed_by_name, row.completed_at = who.id, who.name, now
    told = {"reason_code": reason, "attempts": len(row.attempts), "occasion": row.occasion}
    withdraw(session, now, [row.id], *CALLS.values(), LATE)
    outbox.record(session, say.FollowUpInvalid, row, who, now, **_about(row), **told)
    return row


def _missing(row: FollowUp, reason: InvalidReason, now: datetime) -> str | None:
    """What the record lacks to bear out the reason; None when it does."""
    reached = any(one.reached for one in row.attempts)
    missed = [one.at for one in row.attempts if not one.reached]
    rules = AttemptRules.on(now)
    hours = f"{rules.opens:%H:%M}至{rules.closes:%H:%M}"
    said = f"至少要有{rules.times}次未接通，且分在{rules.half_days}个不同的半天（{hours}）"
    lacks = {
        InvalidReason.NO_ANSWER: None if rules.satisfied_by(missed) else said,
        InvalidReason.EMPTY_NUMBER: None if missed else "要先有一次未接通的回访记录",
        InvalidReason.REFUSED: None if reached else "要先有一次接通的回访记录",
        InvalidReason.ASKED_NOT_TO: None if reached else "要先有一次接通的回访记录",
        InvalidReason.ANONYMOUS: None if row.anonymous else "这不是匿名诉求",
    }
    return lacks[reason]


def _taken(session: Session, who: Principal, command: dict[str, Any], move: str) -> FollowUp:
    """The row, locked, moved, and the right of `who` to do so checked before anything is told about its state."""
    row = take(session, FollowUp, command["follow_up_id"])
    if not in_sight(session, who, row):
        raise NotFound("没有找到对应的记录")
    who.require(Role.FOLLOWUP, at=row.area_path)
    if conflict := conflict_of_interest(who, row, session.get(AppealFile, row.subject_id)):
        raise Forbidden(conflict, handler_unit=row.handler_unit)
    expect(row, command.get("expected_version"))
    if row.superseded_at is not None:
        since = row.superseded_at.isoformat()
        raise Conflict("诉求已有新的进展，此次回访不再需要", state=row.state, superseded_at=since)
    FOLLOW_UP.move(row, move)
    return row


def conflict_of_interest(who: Principal, row: FollowUp, file: AppealFile | None) -> str | None:
    """Why this person may not make this follow-up (domain §3.2, §3.6 invariant 7); None when they may."""
    own = {row.handler_id, row.resident_id, *((file.handler_id, file.first_responder_id) if file else ())}
    if who.id in own:
        return "承办人、首问负责人和当事人不得回访自己的诉求"
    if row.handler_unit in who.units:
        return "承办单位的人员不得回访本单位办理的诉求"
    return None


def in_sight(session: Session, who: Principal, row: FollowUp) -> bool:
    """Whether `who` answers for the place in a role that reads follow-ups, and is not complained of."""
    file = session.get(AppealFile, row.subject_id)
    return any(who.holds(role, at=row.area_path) for role in FOLLOW_UP_READERS) and not (
        file and who.is_among(file.against)
    )


def _about(row: FollowUp) -> dict[str, Any]:
    return {"follow_up_id": row.id, "subject": row.subject}


@standing_of.register
def _stands(row: FollowUp) -> Standing:
    wanted = row.state in OPEN_FOLLOW_UPS and row.superseded_at is None
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
