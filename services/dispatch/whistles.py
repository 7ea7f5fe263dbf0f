"""Whistles 哨单: drafted below, approved by the street above; an emergency waits for nobody (domain §4.4)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import Ask, asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.store import new_id
from contracts.dispatch.base import APPROVERS
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
from kernel.codes import Role, UnitKind, WhistleKind, WhistleLevel, WhistleState
from kernel.numbering import area_of, next_number
from services.dispatch import (
    access,
    assignment,
    calling_off,
    crossings,
    duties,
    facts,
    sources,
    states,
    supervising,
    units,
    views,
)
from services.dispatch.catalogue_tables import DutyItem
from services.dispatch.tables import NumberCounter, Recipient, Unit, Whistle

_WORDS = ("kind", "level", "reason", "asked_action", "asked_action_text", "asked_time", "asked_place_text", "area_path")

UNAPPROVED = frozenset({WhistleKind.EMERGENCY, WhistleKind.VOLUNTEER})

View = dict[str, Any]


@asked(DraftWhistle)
def draft_for_case(session: Session, who: Principal, command: dict[str, Any], now: datetime, *, ask: Ask) -> Whistle:
    """As `draft`, for a case that `ask` finds. Errors: also those of `sources.prove`."""
    sources.prove(who, command, ask)
    return draft(session, who, command, now)


def draft(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Whistle:
    """A new whistle. EMERGENCY blows at once, and so does what the street or the district itself asks for.

    Errors: Forbidden (role, place); Invalid (units, duty item); Conflict (a cancelled duty item for a community, or a
    source that was withdrawn).
    """
    permit(who, DraftWhistle, SimpleNamespace(**command))
    return drafted_for(session, who, command, now)


def drafted_for(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Whistle:
    """The same for what `who` may do by another command's right. Errors: as `draft`, but for Forbidden."""
    called = _called(session, command)
    duty = duties.gate(session, command.get("duty_item"), called.values(), now)
    with session.no_autoflush:  # everything is new and complete at commit: one statement a table
        whistle = _written(session, who, command, called, now, duty)
        _tell_asking(session, WhistleDrafted, whistle, who, now)
        if whistle.state == WhistleState.DRAFTED:
            _blow(session, who, whistle, now)
    return whistle


