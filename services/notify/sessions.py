"""Sessions of a mediation: a notice, reminders, and what is told when one moves or falls away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.mediation.agreements import AgreementDrafted
from contracts.mediation.cases import MediationCaseOpened
from contracts.mediation.sessions import MediationSessionHeld, MediationSessionMoved, MediationSessionScheduled
from kernel.codes import SessionKind, SessionOutcome, known
from services.notify import areas
from services.notify.files import Heard
from services.notify.messages import IN_PERSON, PLACE, News, When, queue, withdraw
from services.notify.rules import QuietHours
from services.notify.tables import DisputeFile, SessionFile

REMIND_BEFORE = {"24h": timedelta(hours=24), "2h": timedelta(hours=2)}
"""When a session is called to mind (domain A1 step 7)."""

LEAST_WARNING = timedelta(hours=1)
BEFORE_BED = timedelta(minutes=30)

NOTICE, MOVED, REMINDER = "mediation_session", "mediation_session_moved", "mediation_reminder"
CALLED_OFF, HELPER = "mediation_session_called_off", "_helper"
"""Templates for the parties; with the ending, for the helpers."""

WAITING = (*(key + whom for key in (NOTICE, MOVED, REMINDER) for whom in ("", HELPER)), IN_PERSON)


@hears(MediationCaseOpened)
def case_opened(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Remembers the parties, and tells them of sessions that were heard of before."""
    file = Heard(session, who, event, now).dispute
    ids, name = ("party_id", "person_id"), "masked_name"
    file.parties = [
        {name: one[name], **{key: one[key] and str(one[key]) for key in ids}} for one in event.data["parties"]
    ]
    for one in session.scalars(select(SessionFile).where(SessionFile.case_id == file.id)):
        _invite(session, file, one, now)


@hears(MediationSessionScheduled, MediationSessionMoved)
def session_set(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A notice at once, reminders 24 h and 2 h before, to every party and every helper; nothing once it has ended.

    Of a session that moved only the new time and place are told and called to mind.
    """
    heard = Heard(session, who, event, now)
    file = heard.dispute
    if one := _newest(heard):
        _invite(session, file, one, now, was_starts_at=event.data.get("was_starts_at"))


@hears(MediationSessionHeld)
def session_held(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Nobody is reminded of it any more; who was invited hears that it falls away, if it was given up beforehand."""
    heard = Heard(session, who, event, now)
    file = heard.dispute
    one = _newest(heard, over=True)
    if one is not None and event.data["outcome"] == SessionOutcome.ABANDONED and one.starts_at > event.time:
        _to_all(session, CALLED_OFF, file, one, "off", now)


@hears(AgreementDrafted)
def agreement_drafted(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The case has come to terms: who was invited to a session still to come hears that it falls away."""
    file = Heard(session, who, event, now).dispute
    drop_reminders(session, file, now)
    left = select(SessionFile).where(SessionFile.case_id == file.id, ~SessionFile.over, SessionFile.starts_at > now)
    for one in session.scalars(left) if not file.ended else ():
        _to_all(session, CALLED_OFF, file, one, "off", now)
    file.ended = True


def drop_reminders(session: Session, file: DisputeFile, now: datetime) -> None:
    """Takes back what waits about the sessions of a case."""
    ids = session.scalars(select(SessionFile.id).where(SessionFile.case_id == file.id)).all()
    withdraw(session, now, ids, *WAITING)


def _newest(heard: Heard, **columns: Any) -> SessionFile | None:
    """The session as this fact says, what waits about it taken back; None where a newer fact was heard before."""
    one, event = heard.meeting, heard.event
    if event.aggregate_version <= one.version:
        return None
    withdraw(heard.session, heard.now, [one.id], *WAITING)
    columns |= {name: event.data[name] for name in ("kind", "helper_units", "starts_at") if name in event.data}
    for name, value in {**columns, "version": event.aggregate_version, "caused_by": event.id}.items():
        setattr(one, name, value)
    return one


def _invite(session: Session, file: DisputeFile, one: SessionFile, now: datetime, **moved: Any) -> None:
    if file.ended or one.over or one.starts_at <= now:
        return
    _to_all(session, MOVED if any(moved.values()) else NOTICE, file, one, "notice", now, **moved)
    for cycle, moment in reminders(one.starts_at, now).items():
        _to_all(session, REMINDER, file, one, cycle, now, after=moment)


def _to_all(
    session: Session, key: str, file: DisputeFile, one: SessionFile, cycle: str, now: datetime,
    after: datetime | None = None, **more: Any,
) -> None:  # fmt: skip
    """One message about a session to every party and every helper. Its place is filled in when it leaves."""
    words = {"no": one.no, "kind": known(SessionKind, one.kind), "starts_at": one.starts_at, "place": PLACE, **more}
    words["mediation_number"] = file.mediation_number
    news = News(one.id, file.case_number, file.area_path, one.caused_by, f"{cycle}-{one.version}")
    when = When(after=after, before=one.starts_at)
    for party in file.parties:
        queue(session, key, areas.party(session, party, file.area_path), news, words, now, when)
    for code in one.helper_units:
        queue(session, key + HELPER, areas.unit(session, code), news, words, now, when)


def reminders(starts_at: datetime, now: datetime) -> dict[str, datetime]:
    """When to remind. A moment in quiet hours moves to their end, or before them where that leaves under an hour."""
    quiet = QuietHours.on(starts_at)
    moments = {}
    for name, before in REMIND_BEFORE.items():
        moment = starts_at - before
        later = quiet.end_after(moment)
        fits = starts_at - later >= LEAST_WARNING
        moments[name] = later if fits else quiet.start_before(moment) - BEFORE_BED
    return {name: moment for name, moment in moments.items() if moment > now}
