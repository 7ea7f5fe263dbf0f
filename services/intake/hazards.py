"""Hazards 隐患: reported, secured on the spot, and gone only when somebody has seen it on site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake.base import HAZARD_READERS, WORKERS
from contracts.intake.hazards import (
    HazardRemoved,
    HazardReported,
    HazardSecured,
    ReportHazard,
    SecureHazard,
    VerifyHazard,
)
from kernel import attachments
from kernel.codes import HazardKind, HazardLevel, HazardState
from kernel.numbering import next_number
from kernel.rights import is_resident
from services.intake import areas, facts, policy, posts, residents, urgency
from services.intake.conditions import NEEDS_MEASURE
from services.intake.machines import HAZARD
from services.intake.tables import Hazard, Measure, NumberCounter

Command = dict[str, Any]
View = dict[str, Any]


@asked(ReportHazard)
def report_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """A new hazard; flags, words or its kind make it EMERGENCY by themselves. No approval stands in its way.

    Where a resident says it, whoever is on duty for the place is sent. Errors: Forbidden; Invalid for an unknown area
    or a telephone the city has not.
    """
    area = areas.find(session, command["area_path"], now)
    hazard = _new(who, command, _judged(command, now), now)
    hazard.area_path, reporter = area.path, residents.told_by(session, command["reporter"], now)
    hazard.reporter_id = reporter.id if reporter else None
    set_committed_value(hazard, "reporter", reporter)
    sent = posts.on_duty(session, area.path, now) if hazard.by_resident else None
    if sent:
        hazard.on_duty_id, hazard.on_duty_name = sent.person_id, sent.name
    hazard.case_number = next_number(session, NumberCounter, "Y", area.area4, now)
    told = {name: getattr(hazard, name) for name in ("danger_flags", "on_duty")} | _told(hazard, hazard.photos)
    return HAZARD.start(session, who, ReportHazard, hazard, now, HazardReported, **told)


def _judged(command: Command, now: datetime) -> urgency.Judged:
    by_itself = policy.rules(now).value("intake.emergency_hazards")
    level, kind = HazardLevel(command["level"]), HazardKind(command["kind"])
    words, ticked = command["description"], command["danger_flags"]
    return urgency.of_hazard(words, ticked, kind, level, policy.dangers(now), by_itself)


def _new(who: Principal, command: Command, judged: urgency.Judged, now: datetime) -> Hazard:
    given = ("kind", "level", "place_text", "description", "geo", "photos", "channel", "asset")
    return Hazard(
        created_at=now,
        urgency=judged.urgency,
        urgency_reasons=judged.reasons,
        danger_flags=[str(flag) for flag in judged.flags],
        reported_by_id=who.id,
        reported_by_name=facts.A_RESIDENT["name"] if is_resident(who) else who.name,
        by_resident=is_resident(who),
        **{name: command[name] for name in given},
    )


@asked(SecureHazard)
def secure_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """An interim measure; for a serious or major hazard with a photo of it. A further measure may follow.

    Errors: as `Life.begin`; Invalid without the photo.
    """
    hazard = HAZARD.begin(session, who, SecureHazard, command)
    photos = command["photos"]
    if hazard.level in NEEDS_MEASURE and not attachments.photos(photos):
        raise Invalid.because({"photos": ["较大及以上隐患的临时措施必须有照片"]})
    code = command["measure_code"]
    given = {"measure_code": code, "note": command["note"], "photos": photos}
    hazard.measures.append(Measure(at=now, by_id=who.id, by_name=who.name, **given))
    return HAZARD.done(session, who, hazard, now, HazardSecured, measure_code=code, **_told(hazard, photos))


@asked(VerifyHazard)
def verify_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Hazard:
    """Seen on site that it is gone.

    Errors: as `Life.begin`; Conflict while a serious or major hazard has had no interim measure.
    """
    hazard = HAZARD.begin(session, who, VerifyHazard, command)
    hazard.verified_by_id, hazard.verified_by_name = who.id, who.name
    hazard.verify_note, hazard.verify_photos, hazard.removed_at = command["note"], command["photos"], now
    return HAZARD.done(session, who, hazard, now, HazardRemoved, **_told(hazard, command["photos"]))


def _told(hazard: Hazard, photos: list[dict[str, Any]]) -> dict[str, Any]:
    """What every fact says beside its own: how many photos show it, and whose word the hazard is."""
    return {"photo_count": attachments.photos(photos), "told_by": facts.masked(hazard.reporter)}


def of_person(session: Session, person_id: UUID) -> Iterable[Hazard]:
    """The open hazards somebody reported: who sees to one asks where exactly it is."""
    reported = select(Hazard).where(Hazard.reporter_id == person_id, Hazard.state != HazardState.REMOVED)
    return session.scalars(reported.order_by(Hazard.id.desc()).limit(5))


residents.BELONGINGS.append(residents.Belonging(of_person, HAZARD_READERS, WORKERS))
