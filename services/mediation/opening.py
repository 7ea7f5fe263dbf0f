"""Cases that mediation opens itself: on application at the station's door, or on own motion (人民调解法 art. 17).

Such a case is a root: people find it by its own number, and its source is itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability.life import permit
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Forbidden, Invalid
from chassis.identity import Principal
from chassis.store import new_id
from contracts.mediation.opening import OpenCase
from contracts.mediation.parties import PartyWillingnessRecorded
from kernel.calendar import local_day
from kernel.codes import CaseKind, CaseOrigin, HandlingHow, HowChosen, PartySide, Role, Willing
from kernel.numbering import NO_AREA, next_number
from services.mediation import access, cases, conflicts, mediators, numbering, orgs, parties, states, willingness
from services.mediation.facts import tell
from services.mediation.tables import Case, NumberCounter, Org, Party

Command = dict[str, Any]
KEPT = ("origin", "dispute_type", "cause_text", "area_path", "place_text", "claimed_amount", "risk_level")
SIDES = {"claimant": PartySide.CLAIMANT, "respondent": PartySide.RESPONDENT}


@asked(OpenCase)
def open_case(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """A root with both parties, in the hands of whoever is on duty.

    Errors: Forbidden, also for a party; Invalid for an origin that does not fit, or one person on both sides.
    """
    case = _registered(session, command, orgs.receiving(session, command["area_path"], who.id), now)
    permit(who, OpenCase, case, access.TESTS)
    return _opened(session, who, command, case, now)


def open_failed(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """What was not settled on the spot, from whoever may record that, stewards too; never from a party.

    Errors: Forbidden for a party; Invalid as `open_case`.
    """
    case = _registered(session, command, orgs.receiving(session, command["area_path"], who.id), now)
    if conflicts.is_party(session, case, who):
        raise Forbidden("您是这件纠纷的当事人或其代理人、近亲属，请由别人登记", rule="回避")
    return _opened(session, who, command, case, now)


def _opened(session: Session, who: Principal, command: Command, case: Case, now: datetime) -> Case:
    _check(who, command, case)
    cases.begin(session, who, case, now)
    audit.note(session, who, now, "open_case", f"mediation_case:{case.id}", "登记调解当事人")
    if case.origin == CaseOrigin.WALK_IN:
        asking = case.parties[0]
        word = willingness.take_down(session, who, case, asking, Willing.YES, HandlingHow.ON_SITE, now)
        tell(session, PartyWillingnessRecorded, case, who, now, **word)
    _hand_to_duty(session, who, case, now)
    return case


def _registered(session: Session, command: Command, org: Org | None, now: datetime) -> Case:
    number = next_number(session, NumberCounter, "M", (org.area4 if org else None) or NO_AREA, now)
    key = new_id()
    case = Case(
        id=key, version=0, state=states.CASE.initial, case_number=number, mediation_number=number, org=org,
        docket=numbering.docket(session, org, now) if org else None,
        source_kind=CaseKind.MEDIATION, source_id=key, source_number=number, identified_at=now, accepted_at=now,
        **{name: command[name] for name in KEPT},
    )  # fmt: skip
    for no, (field, side) in enumerate(SIDES.items(), start=1):
        party = Party(no=no, party_id=new_id(), side=side, related=[])
        case.parties.append(parties.enter(party, command[field], now, field))
    session.add(case)
    session.flush()
    return case


def _check(who: Principal, command: Command, case: Case) -> None:
    """Errors: Invalid."""
    origin, place = command["origin"], command["area_path"]
    elsewhere = origin == CaseOrigin.APPEAL and "诉求请在诉求里点“转调解”"
    strange = origin == CaseOrigin.GRID and not who.holds(Role.GRID, at=place) and "网格先行由本网格的网格员登记"
    nobody = origin == CaseOrigin.WALK_IN and case.org is None and "当地没有调解组织，不能登记来访"
    Invalid.where(origin=elsewhere or strange, area_path=nobody)
    if conflicts.same(*case.parties):
        raise Invalid.because({"respondent": {"name": ["双方不能是同一个人"]}})


def _hand_to_duty(session: Session, who: Principal, case: Case, now: datetime) -> None:
    """Whoever is on duty mediates, unless they must stand aside; the parties may ask for another (art. 19, 23)."""
    duty = orgs.on_duty(case.org, local_day(now)) if case.org else None
    if duty is not None and not conflicts.stands_aside(session, case, duty):
        mediators.put(session, who, case, duty, HowChosen.ON_DUTY, now)
