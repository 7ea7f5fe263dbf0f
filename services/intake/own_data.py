"""One's own data 本人信息: what somebody does about it who has proved to be the person by number and telephone tail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis import audit
from chassis.entrypoints import Ask, asked
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from contracts.intake import own_data as say
from kernel.codes import Role
from services.intake import erasures, persons, residents
from services.intake.holdings import OWNED, numbers_of
from services.intake.tables import Consent, Person

Command = dict[str, Any]
COVERED = "已登记，到社区窗口核对证件后可以看全文"
PERSONAL = frozenset({"姓名", "电话", "住址", "住处", "出生年份", "出生日期", "为谁", "送到哪里"})
"""Labels of what tells who and where somebody is."""
PROOF = "本人在网上凭编号和电话后四位提出，批准前请再核实"


@asked(say.ShowOwnData)
def show(session: Session, who: Principal, command: Command, now: datetime, ask: Ask) -> dict[str, Any]:
    """Errors: as `_mine`."""
    return _shown(session, _mine(session, who, say.ShowOwnData, command, now), ask)


@asked(say.CorrectOwnData)
def correct(session: Session, who: Principal, command: Command, now: datetime, ask: Ask) -> dict[str, Any]:
    """Errors: as `_mine`; Invalid where nothing is given."""
    given = {name: command[name] for name in ("home", "birth_year") if command[name]}
    Invalid.where(home=not given and "请填写要更正的内容；姓名和电话请到社区窗口更正")
    person = _mine(session, who, say.CorrectOwnData, command, now, changed=sorted(given))
    for name, value in residents.written(**{name: getattr(person, name) for name in persons.GIVEN} | given).items():
        setattr(person, name, value)
    return _shown(session, person, ask)


@asked(say.WithdrawOwnConsent)
def withdraw(session: Session, who: Principal, command: Command, now: datetime, ask: Ask) -> dict[str, Any]:
    """Once is enough. Errors: as `_mine`."""
    person = _mine(session, who, say.WithdrawOwnConsent, command, now, to=str(command["to"]))
    for consent in _in_force(session, person):
        if consent.to == command["to"]:
            persons.take_back(session, _asker(person), person, consent, now)
    return _shown(session, person, ask)


@asked(say.AskOwnErasure)
def ask_erasure(session: Session, who: Principal, command: Command, now: datetime, ask: Ask) -> dict[str, Any]:
    """Waits for the community, as one that was asked for at the desk. Errors: as `_mine`; Conflict for a second one."""
    person = _mine(session, who, say.AskOwnErasure, command, now)
    erasures.open_request(session, _asker(person), person, str(command["ground"]), PROOF, now)
    session.flush()
    return _shown(session, person, ask)


def _asker(person: Person) -> Principal:
    return Principal(str(person.id), Role.RESIDENT.label, (), "resident")


def _mine(session: Session, who: Principal, contract: Any, command: Command, now: datetime, **noted: Any) -> Person:
    """The person with that matter and telephone tail; audited.

    Errors: Forbidden for all but the portal; NotFound for a wrong number and a wrong tail alike.
    """
    permit(who, contract, None)
    fits = [each for each in _people(session, command["number"]) if residents.has_tail(each, command["phone_tail"])]
    person = residents.survivor(session, fits[0].id) or fits[0] if fits else None
    if person is None or person.erased_at:
        raise NotFound("编号或电话尾号不对，请核对后再试")
    audit.note(session, who, now, contract.method, str(person.id), "本人", number=command["number"], **noted)
    return person


def _people(session: Session, number: str) -> Iterator[Person]:
    """Whoever the matter of that number names."""
    for model, columns in OWNED:
        for row in session.scalars(select(model).where(model.case_number == number)):
            yield from filter(None, (session.get(Person, getattr(row, name)) for name in columns if getattr(row, name)))


def _in_force(session: Session, person: Person) -> list[Consent]:
    mine = Consent.person_id.in_(residents.family(session, person.id))
    return list(session.scalars(select(Consent).where(mine, Consent.withdrawn_at.is_(None)).order_by(Consent.given_at)))


def _shown(session: Session, person: Person, ask: Ask) -> dict[str, Any]:
    records = residents.family(session, person.id)
    stores = erasures.collected(session, records, numbers_of(session, records), ask)
    consents = dict.fromkeys(consent.to for consent in _in_force(session, person))
    return {
        "masked_name": person.masked_name,
        "stores": [{**store, "items": [_covered(item) for item in store["items"]]} for store in stores],
        "consents": [{"to": to} for to in consents],
        "erasure": erasures.open_number(session, person),
    }


def _covered(item: dict[str, Any]) -> dict[str, Any]:
    words = [{**each, "text": COVERED} if each["label"] in PERSONAL else each for each in item["words"]]
    return {**item, "words": words}
