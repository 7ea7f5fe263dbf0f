"""Residents on file without a telephone, and what is done with their records."""

from __future__ import annotations

from typing import Any

from chassis.identity import Principal
from services.intake.service import IntakeService
from tests.support.answers import shown
from tests.unit.intake.world import NOW, WANG, command, register

OLD_CHEN = {"name": "陈桂英", "phone": None, "contact_preference": "VISIT", "birth_year": 1941, "home": "5号楼2单元301"}


def do(store: Any, order: str, who: Principal = WANG, now: Any = NOW, **asked: Any) -> Any:
    """One command by the name of its entrypoint, in its own transaction."""
    entry = IntakeService.entrypoints[order]
    with store.transaction() as session:
        asked = command(
            entry.command,
            **{key: value and str(value) if key.endswith("_id") else value for key, value in asked.items()},
        )
        return entry.command.answer().dump(
            shown(IntakeService, session, who, entry.operation(session, who, asked, now))
        )


def filed(store: Any, who: Principal = WANG, **more: Any) -> str:
    """A case of somebody without a telephone; the id of her record."""
    view = register(store, who, calm=True, contact_person=None, reporter={**OLD_CHEN, **more})
    return str(view["reporter"]["person_id"])
