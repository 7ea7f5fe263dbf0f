"""What is told to the parties and helpers of a mediation: its times, its effect, and what remains when it fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Principal
from contracts.mediation.agreements import AgreementDrafted, AgreementTookEffect
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated
from contracts.mediation.sessions import MediationSessionHeld, MediationSessionMoved, MediationSessionScheduled
from kernel.codes import Role, SessionKind, SessionOutcome
from services.notify import areas, files
from services.notify.messages import PLACE, News, When, queue, withdraw
from services.notify.rules import QuietHours
from services.notify.tables import DisputeFile, SessionFile
from services.notify.templates import template

REMIND_BEFORE = {"24h": timedelta(hours=24), "2h": timedelta(hours=2)}
"""When a session is called to mind (domain A1 step 7)."""

LEAST_WARNING = timedelta(hours=1)
BEFORE_BED = timedelta(minutes=30)

NOTICE = ("mediation_session", "mediation_session_helper")
MOVED = ("mediation_session_moved", "mediation_session_moved_helper")
REMINDER = ("mediation_reminder", "mediation_reminder_helper")
CALLED_OFF = ("mediation_session_called_off", "mediation_session_called_off_helper")
"""Templates for the parties and for the helpers."""

IN_PERSON = "tell_in_person"


@hears(MediationCaseOpened)
def case_opened(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Remembers the parties, and tells them of sessions that were heard of before."""
    file = files.dispute(session, event)
    file.parties = [_kept(party) for party in event.data["parties"]]
    for one in session.scalars(select(SessionFile).where(SessionFile.case_id == file.id)):
        _tell_session(session, file, one, now)


