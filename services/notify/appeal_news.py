"""What is told to whom while an appeal is worked on. How it ends: ending_news.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.intake.appeals import AppealRegistered
from contracts.intake.endings import AppealJoined
from contracts.intake.triage import AppealAssigned
from contracts.intake.working import AppealExtended, AppealOverdue
from kernel.codes import AppealStage, Role, Urgency
from services.notify import areas, files, follow_ups
from services.notify.messages import News, When, queue
from services.notify.rules import QuietHours, policy
from services.notify.tables import AppealFile

LADDER = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
"""Who hears of an overdue appeal after the person at work on it, one step a level (an assumption, nobody's rule)."""


@hears(AppealRegistered)
def registered(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The reporter gets a receipt: number, first responder, promised time (首问负责制, 服务承诺制)."""
    file = files.appeal(session, event)
    files.note_registration(session, file, event)
    if not file.has_reporter or files.overtaken(file, event):
        return
    words = {"first_responder": file.first_responder_name, "promise_at": event.data["promise_at"]}
    words["number"], when = file.number, When(emergency=files.is_emergency(file))
    queue(session, "appeal_receipt", files.reporter(file), News.of(event, cycle="1"), words, now, when)


@hears(AppealAssigned)
def assigned(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The handler is told at once, unless it was the handler who took it on."""
    file, data = files.appeal(session, event), event.data
    newest = event.aggregate_version > file.handler_version
    files.note_handler(file, event)
    handler = areas.person(data["handler"]["id"], data["handler"]["name"])
    if not newest or event.actor == handler.id or files.overtaken(file, event):
        return
    words = {name: data[name] for name in ("number", "urgency", "due_at")}
    when = When(emergency=data["urgency"] == Urgency.EMERGENCY)
    queue(session, "appeal_assigned", handler, News.of(event), words, now, when)


@hears(AppealOverdue)
def overdue(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Each level tells the next one up: the person at work, the community, the street, the district.

    Where the feedback date passed without a result, the first level also opens a follow-up (条例 art. 23).
    """
    file, data = files.appeal(session, event), event.data
    if files.overtaken(file, event):
        return
    if data["stage"] == AppealStage.FEEDBACK and data["level"] == 1 and data["handler_unit"]:
        follow_ups.open_at_deadline(session, who, event, now)
    occasion = News.of(event, cycle=f"{data['stage']}-{data['level']}-{data['due_at'].isoformat()}")
    words = {name: data[name] for name in ("number", "stage", "due_at")}
    to, when = _level_holder(session, file, data), When(emergency=files.is_emergency(file))
    queue(session, "appeal_overdue", to, occasion, words, now, when)


def _level_holder(session: Session, file: AppealFile, data: dict[str, Any]) -> areas.Recipient:
    """A supervision begins with the level that has it (policy key intake.supervision): the handler cannot mend it."""
    first = data["level"] - 2
    if data["stage"] == AppealStage.SUPERVISION:
        first = LADDER.index(Role(policy(data["due_at"]).value("intake.supervision")["level"])) + data["level"] - 1
    at_work = files.responsible(session, file.id) if first < 0 else None
    step = min(max(first, 0), len(LADDER) - 1)
    return at_work or areas.group(session, LADDER[step], file.area_path)


@hears(AppealJoined)
def joined(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A merged appeal made this one more urgent: whoever works on it is told at once, in an emergency at any hour."""
    file, data = files.appeal(session, event), event.data
    files.note_urgency(file, event)
    if not data["urgency_raised"] or files.overtaken(file, event):
        return
    to = files.responsible(session, file.id) or areas.group(session, Role.COMMUNITY, file.area_path)
    words = {"number": file.number, "into_number": data["from_number"]}
    words |= {"urgency": data["urgency"], "due_at": data["due_at"]}
    when = When(emergency=data["urgency"] == Urgency.EMERGENCY)
    queue(session, "appeal_urgency_raised", to, News.of(event), words, now, when)


@hears(AppealExtended)
def extended(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The reporters hear the reason before the old date (条例 art. 15): at night too where the morning is too late."""
    file, data = files.appeal(session, event), event.data
    if files.overtaken(file, event):
        return
    when = When(emergency=QuietHours.on(now).hold_beyond(now, data["old_due_at"]))
    words = {"due_at": data["new_due_at"], "reason": data["reason_code"]}
    tell_reporters(session, "appeal_extended", file, event, now, when, **words)


def tell_reporters(
    session: Session, key: str, file: AppealFile, event: Event, now: datetime, when: When | None = None, **words: Any
) -> None:
    """Each reporter once, also of what was merged into it, by the number each knows."""
    for one in files.followers(session, file):
        queue(session, key, files.reporter(one), News.of(event), {"number": one.number, **words}, now, when)


def tell_own(session: Session, key: str, file: AppealFile, event: Event, now: datetime, **words: Any) -> None:
    """The appeal's own reporter; nobody where it is known that there is none."""
    if file.reporter_id or not file.registered:
        queue(session, key, files.reporter(file), News.of(event), {"number": file.number, **words}, now)
