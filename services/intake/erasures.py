"""Erasures 删除请求, and what is held about a person (domain §4.8, 个人信息保护法 art. 45–50).

What stays by law is decided here for the matters, and by mediation for its dossiers. The record of the person goes
last, once all other stores have reported: until then two of them ask who it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import holdings as held
from capability.holdings import Subject
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis import audit
from chassis.entrypoints import Ask, asked, hears
from chassis.envelope import Event, rfc3339
from chassis.errors import Conflict, NotFound, ServiceError
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.dispatch.holdings import CopyFromDispatch, DispatchErased
from contracts.holdings import Holdings
from contracts.intake import erasures as say
from contracts.intake.erasures import ErasureState as S
from contracts.mediation.holdings import CopyFromMediation, MediationErased
from contracts.notify.holdings import CopyFromNotify, NotifyErased
from contracts.portal.holdings import CopyFromPortal
from kernel.codes.holdings import Store
from kernel.numbering import next_number
from services.intake import access, areas, facts, persons, policy, residents
from services.intake.holdings import MATTERS, RECORD, WORK, numbers_of
from services.intake.tables import Erasure, NumberCounter, Person

Command = dict[str, Any]
SECONDS = 3.0
"""How long a store may take to say what it holds; then it counts as missing."""
HOLDINGS = Holdings()
COPIES = {
    Store.DISPATCH: CopyFromDispatch,
    Store.MEDIATION: CopyFromMediation,
    Store.NOTIFY: CopyFromNotify,
    Store.PORTAL: CopyFromPortal,
}

LIFE: Life[Erasure, S] = Life(
    Erasure,
    S.ASKED,
    {
        say.ApproveErasure: Move({S.ASKED}, S.RUNNING),
        say.RefuseErasure: Move({S.ASKED}, S.REFUSED, say.ErasureRefused),
        say.WithdrawErasure: Move({S.ASKED}, S.WITHDRAWN, say.ErasureWithdrawn),
        "reported": Move({S.RUNNING}, S.DONE),
    },
    Rules(by_number(Erasure), say.READERS, unknown_number, facts.tell, due=policy.due),
    answers=(say.GetErasure, say.ListErasures),
)


@asked(say.AskErasure)
def ask_for(session: Session, who: Principal, command: Command, now: datetime) -> Erasure:
    """The clock runs from here to the end (policy key person.erase). Errors: as `persons.known`; Conflict where one
    is open already."""
    known = persons.known(session, who, say.AskErasure, command["person_id"])
    person = residents.survivor(session, known.id) or known
    return open_request(session, who, person, str(command["ground"]), command["proof"], now)


def open_request(session: Session, who: Principal, person: Person, ground: str, proof: str, now: datetime) -> Erasure:
    """By whoever may ask. Errors: Conflict where one is open already."""
    if number := open_number(session, person):
        raise Conflict(f"这个人已有删除请求{number}", number=number)
    place = person.area_path or next(row.area_path for _, row in residents.belongings(session, person))
    row = Erasure(
        person_id=person.id, subject=person, area_path=place, created_at=now, ground=ground, proof=proof,
        asker_id=who.id, asker_name=who.name,
    )  # fmt: skip
    row.case_number = next_number(session, NumberCounter, "Q", areas.find(session, place, now).area4, now)
    row.until(policy.due("person.erase", now, now), now)
    audit.note(session, who, now, "ask_erasure", str(person.id), proof, number=row.number)
    return LIFE.started(session, who, row, now, say.ErasureAsked)


@asked(say.ApproveErasure)
def approve(session: Session, who: Principal, command: Command, now: datetime) -> Erasure:
    """Clears what may go, and orders the other stores to. Errors: as `Life.begin`."""
    row = LIFE.begin(session, who, say.ApproveErasure, command)
    row.person_ids = residents.family(session, row.person_id)
    subject, kept = _settle(session, row, now)
    audit.note(session, who, now, "approve_erasure", str(row.person_id), row.ground, number=row.number)
    told = {"person_ids": row.person_ids, "numbers": list(subject.numbers), "whole": not kept}
    return LIFE.done(session, who, row, now, say.ErasureOrdered, erasure_id=row.id, **told)


@hears(DispatchErased, MediationErased, NotifyErased)
def note_report(session: Session, who: Principal, event: Event, now: datetime) -> None:
    _reported(session, who, Store(event.source.upper()), event.data, now)


@asked(say.ReportErased)
def take_report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for all but the portal."""
    permit(who, say.ReportErased, None)
    _reported(session, who, Store.PORTAL, {**command, "kept": []}, now)
    return {"done": True}


