"""Hazards 隐患: reported, secured on the spot, and gone only when somebody has seen it on site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identity import Principal
from chassis.store import expect, new_id
from contracts.intake.hazards import (
    GetHazard,
    HazardRemoved,
    HazardReported,
    HazardSecured,
    ListHazards,
    ReportHazard,
    SecureHazard,
    VerifyHazard,
)
from kernel import attachments
from kernel.codes import HazardLevel, HazardState, Role
from services.intake import access, areas, cursors, facts, policy, sequence, urgency
from services.intake.machines import HAZARD
from services.intake.reading import within
from services.intake.tables import Hazard, Measure

Command = dict[str, Any]
View = dict[str, Any]

NEEDS_MEASURE = frozenset({HazardLevel.SERIOUS, HazardLevel.MAJOR})


@asked(ReportHazard)
def report_hazard(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """A new hazard; danger flags or words make it EMERGENCY by themselves. No approval stands in its way.

    Errors: Forbidden; Invalid for an unknown area.
    """
    area = areas.find(session, command["area_path"], now)
    _require_reporter(who, area.path)
    level, ticked = HazardLevel(command["level"]), command["danger_flags"]
    judged = urgency.of_hazard(command["description"], ticked, level, policy.dangers(now))
    hazard = _new(who, command, judged, now)
    hazard.area_path = area.path
    hazard.case_number = sequence.next_number(session, sequence.HAZARD, area.area4, now)
    session.add(hazard)
    _say_reported(session, who, hazard, now)
    return full(hazard, who)


def _new(who: Principal, command: Command, judged: urgency.Judged, now: datetime) -> Hazard:
    resident = access.is_resident(who)
    return Hazard(
        id=new_id(),
        version=0,
        state=HazardState.REGISTERED,
        created_at=now,
        urgency=judged.urgency,
        urgency_reasons=judged.reasons,
        danger_flags=[str(flag) for flag in judged.flags],
        photos=attachments.stored(command["photos"]),
        reported_by_id=who.id,
        reported_by_name=facts.A_RESIDENT["name"] if resident else who.name,
        by_resident=resident,
        measures=[],
        verify_photos=[],
        **{name: command[name] for name in ("kind", "level", "place_text", "description", "geo")},
    )


@asked(SecureHazard)
def secure_hazard(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """An interim measure; for a serious or major hazard with a photo of it. A further measure may follow.

    Errors: NotFound, VersionMismatch, Forbidden, Conflict; Invalid without the photo.
    """
    hazard = _begin(session, who, "secure_hazard", command)
    photos = attachments.stored(command["photos"])
    if hazard.level in NEEDS_MEASURE and not attachments.photos(photos):
        raise Invalid.because({"photos": ["较大及以上隐患的临时措施必须有照片"]})
    code = command["measure_code"]
    given = {"measure_code": code, "note": command["note"], "photos": photos}
    hazard.measures.append(Measure(at=now, by_id=who.id, by_name=who.name, **given))
    HAZARD.move(hazard, "secure_hazard")
    facts.tell(session, HazardSecured, hazard, who, now, measure_code=code, photo_count=len(photos))
    return full(hazard, who)


@asked(VerifyHazard)
def verify_hazard(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Seen on site that it is gone.

    Errors: as `secure_hazard`; Conflict while a serious or major hazard has had no interim measure.
    """
    hazard = _begin(session, who, "verify_hazard", command)
    if _unsecured(hazard):
        allowed = [HazardState.SECURED.value]
        raise Conflict("较大及以上隐患须先采取临时措施并拍照", state=hazard.state, allowed_states=allowed)
    photos = attachments.stored(command["photos"])
    hazard.verified_by_id, hazard.verified_by_name = who.id, who.name
    hazard.verify_note, hazard.verify_photos, hazard.removed_at = command["note"], photos, now
    HAZARD.move(hazard, "verify_hazard")
    verified = {"verified_by": facts.actor(who), "photo_count": len(photos)}
    facts.tell(session, HazardRemoved, hazard, who, now, **verified)
    return full(hazard, who)