@asked(ApproveWhistle)
def approve(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Whistle:
    """The street says yes; the clocks of every unit start. Errors: as `Life.begin`."""
    whistle = states.WHISTLE.begin(session, who, ApproveWhistle, command)
    duty = duties.find(session, whistle.duty_item, now)
    if _street_decides(whistle, duty):
        who.require(Role.STREET, at=whistle.area_path)
    states.WHISTLE.advance(whistle)
    whistle.approved_by = facts.person(who)
    whistle.longer_agreed = bool(command.get("agree_longer"))
    _sound(session, who, whistle, now)
    return whistle


@asked(ReturnWhistle)
def give_back(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Whistle:
    """Not a case for a whistle, or not yet. Errors: as `Life.begin`."""
    whistle = states.WHISTLE.begin(session, who, ReturnWhistle, command)
    whistle.reason_code, whistle.decision_reason = command["reason_code"], command["reason"]
    _note_crossing(session, who, whistle, duties.find(session, whistle.duty_item, now), now, let_through=False)
    return states.WHISTLE.done(session, who, whistle, now, WhistleReturned, reason_code=command["reason_code"])


@asked(CancelWhistle)
def cancel(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Whistle:
    """Calls the whistle off with all its tasks. Errors: as `Life.begin`."""
    whistle = states.WHISTLE.begin(session, who, CancelWhistle, command)
    calling_off.call_off(session, who, whistle, now, command["reason_code"], command["reason"])
    return whistle


@asked(GetWhistle)
def get(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Whistle:
    """By its own number; a called unit reads only its own task whole. Errors: NotFound, also for who may not see it."""
    whistle = session.scalars(select(Whistle).where(Whistle.number == command["number"])).first()
    if whistle is None or not states.WHISTLE.sees(who, whistle):
        raise access.unknown()
    return whistle


@asked(ListWhistles)
def list_for_source(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> View:
    """All whistles blown for one matter, the newest first, where `who` answers for the place. Errors: Forbidden."""
    permit(who, ListWhistles, command)
    query = select(Whistle).where(Whistle.source_id == command["source_id"], access.in_sight(who, Whistle.area_path))
    show = partial(views.whistle, session, who)
    return paging.page(session, query, command, show, Whistle.id, newest_first=True)


def _called(session: Session, command: dict[str, Any]) -> dict[str, Unit]:
    codes = [asked["unit"] for asked in command["recipients"]]
    if len(set(codes)) < len(codes):
        raise Invalid.because({"recipients": ["同一单位只能出现一次"]})
    called = units.callable_units(session, codes, "recipients")
    others = [unit.name for unit in called.values() if unit.kind != UnitKind.VOLUNTEER_TEAM]
    wrong = command["kind"] == WhistleKind.VOLUNTEER and others
    Invalid.where(recipients=wrong and f"志愿者哨只叫志愿服务队：{'、'.join(others)}不是")
    return called


def _written(
    session: Session,
    who: Principal,
    command: dict[str, Any],
    called: dict[str, Unit],
    now: datetime,
    duty: DutyItem | None,
) -> Whistle:
    source = sources.standing(session, command["source"], command["kind"])
    whistle = Whistle(
        id=new_id(),
        **{word: command.get(word) for word in _WORDS},
        duty_item=command.get("duty_item"),
        parts=command.get("parts") or [],
        source_due=command.get("source_due"),
        longer_agreed=_agrees(who, command),
        state=states.WHISTLE.initial,
        number=next_number(session, NumberCounter, "W", area_of(source["number"]), now),
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
    if needs_approval(whistle) or _street_decides(whistle, duty):
        states.WHISTLE.move(whistle, "submit")
    session.add(whistle)
    return whistle


def _street_decides(whistle: Whistle, duty: DutyItem | None) -> bool:
    """The district asks a community for what no list holds: that needs the street (domain §2 A16)."""
    above = whistle.level == WhistleLevel.DISTRICT and whistle.kind != WhistleKind.EMERGENCY
    return above and bool(duties.crosses(duty, [asked.unit for asked in whistle.recipients]))


def _note_crossing(
    session: Session, who: Principal, whistle: Whistle, duty: DutyItem | None, now: datetime, *, let_through: bool
) -> None:
    """Whatever came from above and no list holds is counted, also what the street itself sends down."""
    if whistle.level == WhistleLevel.COMMUNITY or whistle.kind == WhistleKind.EMERGENCY:
        return
    communities = duties.crosses(duty, [asked.unit for asked in whistle.recipients])
    about = {"number": whistle.number, "asker": whistle.level, "what": whistle.reason}
    crossings.note(session, communities, facts.person(who), now, let_through, **about)


def _agrees(who: Principal, command: dict[str, Any]) -> bool:
    """Only the street or the district may agree to a limit beyond what the case has left. Errors: Forbidden."""
    if command.get("agree_longer"):
        who.require(*APPROVERS.roles, at=command["area_path"])
    return bool(command.get("agree_longer"))


def _recipient(no: int, asked: dict[str, Any], called: dict[str, Unit]) -> Recipient:
    unit = called[asked["unit"]]
    return Recipient(no=no, unit_code=unit.code, unit=unit, role=asked["role"], finish_within=asked["finish_within"])


def needs_approval(whistle: Whistle) -> bool:
    """Whistles of communities wait for the street; an emergency, and volunteers, for nobody (key dispatch.approval)."""
    return whistle.kind not in UNAPPROVED and whistle.level == WhistleLevel.COMMUNITY


def _blow(session: Session, who: Principal, whistle: Whistle, now: datetime) -> None:
    states.WHISTLE.move(whistle, "blow")
    if whistle.kind != WhistleKind.EMERGENCY:
        whistle.approved_by = facts.person(who)
    _sound(session, who, whistle, now)


def _sound(session: Session, who: Principal, whistle: Whistle, now: datetime) -> None:
    """The whistle is heard: one task a unit, each with clocks of its own."""
    duty = duties.gate(session, whistle.duty_item, [asked.unit for asked in whistle.recipients], now)
    whistle.blown_at = now
    _note_crossing(session, who, whistle, duty, now, let_through=True)
    tasks = [assignment.made(session, whistle, asked, now) for asked in whistle.recipients]
    _tell_asking(session, WhistleBlown, whistle, who, now)
    for task in tasks:
        assignment.tell(session, task, who, now, duty)
    supervising.repeated(session, who, tasks, now)


def _tell_asking(session: Session, event: Any, whistle: Whistle, who: Principal, now: datetime) -> None:
    facts.tell_whistle(session, event, whistle, who, now, **facts.asking(whistle))
