"""What mediation holds about a person: the party and the words of the dossier, which has a term of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session, object_session

from capability.holdings import Held, Holding, Kept, Subject
from chassis.erased import GONE
from contracts.intake.erasures import ErasureOrdered, IdentifyErased
from contracts.mediation.holdings import CopyFromMediation, MediationErased
from kernel.codes.holdings import Keeping
from services.mediation import conflicts, taking_part
from services.mediation.facts import OVER
from services.mediation.rules import rules
from services.mediation.tables import (
    Agreement,
    Breach,
    Case,
    CaseSession,
    Challenge,
    Issue,
    Party,
    PerformanceCheck,
    Representative,
    Talk,
    Term,
)


def _alike(model: Any, subject: Subject) -> Any:
    """By name and telephone together: a name alone is nobody."""
    known = [(conflicts.hashed_name(name), conflicts.hashed_phone(phone)) for name, phone in subject.people if phone]
    return or_(false(), *(and_(model.name_hash == name, model.phone_hash == phone) for name, phone in known))


def _parties(session: Session, subject: Subject) -> Iterable[Party]:
    """By the record too."""
    return session.scalars(select(Party).where(Party.person_id.in_(subject.person_ids) | _alike(Party, subject)))


def _representatives(session: Session, subject: Subject) -> Iterable[Representative]:
    return session.scalars(select(Representative).where(_alike(Representative, subject)))


def _case(row: Party | Representative) -> Case:
    session = object_session(row)
    assert session is not None
    return session.get_one(Case, row.case_id)


def _stays(row: Party | Representative, now: datetime) -> Kept | None:
    """A running case, or a dossier within its term (policy key person.keep_dossier)."""
    case = _case(row)
    if case.state not in OVER or case.closed_at is None:
        return Kept(Keeping.RUNNING)
    until = rules(now).until("person.keep_dossier", case.closed_at)
    return Kept(Keeping.DOSSIER, until) if until > now else None


def blank_dossier(session: Session, party: Party, now: datetime) -> None:
    """The words of a case go with the first of its parties: they tell of both."""
    case = _case(party)
    told = (
        (case,), case.sessions, case.talks, case.issues, case.challenges, case.agreements,
        *(one.terms for one in case.agreements), *(one.breaches for one in case.agreements),
        session.scalars(select(PerformanceCheck).where(PerformanceCheck.case_id == case.id)).all(),
        *(one.representatives for one in case.parties),
    )  # fmt: skip
    for row in (each for rows in told for each in rows):
        for name in WORDS[type(row)]:
            if getattr(row, name) is not None:
                setattr(row, name, GONE)
        for name in MARKS.get(type(row), ()):
            setattr(row, name, None)


WORDS: dict[type[Any], tuple[str, ...]] = {
    Case: ("cause_text", "place_text", "safe_phone", "safe_hours"),
    CaseSession: ("place_text", "record_text"),
    Talk: ("words",),
    Issue: ("claimant_says", "respondent_says", "finding"),
    Challenge: ("words", "reason"),
    Representative: ("name", "masked_name"),
    Agreement: ("facts", "liability"),
    Breach: ("words",),
    PerformanceCheck: ("words",),
    Term: ("content", "note"),
}
MARKS: dict[type[Any], tuple[str, ...]] = {Representative: ("name_hash", "phone", "phone_hash")}
"""What finds somebody, or reaches them."""
NOBODY: dict[str, Any] = {
    "name": None, "name_hash": None, "phone": None, "phone_hash": None, "address": None, "related": [], "head": None,
    "head_hash": None, "masked_name": GONE,
}  # fmt: skip
"""What is left of a party."""
HOLDINGS = (
    Holding(
        "调解当事人",
        _parties,
        {
            "姓名": "name", "电话": "phone", "地址": "address", "法定代表人或负责人": "head",
            "事由": lambda party: _case(party).cause_text,
            "怎么结的": lambda party: _case(party).result,
        },
        NOBODY,
        _stays,
        lambda party: _case(party).mediation_number,
        blank_dossier,
    ),
    Holding(
        "调解代理人",
        _representatives,
        {"姓名": "name", "电话": "phone"},
        {"name": GONE, "masked_name": GONE, **dict.fromkeys(MARKS[Representative])},
        _stays,
        lambda one: _case(one).mediation_number,
    ),
    *taking_part.HOLDINGS,
)  # fmt: skip

HELD = Held(CopyFromMediation, ErasureOrdered, MediationErased, HOLDINGS, IdentifyErased)
