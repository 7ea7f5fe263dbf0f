"""Mediators 调解员: appointed by the committee or chosen by the parties, never a party themselves (回避)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from contracts.events import mediation as events
from kernel import names
from services.mediation import access, numbering, orgs, states
from services.mediation.facts import tell
from services.mediation.tables import Case, CaseMediator, Member


def assign(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Puts a mediator in charge; assigning another one later replaces the first (challenge, 人民调解法 art. 23).

    Errors: Conflict for a party, for one who bears a party's name, and for one who is on no roster of the place.
    """
    case = access.case_of(session, who, command, access.APPOINTING)
    states.CASE.check(case, "assign_mediator")
    mediator_id = str(command["mediator_id"])
    _refuse_party(case, mediator_id)
    member = orgs.member_for(session, case.area_path, mediator_id)
    _refuse_name(case, member)
    _put_in_charge(session, case, member, command["how_chosen"], now)
    _take_into(session, case, member, now)
    states.CASE.move(case, "assign_mediator")
    mediator = {"id": member.account, "name": member.name}
    tell(session, events.MediatorAssigned, case, who, now, mediator=mediator, how_chosen=command["how_chosen"])
    return case


def _refuse_party(case: Case, mediator_id: str) -> None:
    if mediator_id in {str(party.person_id) for party in case.parties}:
        raise Conflict("当事人不能担任本案调解员，请另行指定", mediator_id=mediator_id, rule="回避")


def _refuse_name(case: Case, member: Member) -> None:
    """A party that came without an account is known by name only; a namesake steps back too, to leave no doubt."""
    if keyed_hash(names.key(member.name)) in {party.name_hash for party in case.parties}:
        raise Conflict("调解员与当事人同名，应当回避，请另行指定", mediator_id=member.account, rule="回避")


def refuse_namesake(case: Case, name: str) -> None:
    """Errors: Conflict when the party to be named bears the name of the mediator in charge."""
    mediator = in_charge(case)
    if mediator is not None and names.key(mediator.name) == names.key(name):
        raise Conflict("当事人与本案调解员同名，请先更换调解员", mediator_id=mediator.mediator_id, rule="回避")


def in_charge(case: Case) -> CaseMediator | None:
    return next((mediator for mediator in case.mediators if mediator.ended_at is None), None)


def _put_in_charge(session: Session, case: Case, member: Member, how_chosen: str, now: datetime) -> None:
    before = in_charge(case)
    if before is not None and before.mediator_id == member.account:
        raise Conflict("此人已是本案调解员", mediator_id=member.account)
    if before is not None:
        before.ended_at = now
        session.flush()  # one may be in charge at a time: the old one leaves before the new one comes
    case.mediators.append(
        CaseMediator(
            mediator_id=member.account,
            name=member.name,
            org_code=member.org_code,
            how_chosen=how_chosen,
            assigned_at=now,
        )
    )


def _take_into(session: Session, case: Case, member: Member, now: datetime) -> None:
    """The case belongs to the mediator's organisation; its docket number comes from the first that has it."""
    case.org_code, case.org = member.org_code, member.org
    if case.docket is None:
        case.docket = numbering.docket(session, member.org, now)
