"""Grid councils 网格议事会 every fortnight (domain §2 A14): their agenda, and what is told when none was held."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import Ask, every
from chassis.identity import Principal
from contracts.intake.appeals import ListAppeals
from contracts.intake.hazards import ListHazards
from contracts.intake.places import ListAreas
from contracts.mediation import councils as say
from contracts.mediation.council_views import CouncilKind
from kernel.areas import parent
from kernel.codes import AppealState, DisputeType, HazardKind, HazardState, Nature
from services.mediation import states
from services.mediation.council_life import tell
from services.mediation.rules import due
from services.mediation.tables import Case, Council

EVERY = "council.grid_every"
INTAKE_SECONDS = 2.0
AT_ONCE = 100
MOST = 50
"""Of each kind on one agenda, the newest."""
OPEN_APPEALS = [AppealState.ACCEPTED, AppealState.ASSIGNED, AppealState.IN_PROGRESS, AppealState.REOPENED]
OPEN_HAZARDS = [HazardState.REGISTERED, HazardState.SECURED]
Listed = list[tuple[str, str]]


def agenda(session: Session, area_path: str, ask: Ask) -> Listed:
    """What is open in the grid, by kind and number alone: who may read a case reads it there.

    Reports of wrongdoing 举报 are not for a meeting. Errors: those of `ask`.
    """
    query = {"area_path": area_path, "limit": MOST}
    cases = select(Case).where(
        Case.area_path.within(area_path), Case.state.in_([str(one) for one in states.UNFINISHED])
    )
    disputes = session.scalars(cases.order_by(Case.identified_at.desc()).limit(MOST))
    appeals = ask(ListAppeals, {**query, "state": [str(one) for one in OPEN_APPEALS]}, deadline=INTAKE_SECONDS)["items"]
    hazards = ask(ListHazards, {**query, "state": [str(one) for one in OPEN_HAZARDS]}, deadline=INTAKE_SECONDS)["items"]
    return [
        *((f"纠纷：{DisputeType(case.dispute_type).label}", case.mediation_number) for case in disputes),
        *((f"诉求：{Nature(one['nature']).label}", one["number"]) for one in appeals if one["nature"] != Nature.REPORT),
        *((f"隐患：{HazardKind(one['kind']).label}", one["number"]) for one in hazards),
    ]


def held(session: Session, council: Council, now: datetime) -> None:
    """The next is due from this one on, and no more from those before."""
    if council.kind != CouncilKind.GRID:
        return
    before = select(Council).where(Council.area_path == council.area_path, Council.next_due_at.is_not(None))
    for each in session.scalars(before.order_by(Council.id).with_for_update()):
        each.next_due_at = None
    council.next_due_at = due(EVERY, council.starts_at, now)


@every(seconds=5)
def tell_overdue(session: Session, who: Principal, now: datetime, *, ask: Ask) -> None:
    """Once for each council after which none was held in time; others come with the next tick.

    A grid that was redrawn since owes none under the path it had: where it lies now, the next one held there counts.
    Errors: those of `ask`; then the next tick tells.
    """
    late = select(Council).where(Council.next_due_at <= now).order_by(Council.next_due_at).limit(AT_ONCE)
    for council in session.scalars(late.with_for_update(skip_locked=True)):
        due_at, council.next_due_at = council.next_due_at, None
        if _is_there(council.area_path, ask):
            tell(session, say.CouncilOverdue, council, who, now, due_at=due_at)


def _is_there(place: str, ask: Ask) -> bool:
    beside = ask(ListAreas, {"parent": parent(place)}, deadline=INTAKE_SECONDS)["items"]
    return any(area["path"] == place for area in beside)
