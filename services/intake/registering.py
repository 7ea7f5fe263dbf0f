"""Registering an appeal: number, urgency, clocks, first responder, and straight on to the one who takes it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.store import new_id
from contracts.intake.appeals import AppealRegistered, RegisterAppeal
from contracts.intake.base import WORKERS
from contracts.intake.handovers import PostLeftEmpty
from contracts.intake.triage import AcceptAppeal, AppealAccepted, AppealAssigned, AppealSigned, AssignAppeal, SignAppeal
from kernel.codes import AppealState, Nature, Source
from kernel.numbering import next_numbers
from kernel.rights import is_resident
from services.intake import (
    access,
    areas,
    categories,
    clocks,
    complaints,
    facts,
    joining,
    policy,
    posts,
    residents,
    responsible,
    speakers,
    urgency,
)
from services.intake.areas import Area
from services.intake.inserting import fresh, insert_many, insert_new
from services.intake.machines import APPEAL
from services.intake.tables import Appeal, Deadline, Ending, NumberCounter
from services.intake.urgency import Judged


@dataclass(frozen=True)
class Taker:
    """Who takes the case up, and for which unit it is led."""

    person_id: str
    name: str
    unit: str


@asked(RegisterAppeal)
def register_appeal(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Appeal:
    """A new case. Whoever is asked first answers for it to the end; staff of the place accept and assign it at once.

    Anybody on duty who is asked registers, also for places of others (首问负责制). A complaint of staff goes to the
    area above the unit complained of (`complaints`); whoever is on duty there is its first responder, unless staff of
    that area registered it themselves.

    Errors: Forbidden; Invalid for an unknown area or category, or a telephone the city has not; Conflict where nobody
    answers for the place.
    """
    rows = _decide(session, who, [command], now)
    insert_new(session, *rows[0])
    return rows[0][0]


def register_all(session: Session, who: Principal, commands: Sequence[dict[str, Any]], now: datetime) -> list[Appeal]:
    """As `register_appeal`, each; what can be asked of the store for all is asked once. Errors: the first one's."""
    rows = _decide(session, who, commands, now)
    insert_many(session, (part for whole in rows for part in whole))
    return [appeal for appeal, *_ in rows]


Rows = tuple[Appeal, *tuple[Deadline | Ending, ...]]
"""The appeal with its clocks, and that it follows an incident where it does; the appeal comes first."""


def _decide(session: Session, who: Principal, commands: Sequence[dict[str, Any]], now: datetime) -> list[Rows]:
    """Decided, numbered and told; to be inserted."""
    _refuse_known(session, commands)
    begun = [_begin(session, who, command, now) for command in commands]
    speakers.keep(session, [(one.appeal, one.command) for one in begun], now)
    incidents = joining.declared(session, [one.appeal for one in begun])
    _number(session, begun, now)
    return [_complete(session, who, one, incidents, now) for one in begun]


def _refuse_known(session: Session, commands: Sequence[dict[str, Any]]) -> None:
    """Errors: Conflict, naming the case that has the outside number already."""
    if wanted := [number for number in (command["outside_number"] for command in commands) if number]:
        query = select(Appeal.case_number).where(Appeal.outside_number == func.any(wanted)).limit(1)
        if known := session.scalar(query):
            raise Conflict(f"这个12345工单已经登记过，编号{known}", number=known)


@dataclass(frozen=True)
class Begun:
    """A case that is decided and not yet numbered. `taker`: who takes it up, where it is handed on at once."""

    command: dict[str, Any]
    appeal: Appeal
    area4: str
    taker: Taker | None


