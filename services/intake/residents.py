"""Residents 居民: kept sealed, shown masked, revealed only with role, scope and purpose (domain §4.8)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session, load_only

from capability import at_once
from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked
from chassis.erased import GONE
from chassis.errors import Forbidden, Invalid, NotFound, ServiceError
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.store import new_id
from contracts.intake.appeals import GetAppeal
from contracts.intake.residents import AddressView, FindAddress, FindAddresses, RevealContact
from kernel import names, telephone
from kernel.masking import mask_name, mask_phone
from kernel.numbers import check
from kernel.rights import Right, is_resident
from services.intake import access, appeals, policy
from services.intake.inserting import fresh
from services.intake.tables import Appeal, Person, PersonMerge

_DECIDING = (
    Appeal.case_number,
    Appeal.state,
    Appeal.area_path,
    Appeal.secret,
    Appeal.against,
    Appeal.contact_preference,
    Appeal.handler_id,
    Appeal.first_responder_id,
    Appeal.offered_to_id,
    Appeal.registered_by,
    Appeal.reporter_id,
)
"""What REVEALED_TO looks at."""
_SHOWN = ("id", "masked_name", "masked_phone")
HOW = tuple(AddressView().fields)
"""What whoever sends letters is told of a person."""
_OF_KEYS = text(
    f"""
    select phone_hash, name_hash, {", ".join(_SHOWN)}
    from person join unnest(cast(:phones as text[]), cast(:names as text[])) as key (phone_hash, name_hash)
      using (phone_hash, name_hash)
    """
)


@dataclass(frozen=True)
class Belonging:
    """Rows that people belong to, by their id; who may know of such a row, and to whom it opens their telephones."""

    rows: Callable[[Session, UUID], Iterable[Any]]
    sight: Right
    revealed_to: Right


def keep_all(session: Session, given: Sequence[Mapping[str, Any]], now: datetime) -> list[Person]:
    """The people on record with these names and telephones, or new ones. Two calls at once make one row.

    Those on record come without name and telephone, which nobody unseals to register a case; and they stay as they
    are, since who reports in their name has proved nothing. How they want to be reached belongs to the case.
    """
    rows = [_row(person, now) for person in given if not person.get("person_id")]
    keyed = {_key(row): row for row in rows if row["phone_hash"]}
    known = _known(session, list(keyed))
    fresh = _add(session, [row for key, row in keyed.items() if key not in known])
    # what was not added another transaction has just added, and has committed by now
    known |= fresh | _known(session, [key for key in keyed if key not in known and key not in fresh])
    known |= _add(session, [row for row in rows if not row["phone_hash"]])
    found = (known[_key(row)] for row in rows)
    return [_confirmed(session, person) if person.get("person_id") else next(found) for person in given]


def _confirmed(session: Session, given: Mapping[str, Any]) -> Person:
    """Whom somebody at the desk recognised. Errors: Invalid for a record of another name, or of nobody."""
    person = session.get(Person, given["person_id"])
    known = person is not None and person.name_hash == keyed_hash(names.key(given["name"]))
    Invalid.where(reporter=not known and "所选档案与姓名不符，请重新查找")
    return _shown({name: getattr(person, name) for name in _SHOWN})


def refuse_chosen(who: Principal, reporter: Mapping[str, Any] | None) -> None:
    """Only the desk recognises somebody: a resident cannot say whose record it is. Errors: Invalid."""
    chosen = reporter is not None and reporter.get("person_id")
    Invalid.where(reporter=chosen and is_resident(who) and "只有工作人员可以选用已有档案")


def told_by(session: Session, given: Mapping[str, Any] | None, now: datetime) -> Person | None:
    """Who said something, on record. Errors: Invalid for a telephone the city has not."""
    if given is None:
        return None
    phone = policy.completed(("reporter", "phone"), given.get("phone"), now)
    return keep_all(session, [{**given, "phone": phone}], now)[0]


def keep_reachable(session: Session, given: Mapping[str, Mapping[str, Any]], now: datetime) -> list[Person]:
    """As `keep_all`, with telephones that can be dialled from anywhere. Errors: Invalid, by the field of the person."""
    phones = {part: policy.completed((part, "phone"), person.get("phone"), now) for part, person in given.items()}
    return keep_all(session, [{**person, "phone": phones[part]} for part, person in given.items()], now)


def reachable(part: str, person: Mapping[str, Any], place: str, now: datetime) -> dict[str, Any]:
    """Somebody heard of at a place, with a telephone that can be dialled from anywhere. Errors: Invalid, by field."""
    return {**person, "area_path": place, "phone": policy.completed((part, "phone"), person.get("phone"), now)}


@asked(RevealContact)
def reveal(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A person's name and telephone; each answer leaves an audit row.

    Errors: NotFound, also where `who` may see none of the cases the person belongs to; Forbidden without role and
    scope in one of them, or where secrecy was asked for.
    """
    person = survivor(session, command["person_id"])
    cases = belongings(session, person) if person else []
    case = next((case for kind, case in cases if access.allows(kind.revealed_to, who, case)), None)
    if person is None or not any(access.allows(kind.sight, who, case) for kind, case in cases):
        raise NotFound("没有找到对应的记录")
    if case is None:
        raise Forbidden("您没有查看此人联系方式的权限", roles=list(RevealContact.by.roles))
    audit.note(session, who, now, "reveal_contact", str(person.id), command["purpose"], case=case.case_number)
    own = case.reporter_id in {person.id, command["person_id"]}
    preference = getattr(case, "contact_preference", None) if own else None
    return {"person_id": person.id, "name": person.name, "phone": person.phone, "contact_preference": preference}


