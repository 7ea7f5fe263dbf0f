"""Mediation on the spot 先行调解 (domain §1 S2.13, S1.30): small quarrels at the door, the rest at the community."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from capability.naming import told_name
from chassis import outbox
from chassis.entrypoints import asked
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.mediation import quick as say
from contracts.mediation.quick import QuickState as S
from kernel.codes import CaseOrigin, RiskLevel, Role
from kernel.masking import mask_name
from services.mediation import opening
from services.mediation.numbering import root_number
from services.mediation.tables import Quick

Command = dict[str, Any]

LIFE: Life[Quick, S] = Life(
    Quick,
    S.SETTLED,
    {say.HandOnQuickMediation: Move({S.SETTLED}, S.HANDED_ON), "failed": Move({S.SETTLED}, S.HANDED_ON)},
    Rules(by_number(Quick), say.READERS, unknown_number, outbox.record),
    answers=(say.GetQuickMediation, say.ListQuickMediations),
)


@asked(say.RecordQuickMediation)
def record(session: Session, who: Principal, command: Command, now: datetime) -> Quick:
    """What is not settled becomes a case at once. Errors: Forbidden; as `opening.open_failed`."""
    sides = {side: command[side] for side in ("claimant", "respondent")}
    row = Quick(
        **{name: command[name] for name in ("dispute_type", "area_path", "matter")}, sides=sides,
        first_masked=mask_name(sides["claimant"]["name"]), second_masked=mask_name(sides["respondent"]["name"]),
        maker_id=who.id, maker_name=told_name(who),
    )  # fmt: skip
    row.case_number = root_number(session, "XO", row.area_path, now)
    LIFE.start(session, who, say.RecordQuickMediation, row, now, say.QuickMediationRecorded)
    if not command["settled"]:
        LIFE.move(row, "failed")
        _hand_on(session, who, row, now)
    return row


@asked(say.HandOnQuickMediation)
def hand_on(session: Session, who: Principal, command: Command, now: datetime) -> Quick:
    """Errors: as `Life.begin` and `opening.open_failed`."""
    return _hand_on(session, who, LIFE.begin(session, who, say.HandOnQuickMediation, command), now)


def _hand_on(session: Session, who: Principal, row: Quick, now: datetime) -> Quick:
    origin = CaseOrigin.GRID if who.holds(Role.GRID, at=row.area_path) else CaseOrigin.FOUND
    told = {"cause_text": row.matter, "place_text": None, "claimed_amount": None, "risk_level": RiskLevel.YELLOW}
    given = {"origin": origin, "dispute_type": row.dispute_type, "area_path": row.area_path, **told, **row.sides}
    row.mediation_number = opening.open_failed(session, who, given, now).mediation_number
    return LIFE.done(session, who, row, now, say.QuickMediationHandedOn)


@standing_of.register
def _stands(row: Quick) -> Standing:
    return Standing(
        kind=say.QuickView.about.kind, state=row.state, number=row.number, tally={"first": row.maker_id}
    )  # fmt: skip
