"""What is told when an appeal has a result, ends or is taken up again: one truthful message an end.

What waits in the queue and is no longer true is taken back. A fact heard after a newer one is told to nobody.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.intake.endings import AppealClosed, AppealMerged, AppealResumed, AppealSupervised, AppealWithdrawn
from contracts.intake.triage import AppealAnswered, AppealDeclined, AppealDiverted, AppealReopened
from contracts.intake.working import AppealResultReported
from kernel.calendar import last_day_words
from kernel.codes import Role, known
from services.notify import areas, files, follow_ups, messages, templates
from services.notify.appeal_news import tell_own, tell_reporters
from services.notify.messages import News, When, queue
from services.notify.tables import AppealFile

AT_WORK = ("appeal_assigned", "appeal_overdue", "appeal_extended", "appeal_urgency_raised")
"""Asks or promises that a reported result has answered."""


@hears(AppealAnswered)
def answered(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Every reporter hears that it was answered."""
    file = files.appeal(session, event)
    if _moves_on(session, file, event, now):
        tell_reporters(session, "appeal_answered", file, event, now)


@hears(AppealDiverted)
def diverted(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Where to go, and why (北京市接诉即办工作条例 art. 11). What was merged into it lives on and hears that itself."""
    file, data = files.appeal(session, event), event.data
    if _moves_on(session, file, event, now):
        words = {"action": data["where_to_go_code"], "reason": data["reason_code"]}
        tell_own(session, "appeal_diverted", file, event, now, **words)


@hears(AppealDeclined)
def declined(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The legal reason goes to the reporter (art. 11), with the way to a review while there is one."""
    file, data = files.appeal(session, event), event.data
    if not _moves_on(session, file, event, now):
        return
    words = {"reason": data["reason_code"]}
    if data["object_until"]:
        tell_own(session, "appeal_declined", file, event, now, **words, until=last_day_words(data["object_until"]))
    else:
        tell_own(session, "appeal_declined_finally", file, event, now, **words)


@hears(AppealWithdrawn)
def withdrawn(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The reporter hears of it; of a withdrawal by staff also how to object, and until when."""
    file, until = files.appeal(session, event), event.data["object_until"]
    if not _moves_on(session, file, event, now):
        return
    if until and not event.data["by_complainant"]:
        tell_own(session, "appeal_withdrawn_for_you", file, event, now, until=last_day_words(until))
    else:
        tell_own(session, "appeal_withdrawn", file, event, now)


@hears(AppealMerged)
def merged(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """From now on its reporter gets the notices of the case it was merged into."""
    file = files.appeal(session, event)
    if not _moves_on(session, file, event, now):
        return
    file.merged_into = event.data["into_id"]
    session.flush()
    tell_own(session, "appeal_merged", file, event, now, into_number=event.data["into_number"])


@hears(AppealResumed)
def resumed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """It goes on by itself, by the date that was promised."""
    file, data = files.appeal(session, event), event.data
    if not _moves_on(session, file, event, now):
        return
    file.merged_into = None
    session.flush()
    tell_reporters(session, "appeal_resumed", file, event, now, reason=data["cause"], due_at=data["due_at"])


@hears(AppealResultReported)
def result_reported(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A follow-up opens, and the reporters hear that there is a result."""
    file = files.appeal(session, event)
    if files.overtaken(file, event):
        return
    messages.withdraw(session, now, [file.id], *AT_WORK)
    follow_ups.open_for_result(session, who, event, now)
    tell_reporters(session, "appeal_result", file, event, now, result=event.data["result_kind"])


@hears(AppealSupervised)
def supervised(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The level above has it now, until a date; the reporters hear who and until when."""
    file, data = files.appeal(session, event), event.data
    if not _moves_on(session, file, event, now):
        return
    words = {"number": file.number, "reason": data["reason_code"], "due_at": data["due_at"]}
    level = known(Role, str(data["level"]))
    above = areas.group(session, level if isinstance(level, Role) else Role.DISTRICT, file.area_path)
    queue(session, "appeal_supervision", above, News.of(event), words, now)
    tell_reporters(session, "appeal_supervised", file, event, now, level=data["level"], due_at=data["due_at"])


@hears(AppealReopened)
def reopened(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The lead unit has it again, and the reporters are told until when."""
    file, data = files.appeal(session, event), event.data
    if not _moves_on(session, file, event, now):
        return
    words = {"number": file.number, "due_at": data["due_at"], "reason": data["reason_code"]}
    unit, when = areas.unit(data["lead_unit"]), When(emergency=files.is_emergency(file))
    queue(session, "appeal_reopened_unit", unit, News.of(event), words, now, when)
    tell_reporters(session, "appeal_reopened", file, event, now, due_at=data["due_at"])


@hears(AppealClosed)
def closed(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The first responder gets the closing note (首问负责制), the reporters a last word."""
    file, data = files.appeal(session, event), event.data
    if not _moves_on(session, file, event, now):
        return
    first = areas.person(data["first_responder"]["id"], data["first_responder"]["name"])
    words = {"number": file.number, "solved": data["solved"], "satisfied": data["satisfied"]}
    queue(session, "appeal_closed_first_responder", first, News.of(event), words, now)
    tell_reporters(session, "appeal_closed", file, event, now)


def _moves_on(session: Session, file: AppealFile, event: Event, now: datetime) -> bool:
    """Whether this is the newest turn the appeal has taken; then what waits of earlier ones is taken back."""
    if files.overtaken(file, event):
        return False
    files.note_moved_on(file, event)
    follow_ups.supersede(session, file.id, event.aggregate_version, now)
    messages.withdraw(session, now, [file.id], *templates.of_appeals())
    return True
