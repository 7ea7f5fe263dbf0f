"""Residents on file 居民档案: found again by a person, put right, merged and parted, with what they agreed to.

Nothing is merged by itself: two of one name are two until somebody says otherwise (domain §4.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from capability.holdings import Report
from capability.life import permit
from chassis import audit, outbox
from chassis.entrypoints import asked
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Principal
from contracts.intake import persons as say
from contracts.intake.persons import Alike
from services.intake import access, policy, residents
from services.intake.tables import Consent, Person, PersonMerge

Command = dict[str, Any]
GIVEN = ("name", "phone", "birth_year", "home")
KEYS = {Alike.PHONE: "phone_hash", Alike.BIRTH_YEAR: "birth_hash", Alike.HOME: "home_hash"}
MOST = 50


@asked(say.FindPersons)
def find(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Who of the place has the name, and one more thing in common. Errors: Forbidden; Invalid for a telephone."""
    permit(who, say.FindPersons, _At(command["area_path"]))
    audit.note(session, who, now, "find_persons", command["area_path"], say.FindPersons.title)
    keys = residents.written(**_given(command, now))
    wanted = {alike: keys[column] for alike, column in KEYS.items() if keys[column]}
    same = or_(false(), *(getattr(Person, KEYS[alike]) == key for alike, key in wanted.items()))
    query = select(Person).where(Person.name_hash == keys["name_hash"], same, Person.merged_into.is_(None))
    there = query.where(Person.area_path.within(command["area_path"])).order_by(Person.created_at, Person.id)
    return {"items": [_candidate(person, wanted) for person in session.scalars(there.limit(MOST))]}


