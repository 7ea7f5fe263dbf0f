"""Hazards 隐患: reported, secured on the spot, and gone only when somebody has seen it on site."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.store import new_id
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
from kernel.codes import HazardLevel, HazardState
from kernel.numbering import next_number
from kernel.rights import is_resident
from services.intake import areas, facts, policy, urgency
from services.intake.conditions import NEEDS_MEASURE
from services.intake.machines import HAZARD
from services.intake.reading import within
from services.intake.tables import Hazard, Measure, NumberCounter

Command = dict[str, Any]
View = dict[str, Any]


@asked(ReportHazard)
def report_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """A new hazard; danger flags or words make it EMERGENCY by themselves. No approval stands in its way.

    Errors: Forbidden; Invalid for an unknown area.
    """
    area = areas.find(session, command["area_path"], now)
    permit(who, ReportHazard, SimpleNamespace(area_path=area.path))
    level, ticked = HazardLevel(command["level"]), command["danger_flags"]
    judged = urgency.of_hazard(command["description"], ticked, level, policy.dangers(now))
    hazard = _new(who, command, judged, now)
    hazard.area_path = area.path
    hazard.case_number = next_number(session, NumberCounter, "Y", area.area4, now)
    session.add(hazard)
    _say_reported(session, who, hazard, now)
    return hazard


def _new(who: Principal, command: Command, judged: urgency.Judged, now: datetime) -> Hazard:
    resident = is_resident(who)
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
def secure_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """An interim measure; for a serious or major hazard with a photo of it. A further measure may follow.

    Errors: as `Life.begin`; Invalid without the photo.
    """
    hazard = HAZARD.begin(session, who, SecureHazard, command)
    photos = attachments.stored(command["photos"])
    if hazard.level in NEEDS_MEASURE and not attachments.photos(photos):
        raise Invalid.because({"photos": ["较大及以上隐患的临时措施必须有照片"]})
    code = command["measure_code"]
    given = {"measure_code": code, "note": command["note"], "photos": photos}
    hazard.measures.append(Measure(at=now, by_id=who.id, by_name=who.name, **given))
    return HAZARD.done(session, who, hazard, now, HazardSecured, measure_code=code, photo_count=len(photos))


@asked(VerifyHazard)
def verify_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """Seen on site that it is gone.

    Errors: as `Life.begin`; Conflict while a serious or major hazard has had no interim measure.
    """
    hazard = HAZARD.begin(session, who, VerifyHazard, command)
    photos = attachments.stored(command["photos"])
    hazard.verified_by_id, hazard.verified_by_name = who.id, who.name
    hazard.verify_note, hazard.verify_photos, hazard.removed_at = command["note"], photos, now
    verified = {"verified_by": facts.actor(who), "photo_count": len(photos)}
    return HAZARD.done(session, who, hazard, now, HazardRemoved, **verified)


@asked(GetHazard)
def get_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """Errors: NotFound, also outside the asker's places and reports."""
    return HAZARD.read(session, who, command)


@asked(ListHazards)
def list_hazards(session: Session, who: Principal, command: Command, now: datetime) -> View:
    """Newest first, within the asker's areas."""
    nodes = {grant.node for grant in who.grants if grant.role in GetHazard.by.roles}
    query = select(Hazard).where(or_(*within(Hazard.area_path, nodes), Hazard.reported_by_id == who.id))
    filters: list[ColumnElement[bool]] = []
    if command.get("state"):
        filters.append(Hazard.state.in_([str(state) for state in command["state"]]))
    if command.get("area_path"):
        filters += within(Hazard.area_path, {command["area_path"]})
    if command.get("numbers"):
        filters.append(Hazard.case_number.in_(command["numbers"]))
    return paging.page(
        session, query.where(*filters), command, lambda hazard: summary(hazard, who), Hazard.id, newest_first=True
    )


def summary(hazard: Hazard, who: Principal) -> View:
    """A row of a list."""
    names = "id case_number version area_path created_at updated_at state kind level urgency danger_flags place_text"
    return {
        **{name: getattr(hazard, name) for name in names.split()},
        "number": hazard.case_number,
        "allowed_commands": HAZARD.allowed_commands(who, hazard),
        "reported_by": _reported_by(hazard),
    }


def full(session: Session, who: Principal, hazard: Hazard) -> View:
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
