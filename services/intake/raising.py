"""What was found at a door or on the round is registered as any appeal or hazard is, in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.identity import Principal
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.hazards import ReportHazard
from kernel.codes import Channel, Source
from services.intake import hazards, registering

Command = dict[str, Any]
LINE = 40
"""Signs of a title made from the first of the words."""


def appeal(
    session: Session, who: Principal, given: Any, command: Command, place: str, via: Channel, now: datetime,
    source: Source = Source.PROACTIVE,
) -> str:  # fmt: skip
    """Its number. Errors: as `register_appeal`."""
    title = command["content"].splitlines()[0][:LINE]
    more = {"title": title, "channel": via, "source": source}
    return registering.register_appeal(
        session, who, _same(given, RegisterAppeal, command, place, **more), now
    ).case_number


def hazard(session: Session, who: Principal, given: Any, command: Command, place: str, now: datetime) -> str:
    """Its number. Errors: as `report_hazard`."""
    return hazards.report_hazard(session, who, _same(given, ReportHazard, command, place), now).case_number


def _same(given: Any, wanted: Any, command: Command, place: str, **more: str) -> Command:
    """What two commands have in common, as the second one takes it, at the place."""
    said = given().dump(command)
    both = {name: said[name] for name in said.keys() & wanted().fields.keys()}
    loaded: Command = wanted().load({**both, **more, "area_path": place})
    return loaded