@asked(say.GetPerson)
def get(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return _view(session, known(session, who, say.GetPerson, command["person_id"]))


@asked(say.CorrectPerson)
def correct(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: as `known`; Invalid for a telephone; Conflict where another record has this name and telephone."""
    person = known(session, who, say.CorrectPerson, command["person_id"], lock=True)
    told = _given(command, now)
    columns = residents.written(**{name: told[name] or getattr(person, name) for name in GIVEN})
    _refuse_taken(session, person, columns)
    for name, value in columns.items():
        setattr(person, name, value)
    changed = [name for name in GIVEN if told[name]]
    audit.note(session, who, now, "correct_person", str(person.id), command["purpose"], changed=changed)
    return _view(session, person)


@asked(say.MergePersons)
def merge(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The one is read with the other from now on; of two who merge the same pair at once one wins.

    Errors: as `known`, of either; Conflict, naming who merged one of them before, or for a record with itself.
    """
    gone_id, kept_id = command["person_id"], command["into_id"]
    if gone_id == kept_id:
        raise Conflict("不能与自己合并")
    both = {each: known(session, who, say.MergePersons, each, lock=True) for each in sorted((gone_id, kept_id))}
    for person in both.values():
        _refuse_merged(session, person)
    gone, kept = both[gone_id], both[kept_id]
    gone.merged_into = kept.id
    session.add(_merge(who, gone, kept, command["reason"], now))
    audit.note(session, who, now, "merge_persons", str(gone.id), command["reason"], into=str(kept.id))
    return _view(session, gone)


@asked(say.PartPersons)
def part(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The record stands for itself again, with all that was written under it. Errors: as `known`; Conflict."""
    person = known(session, who, say.PartPersons, command["person_id"], lock=True)
    merged = _merge_of(session, person.id)
    if merged is None:
        raise Conflict("这份档案没有并入别的档案")
    person.merged_into = None
    merged.undone_at, merged.undone_by_id, merged.undone_reason = now, who.id, command["reason"]
    audit.note(session, who, now, "part_persons", str(person.id), command["reason"], was_in=str(merged.kept_id))
    return _view(session, person)


@asked(say.GiveConsent)
def agree(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Once is enough: what is in force stays as it was given."""
    person = known(session, who, say.GiveConsent, command["person_id"], lock=True)
    if _in_force(session, person, command["to"]) is None:
        given = {"to": str(command["to"]), "how": str(command["how"]), "by_id": who.id, "by_name": who.name}
        session.add(Consent(person_id=person.id, given_at=now, **given))
        audit.note(session, who, now, "give_consent", str(person.id), str(command["to"]))
    return _view(session, person)


@asked(say.WithdrawConsent)
def withdraw(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: as `known`; Conflict where there is nothing to take back."""
    person = known(session, who, say.WithdrawConsent, command["person_id"], lock=True)
    consent = _in_force(session, person, command["to"])
    if consent is None:
        raise Conflict("没有这项同意记录，或者已经撤回")
    take_back(session, who, person, consent, now)
    audit.note(session, who, now, "withdraw_consent", str(person.id), str(command["to"]))
    return _view(session, person)


def take_back(session: Session, who: Principal, person: Person, consent: Consent, now: datetime) -> None:
    """From now on nothing is done on that ground: told under a matter of the person's, a secret one last."""
    consent.withdrawn_at, consent.withdrawn_by_id = now, who.id
    session.flush()
    rows = sorted(
        (row for _, row in residents.belongings(session, person)), key=lambda row: getattr(row, "secret", False)
    )
    if rows:
        about: Any = Report(rows[0].area_path, rows[0].case_number)
        service = Principal.service("intake")  # who it was would tell whose account it is
        outbox.record(session, say.ConsentWithdrawn, about, service, now, consent_id=consent.id, to=consent.to)


@asked(say.IdentifyWithdrawn)
def identify(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Nobody who was erased meanwhile. Errors: Forbidden for people; NotFound for what nobody took back."""
    permit(who, say.IdentifyWithdrawn, None)
    consent = session.get(Consent, command["consent_id"])
    if consent is None or consent.withdrawn_at is None:
        raise NotFound("没有这项撤回记录")
    audit.note(session, who, now, "identify_withdrawn", str(consent.person_id), str(consent.to))
    records = residents.family(session, consent.person_id)
    left = session.scalars(select(Person).where(Person.id.in_(records), Person.erased_at.is_(None)))
    return {"people": [{"name": person.name, "phone": person.phone} for person in left]}


class _At:
    """A place, for rights to be asked of."""

    def __init__(self, area_path: str | None) -> None:
        self.area_path = area_path


def known(session: Session, who: Principal, contract: Any, person_id: UUID, *, lock: bool = False) -> Person:
    """Errors: NotFound for nobody, one who was erased, or somebody none of whose matters `who` may know of; Forbidden
    where another role is needed."""
    person = session.get(Person, person_id, with_for_update=lock, populate_existing=lock)
    if person is None or person.erased_at or not any(_sights(session, who, person)):
        raise NotFound("没有找到对应的记录")
    places = {person.area_path, *(row.area_path for _, row in residents.belongings(session, person))} - {None}
    if not any(contract.by.allows(who, _At(place)) for place in places):
        raise Forbidden("您没有办理此事的权限", command=contract.method, roles=list(contract.by.roles))
    return person


def _sights(session: Session, who: Principal, person: Person) -> Iterator[bool]:
    yield person.area_path is not None and say.KEEPERS.allows(who, person)
    for kind, row in residents.belongings(session, person):
        yield access.allows(kind.sight, who, row)


def _given(command: Command, now: datetime) -> dict[str, Any]:
    phone = policy.completed(("phone",), command["phone"], now)
    return {**{name: command[name] for name in GIVEN}, "phone": phone}


def _candidate(person: Person, wanted: dict[Alike, str]) -> dict[str, Any]:
    alike = next(each for each, key in wanted.items() if getattr(person, KEYS[each]) == key)
    return {"person": person.masked, "alike": alike, "since": person.created_at}


def _refuse_taken(session: Session, person: Person, columns: dict[str, Any]) -> None:
    same = (Person.phone_hash == columns["phone_hash"], Person.name_hash == columns["name_hash"])
    if other := session.scalar(select(Person.id).where(*same, Person.id != person.id)):
        raise Conflict("已有同名同电话的档案，如是同一个人请合并", person_id=str(other))


def _refuse_merged(session: Session, person: Person) -> None:
    if merged := _merge_of(session, person.id):
        raise Conflict(
            f"{merged.by_name}已把{person.masked_name}的档案并入另一份，请刷新后再看",
            person_id=str(person.id), into_id=str(merged.kept_id), by=merged.by_id,
        )  # fmt: skip


def _merge_of(session: Session, person_id: UUID) -> PersonMerge | None:
    query = select(PersonMerge).where(PersonMerge.gone_id == person_id, PersonMerge.undone_at.is_(None))
    return session.scalars(query).one_or_none()


def _merge(who: Principal, gone: Person, kept: Person, reason: str, now: datetime) -> PersonMerge:
    return PersonMerge(gone_id=gone.id, kept_id=kept.id, at=now, by_id=who.id, by_name=who.name, reason=reason)


def _in_force(session: Session, person: Person, to: str) -> Consent | None:
    in_force = (Consent.person_id.in_(residents.family(session, person.id)), Consent.withdrawn_at.is_(None))
    return session.scalars(select(Consent).where(*in_force, Consent.to == str(to)).limit(1)).one_or_none()


def _view(session: Session, person: Person) -> dict[str, Any]:
    session.flush()
    records = Consent.person_id.in_(residents.family(session, person.id))
    consents = session.scalars(select(Consent).where(records).order_by(Consent.given_at, Consent.id)).all()
    return {"person": person.masked, "merged_into": person.merged_into, "consents": consents}