@asked(say.IdentifyErased)
def identify(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Nobody, once the record itself is gone. Errors: Forbidden for people; NotFound."""
    permit(who, say.IdentifyErased, None)
    row = session.get(Erasure, command["erasure_id"])
    if row is None:
        raise NotFound("没有这个删除请求")
    audit.note(session, who, now, "identify_erased", str(row.person_id), "删除请求", number=row.number)
    return {"people": _names(session, row.person_ids)}


@asked(say.ShowHoldings)
def show(session: Session, who: Principal, command: Command, now: datetime, ask: Ask) -> dict[str, Any]:
    """Of secret matters only who may know of them. Errors: as `persons.known`."""
    person = persons.known(session, who, say.ShowHoldings, command["person_id"])
    audit.note(session, who, now, "show_holdings", str(person.id), command["purpose"])
    records = residents.family(session, person.id)
    stores = collected(session, records, _visible(session, who, person), ask)
    return {"person": {"name": person.name, "phone": person.phone}, "stores": stores}


def collected(session: Session, records: list[UUID], numbers: list[str], ask: Ask) -> list[dict[str, Any]]:
    """What each store holds of these records and in these cases; `missing` where one does not answer."""
    subject = Subject(frozenset(records), numbers=tuple(numbers))
    own = {"store": Store.INTAKE, "missing": False, "items": held.copy(session, (*RECORD, *MATTERS, *WORK), subject)}
    question = {
        "people": _names(session, records), "person_ids": [str(each) for each in records],
        "numbers": list(subject.numbers),
    }  # fmt: skip
    return [own, *(_copy(ask, store, question) for store in COPIES)]


def _copy(ask: Ask, store: Store, question: dict[str, Any]) -> dict[str, Any]:
    try:
        items = HOLDINGS.load(ask(COPIES[store], question, deadline=SECONDS))["items"]
    except ServiceError:
        return {"store": store, "missing": True, "items": []}
    return {"store": store, "missing": False, "items": items}


def _visible(session: Session, who: Principal, person: Person) -> list[str]:
    found = residents.belongings(session, person)
    seen = (row for kind, row in found if access.allows(kind.sight, who, row))
    return sorted(
        {row.case_number for row in seen if not getattr(row, "secret", False) or access.sees_reporter(who, row)}
    )


def _names(session: Session, records: list[UUID]) -> list[dict[str, Any]]:
    left = session.scalars(select(Person).where(Person.id.in_(records), Person.erased_at.is_(None)))
    return [{"name": person.name, "phone": person.phone} for person in left]


def _settle(session: Session, row: Erasure, now: datetime) -> tuple[Subject, list[dict[str, Any]]]:
    """Clears intake's matters and remembers that; the subject with the numbers of what went, and what stays."""
    subject = Subject(frozenset(row.person_ids), numbers=tuple(numbers_of(session, row.person_ids)))
    cleared, kept = held.erase(session, MATTERS, subject, now)
    stay = {each["number"] for each in kept}
    gone = replace(subject, numbers=tuple(number for number in subject.numbers if number not in stay))
    held.entomb(session, gone, not kept, now)
    row.cleared = (row.cleared or 0) + cleared
    return gone, kept


def _reported(session: Session, who: Principal, store: Store, told: dict[str, Any], now: datetime) -> None:
    """The first report of a store counts; one of a request nobody knows says nothing. After the last the record goes,
    unless a matter needs it."""
    row = session.get(Erasure, told["erasure_id"], with_for_update=True)
    if row is None or store in row.reports or row.state != S.RUNNING:
        return
    row.reports = {**row.reports, str(store): _report(told["cleared"], told["kept"], now)}
    if row.missing == [Store.INTAKE]:
        _finish(session, who, row, now)


def _finish(session: Session, who: Principal, row: Erasure, now: datetime) -> None:
    _, kept = _settle(session, row, now)
    went = row.cleared + (0 if kept else _forget(session, row, now))
    row.reports = {**row.reports, str(Store.INTAKE): _report(went, kept, now)}
    LIFE.move(row, "reported")
    row.until(None, now)
    reports = [row.reports[store] for store in Store]
    audit.note(session, who, now, "erased", str(row.person_id), row.ground, number=row.number)
    facts.tell(
        session, say.ErasureDone, row, who, now,
        cleared=sum(each["cleared"] for each in reports), kept=sum(len(each["kept"]) for each in reports),
    )  # fmt: skip


def _forget(session: Session, row: Erasure, now: datetime) -> int:
    """The records of the person."""
    people = session.scalars(select(Person).where(Person.id.in_(row.person_ids), Person.erased_at.is_(None))).all()
    for person in people:
        residents.forget(session, person, now)
    return len(people)


def _report(cleared: int, kept: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    stays = [{**each, "why": str(each["why"]), "until": each["until"] and rfc3339(each["until"])} for each in kept]
    return {"at": rfc3339(now), "cleared": cleared, "kept": stays}


def open_number(session: Session, person: Person) -> str | None:
    """Of the person's request that is not over."""
    query = select(Erasure.case_number).where(Erasure.person_id == person.id, Erasure.state.in_([S.ASKED, S.RUNNING]))
    return session.scalar(query)


@standing_of.register
def _stands(row: Erasure) -> Standing:
    """The stores that have not reported are counted with it: `missing`."""
    waits = ("role:COMMUNITY", "role:STREET") if row.state == S.ASKED else ()
    return Standing(
        kind=say.ErasureView.about.kind, state=row.state, number=row.number, due=row.due_at, waits=waits,
        tally={"ground": row.ground, "missing": ",".join(row.missing)},
    )  # fmt: skip
