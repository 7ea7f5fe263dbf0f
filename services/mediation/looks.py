"""Who looked at personal data that mediation keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from capability import looks
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.mediation.looks import LooksIntoMediation

ACTS = frozenset({"print_agreement", "print_confirmation", "print_dossier"})


@asked(LooksIntoMediation)
def count(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Errors: Forbidden for all but notify."""
    permit(who, LooksIntoMediation, None)
    return looks.counted(session, command, ACTS)