@asked(FindAddress)
def address(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """How the reporter of a case is reached; of a secret one without the name. Each answer leaves an audit row.

    Errors: NotFound for who may not see the case; Forbidden for who may, and has nobody to reach.
    """
    appeal = access.require_reader(who, appeals.by_number(session, command["number"]), command["number"])
    permit(who, FindAddress, appeal, access.TESTS)
    audit.note(session, who, now, "find_address", appeal.case_number, command["purpose"], case=appeal.case_number)
    person, secret = appeal.reporter, appeal.secret
    return {
        "masked_name": person.masked_name if person and not secret else None,
        "phone": person and person.phone,
        "contact_preference": appeal.contact_preference,
    }


@asked(FindAddresses)
def addresses(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Who of several is reached how; each as by `address` or `reveal`. Errors: Forbidden for all but notify."""
    permit(who, FindAddresses, None)
    return {"items": [_reached(session, who, each, command["purpose"], now) for each in command["addresses"]]}


def _reached(session: Session, who: Principal, address_: str, purpose: str, now: datetime) -> dict[str, Any]:
    operation, command = (address, {"number": address_}) if check(address_) else (reveal, {"person_id": UUID(address_)})
    try:
        found = operation(session, who, {**command, "purpose": purpose}, now)
    except ServiceError as refusal:
        return {"address": address_, "refused": refusal.code}
    return {"address": address_, "reached": {name: found.get(name) for name in HOW}}


def survivor(session: Session, person_id: UUID) -> Person | None:
    """The record a person's is read with: its own, or what it was merged into."""
    person = session.get(Person, person_id)
    while person is not None and person.merged_into is not None:
        person = session.get(Person, person.merged_into)
    return person


def family(session: Session, person_id: UUID) -> list[UUID]:
    """The record and all that were merged into it."""
    one = select(Person.id).where(Person.id == person_id).cte(recursive=True)
    all_of_them = one.union(select(Person.id).join(one, Person.merged_into == one.c.id))
    return list(session.scalars(select(all_of_them.c.id)))


def belongings(session: Session, person: Person) -> list[tuple[Belonging, Any]]:
    """All rows that belong to the person, whichever record they were written under."""
    records = family(session, person.id)
    return [(kind, row) for kind in BELONGINGS for each in records for row in kind.rows(session, each)]


def forget(session: Session, person: Person, now: datetime) -> None:
    """Nothing tells who it was, and nothing finds it; nor does what was said when it was merged with another."""
    for name, value in written(GONE).items():
        setattr(person, name, value)
    person.name_hash, person.masked_name, person.erased_at = "", GONE, now
    mine = or_(PersonMerge.gone_id == person.id, PersonMerge.kept_id == person.id)
    for merge in session.scalars(select(PersonMerge).where(mine)):
        merge.reason, merge.undone_reason = GONE, merge.undone_reason and GONE


def has_tail(person: Person | None, tail: str) -> bool:
    """Whether the telephone, without its extension, ends with these digits; compared in constant time."""
    if person is None or person.phone is None:
        return False
    return hmac.compare_digest(telephone.parse(person.phone).tail, tail)


def person_view(person: Person | None) -> dict[str, Any] | None:
    """A person as staff see one: masked."""
    return person.masked if person else None


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    """What a person is found by: the number without its extension, and the name; one without a telephone is a new
    person every time."""
    return row["phone_hash"] or str(row["id"]), row["name_hash"]


def _known(session: Session, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Person]:
    if not keys:
        return {}
    phones, names = zip(*keys, strict=True)
    found = session.connection().execute(_OF_KEYS, {"phones": list(phones), "names": list(names)})
    return {(phone, name): _shown(dict(zip(_SHOWN, shown, strict=True))) for phone, name, *shown in found}


def _add(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Person]:
    """Those of the rows that were not there yet, by key."""
    if not rows:
        return {}
    added = set(at_once.insert(session, Person, tuple(rows[0]), rows, "on conflict (phone_hash, name_hash) do nothing"))
    return {_key(row): _shown(row) for row in rows if row["id"] in added}


def _shown(row: Mapping[str, Any]) -> Person:
    return fresh(Person, **{name: row[name] for name in _SHOWN})


def _row(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    more = {name: given.get(name) for name in ("birth_year", "home", "phone")}
    return {"id": new_id(), "created_at": now, "area_path": given.get("area_path"), **written(given["name"], **more)}


def written(
    name: str, *, phone: str | None = None, birth_year: int | str | None = None, home: str | None = None
) -> dict[str, Any]:
    """The columns of what is known of a person: sealed, masked, and the keys to find it by. Year and home find nobody
    without the name."""
    key, year = names.key(name), birth_year and str(birth_year)
    return {
        "name": name,
        "phone": phone,
        "birth_year": year,
        "home": home,
        "name_hash": keyed_hash(key),
        "phone_hash": phone and keyed_hash(telephone.parse(phone).number),
        "birth_hash": year and keyed_hash(f"{key}|{year}"),
        "home_hash": home and keyed_hash(f"{key}|{names.place_key(home)}"),
        "masked_name": mask_name(name),
        "masked_phone": phone and mask_phone(phone),
    }


def _cases(session: Session, person_id: UUID) -> Iterator[Appeal]:
    """The appeals the person reported or speaks for, newest first, without their words.

    The first few answer nearly every question; who calls often would make each look-up as long as their history.
    """
    part = or_(Appeal.reporter_id == person_id, Appeal.contact_person_id == person_id)
    query = select(Appeal).where(part).options(load_only(*_DECIDING)).order_by(Appeal.id.desc())
    for page in (slice(0, 5), slice(5, 200)):
        yield from session.scalars(query.slice(page.start, page.stop))


BELONGINGS = [Belonging(_cases, GetAppeal.by, RevealContact.by)]
"""Other capabilities whose rows hold people add theirs."""
