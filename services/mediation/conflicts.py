"""Who must stand aside 回避: a party, its representative or relative, or who handles the case (domain §3.6 inv. 7).

Staff are known here by their account; the roster may link it to a person record and a telephone. Parties are known by
person record, name and telephone as far as they were taken down. The same name counts as the same person unless
telephones are known on both sides and differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from kernel import names, telephone
from kernel.codes import PartyTie, Ruling
from services.mediation.tables import Case, Member, Party, Representative


@dataclass(frozen=True)
class Marks:
    """What tells one person from another; None where it was not taken down."""

    person_id: str | None = None
    name: str | None = None
    phone: str | None = None

    def same(self, other: Marks) -> bool:
        """By person record or telephone; by name where no telephones say that they are two."""
        if self.person_id is not None and self.person_id == other.person_id:
            return True
        if self.phone is not None and other.phone is not None:
            return self.phone == other.phone
        return self.name is not None and self.name == other.name


def hashed_name(name: str | None) -> str | None:
    """For comparison: the same whatever blanks, dots or widths it was typed with."""
    return keyed_hash(names.key(name)) if name else None


def hashed_phone(phone: str | None) -> str | None:
    """For comparison: the same however the number is written."""
    return keyed_hash(str(telephone.parse(phone))) if phone else None


def mark(name: str, phone: str | None) -> str | None:
    """What finds somebody by name and telephone together, of which neither can be read from it."""
    return keyed_hash(f"{names.key(name)}|{telephone.parse(phone)}") if phone else None


def refuse(session: Session, case: Case, member: Member) -> None:
    """Errors: Conflict for somebody who may not mediate this case, naming why."""
    why = stands_aside(session, case, member)
    if why:
        raise Conflict(f"{why}，应当回避，请另行指定调解员", mediator_id=member.account, rule="回避")


def stands_aside(session: Session, case: Case, member: Member) -> str | None:
    """Why somebody may not mediate this case, in words; None where they may."""
    return _why(case, member.account, _of_account(session, member.account, member.name))


def is_party(session: Session, case: Case, who: Principal) -> bool:
    """Whether somebody of the staff is a party of the case, or represents or is related to one."""
    return any(_concerned(case, who.id, mark) for mark in _of_account(session, who.id, who.name))


def refuse_party(session: Session, case: Case, party: Party) -> None:
    """Errors: Conflict when a party as now taken down, or one related to it, is the mediator in charge."""
    for mediator in case.mediators:
        marks = _of_account(session, mediator.mediator_id, mediator.name)
        if mediator.ended_at is None and any(own.same(mark) for own in marks for _, mark in _around(party)):
            said = "当事人或其代理人、近亲属与本案调解员同名或为同一人，请先更换调解员"
            raise Conflict(said, mediator_id=mediator.mediator_id, rule="回避")


def _why(case: Case, account: str, marks: list[Marks]) -> str | None:
    if case.handler and account == case.handler["id"]:
        return "本案经办人不能担任调解员"
    if any(one.mediator_id == account and one.ruling == Ruling.UPHELD for one in case.challenges):
        return "已决定其回避本案"
    return next((why for mark in marks if (why := _concerned(case, account, mark))), None)


def _concerned(case: Case, account: str, mark: Marks) -> str | None:
    """What the one with these marks is to the case, in words; None where nothing is known."""
    for party in case.parties:
        for relation, known in _around(party):
            if known.same(mark) or account == known.person_id:
                return "与当事人为同一人或同名" if relation is None else f"为当事人的{relation.label}"
    return None


def stands_with(party: Party, representative: Representative) -> bool:
    """Whether somebody who would represent another is this party, speaks for it or is related to it."""
    marks = Marks(None, representative.name_hash, representative.phone_hash)
    return any(known.same(marks) for _, known in _around(party))


def same(one: Party, other: Party) -> bool:
    """Whether two parties are one person, as far as they were taken down."""
    return next(_around(one))[1].same(next(_around(other))[1])


def _around(party: Party) -> Iterator[tuple[PartyTie | None, Marks]]:
    """The party, then those who speak for it or are related to it."""
    person_id = str(party.person_id) if party.person_id else None
    yield None, Marks(person_id, party.name_hash, party.phone_hash)
    if party.head_hash:
        yield PartyTie.HEAD, Marks(None, party.head_hash)
    for speaker in party.representatives:
        yield PartyTie.REPRESENTATIVE, Marks(None, speaker.name_hash, speaker.phone_hash)
    for one in party.related:
        yield PartyTie(one["relation"]), Marks(None, one["name_hash"], one["phone_hash"])


def _of_account(session: Session, account: str, name: str) -> list[Marks]:
    """What is known of a member of staff: each of their entries in a roster, or the display name alone; asked once a
    session."""
    known: dict[tuple[str, str], list[Marks]] = session.info.setdefault("marks", {})
    if (account, name) not in known:
        known[account, name] = _asked(session, account, name)
    return known[account, name]


def _asked(session: Session, account: str, name: str) -> list[Marks]:
    rows = session.scalars(select(Member).where(Member.account == account)).all()
    found = [
        Marks(str(row.person_id) if row.person_id else None, hashed_name(row.name), row.phone_hash) for row in rows
    ]
    return found or [Marks(None, hashed_name(name))]
