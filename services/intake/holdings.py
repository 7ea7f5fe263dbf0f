"""What intake holds about a person: the record itself, what was agreed to, and the words of the person's matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from capability.holdings import Holding, Kept, Stays, Subject
from chassis.erased import GONE
from kernel.codes import HazardState
from kernel.codes.holdings import Keeping
from services.intake import bookings, clinics, errands, policy
from services.intake.conditions import ENDED
from services.intake.tables import Appeal, Consent, Errand, Handling, Hazard, Person

Booking = bookings.Booking
OWNED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Appeal, ("reporter_id", "contact_person_id")),
    (Errand, ("applicant_id", "proxy_id")),
    (Hazard, ("reporter_id",)),
    (Booking, ("applicant_id",)),
    (clinics.Consultation, ("asker_id",)),
)
"""Rows of people, by the columns that name them."""


def numbers_of(session: Session, records: Iterable[UUID]) -> list[str]:
    """Of all matters of these records, whichever part the person has in them."""
    ids = list(records)
    named = (
        select(model.case_number).where(or_(*(getattr(model, column).in_(ids) for column in columns)))
        for model, columns in OWNED
    )
    return sorted({number for query in named for number in session.scalars(query)})


def _numbered(model: Any) -> Callable[[Session, Subject], Iterable[Any]]:
    return lambda session, subject: session.scalars(select(model).where(model.case_number.in_(subject.numbers)))


def _handlings(session: Session, subject: Subject) -> Iterable[Handling]:
    of_mine = select(Appeal.id).where(Appeal.case_number.in_(subject.numbers))
    return session.scalars(select(Handling).where(Handling.appeal_id.in_(of_mine)))


def _ended(states: Iterable[str], closed: str = "updated_at") -> Stays:
    """Nothing runs any more, and the term after the end is over (policy key person.keep_closed)."""
    over = frozenset(states)

    def stays(row: Any, now: datetime) -> Kept | None:
        if row.state not in over:
            return Kept(Keeping.RUNNING)
        until = policy.due("person.keep_closed", getattr(row, closed) or row.updated_at, now)
        return Kept(Keeping.RETENTION, until) if until > now else None

    return stays


def blank_parts(session: Session, row: Appeal, now: datetime) -> None:
    dispute = [row.dispute] if row.dispute else []
    for part in (*row.handlings, *row.extensions, *row.endings, *row.needs, *row.accounts, *dispute):
        for name in ("content", "interim_measure", "need", "reason", "words", "cause_text"):
            if getattr(part, name, None) is not None:
                setattr(part, name, GONE)
        if isinstance(part, Handling):
            part.attachments = []


def _people(session: Session, subject: Subject) -> Iterable[Person]:
    return session.scalars(select(Person).where(Person.id.in_(subject.person_ids), Person.erased_at.is_(None)))


def _consents(session: Session, subject: Subject) -> Iterable[Consent]:
    return session.scalars(select(Consent).where(Consent.person_id.in_(subject.person_ids)))


RECORD = (
    Holding(
        "居民档案", _people, {"姓名": "name", "电话": "phone", "出生年份": "birth_year", "住址": "home"},
        number=lambda row: "",
    ),
    Holding("同意记录", _consents, {"同意": "to", "时间": "given_at", "撤回": "withdrawn_at"}, number=lambda row: ""),
)  # fmt: skip
MATTERS = (
    Holding(
        "诉求", _numbered(Appeal), {"标题": "title", "内容": "content", "地点": "place_text", "结果": "result_text"},
        {
            "title": GONE, "content": GONE, "place_text": GONE, "result_text": GONE, "attachments": [],
            "result_attachments": [], "reporter_id": None, "contact_person_id": None,
        },
        _ended(ENDED, "closed_at"), first=blank_parts,
    ),
    Holding(
        "代办", _numbered(Errand), {"事项": "matter", "说明": "details", "结果": "decision", "寄送": "tracking"},
        {
            "details": GONE, "decision": GONE, "tracking": GONE, "authorisation": [], "applicant_id": None,
            "proxy_id": None,
        },
        _ended(errands.ENDED),
    ),
    Holding(
        "隐患", _numbered(Hazard), {"说明": "description"}, {"photos": [], "reporter_id": None},
        _ended([HazardState.REMOVED], "removed_at"),
    ),
    Holding(
        "预约", _numbered(Booking), {"事项": "matter", "时间": "starts_at"}, {"applicant_id": None},
        lambda row, now: Kept(Keeping.RUNNING) if row.state == "BOOKED" else None,
    ),
    Holding(
        "民情诊断", _numbered(clinics.Consultation), {"来说什么": "matter", "怎么办的": "result"},
        {"matter": GONE, "result": GONE, "asker_id": None}, _ended(["SETTLED", "RAISED"]),
    ),
)  # fmt: skip
WORK = (Holding("办理记录", _handlings, {"时间": "at", "内容": "content"}, number=lambda row: ""),)
"""Shown to the person; cleared with the appeal."""
