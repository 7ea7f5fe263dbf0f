"""Who looked at personal data that intake keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability import looks
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.intake.looks import LooksIntoIntake

ACTS = frozenset({"reveal_contact", "find_address", "find_persons", "show_holdings", "export_orders"})


@asked(LooksIntoIntake)
def count(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for all but notify."""
    permit(who, LooksIntoIntake, None)
    return looks.counted(session, command, ACTS)
