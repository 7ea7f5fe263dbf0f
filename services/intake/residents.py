"""Residents 居民: kept sealed, shown masked, revealed only with role, scope and purpose (domain §4.8)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, load_only

from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Forbidden, NotFound
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.store import new_id
from contracts.intake.appeals import GetAppeal
from contracts.intake.base import WORKERS
from contracts.intake.residents import FindAddress, RevealContact
from kernel import names, telephone
from kernel.codes import HazardState
from kernel.masking import mask_name, mask_phone
from services.intake import access, appeals, policy
from services.intake.tables import Appeal, Hazard, Person

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
_OF_KEYS = text(
    f"""
    select phone_hash, name_hash, {", ".join(_SHOWN)}
    from person join unnest(cast(:phones as text[]), cast(:names as text[])) as key (phone_hash, name_hash)
      using (phone_hash, name_hash)
    """
)


def keep_all(session: Session, given: Sequence[Mapping[str, Any]], now: datetime) -> list[Person]:
    """The people on record with these names and telephones, or new ones. Two calls at once make one row.

    Those on record come without name and telephone, which nobody unseals to register a case; and they stay as they
    are, since who reports in their name has proved nothing. How they want to be reached belongs to the case.
    """
    keys = [_key(person) for person in given]
    known = _known(session, [key for key in keys if key])
    return [known.get(key) or _add(session, person, now) for person, key in zip(given, keys, strict=True)]


def told_by(session: Session, given: Mapping[str, Any] | None, now: datetime) -> Person | None:
    """Who said something, on record. Errors: Invalid for a telephone the city has not."""
    if given is None:
        return None
    phone = policy.completed(("reporter", "phone"), given.get("phone"), now)
    return keep_all(session, [{**given, "phone": phone}], now)[0]


@asked(RevealContact)
def reveal(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A person's name and telephone; each answer leaves an audit row.

    Errors: NotFound, also where `who` may see none of the cases the person belongs to; Forbidden without role and
    scope in one of them, or where secrecy was asked for.
    """
    person = session.get(Person, command["person_id"])
    cases = list(_cases(session, person.id)) if person else []
    case: Any = next((appeal for appeal in cases if access.allows(RevealContact.by, who, appeal)), None)
    case = case or (person and _danger(session, who, person))
    if person is None or not (case or any(access.allows(GetAppeal.by, who, appeal) for appeal in cases)):
        raise NotFound("没有找到对应的记录")
    if case is None:
        raise Forbidden("您没有查看此人联系方式的权限", roles=list(RevealContact.by.roles))
    audit.note(session, who, now, "reveal_contact", str(person.id), command["purpose"], case=case.case_number)
    preference = getattr(case, "contact_preference", None) if case.reporter_id == person.id else None
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


def has_tail(person: Person | None, tail: str) -> bool:
    """Whether the telephone, without its extension, ends with these digits; compared in constant time."""
    if person is None or person.phone is None:
        return False
    return hmac.compare_digest(telephone.parse(person.phone).tail, tail)


def person_view(person: Person | None) -> dict[str, Any] | None:
    """A person as staff see one: masked."""
    if person is None:
        return None
    return {
        "person_id": person.id,
        "masked_name": person.masked_name,
        "masked_phone": person.masked_phone,
    }


def _key(given: Mapping[str, Any]) -> tuple[str, str] | None:
    """What a person is found by: the number without its extension, and the name; nothing for one without a telephone,
    who is a new person every time."""
    phone = given.get("phone")
    return (keyed_hash(telephone.parse(phone).number), keyed_hash(names.key(given["name"]))) if phone else None


def _known(session: Session, keys: Sequence[tuple[str, str]]) -> dict[Any, Person]:
    if not keys:
        return {}
    phones, names = zip(*keys, strict=True)
    found = session.connection().execute(_OF_KEYS, {"phones": list(phones), "names": list(names)})
    return {(phone, name): Person(**dict(zip(_SHOWN, shown, strict=True))) for phone, name, *shown in found}


def _add(session: Session, given: Mapping[str, Any], now: datetime) -> Person:
    name, phone = given["name"], given.get("phone")
    row = {
        "id": new_id(),
        "name": name,
        "phone": phone,
        "name_hash": keyed_hash(names.key(name)),
        "phone_hash": phone and keyed_hash(telephone.parse(phone).number),
        "masked_name": mask_name(name),
        "masked_phone": phone and mask_phone(phone),
        "created_at": now,
    }
    fresh = insert(Person).values(**row).on_conflict_do_nothing(index_elements=["phone_hash", "name_hash"])
    person = session.scalars(fresh.returning(Person)).one_or_none()
    # nothing came back: another transaction has just added the same person, and has committed by now
    return (
        person
        or session.scalars(
            select(Person).where(Person.phone_hash == row["phone_hash"], Person.name_hash == row["name_hash"])
        ).one()
    )


def _danger(session: Session, who: Principal, person: Person) -> Hazard | None:
    """An open hazard the person reported, where `who` sees to it: she asks where exactly it is."""
    reported = select(Hazard).where(Hazard.reporter_id == person.id, Hazard.state != HazardState.REMOVED)
    found = session.scalars(reported.order_by(Hazard.id.desc()).limit(5))
    return next((hazard for hazard in found if WORKERS.allows(who, hazard, {})), None)


def _cases(session: Session, person_id: UUID) -> Iterator[Appeal]:
    """The appeals the person reported or speaks for, newest first, without their words.

    The first few answer nearly every question; who calls often would make each look-up as long as their history.
    """
    part = or_(Appeal.reporter_id == person_id, Appeal.contact_person_id == person_id)
    query = select(Appeal).where(part).options(load_only(*_DECIDING)).order_by(Appeal.id.desc())
    for page in (slice(0, 5), slice(5, 200)):
        yield from session.scalars(query.slice(page.start, page.stop))