@hears(MediationSessionScheduled)
def session_scheduled(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """A notice at once, reminders 24 h and 2 h before, to every party and every helper; nothing once it has ended."""
    file = files.dispute(session, event)
    one = _newest(session, file, event, now, starts_at=event.data["starts_at"])
    if one is not None:
        _tell_session(session, file, one, now)


@hears(MediationSessionMoved)
def session_moved(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """What waits of the old time is taken back; everybody hears of the new time and place, and is reminded of them."""
    file = files.dispute(session, event)
    one = _newest(session, file, event, now, starts_at=event.data["starts_at"])
    if one is not None:
        _tell_session(session, file, one, now, {"was_starts_at": event.data["was_starts_at"]})


@hears(MediationSessionHeld)
def session_held(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Nobody is reminded of it any more; who was invited hears that it falls away, if it was given up beforehand."""
    file = files.dispute(session, event)
    one = _newest(session, file, event, now, over=True)
    if one is not None and event.data["outcome"] == SessionOutcome.ABANDONED and one.starts_at > event.time:
        _to_all(session, CALLED_OFF, file, one, "off", now)


@hears(AgreementDrafted)
def agreement_drafted(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The case has come to terms: who was invited to a session still to come hears that it falls away."""
    file = files.dispute(session, event)
    _drop_reminders(session, file, now)
    left = select(SessionFile).where(SessionFile.case_id == file.id, ~SessionFile.over, SessionFile.starts_at > now)
    for one in session.scalars(left) if not file.ended else ():
        _to_all(session, CALLED_OFF, file, one, "off", now)
    file.ended = True


def _newest(session: Session, file: DisputeFile, event: Event, now: datetime, **columns: Any) -> SessionFile | None:
    """The session as this fact says, what waits about it taken back; None where a newer fact was heard before."""
    data = event.data
    fresh: dict[str, Any] = {"id": data["session_id"], "case_id": file.id, "no": data["session_no"]}
    fresh |= {"kind": "", "starts_at": event.time, "helper_units": [], "over": False, "version": 0}
    session.execute(insert(SessionFile).values({**fresh, "caused_by": event.id}).on_conflict_do_nothing())
    one = session.scalars(select(SessionFile).where(SessionFile.id == fresh["id"]).with_for_update()).one()
    if event.aggregate_version <= one.version:
        return None
    withdraw(session, now, [one.id], *NOTICE, *MOVED, *REMINDER, IN_PERSON)
    known: dict[str, Any] = {name: data[name] for name in ("kind", "helper_units") if name in data}
    known |= {**columns, "version": event.aggregate_version, "caused_by": event.id}
    for name, value in known.items():
        setattr(one, name, value)
    return one


@hears(AgreementTookEffect)
def agreement_took_effect(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Each party hears of its effect and whether the court may still confirm it (人民调解法 art. 31, 33).

    What is told is the date mediation counted. No more reminders.
    """
    file, data = files.dispute(session, event), event.data
    file.ended = True
    _drop_reminders(session, file, now)
    until, key = data["judicial_until"], "agreement_took_effect"
    if until is None or until < event.time:
        key = "settlement_took_effect" if until is None else "agreement_took_effect_late"
    words = {"mediation_number": file.mediation_number, "effective_at": data["effective_at"], "until": until}
    for party in data["parties"]:
        news = News.of(event, data["agreement_id"], cycle="1")
        _tell_party(session, key, file, _kept(party), news, words, now)


@hears(MediationTerminated)
def terminated(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """Each party hears of the ways that stay open (人民调解法 art. 26); sessions still planned fall away."""
    file, data = files.dispute(session, event), event.data
    file.ended = True
    _drop_reminders(session, file, now)
    words = {"mediation_number": file.mediation_number, "reason": data["reason"], "remedies": data["remedies"]}
    for party in data["parties"]:
        news = News.of(event, file.id, cycle="1")
        _tell_party(session, "mediation_remedies", file, _kept(party), news, words, now)


def _kept(party: dict[str, Any]) -> dict[str, Any]:
    person_id = party["person_id"] and str(party["person_id"])
    return {"party_id": str(party["party_id"]), "person_id": person_id, "name": party["masked_name"]}


def _tell_session(
    session: Session, file: DisputeFile, one: SessionFile, now: datetime, moved: dict[str, Any] | None = None
) -> None:
    if file.ended or one.over or one.starts_at <= now:
        return
    _to_all(session, MOVED if moved else NOTICE, file, one, "notice", now, moved)
    for cycle, moment in reminders(one.starts_at, now).items():
        _to_all(session, REMINDER, file, one, cycle, now, after=moment)


def _to_all(
    session: Session,
    keys: tuple[str, str],
    file: DisputeFile,
    one: SessionFile,
    cycle: str,
    now: datetime,
    more: dict[str, Any] | None = None,
    after: datetime | None = None,
) -> None:
    """One message about a session to every party and every helper. Its place is filled in when it leaves."""
    words = {"no": one.no, "kind": SessionKind(one.kind), "starts_at": one.starts_at, "place": PLACE, **(more or {})}
    words["mediation_number"] = file.mediation_number
    news = News(one.id, file.case_number, file.area_path, one.caused_by, f"{cycle}-{one.version}")
    when = When(after=after, before=one.starts_at)
    for party in file.parties:
        _tell_party(session, keys[0], file, party, news, words, now, when)
    for code in one.helper_units:
        queue(session, keys[1], areas.unit(code), news, words, now, when)


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


def _tell_party(
    session: Session,
    key: str,
    file: DisputeFile,
    party: dict[str, Any],
    news: News,
    words: dict[str, Any],
    now: datetime,
    when: When | None = None,
) -> None:
    """By message where intake knows the person; else the community is asked to tell them in person."""
    if party["person_id"]:
        queue(session, key, areas.resident(party["person_id"], party["name"]), news, words, now, when)
        return
    title, body = template(key).filled(words)
    community = areas.group(session, Role.COMMUNITY, file.area_path)
    occasion = replace(news, cycle=f"{key}-{party['party_id']}-{news.cycle}")
    queue(session, IN_PERSON, community, occasion, {"name": party["name"], "title": title, "body": body}, now, when)


def _drop_reminders(session: Session, file: DisputeFile, now: datetime) -> None:
    ids = session.scalars(select(SessionFile.id).where(SessionFile.case_id == file.id)).all()
    withdraw(session, now, ids, *NOTICE, *MOVED, *REMINDER, IN_PERSON)
