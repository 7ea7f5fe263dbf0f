"""Representatives 委托代理人: taken down with their letter, and asked for where they act (民事诉讼法 art. 61, 62)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from contracts.mediation.representatives import (
    AppointRepresentative,
    EndRepresentative,
    RepresentativeAppointed,
    RepresentativeEnded,
)
from kernel.calendar import local_day
from kernel.codes import Granted, Power
from kernel.masking import mask_name
from services.mediation import access, conflicts, parties, states
from services.mediation.tables import Case, Party, Representative

Command = dict[str, Any]
MOST = 2


@asked(AppointRepresentative)
def appoint(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """Errors: as `Life.begin`; NotFound; Invalid for an authority that says too much or nothing; Conflict for a third,
    for the other side, one who speaks for it, or the mediator."""
    case = states.CASE.begin(session, who, AppointRepresentative, command)
    party = parties.find(case, command["party_id"])
    _check(command, now)
    given = {name: command[name] for name in ("name", "tie", "power", "granted", "until", "letter")}
    one = Representative(**given, masked_name=mask_name(command["name"]), **access.taken_down(who, now))
    one.phone = parties.dialled(command["phone"], now)
    one.name_hash, one.phone_hash = conflicts.hashed_name(one.name), conflicts.hashed_phone(one.phone)
    _refuse(case, party, one, local_day(now))
    party.representatives.append(one)
    conflicts.refuse_party(session, case, party)
    session.flush()
    audit.note(session, who, now, "appoint_representative", f"party:{case.id}:{party.party_id}", "登记委托代理人")
    return _done(session, who, case, one, now, RepresentativeAppointed, power=one.power, granted=one.granted)


@asked(EndRepresentative)
def end(session: Session, who: Principal, command: Command, now: datetime) -> Case:
    """What was signed stands. Errors: as `Life.begin`; NotFound; Conflict when it has ended."""
    case = states.CASE.begin(session, who, EndRepresentative, command)
    one = find(case, command["representative_id"])
    if one.ended_at is not None:
        raise Conflict("委托已经解除", representative_id=str(one.id))
    one.ended_at = now
    return _done(session, who, case, one, now, RepresentativeEnded)


def _done(
    session: Session, who: Principal, case: Case, one: Representative, now: datetime, event: Any, **more: Any
) -> Case:
    about = {"representative_id": one.id, "party_id": one.party_id, "masked_name": one.masked_name}
    return states.CASE.done(session, who, case, now, event, **about, **more)


def _check(command: Command, now: datetime) -> None:
    special, until = command["power"] == Power.SPECIAL, command["until"]
    lacking = special and not command["granted"] and "特别授权要写明授权哪些事项"
    over = not special and command["granted"] and "一般授权不包括这些事项，要特别授权"
    Invalid.where(granted=lacking or over, until=until is not None and until < local_day(now) and "委托已经到期")


def _refuse(case: Case, party: Party, one: Representative, today: date) -> None:
    if sum(is_active(each, today) for each in party.representatives) >= MOST:
        raise Conflict(f"每方最多委托{MOST}名代理人", party=party.masked_name)
    if any(conflicts.stands_with(other, one) for other in case.parties if other is not party):
        raise Conflict("此人是对方当事人或其代理人、近亲属，不能代理这一方", party=party.masked_name)


def is_active(one: Representative, day: date) -> bool:
    return one.ended_at is None and (one.until is None or day <= one.until)


def find(case: Case, representative_id: UUID) -> Representative:
    """Errors: NotFound."""
    for one in (each for party in case.parties for each in party.representatives):
        if one.id == representative_id:
            return one
    raise NotFound("没有找到对应的代理人", representative_id=str(representative_id))


def signing(case: Case, command: Command, day: date) -> UUID | None:
    """Who signs for the party, by special authority in force on the day. Errors: NotFound; Invalid; Conflict."""
    key = command.get("representative_id")
    if key is None:
        return None
    one = find(case, key)
    Invalid.where(representative_id=one.party_id != command.get("party_id") and "不是这一方的代理人")
    if not is_active(one, day) or Granted.SIGN not in one.granted:
        raise Conflict("代签协议要有写明“代签协议”的特别授权，且在委托期内", representative_id=str(one.id))
    return one.id


def require_authority(case: Case, present: list[str], day: date) -> None:
    """An accord binds a party that was not there only by who may settle for it. Errors: Conflict naming whose."""
    for party in case.parties:
        there = [one for one in party.representatives if str(one.id) in present]
        able = any(Granted.SETTLE in one.granted and is_active(one, day) for one in there)
        if there and not able and str(party.party_id) not in present:
            said = f"{party.masked_name}本人没有到场，代理人没有“和解、达成调解协议”的特别授权"
            raise Conflict(said, party=party.masked_name, power=Power.GENERAL)
