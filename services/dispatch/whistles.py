"""Whistles 哨单: drafted below, approved by the street above; an emergency waits for nobody (domain §4.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.store import expect, new_id, take
from contracts.dispatch.whistles import (
    ApproveWhistle,
    CancelWhistle,
    DraftWhistle,
    GetWhistle,
    ListWhistles,
    ReturnWhistle,
    WhistleBlown,
    WhistleDrafted,
    WhistleReturned,
)
from kernel.codes import Role, WhistleKind, WhistleLevel, WhistleState
from services.dispatch import (
    access,
    assignment,
    calling_off,
    cursors,
    duties,
    facts,
    numbering,
    sources,
    states,
    units,
    views,
)
from services.dispatch.tables import Recipient, Unit, Whistle

_DRAFTERS: dict[str, tuple[Role, ...]] = {
    WhistleLevel.COMMUNITY: (Role.COMMUNITY, Role.WHISTLER, Role.STREET, Role.DISTRICT),
    WhistleLevel.STREET: (Role.STREET, Role.DISTRICT),
    WhistleLevel.DISTRICT: (Role.DISTRICT,),
}
_WORDS = ("kind", "level", "reason", "asked_action", "asked_action_text", "asked_time", "asked_place_text", "area_path")

View = dict[str, Any]


@asked(DraftWhistle)
def draft_for_case(session: Session, who: Principal, command: dict[str, Any], now: datetime, *, ask: Ask) -> View:
    """As `draft`, for a case that `ask` finds. Errors: also those of `sources.prove`."""
    sources.prove(who, command, ask)
    return draft(session, who, command, now)


def draft(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """A new whistle. EMERGENCY blows at once, and so does what the street or the district itself asks for.

    Errors: Forbidden (role, place); Invalid (units, duty item); Conflict (a cancelled duty item for a community, or a
    source that was withdrawn).
    """
    _require_drafter(who, command)
    called = _called(session, command)
    duties.gate(session, command.get("duty_item"), called.values(), now)
    with session.no_autoflush:  # everything is new and complete at commit: one statement a table
        whistle = _written(session, who, command, called, now)
        _tell_asking(session, WhistleDrafted, whistle, who, now)
        if whistle.state == WhistleState.DRAFTED:
            _blow(session, who, whistle, now)
    return views.whistle(session, who, whistle)


@asked(ApproveWhistle)
def approve(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """The street says yes; the clocks of every unit start. Errors: Forbidden, Conflict."""
    whistle = _for_street(session, who, command)
    states.WHISTLE.move(whistle, "approve")
    whistle.approved_by = facts.person(who)
    whistle.longer_agreed = bool(command.get("agree_longer"))
    _sound(session, who, whistle, now)
    return views.whistle(session, who, whistle)


@asked(ReturnWhistle)
def give_back(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """Not a case for a whistle, or not yet. Errors: Forbidden, Conflict."""
    whistle = _for_street(session, who, command)
    states.WHISTLE.move(whistle, "return")
    _decided(whistle, command)
    facts.tell_whistle(session, WhistleReturned, whistle, who, now, reason_code=command["reason_code"])
    return views.whistle(session, who, whistle)


@asked(CancelWhistle)
def cancel(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """Calls the whistle off with all its tasks. Errors: Forbidden, Conflict."""
    whistle = _for_street(session, who, command)
    calling_off.call_off(session, who, whistle, now, command["reason_code"], command["reason"])
    return views.whistle(session, who, whistle)


@asked(GetWhistle)
def get(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """By its own number; a called unit reads only its own task whole. Errors: NotFound, also for who may not see it."""
    whistle = session.scalars(select(Whistle).where(Whistle.number == command["number"])).first()
    if whistle is None:
        raise access.unknown()
    access.require_whistle_reader(session, who, whistle)
    return views.whistle(session, who, whistle)


@asked(ListWhistles)
def list_for_source(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """All whistles blown for one matter, the newest first, where `who` answers for the place. Errors: Forbidden."""
    query = select(Whistle).where(Whistle.source_id == command["source_id"], access.in_sight(who, Whistle.area_path))
    if command.get("cursor"):
        query = query.where(Whistle.id < cursors.opened_id(command["cursor"]))
    query = query.order_by(Whistle.id.desc())
    return cursors.page(
        session, query, command, key=lambda row: str(row.id), view=lambda row: views.whistle(session, who, row)
    )


def _require_drafter(who: Principal, command: dict[str, Any]) -> None:
    roles = _DRAFTERS[command["level"]]
    if command["kind"] == WhistleKind.EMERGENCY and command["level"] == WhistleLevel.COMMUNITY:
        roles = (*roles, Role.GRID)
    who.require(*roles, at=command["area_path"])


def _called(session: Session, command: dict[str, Any]) -> dict[str, Unit]:
    codes = [asked["unit"] for asked in command["recipients"]]
    if len(set(codes)) < len(codes):
        raise Invalid.because({"recipients": ["同一单位只能出现一次"]})
    return units.callable_units(session, codes, "recipients")


def _written(
    session: Session, who: Principal, command: dict[str, Any], called: dict[str, Unit], now: datetime
) -> Whistle:
    source = sources.standing(session, command["source"], command["kind"])
    whistle = Whistle(
        id=new_id(),
        **{word: command.get(word) for word in _WORDS},
        duty_item=command.get("duty_item"),
        source_due=command.get("source_due"),
        longer_agreed=_agrees(who, command),
        state=states.WHISTLE.initial,
        number=numbering.whistle_number(session, source["number"], now),
        source_kind=source["kind"],
        source_id=source["id"],
        source_number=source["number"],
        case_number=source["number"],
        drafted_by=facts.person(who),
        created_at=now,
        updated_at=now,
    )
    assignment.without_parts(whistle, ("tasks",))
    whistle.recipients = [_recipient(no, asked, called) for no, asked in enumerate(command["recipients"])]
    if needs_approval(whistle):
        states.WHISTLE.move(whistle, "submit")
    session.add(whistle)
    return whistle


def _agrees(who: Principal, command: dict[str, Any]) -> bool:
    """Only the street or the district may agree to a limit beyond what the case has left. Errors: Forbidden."""
    if command.get("agree_longer"):
        who.require(*access.APPROVING, at=command["area_path"])
    return bool(command.get("agree_longer"))


def _recipient(no: int, asked: dict[str, Any], called: dict[str, Unit]) -> Recipient:
    unit = called[asked["unit"]]
    return Recipient(no=no, unit_code=unit.code, unit=unit, role=asked["role"], finish_within=asked["finish_within"])


def needs_approval(whistle: Whistle) -> bool:
    """Whistles of communities wait for the street; an emergency for nobody (policy key dispatch.approval)."""
    return whistle.kind != WhistleKind.EMERGENCY and whistle.level == WhistleLevel.COMMUNITY


def _for_street(session: Session, who: Principal, command: dict[str, Any]) -> Whistle:
    whistle = take(session, Whistle, command["whistle_id"])
    access.require_approver(who, whistle)
    return expect(whistle, command.get("expected_version"))


def _decided(whistle: Whistle, command: dict[str, Any]) -> None:
    whistle.reason_code, whistle.decision_reason = command["reason_code"], command["reason"]


def _blow(session: Session, who: Principal, whistle: Whistle, now: datetime) -> None:
    states.WHISTLE.move(whistle, "blow")
    if whistle.kind != WhistleKind.EMERGENCY:
        whistle.approved_by = facts.person(who)
    _sound(session, who, whistle, now)


def _sound(session: Session, who: Principal, whistle: Whistle, now: datetime) -> None:
    """The whistle is heard: one task a unit, each with clocks of its own."""
    duty = duties.gate(session, whistle.duty_item, [asked.unit for asked in whistle.recipients], now)
    whistle.blown_at = now
    tasks = [assignment.made(session, whistle, asked, now) for asked in whistle.recipients]
    _tell_asking(session, WhistleBlown, whistle, who, now)
    for task in tasks:
        assignment.tell(session, task, who, now, duty)


def _tell_asking(session: Session, event: Any, whistle: Whistle, who: Principal, now: datetime) -> None:
    facts.tell_whistle(session, event, whistle, who, now, **facts.asking(whistle))
