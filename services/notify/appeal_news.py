"""What is told to whom when something happens to an appeal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.identity import Principal
from kernel.codes import Role, Urgency
from services.notify import areas, files, follow_ups
from services.notify.messages import News, When, queue
from services.notify.tables import AppealFile

LADDER = (Role.COMMUNITY, Role.STREET, Role.DISTRICT)
"""Who hears of an overdue appeal after the person at work on it, one step a level (an assumption, nobody's rule)."""


def registered(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The reporter gets a receipt: number, first responder, promised time (首问负责制, 服务承诺制)."""
    file = files.appeal(session, event)
    files.note_registration(session, file, event)
    if not file.has_reporter or files.overtaken(file, event):
        return
    words = {"first_responder": file.first_responder_name, "promise_at": event.data["promise_at"]}
    words["number"], when = file.number, When(emergency=files.is_emergency(file))
    queue(session, "appeal_receipt", files.reporter(file), News.of(event, cycle="1"), words, now, when)


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


def overdue(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Each level tells the next one up: the person at work, the community, the street, the district."""
    file, data = files.appeal(session, event), event.data
    if files.overtaken(file, event):
        return
    occasion = News.of(event, cycle=f"{data['stage']}-{data['level']}-{data['due_at'].isoformat()}")
    words = {name: data[name] for name in ("number", "stage", "due_at")}
    to, when = _level_holder(session, file, data["level"]), When(emergency=files.is_emergency(file))
    queue(session, "appeal_overdue", to, occasion, words, now, when)


def _level_holder(session: Session, file: AppealFile, level: int) -> areas.Recipient:
    at_work = files.responsible(session, file.id) if level == 1 else None
    step = min(max(level - 2, 0), len(LADDER) - 1)
    return at_work or areas.group(session, LADDER[step], file.area_path)


def declined(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The legal reason goes to the reporter (北京市接诉即办工作条例 art. 11)."""
    file = files.appeal(session, event)
    _moved_on(session, file, event, now)
    _tell_reporters(session, "appeal_declined", file, event, now, reason=event.data["reason_code"])


def merged(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """From now on its reporter gets the notices of the case it was merged into."""
    file = files.appeal(session, event)
    _moved_on(session, file, event, now)
    own = files.reporter(file)
    file.merged_into = event.data["into_id"]
    session.flush()
    if file.registered and not file.has_reporter:
        return
    words = {"number": file.number, "into_number": event.data["into_number"]}
    queue(session, "appeal_merged", own, News.of(event), words, now)


def result_reported(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A follow-up opens, and the reporters hear that there is a result."""
    file = files.appeal(session, event)
    if files.overtaken(file, event):
        return
    follow_ups.open_for_result(session, who, event, now)
    _tell_reporters(session, "appeal_result", file, event, now, result=event.data["result_kind"])


def reopened(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The lead unit has it again, and the reporters are told until when."""
    file, data = files.appeal(session, event), event.data
    _moved_on(session, file, event, now)
    words = {"number": file.number, "due_at": data["due_at"], "reason": data["reason_code"]}
    unit, when = areas.unit(data["lead_unit"]), When(emergency=files.is_emergency(file))
    queue(session, "appeal_reopened_unit", unit, News.of(event), words, now, when)
    _tell_reporters(session, "appeal_reopened", file, event, now, due_at=data["due_at"])


def closed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The first responder gets the closing note (首问负责制), the reporters a last word."""
    file, data = files.appeal(session, event), event.data
    _moved_on(session, file, event, now)
    first = areas.person(data["first_responder"]["id"], data["first_responder"]["name"])
    words = {"number": file.number, "solved": data["solved"], "satisfied": data["satisfied"]}
    queue(session, "appeal_closed_first_responder", first, News.of(event), words, now)
    _tell_reporters(session, "appeal_closed", file, event, now)


def _moved_on(session: Session, file: AppealFile, event: Event, now: datetime) -> None:
    files.note_moved_on(file, event)
    follow_ups.supersede(session, file.id, event.aggregate_version, now)


def _tell_reporters(session: Session, key: str, file: AppealFile, event: Event, now: datetime, **words: Any) -> None:
    for reporter in files.reporters(session, file):
        queue(session, key, reporter, News.of(event), {"number": file.number, **words}, now)
