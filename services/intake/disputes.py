"""Finding that an appeal is a quarrel: it is handed to mediation and waits for the outcome."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from chassis.store import new_id
from contracts.intake.disputes import DisputeIdentified, IdentifyDispute
from kernel.codes import PartySide
from kernel.masking import mask_name
from services.intake import facts
from services.intake.machines import APPEAL
from services.intake.policy import completed
from services.intake.tables import Appeal, Dispute

ANONYMOUS = "匿名"


@asked(IdentifyDispute)
def identify_dispute(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Appeal:
    """Records cause, losses and the other side, and says `dispute_identified` with masked names only.

    Errors: as `Life.begin`; Conflict for a secret reporter, whom a mediation would name, a complaint of staff,
    which is no quarrel between equals (人民调解法 art. 2), or a second dispute.
    """
    appeal = APPEAL.begin(session, who, IdentifyDispute, command)
    if appeal.secret:
        raise Conflict("报告人要求保密，不能转为调解，以免暴露身份")
    if appeal.against:
        raise Conflict("对工作人员或单位的投诉不属于民间纠纷，不能转为调解")
    if appeal.dispute is not None:
        raise Conflict("此件已认定过纠纷，请在调解案件中继续")
    appeal.dispute = _dispute(who, command, now)
    return APPEAL.done(
        session, who, appeal, now, DisputeIdentified,
        **{name: command[name] for name in ("dispute_type", "cause", "risk_level")},
        parties=_parties(appeal, appeal.dispute), claimed_amount=appeal.dispute.claimed_amount,
        handler=facts.handler(appeal),
    )  # fmt: skip


def _dispute(who: Principal, command: dict[str, Any], now: datetime) -> Dispute:
    other, losses = command["respondent"], command["losses"]
    return Dispute(
        id=new_id(),
        at=now,
        by_id=who.id,
        **{name: command[name] for name in ("dispute_type", "cause", "cause_text", "risk_level")},
        losses=[{"item": loss["item"], "amount": str(loss["amount"])} for loss in losses],
        claimed_amount=sum((loss["amount"] for loss in losses), Decimal(0)) if losses else None,
        claimant_party_id=new_id(),
        respondent_party_id=new_id(),
        respondent_name=other["name"],
        respondent_masked_name=mask_name(other["name"]),
        respondent_phone=completed(("respondent", "phone"), other.get("phone"), now),
        respondent_place=other["place_text"],
    )


def _parties(appeal: Appeal, dispute: Dispute) -> list[dict[str, Any]]:
    claimant, respondent = dispute.claimant_party_id, dispute.respondent_party_id
    reporter = appeal.reporter
    return [
        _party(claimant, appeal.reporter_id, reporter.masked_name if reporter else ANONYMOUS, PartySide.CLAIMANT),
        _party(respondent, None, dispute.respondent_masked_name, PartySide.RESPONDENT),
    ]


def _party(party_id: Any, person_id: Any, masked_name: str, side: PartySide) -> dict[str, Any]:
    return {"party_id": party_id, "person_id": person_id, "masked_name": masked_name, "side": side}
