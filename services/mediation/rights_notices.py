"""The notice of rights and duties 权利义务告知 (人民调解法 art. 23, 24): heard before the first session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.rights_notices import AcknowledgeRights, RightsAcknowledged
from services.mediation import parties, states
from services.mediation.tables import Case

RIGHTS = (
    "选择或者接受人民调解员",
    "接受调解、拒绝调解或者要求终止调解",
    "要求调解公开进行或者不公开进行",
    "自主表达意愿、自愿达成调解协议",
)
DUTIES = ("如实陈述纠纷事实", "遵守调解现场秩序，尊重人民调解员", "尊重对方当事人行使权利")


@asked(AcknowledgeRights)
def acknowledge(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Case:
    """Takes down who has heard and understood; the first time counts. Errors: as `Life.begin`; NotFound."""
    case = states.CASE.begin(session, who, AcknowledgeRights, command)
    for party_id in command["party_ids"]:
        party = parties.find(case, party_id)
        party.rights_at = party.rights_at or now
    told = {"party_ids": command["party_ids"], "how": command["how"]}
    return states.CASE.done(session, who, case, now, RightsAcknowledged, **told)


def require(case: Case) -> None:
    """Errors: Conflict naming, masked, who has not heard the notice."""
    missing = [party.masked_name for party in case.parties if party.rights_at is None]
    if missing:
        raise Conflict(f"开调解会前要先告知权利和义务，还没有告知{'、'.join(missing)}", missing=missing)
