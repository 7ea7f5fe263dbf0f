"""Mediators 调解员: appointed by the committee or chosen by the parties, never a party themselves (回避)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.parties import AssignMediator, MediatorAssigned, MediatorReplaced
from kernel.codes import MediationState, Signer
from services.mediation import challenges, conflicts, numbering, orgs, performance_checks, protection, states
from services.mediation.facts import in_charge, tell
from services.mediation.tables import Agreement, Case, CaseMediator, Member


@asked(AssignMediator)
def assign(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Puts a mediator in charge; assigning another one later replaces the first (challenge, 人民调解法 art. 23).

    Until everything is performed, since the committee sees to performance too (art. 31). Errors: Conflict for one who
    must stand aside (`conflicts`), who is on no roster of the place, or, once agreed, who is of another organisation.
    """
    case = states.CASE.begin(session, who, AssignMediator, command)
    member = orgs.member_for(session, case.area_path, str(command["mediator_id"]))
    conflicts.refuse(session, case, member)
    _refuse_other_org(case, member)
    if case.state == MediationState.OPENED:
        states.CASE.move(case, "appointed")
    return put(session, who, case, member, command["how_chosen"], now, command.get("replace_reason"))


def put(
    session: Session, who: Principal, case: Case, member: Member, how_chosen: str, now: datetime, reason: Any = None
) -> Case:
    """In charge from now on, and told of; the case is the organisation's. Errors: Conflict for who is already."""
    replaced = _put_in_charge(session, case, member, how_chosen, now)
    challenges.fall(case, now)
    _take_into(session, case, member, now)
    told = {"mediator": {"id": member.account, "name": member.name}, "how_chosen": how_chosen}
    protection.hand_over(session, who, case, now)
    if replaced:
        performance_checks.hand_over(session, who, case, now)
        tell(session, MediatorReplaced, case, who, now, **told, reason=reason)
    else:
        tell(session, MediatorAssigned, case, who, now, **told)
    return case


def _refuse_other_org(case: Case, member: Member) -> None:
    """The agreement names the organisation that seals it and sees to its performance."""
    if case.agreements and member.org_code != case.org_code:
        raise Conflict("协议已写明调解组织，只能更换为该组织的调解员", mediator_id=member.account, org=case.org_code)


def on_paper(agreement: Agreement) -> CaseMediator | None:
    """Whose name a paper bears: once it is in effect the one who signed it, whoever took over later."""
    case, marks = agreement.case, [mark for mark in agreement.signatures if mark.signer == Signer.MEDIATOR]
    if agreement.effective_at is None or not marks:
        return in_charge(case)
    return next((one for one in case.mediators if one.mediator_id == marks[-1].who), None)


def _put_in_charge(session: Session, case: Case, member: Member, how_chosen: str, now: datetime) -> bool:
    """Whether somebody else was in charge before."""
    before, earlier = in_charge(case), bool(case.mediators)
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
    return earlier


def _take_into(session: Session, case: Case, member: Member, now: datetime) -> None:
    """The case belongs to the mediator's organisation; its docket number comes from the first that has it."""
    case.org_code, case.org = member.org_code, member.org
    if case.docket is None:
        case.docket = numbering.docket(session, member.org, now)
