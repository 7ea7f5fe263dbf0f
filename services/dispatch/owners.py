"""Owners 权属单位: who is called by the label on a cover, a box or a pole (scenario A11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import permit
from chassis.entrypoints import Ask, asked
from chassis.errors import Conflict, Invalid
from chassis.identity import Principal
from contracts.dispatch.owners import CallOwner, ListOwners
from contracts.intake.hazards import GetHazard
from kernel.codes import (
    AskedAction,
    AssetLabel,
    CaseKind,
    HazardKind,
    HazardState,
    TaskRole,
    WhistleKind,
    WhistleLevel,
    label,
)
from services.dispatch import sources, stages, whistles
from services.dispatch.tables import Base, Whistle

REASON = {
    True: "{kind}，现场须马上处置：标识为{asset}，请权属单位到场。",
    False: "{kind}，现场须马上处置：权属不清，请先处置，权属后定。",
}
"""By whether the owner is known."""


class Owner(Base):
    """The unit that answers for things with this label."""

    __tablename__ = "asset_owner"
    asset: Mapped[str] = mapped_column(primary_key=True)
    unit_code: Mapped[str]

    @property
    def unit(self) -> str:
        return self.unit_code


@asked(ListOwners)
def listing(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    permit(who, ListOwners, command)
    return {"items": session.scalars(select(Owner).order_by(Owner.asset)).all(), "next_cursor": None}


@asked(CallOwner)
def call(session: Session, who: Principal, command: dict[str, Any], now: datetime, *, ask: Ask) -> Whistle:
    """Errors: as `whistles.draft`; Conflict when the hazard is gone or the unit is called already; Invalid where the
    table names nobody; those of `ask`."""
    permit(who, CallOwner, command)
    hazard = ask(GetHazard, {"number": command["number"]}, deadline=sources.INTAKE_SECONDS)
    if hazard["state"] == HazardState.REMOVED:
        raise Conflict("隐患已经消除，不用再吹哨", number=command["number"])
    asset = AssetLabel(hazard["asset"] or AssetLabel.UNKNOWN)
    unit = _unit(session, asset)
    _refuse_twice(session, UUID(hazard["id"]), unit)
    return whistles.draft(session, who, _draft(hazard, asset, unit), now)


def _unit(session: Session, asset: AssetLabel) -> str:
    owner = session.get(Owner, asset) or session.get(Owner, AssetLabel.UNKNOWN)
    if owner is None:
        raise Invalid.because({"asset": [f"权属单位表里没有“{asset.label}”，请直接吹哨"]})
    return owner.unit_code


def _refuse_twice(session: Session, hazard_id: UUID, unit: str) -> None:
    """Two who press at once meet at the lock of the unit's row of the table."""
    session.scalars(select(Owner).where(Owner.unit_code == unit).with_for_update()).all()
    blown = select(Whistle).where(Whistle.source_id == hazard_id, Whistle.state.in_(stages.OPEN_WHISTLES))
    if any(task.unit_code == unit for whistle in session.scalars(blown) for task in whistle.tasks):
        raise Conflict("已经向这家单位吹过哨，正在处置", unit=unit)


def _draft(hazard: Mapping[str, Any], asset: AssetLabel, unit: str) -> dict[str, Any]:
    words = REASON[asset != AssetLabel.UNKNOWN]
    return {
        "source": {"kind": CaseKind.HAZARD, "id": UUID(hazard["id"]), "number": hazard["number"]},
        "kind": WhistleKind.EMERGENCY,
        "level": WhistleLevel.COMMUNITY,
        "recipients": [{"unit": unit, "role": TaskRole.LEAD, "finish_within": None}],
        "asked_action": AskedAction.HANDLE_ON_SITE,
        "reason": words.format(kind=label(HazardKind, hazard["kind"]), asset=asset.label),
        "area_path": hazard["area_path"],
    }