def _begin(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Begun:
    permit(who, RegisterAppeal, command)
    residents.refuse_chosen(who, command.get("reporter"))
    placed = _placed(session, command, now)
    judged = _judge(session, command, now)
    local = access.covers(who, RegisterAppeal.by.roles, placed.area.path) and not who.is_among(placed.against)
    goes_on = is_resident(who) or _passed_on(command) or (bool(placed.against) and not local)
    taker = _taker(session, who, placed, now) if local or goes_on else None
    first = taker if taker and goes_on else Taker(who.id, who.name, "")
    appeal = _new(who, command, placed, judged, first, now)
    return Begun(command, appeal, placed.area.area4, taker if local else None)


def _passed_on(command: dict[str, Any]) -> bool:
    """A hotline took the call and passed the order on: who takes it up here is the first to answer for it."""
    return bool(command["source"] == Source.HOTLINE)


def _complete(session: Session, who: Principal, one: Begun, known: Sequence[joining.Declared], now: datetime) -> Rows:
    """Clocks, hand-over, and what is said of it."""
    deadlines = clocks.first(one.appeal, now)
    if one.taker:
        _hand_over(one.appeal, one.taker, who)
    _say(session, who, one.appeal, now)
    rest: list[Deadline | Ending] = [*deadlines, *joining.join(session, who, one.appeal, deadlines, known, now)]
    return one.appeal, *rest


@dataclass(frozen=True)
class Placed:
    """Where a case lies, and against whom it is."""

    area: Area
    against: list[str]


def _placed(session: Session, command: dict[str, Any], now: datetime) -> Placed:
    reported = areas.find(session, command["area_path"], now)
    against = complaints.against(session, command, reported, now)
    return Placed(complaints.above(session, against, reported, now) if against else reported, against)


def _judge(session: Session, command: dict[str, Any], now: datetime) -> Judged:
    category = categories.find(session, command["category"])
    return urgency.of_appeal(
        f"{command['title']}\n{command['content']}",
        command["danger_flags"],
        command["damage_ongoing"],
        Nature(command["nature"]),
        categories.default_urgency(category),
        policy.dangers(now),
    )


def _taker(session: Session, who: Principal, placed: Placed, now: datetime) -> Taker:
    """The registrar who holds the place's own post keeps the case, at any hour; else whoever is on duty takes it.

    Where no post is set, staff of the place with a unit keep what they register. Never the side complained of.
    Errors: Conflict when nobody can.
    """
    area, aside = placed.area, placed.against
    if who.is_among(aside):
        return _on_duty(session, placed, now)
    if duty := posts.holds_post(session, area.path, who.id, now):
        return Taker(who.id, who.name, duty.unit)
    if found := posts.on_duty(session, area.path, now, aside):
        return Taker(found.person_id, found.name, found.unit)
    for role in WORKERS.roles:
        grant = who.grant_for(role, at=area.path)
        if grant and grant.unit:
            return Taker(who.id, who.name, grant.unit)
    return _on_duty(session, placed, now)


def _on_duty(session: Session, placed: Placed, now: datetime) -> Taker:
    found = posts.require_on_duty(session, placed.area.path, now, placed.against)
    return Taker(found.person_id, found.name, found.unit)


def _new(
    who: Principal, command: dict[str, Any], placed: Placed, judged: Judged, first: Taker, now: datetime
) -> Appeal:
    return fresh(
        Appeal,
        id=new_id(),
        version=0,
        state=AppealState.REGISTERED,
        area_path=placed.area.path,
        against=placed.against,
        created_at=now,
        urgency=judged.urgency,
        urgency_reasons=judged.reasons,
        danger_flags=[str(flag) for flag in judged.flags],
        attachments=command["attachments"],
        result_attachments=[],
        registered_by=who.id,
        first_responder_id=first.person_id,
        first_responder_name=first.name,
        **{name: command[name] for name in _GIVEN},
        **_BLANK,
    )


_GIVEN = [
    "channel", "source", "nature", "category", "title", "content", "place_text", "damage_ongoing", "secret",
    "outside_number",
]  # fmt: skip
_BLANK: dict[str, Any] = {"evidence_count": 0, "reopen_count": 0, "whistled": False}


def _number(session: Session, begun: Sequence[Begun], now: datetime) -> None:
    """As late as can be: counters stay locked until commit. In order, so that two never wait for each other."""
    for area4 in sorted({one.area4 for one in begun}):
        there = [one.appeal for one in begun if one.area4 == area4]
        numbers = next_numbers(session, NumberCounter, "S", area4, now, len(there))
        for appeal, number in zip(there, numbers, strict=True):
            appeal.case_number = number


def _hand_over(appeal: Appeal, taker: Taker, who: Principal) -> None:
    """REGISTERED → ACCEPTED → ASSIGNED, and signed where the registrar keeps it."""
    appeal.lead_unit = taker.unit
    appeal.handler_id, appeal.handler_name = taker.person_id, taker.name
    APPEAL.move(appeal, AcceptAppeal)
    APPEAL.move(appeal, AssignAppeal)
    if taker.person_id == who.id:
        APPEAL.move(appeal, SignAppeal)
        appeal.signed_at = appeal.created_at


def _say(session: Session, who: Principal, appeal: Appeal, now: datetime) -> None:
    said = [_registered(appeal)]
    if appeal.state != AppealState.REGISTERED:
        accepted = {"lead_unit": appeal.lead_unit, "accepted_by": facts.actor(who)}
        said += [(AppealAccepted, accepted), assigned(appeal)]
    if not appeal.against and (empty := responsible.empty(session, appeal.area_path, now)):
        said.append((PostLeftEmpty, empty))
    if appeal.state == AppealState.IN_PROGRESS:
        said.append((AppealSigned, {"handler": facts.handler(appeal)}))
    facts.tell_all(session, appeal, who, now, said)


def _registered(appeal: Appeal) -> facts.Fact:
    names = ("channel", "source", "nature", "category", "urgency", "damage_ongoing", "secret")
    return AppealRegistered, {
        **{name: getattr(appeal, name) for name in (*names, "promise_at", "first_contact_due")},
        "first_responder": facts.first_responder(appeal),
        "anonymous": appeal.reporter_id is None,
        "against": appeal.against,
        "reporter": facts.open_reporter(appeal, appeal.reporter),
    }


def assigned(appeal: Appeal) -> facts.Fact:
    """No assignment without a deadline (北京市接诉即办工作条例 art. 13)."""
    told = {name: getattr(appeal, name) for name in ("lead_unit", "due_at", "urgency")}
    return AppealAssigned, {**told, "handler": facts.handler(appeal)}
