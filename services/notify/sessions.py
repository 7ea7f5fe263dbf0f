"""Sessions of a mediation: a notice, reminders, and what is told when one moves or falls away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from kernel.codes import SessionKind, SessionOutcome, known
from services.notify import areas
from services.notify.files import Heard
from services.notify.messages import IN_PERSON, PLACE, News, queue, withdraw
from services.notify.rules import QuietHours
from services.notify.tables import SessionFile

REMIND_BEFORE = {"24h": timedelta(hours=24), "2h": timedelta(hours=2)}
"""When a session is called to mind (domain A1 step 7)."""

LEAST_WARNING = timedelta(hours=1)
BEFORE_BED = timedelta(minutes=30)

NOTICE, MOVED, REMINDER = "mediation_session", "mediation_session_moved", "mediation_reminder"
CALLED_OFF, HELPER = "mediation_session_called_off", "_helper"
"""Templates for the parties; with the ending, for the helpers."""

WAITING = (*(key + whom for key in (NOTICE, MOVED, REMINDER) for whom in ("", HELPER)), IN_PERSON)


def keep_parties(heard: Heard) -> None:
    """Remembers the parties, and tells them of sessions that were heard of before."""
    kept, file = ("party_id", "person_id", "masked_name"), heard.dispute
    file.parties = [{key: one[key] and str(one[key]) for key in kept} for one in heard.data["parties"]]
    for one in heard.session.scalars(select(SessionFile).where(SessionFile.case_id == file.id)):
        _invite(heard, one)


def invite(heard: Heard) -> None:
    """A notice at once, reminders 24 h and 2 h before, to every party and every helper; nothing once it has ended.

    Of a session that moved only the new time and place are told and called to mind.
    """
    if one := _newest(heard):
        _invite(heard, one, was_starts_at=heard.data.get("was_starts_at"))


def end_session(heard: Heard) -> None:
    """Nobody is reminded of it any more; who was invited hears that it falls away, if it was given up beforehand."""
    one = _newest(heard, over=True)
    if one is not None and heard.data["outcome"] == SessionOutcome.ABANDONED and one.starts_at > heard.event.time:
        _to_all(heard, CALLED_OFF, one, "off")


def come_to_terms(heard: Heard) -> None:
    """Who was invited to a session still to come hears that it falls away."""
    left = select(SessionFile).where(SessionFile.case_id == heard.dispute.id, SessionFile.starts_at > heard.now)
    ended = heard.dispute.ended
    end_mediation(heard)
    for one in heard.session.scalars(left.where(~SessionFile.over)) if not ended else ():
        _to_all(heard, CALLED_OFF, one, "off")


def end_mediation(heard: Heard) -> None:
    """It has ended: what waits about its sessions is taken back, and nobody is invited to one any more."""
    heard.dispute.ended = True
    ids = heard.session.scalars(select(SessionFile.id).where(SessionFile.case_id == heard.dispute.id)).all()
    withdraw(heard.session, heard.now, ids, *WAITING)


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


def _invite(heard: Heard, one: SessionFile, **moved: Any) -> None:
    if heard.dispute.ended or one.over or one.starts_at <= heard.now:
        return
    _to_all(heard, MOVED if any(moved.values()) else NOTICE, one, "notice", **moved)
    for cycle, moment in reminders(one.starts_at, heard.now).items():
        _to_all(heard, REMINDER, one, cycle, moment)


def _to_all(heard: Heard, key: str, one: SessionFile, cycle: str, after: datetime | None = None, **more: Any) -> None:
    """One message about a session to every party and every helper. Its place is filled in when it leaves."""
    file, session = heard.dispute, heard.session
    words = {"no": one.no, "kind": known(SessionKind, one.kind), "starts_at": one.starts_at, "place": PLACE, **more}
    words["mediation_number"] = file.mediation_number
    case = (file.case_number, file.area_path, one.caused_by, f"{cycle}-{one.version}")
    news = News(one.id, *case, send_after=after, send_before=one.starts_at)
    parties = [(key, areas.party(session, party, file.area_path)) for party in file.parties]
    for form, to in [*parties, *((key + HELPER, areas.unit(session, code)) for code in one.helper_units)]:
        queue(session, form, to, news, words, heard.now)


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
