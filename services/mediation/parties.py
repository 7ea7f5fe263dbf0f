"""The parties of a case: found, and named for the papers. Names, phones and addresses are sealed and stay here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.settings import read
from contracts.mediation.parties import NameParty
from kernel import telephone
from kernel.calendar import local_day
from kernel.codes import AgreementState, PartyKind
from kernel.masking import mask_name
from kernel.policy import pack
from services.mediation import conflicts, states
from services.mediation.tables import Case, Party

NAMEABLE = {AgreementState.DRAFT, AgreementState.REPLACED, AgreementState.SET_ASIDE}
"""Once somebody has signed a paper, the names on it stand; a new draft voids the signatures first."""


@asked(NameParty)
def name(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Enters a party's full name, and phone and address where given. No fact is told: others need not know.

    Errors: NotFound; Invalid for a telephone the city has not; Conflict once an agreement is being signed, or when
    the party or one related is the mediator.
    """
    case = states.CASE.begin(session, who, NameParty, command)
    party = find(case, command["party_id"])
    if any(agreement.state not in NAMEABLE for agreement in case.agreements):
        raise Conflict("协议已开始签署，当事人姓名不能再改；请重新起草协议", state=case.state)
    _require_head(command)
    enter(party, command, now)
    party.related = [_related(one, now) for one in command["related"]] or party.related
    conflicts.refuse_party(session, case, party)
    audit.note(session, who, now, "name_party", f"party:{case.id}:{party.party_id}", "登记当事人以制作调解协议")
    return case


def _require_head(command: dict[str, Any]) -> None:
    body = command["kind"] == PartyKind.ORGANISATION
    lacking = body and not command["head"] and "单位要填法定代表人或负责人"
    Invalid.where(head=lacking or (not body and command["head"] and "个人不填"))


def enter(party: Party, given: dict[str, Any], now: datetime, field: str = "") -> Party:
    """Name, and phone and address where given; `field` is what holds them in the command. Errors: Invalid."""
    party.name, party.name_hash = given["name"], conflicts.hashed_name(given["name"])
    party.kind, party.head = given.get("kind", PartyKind.PERSON), given.get("head")
    party.head_hash = conflicts.hashed_name(party.head)
    party.masked_name = given["name"] if party.kind == PartyKind.ORGANISATION else mask_name(given["name"])
    party.phone = dialled(given.get("phone"), now, field) or party.phone
    party.phone_hash = conflicts.hashed_phone(party.phone)
    party.address = given.get("address") or party.address
    return party


def dialled(phone: str | None, now: datetime, field: str = "") -> str | None:
    """With the city's area code before a local number (policy telephone.area_code). Errors: Invalid."""
    if phone is None:
        return None
    city = pack(read("POLICY_PACK", "default"), local_day(now)).value("telephone.area_code")
    try:
        return str(telephone.parse(phone, city))
    except telephone.InvalidTelephone as error:
        wrong = {"phone": [str(error)]}
        raise Invalid.because({field: wrong} if field else wrong) from error


def _related(one: dict[str, Any], now: datetime) -> dict[str, Any]:
    phone = dialled(one.get("phone"), now)
    hashes = {"name_hash": conflicts.hashed_name(one.get("name")), "phone_hash": conflicts.hashed_phone(phone)}
    return {"relation": one["relation"], **hashes}


def find(case: Case, party_id: UUID) -> Party:
    """Errors: NotFound."""
    for party in case.parties:
        if party.party_id == party_id:
            return party
    raise NotFound("没有找到对应的当事人", party_id=str(party_id))


def require_named(case: Case) -> None:
    """Errors: Conflict naming, masked, who still lacks a full name."""
    unnamed = [party.masked_name for party in case.parties if not party.name]
    if unnamed:
        raise Conflict("起草协议前请先登记各方当事人姓名", missing=unnamed)