@asked(GetHazard)
def get_hazard(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Errors: NotFound, also outside the asker's places and reports."""
    query = select(Hazard).where(Hazard.case_number == command["number"])
    hazard = session.scalars(query).one_or_none()
    if hazard is None:
        raise access.unknown(command["number"])
    access.require_reader(who, hazard)
    return full(hazard, who)


@asked(ListHazards)
def list_hazards(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Newest first, within the asker's areas."""
    nodes = {grant.node for grant in who.grants if grant.role in access.READERS}
    query = select(Hazard).where(or_(*within(Hazard.area_path, nodes), Hazard.reported_by_id == who.id))
    filters: list[ColumnElement[bool]] = []
    if command.get("state"):
        filters.append(Hazard.state.in_([str(state) for state in command["state"]]))
    if command.get("area_path"):
        filters += within(Hazard.area_path, {command["area_path"]})
    if command.get("numbers"):
        filters.append(Hazard.case_number.in_(command["numbers"]))
    return cursors.page(session, query.where(*filters), Hazard, command, lambda hazard: summary(hazard, who))


def summary(hazard: Hazard, who: Principal) -> View:
    """A row of a list."""
    names = "id case_number version area_path created_at updated_at state kind level urgency danger_flags place_text"
    return {
        **{name: getattr(hazard, name) for name in names.split()},
        "number": hazard.case_number,
        "allowed_commands": _allowed(who, hazard),
        "reported_by": _reported_by(hazard),
    }


def full(hazard: Hazard, who: Principal) -> View:
    """The whole hazard."""
    verified = hazard.verified_by_id and facts.person(hazard.verified_by_id, hazard.verified_by_name or "")
    return {
        **summary(hazard, who),
        **{name: getattr(hazard, name) for name in ("description", "geo", "verify_note", "removed_at")},
        "photos": attachments.loaded(hazard.photos),
        "measures": [_measure(row) for row in hazard.measures],
        "verified_by": verified or None,
        "verify_photos": attachments.loaded(hazard.verify_photos),
    }


def _measure(row: Measure) -> View:
    kept = {name: getattr(row, name) for name in ("measure_code", "note", "at")}
    return {**kept, "photos": attachments.loaded(row.photos), "by": facts.person(row.by_id, row.by_name)}


def _begin(session: Session, who: Principal, name: str, command: Command) -> Hazard:
    query = select(Hazard).where(Hazard.case_number == command["number"]).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        raise access.unknown(command["number"])
    access.require(who, name, row)
    hazard = expect(row, command.get("expected_version"))
    HAZARD.check(hazard, name)
    return hazard


def _require_reporter(who: Principal, place: str) -> None:
    """Staff at their place; a resident anywhere, since danger has no owner. Errors: Forbidden."""
    if access.is_resident(who) or access.covers(who, access.REPORTERS, place):
        return
    raise Forbidden("您没有在此处上报隐患的权限", roles=[str(Role(role)) for role in access.REPORTERS], place=place)


def _say_reported(session: Session, who: Principal, hazard: Hazard, now: datetime) -> None:
    facts.tell(
        session,
        HazardReported,
        hazard,
        who,
        now,
        **{name: getattr(hazard, name) for name in ("kind", "level", "danger_flags", "urgency")},
        photo_count=attachments.photos(hazard.photos),
        reported_by=_reported_by(hazard),
    )


def _reported_by(hazard: Hazard) -> facts.Ref:
    """The member of staff who reported; residents are not named."""
    if hazard.by_resident:
        return facts.A_RESIDENT
    return facts.person(hazard.reported_by_id, hazard.reported_by_name)


def _unsecured(hazard: Hazard) -> bool:
    """Whether it is too dangerous to be struck off without an interim measure before."""
    return hazard.level in NEEDS_MEASURE and hazard.state == HazardState.REGISTERED


def _allowed(who: Principal, hazard: Hazard) -> list[str]:
    commands = access.allowed_commands(who, hazard)
    return [command for command in commands if command != "verify_hazard" or not _unsecured(hazard)]
